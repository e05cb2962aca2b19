package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/disk"
)

// The site and email that each token in an external source is for: proven.json. A stored value
// says that itself; a reference holds nothing. The file is in the state folder, apart from connectors.json, so
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

// binding is for whom a connector's token is, and for whom as well: while a change is saved,
// those that it had before and will have. Whichever of them connectors.json has then is right.
type binding struct {
	recipient
	Also *recipient `json:"also,omitempty"`
}

func (b binding) is(c connector.Connector) bool {
	return b.recipient.is(c) || b.Also != nil && b.Also.is(c)
}

type bindingsContent struct {
	Version    int                `json:"version"`
	References map[string]binding `json:"references"` // by connector id
}

// Check is nil where a connector's token is for its site and email, and StorageWhyOtherSite
// else. A new file is begun where there is none.
func (r *References) Check(ctx context.Context, c connector.Connector) error {
	known := r.read()
	if known == nil {
		r.begun.Do(func() { // what can't be written is begun by the next run
			_ = r.update(ctx, func(map[string]binding) bool { return true })
		})
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

// Announce remembers for whom the tokens of connectors will be that are about to be saved, beside
// those that they are for; connectors whose token is stored are left out. So a process that ends
// between the saving and Bind leaves none that can't be read.
func (r *References) Announce(ctx context.Context, some ...connector.Connector) error {
	return r.set(ctx, some, func(was binding, there bool, c connector.Connector) binding {
		who := recipientOf(c)
		switch {
		case !there:
			return binding{recipient: who}
		case was.is(c):
			return was
		}
		return binding{was.recipient, &who}
	})
}

// Bind remembers that the tokens of connectors are for their sites and emails only; connectors whose token is stored are left out. Where it fails, and Announce did before it,
// their next Check is StorageWhyOtherSite.
func (r *References) Bind(ctx context.Context, some ...connector.Connector) error {
	return r.set(ctx, some, func(_ binding, _ bool, c connector.Connector) binding { return binding{recipient: recipientOf(c)} })
}

func (r *References) set(ctx context.Context, some []connector.Connector, to func(was binding, there bool, c connector.Connector) binding) error {
	some = slices.DeleteFunc(slices.Clone(some), func(c connector.Connector) bool { return c.KeptIn != connector.StorageReference })
	if len(some) == 0 {
		return nil
	}
	return r.update(ctx, func(all map[string]binding) (changed bool) {
		for _, c := range some {
			was, there := all[c.ID]
			all[c.ID] = to(was, there, c)
			changed = changed || !there || was != all[c.ID]
		}
		return changed
	})
}

// Forget forgets whom the tokens of connectors that are gone were for. Where there is nothing to
// forget it waits for no lock.
func (r *References) Forget(ctx context.Context) error {
	if len(r.gone(r.read())) == 0 {
		return nil
	}
	return r.update(ctx, func(all map[string]binding) bool {
		gone := r.gone(all)
		for _, id := range gone {
			delete(all, id)
		}
		return len(gone) > 0
	})
}

// gone are the connectors of bindings that are no connectors any more, as far as that can be read.
func (r *References) gone(all map[string]binding) (ids []string) {
	current, err := r.o.Current()
	if err != nil {
		return nil
	}
	for id := range all {
		if !slices.ContainsFunc(current, func(c connector.Connector) bool { return c.ID == id }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// update writes the file, where a change of what it says reports true. Where there is none it
// begins with the current connectors, as they are.
func (r *References) update(ctx context.Context, change func(all map[string]binding) (changed bool)) error {
	return r.o.Lock(ctx, func() error {
		all := maps.Clone(r.read())
		begins := all == nil
		if begins {
			all = map[string]binding{}
			current, err := r.o.Current()
			if err != nil {
				return err
			}
			for _, c := range current {
				all[c.ID] = binding{recipient: recipientOf(c)}
			}
		}
		if !change(all) && !(begins && len(all) > 0) {
			return nil
		}
		return r.write(all)
	})
}

// read is the file; nil where there is none. One that can't be read allows no token.
func (r *References) read() map[string]binding {
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
		c.References = map[string]binding{}
	}
	r.stamp, r.known = info, c.References
	return r.known
}

func (r *References) write(all map[string]binding) error {
	data, err := json.Marshal(bindingsContent{1, all})
	if err == nil {
		err = disk.WriteOwn(r.o.Path, append(data, '\n'), r.o.Fail)
	}
	if err != nil {
		return fmt.Errorf("write proven.json: %w", err)
	}
	return nil
}
