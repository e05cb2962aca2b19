package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// contents is what connectors.json holds.
type contents struct {
	Version    int      `json:"version"`
	Revision   int      `json:"revision"` // counts the writes
	Connectors []record `json:"connectors"`
	// References are those into storages that were given out and are not, or no longer, a
	// connector's.
	References []reference `json:"references,omitempty"`
	// Loose is what versions 1 and 2 called References.
	Loose []loose `json:"loose,omitempty"`
}

// record is a connector and where its token is: the reference into its storage, "" for a token
// in an external source. A reference that stands here is committed.
type record struct {
	connector.Connector
	Ref string `json:"ref,omitempty"`
}

// reference is one whose value, if there is one, is to be deleted sooner or later.
type reference struct {
	Ref     string                `json:"ref"`
	Storage connector.StorageKind `json:"storage"`
	State   referenceState        `json:"state"`
	Since   time.Time             `json:"since"`
}

// referenceState is how far a reference has come. One that is committed stands in its
// connector's record, and one that is collected (its value was deleted) stands nowhere.
type referenceState string

const (
	// pending: a value is about to be put under it. It is committed by the write that gives it to
	// a connector; where that write never comes it is orphaned once it is stale.
	pending referenceState = "pending"
	// orphaned: no connector has it or ever will, so its value may be deleted at any time.
	orphaned referenceState = "orphaned"
)

// loose is a reference as versions 1 and 2 wrote it.
type loose struct {
	Ref    string                `json:"ref"`
	Safe   connector.StorageKind `json:"safe"`
	Since  time.Time             `json:"since"`
	Doomed bool                  `json:"doomed,omitempty"`
}

// Version 2 (23 Nov 2026) added who edited a connector and who replaced its token; version 3
// (27 Nov 2026) says the state of references. Earlier ones are read, and written on as version 3.
const version = 3

// errNewer: a later version wrote the file; this one would lose what it does not know.
var errNewer = errors.New("written by a newer saasconnect")

// damaged is why a file that is there can't be used, in words that quote nothing of it.
type damaged struct{ reason string }

func (d *damaged) Error() string { return "connectors.json: " + d.reason }

// decode reads what connectors.json holds, strictly: it may have been edited by hand. An
// unknown field in a file of a known version is damage, and so is anything behind the end. Errors
// are errNewer or *damaged.
func decode(data []byte) (contents, error) {
	var c contents
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&c)
	if err == nil {
		if _, end := d.Token(); end != io.EOF {
			err = errors.New("text after the end")
		}
	}
	if err != nil || c.Version < 1 || c.Version > version {
		return contents{}, undecodable(data, err)
	}
	if err := c.upgrade(); err != nil {
		return contents{}, err
	}
	for i := range c.Connectors {
		c.Connectors[i].clean()
	}
	if reason := c.problem(); reason != "" {
		return contents{}, &damaged{reason}
	}
	return c, nil
}

// undecodable says what is wrong with data that decode could not read. Its version is looked for
// here and not before, since that reads all of it once more.
func undecodable(data []byte, err error) error {
	var look struct{ Version int }
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	lookErr := json.Unmarshal(data, &look)
	switch {
	case lookErr == nil && look.Version > version:
		return errNewer
	case bytes.HasPrefix(data, []byte("\ufeff")):
		return &damaged{"it starts with a byte order mark: save it as UTF-8 without one"}
	case errors.As(err, &syntax):
		return &damaged{fmt.Sprintf("line %d is not JSON", lineAt(data, syntax.Offset))}
	case errors.As(err, &kind):
		return &damaged{fmt.Sprintf("line %d has a value of the wrong type", lineAt(data, kind.Offset))}
	case len(bytes.TrimSpace(data)) == 0:
		return &damaged{"it is empty"}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &damaged{"it is incomplete"}
	case lookErr != nil:
		return &damaged{"there is text after its end"}
	case look.Version < 1:
		return &damaged{"it has no version"}
	}
	if _, field, found := strings.Cut(err.Error(), "unknown field "); found {
		if name := strings.Trim(field, `"`); len(name) <= 40 && !strings.ContainsFunc(name, notAFieldsName) {
			return &damaged{"it has an unknown field " + name}
		}
	}
	return &damaged{"it has an unknown field or value"}
}

func notAFieldsName(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_'
}

// lineAt is the line, from 1, in which an offset stands.
func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
}

// upgrade makes what an earlier version wrote what this one would have written.
func (c *contents) upgrade() error {
	if c.Version == version && c.Loose != nil || c.Version < version && c.References != nil {
		return &damaged{"it has a field from another version"}
	}
	for _, l := range c.Loose {
		r := reference{Ref: l.Ref, Storage: l.Safe, State: pending, Since: l.Since}
		if l.Doomed {
			r.State = orphaned
		}
		c.References = append(c.References, r)
	}
	c.Version, c.Loose = version, nil
	return nil
}

// isUUID: ids and references become names of files and keyring entries, so what an edited file
// says must never be more than a UUID.
func isUUID(text string) bool { return atlassian.IsUUID(text) }

// problem is what is missing or wrong; "" for nothing.
func (c *contents) problem() string {
	ids, refs := map[string]bool{}, map[string]bool{"": false}
	for i, r := range c.Connectors {
		problem := r.problem()
		switch {
		case problem != "":
		case ids[r.ID]:
			problem = "has the ID of another"
		case refs[r.Ref]: // replacing the token of one would delete the other's
			problem = "has the stored token of another"
		}
		if problem != "" {
			return fmt.Sprintf("connector %d %s", i+1, problem)
		}
		ids[r.ID], refs[r.Ref] = true, r.Ref != ""
	}
	for _, r := range c.References {
		if !isUUID(r.Ref) || r.Storage != connector.StorageKeyring && r.Storage != connector.StorageFile ||
			r.State != pending && r.State != orphaned {
			return "a reference to a stored token is invalid"
		}
	}
	return ""
}

func (r *record) problem() string {
	stored := false
	switch r.KeptIn {
	case connector.StorageKeyring, connector.StorageFile:
		stored = isUUID(r.Ref)
	case connector.StorageReference:
		stored = r.Ref == "" && r.Reference.Sound()
	case connector.StorageMemory:
	}
	switch {
	case !isUUID(r.ID):
		return "has no ID"
	case r.Name == "":
		return "has no name"
	case r.Site.IsZero():
		return "has no site"
	case r.Product != connector.Jira && r.Product != connector.Confluence:
		return "has no product"
	case !stored:
		return "does not say where its token is"
	}
	return ""
}

// clean takes out of a record's words what a terminal would obey. An external source stays as it
// is: it names what is read or run.
func (r *record) clean() {
	from := r.Reference
	if r.KeptIn != connector.StorageReference {
		from = nil // it would be shown, and names nothing that is used
	}
	r.Reference = nil
	cleanWords(&r.Connector)
	r.Reference = from
}

// at is where each connector stands, by its id.
func (c *contents) at() map[string]int {
	at := make(map[string]int, len(c.Connectors))
	for i, r := range c.Connectors {
		at[r.ID] = i
	}
	return at
}

// find is a connector's record, nil where there is none.
func (c *contents) find(id string) *record {
	for i := range c.Connectors {
		if c.Connectors[i].ID == id {
			return &c.Connectors[i]
		}
	}
	return nil
}

// names are the ids of connectors by their names. Letter case does not count.
func (c *contents) names() map[string]string {
	names := make(map[string]string, len(c.Connectors))
	for _, r := range c.Connectors {
		names[strings.ToLower(r.Name)] = r.ID
	}
	return names
}

// note puts a reference into a state that is none of a connector's. "" is none.
func (c *contents) note(ref string, in connector.StorageKind, state referenceState, since time.Time) {
	if ref != "" {
		c.References = append(c.References, reference{ref, in, state, since})
	}
}

// commit takes a pending reference out for a connector's record. It is false where it is not
// pending any more: another process found it stale, as after a night's sleep of the machine, and
// has begun to delete what is there. "" can always be committed.
func (c *contents) commit(ref string) bool {
	if ref == "" {
		return true
	}
	i := slices.IndexFunc(c.References, func(r reference) bool { return r.Ref == ref && r.State == pending })
	if i >= 0 {
		c.References = slices.Delete(c.References, i, i+1)
	}
	return i >= 0
}

// release strikes references whose values are gone.
func (c *contents) release(refs ...string) {
	gone := make(map[string]bool, len(refs))
	for _, ref := range refs {
		gone[ref] = true
	}
	c.References = slices.DeleteFunc(c.References, func(r reference) bool { return gone[r.Ref] })
}

// orphan marks the stale pending references of some storages as orphaned, and returns all orphaned
// ones of those storages. changed is whether anything was marked. A connector's own reference,
// which an edited file may list a second time, is left alone.
func (c *contents) orphan(now time.Time, of map[connector.StorageKind]bool) (all []reference, changed bool) {
	committed := map[string]bool{}
	for _, r := range c.Connectors {
		committed[r.Ref] = true
	}
	for i := range c.References {
		r := &c.References[i]
		if committed[r.Ref] || !of[r.Storage] || r.State == pending && !stale(r.Since, now) {
			continue
		}
		changed = changed || r.State == pending
		r.State = orphaned
		all = append(all, *r)
	}
	return all, changed
}

// staleAfter is longer than any call into a storage can take, also one that was given up and may
// still do what was asked of it.
const staleAfter = 10 * time.Minute

// stale: old enough, or from a clock that ran far ahead.
func stale(since, now time.Time) bool {
	return now.Sub(since) > staleAfter || since.Sub(now) > 24*time.Hour
}
