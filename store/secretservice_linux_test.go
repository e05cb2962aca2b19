package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
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
)

const (
	itemPath   = "/org/freedesktop/secrets/collection/login/%d"
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
	p := &pretendService{conn: conn, stop: make(chan struct{}), late: make(chan struct{}), items: map[dbus.ObjectPath]pretendItem{}, prompted: make(chan struct{}, 16)}
	t.Cleanup(func() { close(p.stop); conn.Close() })
	for _, export := range []struct {
		object any
		path   dbus.ObjectPath
		iface  string
	}{
		{busService{p}, secretsPath, serviceIface},
		{busProperties{p}, secretsPath, "org.freedesktop.DBus.Properties"},
		{busCollection{p}, secretsLogin, collectionIfc},
		{busProperties{p}, secretsLogin, "org.freedesktop.DBus.Properties"},
		{busSession{}, "/org/freedesktop/secrets/session/1", "org.freedesktop.Secret.Session"},
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
	return dbus.MakeVariant([]dbus.ObjectPath{secretsLogin}), nil
}

type busService struct{ p *pretendService }

func (b busService) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	if b.p.behaves(neverAnswers) {
		<-b.p.stop
	}
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session/1", nil
}

func (b busService) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) { return "/", nil }

func (b busService) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if b.p.locked() {
		return []dbus.ObjectPath{}, promptPath, nil
	}
	return paths, noPrompt, nil
}

type busSession struct{}

func (busSession) Close() *dbus.Error { return nil }

type busPrompt struct{ p *pretendService }

func (b busPrompt) Prompt(string) *dbus.Error {
	b.p.prompted <- struct{}{}
	dismissed, result := true, dbus.MakeVariant("")
	switch {
	case b.p.behaves(promptUnanswered):
		return nil
	case b.p.behaves(promptAnswered):
		b.p.mu.Lock()
		b.p.unlocked = true
		b.p.mu.Unlock()
		dismissed, result = false, dbus.MakeVariant([]dbus.ObjectPath{secretsLogin})
	}
	if err := b.p.conn.Emit(promptPath, "org.freedesktop.Secret.Prompt.Completed", dismissed, result); err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

type busCollection struct{ p *pretendService }

func (b busCollection) CreateItem(properties map[string]dbus.Variant, secret busSecret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	switch {
	case b.p.behaves(dismissesCreate):
		return "/", promptPath, nil
	case b.p.behaves(storesLate):
		<-b.p.late
	}
	attributes, ok := properties["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
	if !ok {
		return "/", noPrompt, dbus.MakeFailedError(fmt.Errorf("odd attributes"))
	}
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	b.p.next++
	path := dbus.ObjectPath(fmt.Sprintf(itemPath, b.p.next))
	b.p.items[path] = pretendItem{attributes, secret.Value}
	if err := b.p.conn.Export(busItem{b.p, path}, path, "org.freedesktop.Secret.Item"); err != nil {
		return "/", noPrompt, dbus.MakeFailedError(err)
	}
	return path, noPrompt, nil
}

func (b busCollection) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	found := []dbus.ObjectPath{}
	for _, path := range slices.Sorted(maps.Keys(b.p.items)) {
		if maps.Equal(b.p.items[path].attributes, attributes) {
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
