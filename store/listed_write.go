package store

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// How list.cache is written: a line that names the form; the size of the rows and a sum over
// them; the rows, field by field in the order of fields; and all of connectors.json as it was,
// to be compared. By hand, since reading it is all that a list takes.
//
// A later field of a connector needs its line in both directions, and listForm a new number;
// a test fills in every field there is. What a terminal should not be shown is not written
// and not read: names are cleaned before they come here, and a connectors.json with such a
// word in a command is read anew each time.

// listForm names the form; another one is not read.
const listForm = "saasconnect list 1\n"

const (
	sizeAt   = len(listForm)
	rowsAt   = sizeAt + 8 + 4
	shortest = 70 // bytes of a row
	timeSize = 15 // time.Time.MarshalBinary, with a zone of whole minutes
	// mostWords of a command are kept.
	mostWords = 256
	// chunk is how much is read at a time: fresh memory costs more than the reading.
	chunk = 32 << 10
)

// encodeList is false where there is something that could not be read back.
func encodeList(rows []connector.Listed, as stamp, of []byte) ([]byte, bool) {
	w := listWriter{data: make([]byte, rowsAt, rowsAt+256*len(rows)), texts: map[string]uint64{"": 1}, times: map[string]uint64{"": 1}}
	copy(w.data, listForm)
	w.number(uint64(len(of)))
	w.number(as.modified)
	w.number(as.changed)
	w.number(as.node)
	w.number(uint64(len(rows)))
	for i := range rows {
		w.row(&rows[i])
	}
	size := len(w.data) - rowsAt
	binary.BigEndian.PutUint64(w.data[sizeAt:], uint64(size))
	binary.BigEndian.PutUint32(w.data[sizeAt+8:], crc32.ChecksumIEEE(w.data[rowsAt:]))
	return append(w.data, of...), !w.bad && size <= largestList
}

// listWriter appends. What it can't write makes it bad for good. What many rows share is
// written once, behind a 0; after that its number stands for it.
type listWriter struct {
	data  []byte
	texts map[string]uint64
	times map[string]uint64
	bad   bool
}

func (w *listWriter) row(l *connector.Listed) {
	w.text(l.ID)
	w.text(l.Name)
	w.shared(string(l.Product))
	w.text(l.Site.Origin())
	w.shared(l.Email)
	w.shared(l.Account)
	w.shared(l.CloudID)
	if w.present(l.Identity != nil) {
		w.shared(l.Identity.ID)
		w.shared(l.Identity.Name)
		w.shared(l.Identity.Email)
	}
	w.shared(string(l.KeptIn))
	if w.present(l.Reference != nil) {
		w.shared(l.Reference.Env)
		w.bad = w.bad || len(l.Reference.Command) > mostWords
		w.number(uint64(len(l.Reference.Command)))
		for _, word := range l.Reference.Command {
			w.shared(word)
		}
		w.shared(l.Reference.File)
	}
	w.shared(l.Expires.String())
	w.time(l.TokenSince)
	w.stamped(l.Added)
	w.stamped(l.Edited)
	w.stamped(l.Replaced)
	if w.present(l.Last != nil) {
		w.shared(string(l.Last.Verdict))
		w.shared(string(l.Last.Code))
		w.time(l.Last.At)
	}
}

func (w *listWriter) stamped(s connector.Stamp) {
	w.shared(s.By)
	w.shared(string(s.Role))
	w.time(s.At)
}

func (w *listWriter) number(n uint64) { w.data = binary.AppendUvarint(w.data, n) }

func (w *listWriter) present(there bool) bool {
	if there {
		w.number(1)
	} else {
		w.number(0)
	}
	return there
}

func (w *listWriter) text(s string) {
	w.bad = w.bad || !showable(s)
	w.number(uint64(len(s)))
	w.data = append(w.data, s...)
}

func (w *listWriter) shared(s string) {
	if !w.known(w.texts, s) {
		w.text(s)
	}
}

func (w *listWriter) known(all map[string]uint64, s string) bool {
	n := all[s]
	if w.number(n); n == 0 {
		all[s] = uint64(len(all)) + 1
	}
	return n > 0
}

func (w *listWriter) time(t time.Time) {
	var data []byte
	if t != (time.Time{}) {
		var err error
		data, err = t.MarshalBinary()
		w.bad = w.bad || err != nil || len(data) != timeSize || !fromJSON(t)
	}
	if !w.known(w.times, string(data)) {
		w.data = append(w.data, data...)
	}
}

// fromJSON reports whether a moment can have come from a file of JSON: the years 0 to 9999,
// and a day for zones.
func fromJSON(t time.Time) bool {
	const first, last, day = -62167219200, 253402300799, 86400
	return t.Unix() >= first-day && t.Unix() <= last+day && t.Nanosecond() >= 0 && t.Nanosecond() < 1e9
}

// showable: nothing that acts on a terminal or can't be seen.
func showable(s string) bool {
	i := 0
	for ; i+8 <= len(s); i += 8 { // eight at once: taking a blank from each byte, or adding one, sets no high bit
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		if each := uint64(0x0101010101010101); ((x-each*' ')|(x+each))&(each*0x80) != 0 {
			break
		}
	}
	for ; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			bare := strings.ReplaceAll(s, " ", "") // Clean makes one blank of several
			return atlassian.Clean(bare, len(bare)) == bare
		}
	}
	return true
}
