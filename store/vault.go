package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"filippo.io/age"

	"saasconnect/connector"
)

// The encrypted file: for machines without a keyring. identity.age is one age identity,
// sealed by a passphrase; each token is a file of its own, sealed to that identity. So the
// costly passphrase is paid once a run (age's authors advise against a passphrase for
// every file that a program reads by itself), and no write can harm another token.
// Unattended, SAASCONNECT_KEY_FILE names a file with the passphrase, or with an age
// identity (AGE-SECRET-KEY-1…) that identity.age is sealed to instead.

const (
	// workFactor makes a guess cost about 0.6 s and 128 MiB (scrypt, 2^17).
	workFactor = 17
	// largestWorkFactor bounds what a file that someone else wrote can make us spend.
	largestWorkFactor = 18
	shortestKey       = 16
	largestSecret     = 64 << 10
)

// vault is the folder of encrypted files.
type vault struct {
	dir     string
	keyFile string // "" for none
	factor  int
	fail    func(string) error

	mu       sync.Mutex
	identity *age.X25519Identity // nil while locked
}

func (v *vault) kind() connector.SafeKind { return connector.SafeFile }

func (v *vault) identityPath() string { return filepath.Join(v.dir, "identity.age") }

func (v *vault) path(ref string) string { return filepath.Join(v.dir, ref+".age") }

func (v *vault) opened() *age.X25519Identity {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.identity
}

func (v *vault) probe(ctx context.Context) connector.SafeStatus {
	s := connector.SafeStatus{Kind: connector.SafeFile, State: connector.SafeReady, Where: "the encrypted files in " + v.dir}
	if v.opened() != nil {
		return s
	}
	if v.keyFile != "" {
		if err := v.unlockByKeyFile(ctx); err != nil {
			t := connector.TroubleOf(err)
			s.State, s.Detail, s.Remedy = connector.SafeBroken, lowerWords(t.Title), t.Remedy
			if errors.Is(err, fs.ErrNotExist) {
				s.Detail, s.Remedy = "SAASCONNECT_KEY_FILE names a file that is not there", "Make it: a line of at least 16 characters, mode 0600"
			}
		}
		return s
	}
	switch info, err := os.Stat(v.identityPath()); {
	case errors.Is(err, fs.ErrNotExist):
		s.State, s.Detail = connector.SafeNew, "no passphrase has been chosen yet"
	case err != nil:
		s.State, s.Detail = connector.SafeBroken, "its folder can't be read"
	case !mine(info):
		s.State, s.Detail = connector.SafeBroken, "it belongs to another user"
	default:
		s.State, s.Detail = connector.SafeLocked, "it asks for its passphrase once a run"
	}
	return s
}

func lowerWords(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// unlockByKeyFile opens the vault with what the key file holds.
func (v *vault) unlockByKeyFile(ctx context.Context) error {
	key, err := v.readKeyFile()
	if err != nil {
		return err
	}
	return v.unlock(ctx, key)
}

func (v *vault) readKeyFile() (string, error) {
	info, err := os.Stat(v.keyFile)
	switch {
	case err != nil:
		return "", trouble(connector.SafeFile, connector.SafeWhyUnavailable, err)
	case !mine(info) || !private(info):
		return "", trouble(connector.SafeFile, connector.SafeWhyUnsafe, errors.New("the key file must be yours alone"))
	}
	data, err := readBounded(v.keyFile, largestSecret)
	if err != nil {
		return "", trouble(connector.SafeFile, connector.SafeWhyUnavailable, err)
	}
	for line := range strings.SplitSeq(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") { // age-keygen writes comments
			continue
		}
		if len(line) < shortestKey {
			break
		}
		return line, nil
	}
	return "", trouble(connector.SafeFile, connector.SafeWhyUnsafe, errors.New("the key file's first line is too short"))
}

// unlock opens the vault with a passphrase or an age identity; where there is no vault
// yet it is made. Deriving a key can't be interrupted, so it runs aside.
func (v *vault) unlock(ctx context.Context, key string) error {
	done := make(chan error, 1)
	go func() { done <- v.open(key) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ended(ctx, connector.SafeFile)
	}
}

func (v *vault) open(key string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.identity != nil {
		return nil
	}
	sealed, err := readBounded(v.identityPath(), largestSecret)
	if errors.Is(err, fs.ErrNotExist) {
		return v.make(key)
	}
	if err != nil {
		return fileTrouble(err)
	}
	with, err := opener(key)
	if err != nil {
		return trouble(connector.SafeFile, connector.SafeWhyWrongPassphrase, nil)
	}
	plain, err := decrypt(sealed, with)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return trouble(connector.SafeFile, connector.SafeWhyWrongPassphrase, nil)
	case err != nil:
		return trouble(connector.SafeFile, connector.SafeWhyDamaged, nil)
	}
	identity, err := age.ParseX25519Identity(strings.TrimSpace(string(plain)))
	if err != nil {
		return trouble(connector.SafeFile, connector.SafeWhyDamaged, nil)
	}
	v.identity = identity
	return nil
}

// make begins a new vault.
func (v *vault) make(key string) error {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return trouble(connector.SafeFile, connector.SafeWhyUnavailable, err)
	}
	to, err := v.sealer(key)
	if err != nil {
		return trouble(connector.SafeFile, connector.SafeWhyUnavailable, nil)
	}
	sealed, err := encrypt([]byte(identity.String()+"\n"), to)
	if err != nil {
		return trouble(connector.SafeFile, connector.SafeWhyUnavailable, nil)
	}
	if err := makeFolder(v.dir); err != nil {
		return fileTrouble(err)
	}
	if err := writeAtomic(v.identityPath(), sealed, v.fail); err != nil {
		return fileTrouble(err)
	}
	v.identity = identity
	return nil
}

// ready is the identity, opened by the key file where there is one.
func (v *vault) ready(ctx context.Context) (*age.X25519Identity, error) {
	if id := v.opened(); id != nil {
		return id, nil
	}
	if v.keyFile == "" {
		return nil, trouble(connector.SafeFile, connector.SafeWhyLocked, nil)
	}
	if err := v.unlockByKeyFile(ctx); err != nil {
		return nil, err
	}
	return v.opened(), nil
}

func (v *vault) put(ctx context.Context, ref string, value []byte) error {
	id, err := v.ready(ctx)
	if err != nil {
		return err
	}
	sealed, err := encrypt(value, id.Recipient())
	if err != nil {
		return trouble(connector.SafeFile, connector.SafeWhyUnavailable, nil)
	}
	if err := makeFolder(v.dir); err != nil {
		return fileTrouble(err)
	}
	return fileTrouble(writeAtomic(v.path(ref), sealed, v.fail))
}

func (v *vault) get(ctx context.Context, ref string) ([]byte, error) {
	sealed, err := readBounded(v.path(ref), largestSecret)
	if err != nil {
		return nil, fileTrouble(err) // missing needs no unlocking to be known
	}
	id, err := v.ready(ctx)
	if err != nil {
		return nil, err
	}
	plain, err := decrypt(sealed, id)
	if err != nil {
		return nil, trouble(connector.SafeFile, connector.SafeWhyDamaged, nil)
	}
	return plain, nil
}

func (v *vault) remove(_ context.Context, ref string) error {
	err := os.Remove(v.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fileTrouble(err)
}

// fileTrouble types an error of the file system.
func fileTrouble(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return trouble(connector.SafeFile, connector.SafeWhyMissing, err)
	case isFull(err):
		return trouble(connector.SafeFile, connector.SafeWhyFull, err)
	case isReadOnly(err):
		return trouble(connector.SafeFile, connector.SafeWhyReadOnly, err)
	}
	return trouble(connector.SafeFile, connector.SafeWhyUnavailable, err)
}
