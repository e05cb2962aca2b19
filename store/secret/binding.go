package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/disk"
)

// Whom each token that is kept elsewhere is for: proven.json. A sealed value says that itself;
// a reference holds nothing. The file is in the state folder, apart from connectors.json, so
// that an edited connectors.json can't send such a token to another site either. Where it is
// not there, as on a new machine, the references are taken as connectors.json has them.

const largestBindings = 16 << 20

// recipient is whom a token is for.
type recipient struct {
	Origin string `json:"origin"`
	Email  string `json:"email"`
}

func recipientOf(c connector.Connector) recipient { return recipient{c.Site.Origin(), c.Email} }

func (who recipient) is(c connector.Connector) bool {
	return who.Origin == c.Site.Origin() && strings.EqualFold(who.Email, c.Email)
}

func (who recipient) words() string {
	return atlassian.Clean(who.Origin, 300) + " and " + atlassian.Clean(who.Email, 300)
}

type bindingsContent struct {
	Version    int                  `json:"version"`
	References map[string]recipient `json:"references"` // by connector id
}

// Check is nil where a connector's token is for its site and e-mail, and StorageWhyOtherSite
// else. A new file is begun where there is none.
func (r *References) Check(ctx context.Context, c connector.Connector) error {
	known := r.read()
	if known == nil {
		r.begun.Do(func() { _ = r.update(ctx) }) // what can't be written is begun by the next run
		return nil
	}
	was, there := known[c.ID]
	switch {
	case !there:
		return referenceError(connector.StorageWhyOtherSite, "it was not entered on this computer")
	case !was.is(c):
		return referenceError(connector.StorageWhyOtherSite, "it was entered for %s", was.words())
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
	return r.update(ctx, some...)
}

// Forget forgets whom the tokens of connectors that are gone were for.
func (r *References) Forget(ctx context.Context) error { return r.update(ctx) }

// update writes the file: of the current connectors as it had them, and of the given ones
// anew.
func (r *References) update(ctx context.Context, these ...connector.Connector) error {
	return r.o.Lock(ctx, func() error {
		current, err := r.o.Current()
		if err != nil {
			return err
		}
		known, all := r.read(), map[string]recipient{}
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
		return r.write(all)
	})
}

// read is the file; nil where there is none. One that can't be understood knows nobody.
func (r *References) read() map[string]recipient {
	r.mu.Lock()
	defer r.mu.Unlock()
	info, err := os.Stat(r.o.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && r.stamp != nil && os.SameFile(info, r.stamp) && info.ModTime().Equal(r.stamp.ModTime()) && info.Size() == r.stamp.Size() {
		return r.known
	}
	var c bindingsContent
	if data, err := disk.ReadBounded(r.o.Path, largestBindings); err != nil || json.Unmarshal(data, &c) != nil || c.References == nil {
		c.References = map[string]recipient{}
	}
	r.stamp, r.known = info, c.References
	return r.known
}

func (r *References) write(all map[string]recipient) error {
	data, err := json.Marshal(bindingsContent{1, all})
	if err == nil {
		err = disk.WriteOwn(r.o.Path, append(data, '\n'), r.o.Fail)
	}
	if err != nil {
		return fmt.Errorf("remember whom tokens are for: %w", err)
	}
	return nil
}
