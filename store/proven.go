package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Whom a token that is kept elsewhere is for. A safe holds that beside the token; a reference
// holds nothing, so it is remembered apart from connectors.json, in the state folder: an
// edited connectors.json can't send such a token to another site either. Where the file is
// not there, as on a new machine, the references are taken as connectors.json has them.

// proven is proven.json.
type proven struct {
	path string
	fail func(string) error
	// begun: a lock that somebody holds is waited for once a run, and not for each connector.
	begun sync.Once

	mu    sync.Mutex
	stamp fs.FileInfo // of the file that known was read from
	known map[string]recipient
}

// recipient is whom a token is for.
type recipient struct {
	Origin string `json:"origin"`
	Email  string `json:"email"`
}

func (r recipient) is(c connector.Connector) bool {
	return r.Origin == c.Site.Origin() && strings.EqualFold(r.Email, c.Email)
}

type provenContent struct {
	Version    int                  `json:"version"`
	References map[string]recipient `json:"references"` // by connector id
}

// read is the file, read again where it changed; nil where there is none. One that can't be
// understood knows nobody.
func (p *proven) read() map[string]recipient {
	p.mu.Lock()
	defer p.mu.Unlock()
	info, err := os.Stat(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && p.stamp != nil && os.SameFile(info, p.stamp) && info.ModTime().Equal(p.stamp.ModTime()) && info.Size() == p.stamp.Size() {
		return p.known
	}
	var c provenContent
	if data, err := readBounded(p.path, largestOutcomes); err != nil || json.Unmarshal(data, &c) != nil || c.References == nil {
		c.References = map[string]recipient{}
	}
	p.stamp, p.known = info, c.References
	return p.known
}

// meant is nil where a reference is still for whom it was entered. A new file is begun where
// there is none.
func (s *Store) meant(ctx context.Context, r record) error {
	known := s.proven.read()
	if known == nil {
		s.proven.begun.Do(func() { _ = s.prove(ctx) }) // what can't be written is begun by the next run
		return nil
	}
	was, there := known[r.ID]
	if there && was.is(r.Connector) {
		return nil
	}
	cause := errors.New("it was not entered on this computer")
	if there {
		cause = errors.New("it was entered for " + was.words())
	}
	return trouble(connector.StorageReference, connector.StorageWhyOtherSite, cause)
}

func (r recipient) words() string {
	return atlassian.Clean(r.Origin, 300) + " and " + atlassian.Clean(r.Email, 300)
}

// prove remembers whom the tokens of connectors are for, and forgets those that are gone.
func (s *Store) prove(ctx context.Context, these ...connector.Connector) error {
	return s.file.locked(ctx, func() error {
		content, _, err := s.file.readOrCopy()
		if err != nil {
			return err
		}
		known, all := s.proven.read(), map[string]recipient{}
		for _, r := range content.Connectors {
			was, there := known[r.ID]
			if known == nil {
				was, there = recipientOf(r.Connector), true
			}
			if there && r.KeptIn == connector.StorageReference {
				all[r.ID] = was
			}
		}
		for _, c := range these {
			all[c.ID] = recipientOf(c)
		}
		return s.proven.write(all)
	})
}

// proveAll does so for those of some connectors whose token is kept elsewhere. Where that
// fails it is said: their next check asks for the source again.
func (s *Store) proveAll(ctx context.Context, some ...connector.Connector) {
	some = slices.DeleteFunc(some, func(c connector.Connector) bool { return c.KeptIn != connector.StorageReference })
	if len(some) > 0 && s.prove(ctx, some...) != nil {
		s.note("Whom the token is for could not be remembered: the next check will ask for its source again.")
	}
}

func recipientOf(c connector.Connector) recipient { return recipient{c.Site.Origin(), c.Email} }

func (p *proven) write(all map[string]recipient) error {
	data, err := json.Marshal(provenContent{1, all})
	if err == nil {
		err = makeFolder(filepath.Dir(p.path))
	}
	if err == nil {
		err = trustFile(p.path)
	}
	if err == nil {
		err = writeAtomic(p.path, append(data, '\n'), p.fail)
	}
	if err != nil {
		return fmt.Errorf("remember whom tokens are for: %w", err)
	}
	return nil
}
