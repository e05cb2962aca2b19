package store

import (
	"slices"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// What can be done to the content of connectors.json while it is in memory, and what must
// hold for it.

// isRef: references and ids become names of files and keyring entries, so what an edited
// connectors.json says must never be more than a UUID.
func isRef(ref string) bool { return atlassian.IsUUID(ref) }

// sound reports whether everything has what it must have.
func (c *shelf) sound() bool {
	seen := map[string]bool{}
	for _, r := range c.Connectors {
		if seen[r.ID] || !r.sound() {
			return false
		}
		seen[r.ID] = true
	}
	for _, l := range c.Loose {
		if !isRef(l.Ref) || l.Safe != connector.StorageKeyring && l.Safe != connector.StorageFile {
			return false
		}
	}
	return true
}

func (r *record) sound() bool {
	kept := false
	switch r.KeptIn {
	case connector.StorageKeyring, connector.StorageFile:
		kept = isRef(r.Ref)
	case connector.StorageReference:
		kept = r.Ref == "" && r.Reference.Sound()
	case connector.StorageMemory:
	}
	return kept && isRef(r.ID) && r.Name != "" && !r.Site.IsZero() &&
		(r.Product == connector.Jira || r.Product == connector.Confluence)
}

// clean takes out of the words of a file that somebody edited what a terminal would obey.
// Where a token is kept elsewhere stays as it is: it names what is read or run.
func (r *record) clean() {
	from := r.Reference
	if r.KeptIn != connector.StorageReference {
		from = nil // it would be shown, and names nothing that is used
	}
	r.Reference = nil
	cleanWords(&r.Connector)
	r.Reference = from
}

func (c *shelf) find(id string) *record {
	for i := range c.Connectors {
		if c.Connectors[i].ID == id {
			return &c.Connectors[i]
		}
	}
	return nil
}

// index is where each connector is, by its id.
func (c *shelf) index() map[string]*record {
	at := make(map[string]*record, len(c.Connectors))
	for i := range c.Connectors {
		at[c.Connectors[i].ID] = &c.Connectors[i]
	}
	return at
}

// taken tells which names are other connectors' than that of an id. Letter case does not
// count.
func (c *shelf) taken(but string) func(name string) bool {
	names := make(map[string]bool, len(c.Connectors))
	for _, r := range c.Connectors {
		if r.ID != but {
			names[strings.ToLower(r.Name)] = true
		}
	}
	return func(name string) bool { return names[strings.ToLower(name)] }
}

// loosen notes a reference that is no connector's yet, or no longer.
func (c *shelf) loosen(ref string, kind connector.StorageKind, since time.Time) {
	if ref != "" {
		c.Loose = append(c.Loose, loose{Ref: ref, Safe: kind, Since: since})
	}
}

// discard notes the reference of a connector that is removed. What is under it was
// written long ago, so it may be deleted at the next chance and not only when it is old.
func (c *shelf) discard(ref string, kind connector.StorageKind, since time.Time) {
	if ref != "" {
		c.Loose = append(c.Loose, loose{Ref: ref, Safe: kind, Since: since, Doomed: true})
	}
}

// tighten strikes references from the loose ones.
func (c *shelf) tighten(refs ...string) {
	struck := make(map[string]bool, len(refs))
	for _, ref := range refs {
		struck[ref] = true
	}
	c.Loose = slices.DeleteFunc(c.Loose, func(l loose) bool { return struck[l.Ref] })
}

// claim takes a reference out of the loose ones for a connector. It is false where a sweep
// has meanwhile begun to delete what is there, as after a night's sleep of the machine.
func (c *shelf) claim(ref string) bool {
	if ref == "" { // kept elsewhere
		return true
	}
	for _, l := range c.Loose {
		if l.Ref == ref && !l.Doomed {
			c.tighten(ref)
			return true
		}
	}
	return false
}

// doom marks what may be deleted: loose for long enough, in a safe that can be asked now,
// and no connector's. It returns what is marked, and whether that changed anything.
func (c *shelf) doom(now time.Time, ready map[connector.StorageKind]bool) (marked []loose, changed bool) {
	used := map[string]bool{}
	for _, r := range c.Connectors {
		used[r.Ref] = true
	}
	for i, l := range c.Loose {
		if used[l.Ref] || !ready[l.Safe] || !l.Doomed && !stale(l.Since, now) {
			continue
		}
		changed = changed || !l.Doomed
		c.Loose[i].Doomed = true
		marked = append(marked, l)
	}
	return marked, changed
}

// sweepAfter is longer than any call into a safe can take.
const sweepAfter = 10 * time.Minute

// stale: old enough, or from a clock that ran far ahead.
func stale(since, now time.Time) bool {
	return now.Sub(since) > sweepAfter || since.Sub(now) > 24*time.Hour
}
