package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// A pretend Secret Service on a real bus, which does what real ones do on their bad days.
// Source of the interface: specifications.freedesktop.org/secret-service.

// The ways it can behave.
const (
	behavesWell      = ""
	neverAnswers     = "never answers OpenSession"
	dismissesCreate  = "its prompt for a new item is dismissed"
	promptUnanswered = "locked, and nobody answers the prompt"
	promptDismissed  = "locked, and the prompt is dismissed"
	promptAnswered   = "locked, and the prompt is answered"
	hasNoCollection  = "has no collection"
	oddTypes         = "answers with odd types"
	silentToLooks    = "never answers a look"
	storesLate       = "stores long after it was asked"
	lockedUnsaid     = "answers with an error when asked whether it is locked"
	dismissesDelete  = "its prompt for deleting is dismissed"
	locksItems       = "each item is locked by itself, and the prompt is answered"
)

const (
	secretsAlias = dbus.ObjectPath("/org/freedesktop/secrets/aliases/default")
	secretsWork  = dbus.ObjectPath("/org/freedesktop/secrets/collection/Work")
	secretsHome  = dbus.ObjectPath("/org/freedesktop/secrets/collection/Home")

	promptPath = dbus.ObjectPath("/org/freedesktop/secrets/prompt/1")
	noPrompt   = dbus.ObjectPath("/")
)

// pretendService holds everything; its D-Bus objects are the small types below.
type pretendService struct {
	conn *dbus.Conn
	stop chan struct{} // closed when the test ends: nothing hangs longer
	late chan struct{} // closed when the late store may go on

	mu       sync.Mutex
	behave   string
	unlocked bool
	listed   []dbus.ObjectPath // its collections
	alias    dbus.ObjectPath   // the one with the alias "default"
	asked    []dbus.ObjectPath // what was last to be unlocked
	opened   bool              // whether an item that is locked by itself was unlocked
	sessions int               // those that were opened and not closed
	items    map[dbus.ObjectPath]pretendItem
	next     int
	prompted chan struct{}
}

type pretendItem struct {
	attributes map[string]string
	value      []byte
}

type busSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// newPretendService offers the service on a bus.
func newPretendService(t *testing.T, address string) *pretendService {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	p := &pretendService{conn: conn, listed: []dbus.ObjectPath{secretsLogin}, alias: noPrompt, stop: make(chan struct{}), late: make(chan struct{}), items: map[dbus.ObjectPath]pretendItem{}, prompted: make(chan struct{}, 16)}
	t.Cleanup(func() { close(p.stop); conn.Close() })
	for _, export := range []struct {
		object any
		path   dbus.ObjectPath
		iface  string
	}{
		{busService{p}, secretsPath, serviceIface},
		{busProperties{p}, secretsPath, "org.freedesktop.DBus.Properties"},
		{busCollection{p, secretsLogin}, secretsLogin, collectionIfc},
		{busProperties{p}, secretsLogin, "org.freedesktop.DBus.Properties"},
		{busCollection{p, secretsSession}, secretsSession, collectionIfc},
		{busProperties{p}, secretsSession, "org.freedesktop.DBus.Properties"},
		{busCollection{p, secretsWork}, secretsWork, collectionIfc},
		{busProperties{p}, secretsWork, "org.freedesktop.DBus.Properties"},
		{busCollection{p, secretsHome}, secretsHome, collectionIfc},
		{busProperties{p}, secretsHome, "org.freedesktop.DBus.Properties"},
		{busCollection{p, secretsAlias}, secretsAlias, collectionIfc},
		{busSession{p}, "/org/freedesktop/secrets/session/1", "org.freedesktop.Secret.Session"},
		{busPrompt{p}, promptPath, "org.freedesktop.Secret.Prompt"},
	} {
		if err := conn.Export(export.object, export.path, export.iface); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := conn.RequestName(secretsName, dbus.NameFlagDoNotQueue); err != nil || got != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the name is not to be had: %v, %v", got, err)
	}
	return p
}

// set makes it behave, locked again where the behaviour begins so.
func (p *pretendService) set(behave string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behave, p.unlocked = behave, behave != promptUnanswered && behave != promptDismissed && behave != promptAnswered
}

// has gives it other collections, and one of them the alias; "/" for none.
func (p *pretendService) has(alias dbus.ObjectPath, listed ...dbus.ObjectPath) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alias, p.listed = alias, listed
}

// at is the collection behind a path: what is asked of the alias lands in its collection.
func (p *pretendService) at(path dbus.ObjectPath) dbus.ObjectPath {
	p.mu.Lock()
	defer p.mu.Unlock()
	if path == secretsAlias {
		return p.alias
	}
	return path
}

// paths are the items that it keeps.
func (p *pretendService) paths() []dbus.ObjectPath {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.items))
}

func (p *pretendService) behaves(as string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.behave == as
}

func (p *pretendService) locked() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.unlocked
}

// users are the references of what it keeps.
func (p *pretendService) users() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, item := range p.items {
		all = append(all, item.attributes["username"])
	}
	return all
}

type busProperties struct{ p *pretendService }

func (b busProperties) Get(_, name string) (dbus.Variant, *dbus.Error) {
	switch {
	case b.p.behaves(silentToLooks):
		<-b.p.stop
	case b.p.behaves(oddTypes):
		return dbus.MakeVariant(int32(7)), nil
	case name == "Locked" && b.p.behaves(lockedUnsaid):
		return dbus.Variant{}, dbus.MakeFailedError(errors.New("no such property"))
	case name == "Locked":
		return dbus.MakeVariant(b.p.locked()), nil
	case b.p.behaves(hasNoCollection):
		return dbus.MakeVariant([]dbus.ObjectPath{}), nil
	}
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	return dbus.MakeVariant(b.p.listed), nil
}

type busService struct{ p *pretendService }

func (b busService) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	if b.p.behaves(neverAnswers) {
		<-b.p.stop
	}
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.p.sessions++
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session/1", nil
}

func (b busService) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) {
	return b.p.at(secretsAlias), nil
}

func (b busService) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.p.asked = paths
	if !b.p.unlocked || b.p.shut(paths[0]) {
		return []dbus.ObjectPath{}, promptPath, nil
	}
	return paths, noPrompt, nil
}

// shut: it is an item that is locked by itself. The caller holds the lock.
func (p *pretendService) shut(path dbus.ObjectPath) bool {
	_, isItem := p.items[path]
	return isItem && p.behave == locksItems && !p.opened
}

// isLocked is what is answered where something was not unlocked before.
func isLocked() *dbus.Error { return dbus.NewError("org.freedesktop.Secret.Error.IsLocked", nil) }

type busSession struct{ p *pretendService }

func (b busSession) Close() *dbus.Error {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.p.sessions--
	return nil
}

type busPrompt struct{ p *pretendService }

func (b busPrompt) Prompt(string) *dbus.Error {
	b.p.prompted <- struct{}{}
	dismissed, result := true, dbus.MakeVariant("")
	switch {
	case b.p.behaves(promptUnanswered):
		return nil
	case b.p.behaves(promptAnswered), b.p.behaves(locksItems):
		b.p.mu.Lock()
		b.p.unlocked, b.p.opened = true, true
		dismissed, result = false, dbus.MakeVariant(b.p.asked)
		b.p.mu.Unlock()
	}
	if err := b.p.conn.Emit(promptPath, "org.freedesktop.Secret.Prompt.Completed", dismissed, result); err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

type busCollection struct {
	p    *pretendService
	path dbus.ObjectPath
}

func (b busCollection) CreateItem(properties map[string]dbus.Variant, secret busSecret, replace bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	switch {
	case b.p.locked():
		return "/", noPrompt, isLocked()
	case b.p.behaves(dismissesCreate):
		return "/", promptPath, nil
	case b.p.behaves(storesLate):
		<-b.p.late
	}
	attributes, ok := properties["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
	if !ok {
		return "/", noPrompt, dbus.MakeFailedError(fmt.Errorf("odd attributes"))
	}
	in := b.p.at(b.path)
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	maps.DeleteFunc(b.p.items, func(path dbus.ObjectPath, item pretendItem) bool {
		return replace && strings.HasPrefix(string(path), string(in)+"/") && maps.Equal(item.attributes, attributes)
	})
	b.p.next++
	path := dbus.ObjectPath(fmt.Sprintf("%s/%d", in, b.p.next))
	b.p.items[path] = pretendItem{attributes, secret.Value}
	if err := b.p.conn.Export(busItem{b.p, path}, path, "org.freedesktop.Secret.Item"); err != nil {
		return "/", noPrompt, dbus.MakeFailedError(err)
	}
	return path, noPrompt, nil
}

func (b busCollection) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	in := string(b.p.at(b.path)) + "/"
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	found := []dbus.ObjectPath{}
	for _, path := range slices.Sorted(maps.Keys(b.p.items)) {
		if b.p.unlocked && strings.HasPrefix(string(path), in) && maps.Equal(b.p.items[path].attributes, attributes) {
			found = append(found, path)
		}
	}
	return found, nil
}

type busItem struct {
	p    *pretendService
	path dbus.ObjectPath
}

func (b busItem) GetSecret(session dbus.ObjectPath) (busSecret, *dbus.Error) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	if !b.p.unlocked || b.p.shut(b.path) {
		return busSecret{}, isLocked()
	}
	return busSecret{session, []byte{}, b.p.items[b.path].value, "text/plain"}, nil
}

func (b busItem) Delete() (dbus.ObjectPath, *dbus.Error) {
	if b.p.behaves(dismissesDelete) {
		return promptPath, nil
	}
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	delete(b.p.items, b.path)
	return noPrompt, nil
}
