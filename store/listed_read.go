package store

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// How list.cache is read. Nothing in it is believed: whatever it holds, it is all of what
// could have been written, or nothing.

// decodeList reads what encodeList wrote, of so many bytes, where it was made from what of
// holds, and nothing else. The two are compared beside the decoding: each takes as long.
func decodeList(cache io.ReaderAt, whole int64, of io.Reader) (stamp, []connector.Listed, bool) {
	head := make([]byte, rowsAt)
	if _, err := cache.ReadAt(head, 0); err != nil || string(head[:sizeAt]) != listForm {
		return stamp{}, nil, false
	}
	size := binary.BigEndian.Uint64(head[sizeAt:])
	if size > largestList || int64(size) > whole-int64(rowsAt) {
		return stamp{}, nil, false
	}
	same := make(chan bool, 1)
	go func() { same <- equal(io.NewSectionReader(cache, int64(rowsAt)+int64(size), largestFile+1), of) }()
	text, sum := textOf(io.NewSectionReader(cache, int64(rowsAt), int64(size)), int(size))
	made, ok := decodeRows(text)
	ok = ok && sum == binary.BigEndian.Uint32(head[sizeAt+8:]) && made.from == uint64(whole)-uint64(rowsAt)-size
	return made.as, made.rows, <-same && ok
}

// equal reports whether two files hold the same bytes.
func equal(a, b io.Reader) bool {
	one, other := make([]byte, chunk), make([]byte, chunk)
	for {
		n, err := io.ReadFull(a, one)
		m, otherErr := io.ReadFull(b, other)
		switch {
		case !bytes.Equal(one[:n], other[:m]):
			return false
		case err != nil || otherErr != nil:
			return isEnd(err) && isEnd(otherErr)
		}
	}
}

func isEnd(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }

// textOf is what can be read, and the sum over it.
func textOf(from io.Reader, size int) (text string, sum uint32) {
	var b strings.Builder
	b.Grow(size)
	for part := make([]byte, min(chunk, size+1)); ; {
		n, err := from.Read(part)
		sum = crc32.Update(sum, crc32.IEEETable, part[:n])
		b.Write(part[:n])
		if err != nil {
			return b.String(), sum
		}
	}
}

// made is what stands before the copy.
type made struct {
	from uint64 // the size of the copy
	as   stamp
	rows []connector.Listed
}

func decodeRows(text string) (m made, ok bool) {
	r := listReader{rest: text, texts: []string{""}, times: []time.Time{{}}}
	m.from = r.number()
	m.as = stamp{r.number(), r.number(), r.number()}
	n := r.number()
	if r.bad || n > uint64(len(r.rest)/shortest) {
		return made{}, false
	}
	m.rows = make([]connector.Listed, n)
	outcomes := make([]connector.Outcome, n)
	for i := range m.rows {
		if r.row(&m.rows[i], &outcomes[i]); r.bad {
			return made{}, false
		}
	}
	return m, r.rest == ""
}

// listReader takes from the front. What it can't read makes it bad for good.
type listReader struct {
	rest  string
	texts []string // shared so far
	times []time.Time
	bad   bool

	references []connector.Reference // room for some
}

func (r *listReader) row(l *connector.Listed, last *connector.Outcome) {
	l.ID = r.text()
	l.Name = r.text()
	l.Product = r.product()
	l.Site = r.site()
	l.Email = r.shared()
	l.Account = r.shared()
	l.CloudID = r.shared()
	if r.present() {
		l.Identity = &connector.Identity{ID: r.shared(), Name: r.shared(), Email: r.shared()}
	}
	l.KeptIn = connector.SafeKind(r.shared())
	if r.present() {
		l.Reference = r.reference()
	}
	r.refuse(l.Expires.UnmarshalText([]byte(r.shared())) != nil)
	l.TokenSince = r.time()
	l.Added = r.stamped()
	l.Edited = r.stamped()
	l.Replaced = r.stamped()
	if r.present() {
		last.Verdict, last.Code, last.At = connector.Verdict(r.shared()), connector.Code(r.shared()), r.time()
		l.Last = last
	}
	r.refuse(!isRef(l.ID) || l.Name == "" || l.Site.IsZero())
}

// reference takes room for many at once. Who shares it with whom does not show: nobody
// changes one.
func (r *listReader) reference() *connector.Reference {
	if len(r.references) == cap(r.references) {
		r.references = make([]connector.Reference, 0, 64)
	}
	r.references = append(r.references, connector.Reference{Env: r.shared(), Command: r.words(), File: r.shared()})
	return &r.references[len(r.references)-1]
}

func (r *listReader) refuse(it bool) { r.bad = r.bad || it }

func (r *listReader) product() connector.Product {
	switch p := connector.Product(r.shared()); p {
	case connector.Jira, connector.Confluence:
		return p
	}
	r.bad = true
	return ""
}

func (r *listReader) site() (s atlassian.Site) {
	origin := r.text()
	if s, ok := atlassian.CanonicalSite(origin); ok {
		return s
	}
	r.refuse(s.UnmarshalText([]byte(origin)) != nil)
	return s
}

func (r *listReader) stamped() connector.Stamp {
	return connector.Stamp{By: r.shared(), Role: connector.Role(r.shared()), At: r.time()}
}

// number reads a number in its shortest form.
func (r *listReader) number() uint64 {
	if r.rest != "" && r.rest[0] < 0x80 { // nearly all
		n := r.rest[0]
		r.rest = r.rest[1:]
		return uint64(n)
	}
	var n uint64
	for i := 0; i < len(r.rest) && i < binary.MaxVarintLen64; i++ {
		b := r.rest[i]
		if i == binary.MaxVarintLen64-1 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			r.refuse(b == 0 && i > 0)
			r.rest = r.rest[i+1:]
			return n
		}
	}
	r.bad = true
	return 0
}

func (r *listReader) present() bool {
	n := r.number()
	r.refuse(n > 1)
	return n == 1
}

// raw is so many bytes as they stand.
func (r *listReader) raw(n uint64) string {
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *listReader) text() string {
	s := r.raw(r.number())
	r.refuse(!showable(s))
	return s
}

func (r *listReader) shared() string {
	n := r.number()
	switch {
	case n > 0 && n <= uint64(len(r.texts)):
		return r.texts[n-1]
	case n > 0:
		r.bad = true
		return ""
	}
	s := r.text()
	r.texts = append(r.texts, s)
	return s
}

func (r *listReader) words() []string {
	n := r.number()
	if r.bad || n > mostWords {
		r.bad = true
		return nil
	}
	var all []string
	for range n {
		all = append(all, r.shared())
	}
	return all
}

func (r *listReader) time() time.Time {
	n := r.number()
	if n > 0 && n <= uint64(len(r.times)) {
		return r.times[n-1]
	}
	var t time.Time
	if s := r.raw(timeSize); n > 0 || r.bad || t.UnmarshalBinary([]byte(s)) != nil || !fromJSON(t) {
		r.bad = true
		return time.Time{}
	}
	r.times = append(r.times, t)
	return t
}
