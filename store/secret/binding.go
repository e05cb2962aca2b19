package secret

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
	"saasconnect/store/disk"
)

// bindings is proven.json: whom each token that is kept elsewhere is for. A sealed value says
// that itself; a reference holds nothing. It is in the state folder, apart from
// connectors.json, so that an edited connectors.json can't send such a token to another site
// either. Where the file is not there, as on a new machine, the references are taken as
// connectors.json has them.
type bindings struct {
	ReferenceOptions
	// begun: a lock that somebody holds is waited for once a run, and not for each connector.
	begun sync.Once

	// The file is read again only where it changed: a check of a thousand references asks for
	// each of them.
	mu    sync.Mutex
	stamp fs.FileInfo // of the file that known was read from
	known map[string]recipient
}

const largestBindings = 16 << 20

// recipient is whom a token is for.
type recipient struct {
	Origin string `json:"origin"`
	Email  string `json:"email"`
}

func recipientOf(c connector.Connector) recipient { return recipient{c.Site.Origin(), c.Email} }

func (r recipient) is(c connector.Connector) bool {
	return r.Origin == c.Site.Origin() && strings.EqualFold(r.Email, c.Email)
}

func (r recipient) words() string {
	return atlassian.Clean(r.Origin, 300) + " and " + atlassian.Clean(r.Email, 300)
}

type bindingsContent struct {
	Version    int                  `json:"version"`
	References map[string]recipient `json:"references"` // by connector id
}

// Check is nil where a connector's token is for its site and e-mail, and StorageWhyOtherSite
// else. A new file is begun where there is none.
func (r *References) Check(ctx context.Context, c connector.Connector) error {
	b := &r.bindings
	known := b.read()
	if known == nil {
		b.begun.Do(func() { _ = b.update(ctx) }) // what can't be written is begun by the next run
		return nil
	}
	was, there := known[c.ID]
	switch {
	case !there:
		return unread(connector.StorageWhyOtherSite, "it was not entered on this computer")
	case !was.is(c):
		return unread(connector.StorageWhyOtherSite, "it was entered for %s", was.words())
	}
	return nil
}

// Bind remembers that the tokens of connectors are for their sites and e-mails; those whose
// token is not a reference are left out. Where it fails their next Check is
// StorageWhyOtherSite.
func (r *References) Bind(ctx context.Context, some ...connector.Connector) error {
	some = slices.DeleteFunc(slices.Clone(some), func(c connector.Connector) bool { return c.KeptIn != connector.StorageReference })
	if len(some) == 0 {
		return nil
	}
	return r.bindings.update(ctx, some...)
}

// Forget forgets whom the tokens of connectors that are gone were for.
func (r *References) Forget(ctx context.Context) error { return r.bindings.update(ctx) }

// update writes the file: of the current connectors as it had them, and of the given ones
// anew.
func (b *bindings) update(ctx context.Context, these ...connector.Connector) error {
	return b.Lock(ctx, func() error {
		current, err := b.Current()
		if err != nil {
			return err
		}
		known, all := b.read(), map[string]recipient{}
		for _, c := range current {
			if was, there := known[c.ID]; there {
				all[c.ID] = was
			} else if known == nil {
				all[c.ID] = recipientOf(c)
			}
		}
		for _, c := range these {
			all[c.ID] = recipientOf(c)
		}
		return b.write(all)
	})
}

// read is the file; nil where there is none. One that can't be understood knows nobody.
func (b *bindings) read() map[string]recipient {
	b.mu.Lock()
	defer b.mu.Unlock()
	info, err := os.Stat(b.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && b.stamp != nil && os.SameFile(info, b.stamp) && info.ModTime().Equal(b.stamp.ModTime()) && info.Size() == b.stamp.Size() {
		return b.known
	}
	var c bindingsContent
	if data, err := disk.ReadBounded(b.Path, largestBindings); err != nil || json.Unmarshal(data, &c) != nil || c.References == nil {
		c.References = map[string]recipient{}
	}
	b.stamp, b.known = info, c.References
	return b.known
}

func (b *bindings) write(all map[string]recipient) error {
	data, err := json.Marshal(bindingsContent{1, all})
	if err == nil {
		err = disk.MakeFolder(filepath.Dir(b.Path))
	}
	if err == nil {
		err = disk.TrustFile(b.Path)
	}
	if err == nil {
		err = disk.WriteAtomic(b.Path, append(data, '\n'), b.Fail)
	}
	if err != nil {
		return fmt.Errorf("remember whom tokens are for: %w", err)
	}
	return nil
}
