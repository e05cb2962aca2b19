package fakeservice

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/godbus/dbus/v5"
)

// The ways it can behave.
const (
	BehavesWell      = ""
	NeverAnswers     = "never answers OpenSession"
	DismissesCreate  = "its prompt for a new item is dismissed"
	PromptUnanswered = "locked, and nobody answers the prompt"
	PromptDismissed  = "locked, and the prompt is dismissed"
	PromptAnswered   = "locked, and the prompt is answered"
	HasNoCollection  = "has no collection"
	OddTypes         = "answers with odd types"
	SilentToLooks    = "never answers a look"
	StoresLate       = "stores long after it was asked"
	LockedUnsaid     = "answers with an error when asked whether it is locked"
	DismissesDelete  = "its prompt for deleting is dismissed"
	FreezesOnce      = "stops its process when first asked to open a session, until SIGCONT"
	LocksItems       = "each item is locked by itself, and the prompt is answered"
)

// Name is what a Secret Service is called on its bus.
const Name = "org.freedesktop.secrets"

// Collections that it can have.
const (
	Login     = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	Session   = dbus.ObjectPath("/org/freedesktop/secrets/collection/session")
	aliasPath = dbus.ObjectPath("/org/freedesktop/secrets/aliases/default")
	Work      = dbus.ObjectPath("/org/freedesktop/secrets/collection/Work")
	Home      = dbus.ObjectPath("/org/freedesktop/secrets/collection/Home")

	promptPath  = dbus.ObjectPath("/org/freedesktop/secrets/prompt/1")
	servicePath = dbus.ObjectPath("/org/freedesktop/secrets")

	// None is no collection.
	None = dbus.ObjectPath("/")
)

// Service holds everything; its D-Bus objects are the small types below.
type Service struct {
	Conn *dbus.Conn
	stop chan struct{} // closed when the test ends: nothing hangs longer
	Late chan struct{} // closed when the late store may go on

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
	Prompted chan struct{} // each prompt that was raised
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

// New offers the service on a bus.
func New(t *testing.T, address string) *Service {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	p := &Service{Conn: conn, listed: []dbus.ObjectPath{Login}, alias: None, stop: make(chan struct{}), Late: make(chan struct{}), items: map[dbus.ObjectPath]pretendItem{}, Prompted: make(chan struct{}, 16)}
	t.Cleanup(func() { close(p.stop); conn.Close() })
	for _, export := range []struct {
		object any
		path   dbus.ObjectPath
		iface  string
	}{
		{busService{p}, servicePath, "org.freedesktop.Secret.Service"},
		{busProperties{p}, servicePath, "org.freedesktop.DBus.Properties"},
		{busCollection{p, Login}, Login, "org.freedesktop.Secret.Collection"},
		{busProperties{p}, Login, "org.freedesktop.DBus.Properties"},
		{busCollection{p, Session}, Session, "org.freedesktop.Secret.Collection"},
		{busProperties{p}, Session, "org.freedesktop.DBus.Properties"},
		{busCollection{p, Work}, Work, "org.freedesktop.Secret.Collection"},
		{busProperties{p}, Work, "org.freedesktop.DBus.Properties"},
		{busCollection{p, Home}, Home, "org.freedesktop.Secret.Collection"},
		{busProperties{p}, Home, "org.freedesktop.DBus.Properties"},
		{busCollection{p, aliasPath}, aliasPath, "org.freedesktop.Secret.Collection"},
		{busSession{p}, "/org/freedesktop/secrets/session/1", "org.freedesktop.Secret.Session"},
		{busPrompt{p}, promptPath, "org.freedesktop.Secret.Prompt"},
	} {
		if err := conn.Export(export.object, export.path, export.iface); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := conn.RequestName(Name, dbus.NameFlagDoNotQueue); err != nil || got != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the name is not to be had: %v, %v", got, err)
	}
	return p
}

// Behave sets how the service behaves, and locks it again where that behavior begins locked.
func (p *Service) Behave(behave string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behave, p.unlocked = behave, behave != PromptUnanswered && behave != PromptDismissed && behave != PromptAnswered
}

// Has gives it other collections, and one of them the alias; "/" for none.
func (p *Service) Has(alias dbus.ObjectPath, listed ...dbus.ObjectPath) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alias, p.listed = alias, listed
}

// at is the collection behind a path: what is asked of the alias lands in its collection.
func (p *Service) at(path dbus.ObjectPath) dbus.ObjectPath {
	p.mu.Lock()
	defer p.mu.Unlock()
	if path == aliasPath {
		return p.alias
	}
	return path
}

// Paths are the items that it keeps.
func (p *Service) Paths() []dbus.ObjectPath {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.items))
}

func (p *Service) behaves(as string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.behave == as
}

func (p *Service) locked() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.unlocked
}

// Users are the references of what it keeps.
func (p *Service) Users() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, item := range p.items {
		all = append(all, item.attributes["username"])
	}
	return all
}

// Item is what is kept under a path: its attributes and its value.
func (p *Service) Item(path dbus.ObjectPath) (attributes map[string]string, value string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.items[path].attributes, string(p.items[path].value)
}

// Sessions is how many were opened and not closed.
func (p *Service) Sessions() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sessions
}

type busProperties struct{ p *Service }

func (b busProperties) Get(_, name string) (dbus.Variant, *dbus.Error) {
	switch {
	case b.p.behaves(SilentToLooks):
		<-b.p.stop
	case b.p.behaves(OddTypes):
		return dbus.MakeVariant(int32(7)), nil
	case name == "Locked" && b.p.behaves(LockedUnsaid):
		return dbus.Variant{}, dbus.MakeFailedError(errors.New("no such property"))
	case name == "Locked":
		return dbus.MakeVariant(b.p.locked()), nil
	case b.p.behaves(HasNoCollection):
		return dbus.MakeVariant([]dbus.ObjectPath{}), nil
	}
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	return dbus.MakeVariant(b.p.listed), nil
}

type busService struct{ p *Service }

func (b busService) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	switch {
	case b.p.behaves(NeverAnswers):
		<-b.p.stop
	case b.p.behaves(FreezesOnce):
		b.p.Behave(BehavesWell)
		if err := syscall.Kill(os.Getpid(), syscall.SIGSTOP); err != nil {
			return dbus.Variant{}, "", dbus.MakeFailedError(err)
		}
	}
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.p.sessions++
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session/1", nil
}

func (b busService) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) {
	return b.p.at(aliasPath), nil
}

func (b busService) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.p.asked = paths
	if !b.p.unlocked || b.p.shut(paths[0]) {
		return []dbus.ObjectPath{}, promptPath, nil
	}
	return paths, None, nil
}

// shut: it is an item that is locked by itself. The caller holds the lock.
func (p *Service) shut(path dbus.ObjectPath) bool {
	_, isItem := p.items[path]
	return isItem && p.behave == LocksItems && !p.opened
}

// isLocked is what is answered where something was not unlocked before.
func isLocked() *dbus.Error { return dbus.NewError("org.freedesktop.Secret.Error.IsLocked", nil) }

type busSession struct{ p *Service }

func (b busSession) Close() *dbus.Error {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.p.sessions--
	return nil
}

type busPrompt struct{ p *Service }

func (b busPrompt) Prompt(string) *dbus.Error {
	b.p.Prompted <- struct{}{}
	dismissed, result := true, dbus.MakeVariant("")
	switch {
	case b.p.behaves(PromptUnanswered):
		return nil
	case b.p.behaves(PromptAnswered), b.p.behaves(LocksItems):
		b.p.mu.Lock()
		b.p.unlocked, b.p.opened = true, true
		dismissed, result = false, dbus.MakeVariant(b.p.asked)
		b.p.mu.Unlock()
	}
	if err := b.p.Conn.Emit(promptPath, "org.freedesktop.Secret.Prompt.Completed", dismissed, result); err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

type busCollection struct {
	p    *Service
	path dbus.ObjectPath
}

func (b busCollection) CreateItem(properties map[string]dbus.Variant, secret busSecret, replace bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	switch {
	case b.p.locked():
		return "/", None, isLocked()
	case b.p.behaves(DismissesCreate):
		return "/", promptPath, nil
	case b.p.behaves(StoresLate):
		<-b.p.Late
	}
	attributes, ok := properties["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
	if !ok {
		return "/", None, dbus.MakeFailedError(fmt.Errorf("odd attributes"))
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
	if err := b.p.Conn.Export(busItem{b.p, path}, path, "org.freedesktop.Secret.Item"); err != nil {
		return "/", None, dbus.MakeFailedError(err)
	}
	return path, None, nil
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
	p    *Service
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
	if b.p.behaves(DismissesDelete) {
		return promptPath, nil
	}
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	delete(b.p.items, b.path)
	return None, nil
}
