package store

import (
	"context"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/secret"
	"saasconnect/store/secret/fakeservice"
)

// A whole store on a keyring: a real bus with a pretend Secret Service behind it.

func TestSecretService(t *testing.T) {
	fakeservice.Run(t, []fakeservice.Part{
		{Name: "ghost write", Run: ghostWrite},
		{Name: "frozen in the midst of a write", Run: serviceFrozenWriting},
		{Name: "deleting is dismissed", Run: deletingDismissed},
		{Name: "a prompt holds no lock", Run: promptHoldsNoLock},
	})
}

// ghostWrite: what was given up and lands later is known, and swept.
func ghostWrite(t *testing.T) {
	service := fakeservice.New(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	service.Behave(fakeservice.StoresLate)
	home := t.TempDir()
	s := opened(t, home, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := add(s, ctx, acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{}); whyOf(t, err) != "timed-out" {
		t.Fatal(err)
	}
	if !stuck(t, s) {
		t.Error("no call is thought to be stuck")
	}
	close(service.Late)
	hang, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for stuck(t, s) && hang.Err() == nil { // until the ghost has landed
		if _, err := s.file.read(); err != nil {
			t.Fatal(err)
		}
	}
	content, err := s.file.read()
	if err != nil || len(content.Connectors) != 0 || len(content.References) != 1 || !slices.Equal(service.Users(), []string{content.References[0].Ref}) {
		t.Fatalf("the ghost is not known: %+v, %v, %v", content, service.Users(), err)
	}
	service.Behave(fakeservice.BehavesWell)
	later := opened(t, home, func(o *Options) { o.Now = func() time.Time { return day.Add(time.Hour) } })
	added := mustAdd(t, later, acmeJira(t, connector.StorageKeyring))
	content, err = later.file.read()
	if err != nil || len(content.References) != 0 || !slices.Equal(service.Users(), []string{content.find(added.ID).Ref}) {
		t.Errorf("the ghost was not swept: %+v, %v, %v", content, service.Users(), err)
	}
}

// serviceFrozenWriting: stopped between the look and the write, which lands when no caller
// waits for it any more. It is known, and collected.
func serviceFrozenWriting(t *testing.T) {
	child, _ := fakeservice.Distant(t, fakeservice.FreezesOnce)
	home := t.TempDir()
	s := opened(t, home, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := add(s, ctx, acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{}); whyOf(t, err) != "timed-out" {
		t.Fatal(err)
	}
	must(t, child.Process.Signal(syscall.SIGCONT))
	landed(t, s)
	content := contentOf(t, s)
	if len(content.Connectors) != 0 || len(content.References) != 1 {
		t.Fatalf("%+v", content)
	}
	ref, after := content.References[0].Ref, secret.NewKeyring(false, time.Now)
	if _, err := after.Get(t.Context(), ref); err != nil {
		t.Fatalf("the write did not land, so nothing is proven: %v", err)
	}
	aged := opened(t, home, func(o *Options) { o.Now = func() time.Time { return day.Add(time.Hour) } })
	if report, err := aged.Tidy(t.Context()); err != nil || report.Collected != 1 || report.Uncollected != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	if _, err := after.Get(t.Context(), ref); whyOf(t, err) != "missing" {
		t.Errorf("the ghost is there still: %v", err)
	}
}

// stuck reports whether a call of the keyring was given up and has not come back.
func stuck(t *testing.T, s *Store) bool {
	t.Helper()
	return s.storages[0].Probe(t.Context()).Detail == "it has not answered an earlier call yet"
}

// landed waits until a call that was given up has come back.
func landed(t *testing.T, s *Store) {
	t.Helper()
	if !stuck(t, s) {
		t.Fatal("no call was given up")
	}
	hang, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for stuck(t, s) {
		if hang.Err() != nil {
			t.Fatal("it never came back")
		}
		_, _ = os.ReadFile("/proc/self/stat") // lets others run meanwhile
	}
}

// deletingDismissed: the library says that it is gone. It stays known until it is.
func deletingDismissed(t *testing.T) {
	service := fakeservice.New(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	service.Behave(fakeservice.BehavesWell)
	home := t.TempDir()
	s := opened(t, home, nil)
	added := mustAdd(t, s, acmeJira(t, connector.StorageKeyring))
	before := contentOf(t, s)
	ref := before.find(added.ID).Ref
	service.Behave(fakeservice.DismissesDelete)
	if err := s.storages[0].Delete(t.Context(), ref); whyOf(t, err) != "refused" {
		t.Errorf("%v", err)
	}
	if left, err := s.Remove(t.Context(), added.ID); err != nil || left == nil || left.Why != connector.StorageWhyRefused {
		t.Errorf("removing: %v, left %v", err, left)
	}
	content := contentOf(t, s)
	if len(content.Connectors) != 0 || len(content.References) != 1 || !slices.Equal(service.Users(), []string{ref}) {
		t.Errorf("%+v, %v", content, service.Users())
	}
	service.Behave(fakeservice.BehavesWell)
	if report, err := opened(t, home, nil).Tidy(t.Context()); err != nil || report.Collected != 1 || report.Uncollected != 0 || len(service.Users()) != 0 {
		t.Errorf("%+v, %v, %v", report, err, service.Users())
	}
}

// promptHoldsNoLock: another saasconnect works while a desktop asks for the password.
func promptHoldsNoLock(t *testing.T) {
	service := fakeservice.New(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	service.Behave(fakeservice.PromptUnanswered)
	home := t.TempDir()
	s := opened(t, home, func(o *Options) { o.Interactive = true })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error)
	go func() {
		_, err := add(s, ctx, acmeJira(t, connector.StorageKeyring), atlassian.NewToken(canary), connector.Report{})
		done <- err
	}()
	<-service.Prompted
	other := opened(t, home, nil)
	must(t, other.CreateEncryptedFile(t.Context(), passphrase))
	added := mustAdd(t, other, acmeJira(t, connector.StorageFile))
	must(t, removed(other.Remove(t.Context(), added.ID)))
	cancel()
	if err := <-done; err == nil || ctx.Err() == nil {
		t.Errorf("%v", err)
	}
	if content := contentOf(t, other); len(content.Connectors) != 0 || len(content.References) != 1 {
		t.Errorf("%+v", content)
	}
}
