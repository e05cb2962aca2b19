package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

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
	largestSecret     = 64 << 10
)

// vault is the folder of encrypted files.
type vault struct {
	dir     string
	keyFile string // "" for none
	factor  int
	fail    func(string) error
	now     func() time.Time
	// locked keeps other processes out, so that two of them can't make two vaults at once.
	locked func(context.Context, func() error) error

	// needed tells whether connectors have tokens in the vault.
	needed func() (bool, error)

	unseal unsealing // unsealIdentity; tests count

	mu       sync.Mutex
	identity *age.X25519Identity // nil while locked
	refused  attempt
}

// unsealing takes the identity out of what identity.age holds.
type unsealing func(sealed []byte, key string) (*age.X25519Identity, error)

func (v *vault) kind() connector.StorageKind { return connector.StorageFile }

func (v *vault) identityPath() string { return filepath.Join(v.dir, "identity.age") }

func (v *vault) path(ref string) string { return filepath.Join(v.dir, ref+".age") }

func (v *vault) opened() *age.X25519Identity {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.identity
}

func (v *vault) probe(ctx context.Context) connector.StorageStatus {
	s := connector.StorageStatus{Kind: connector.StorageFile, State: connector.StorageReady, Where: "the encrypted files in " + v.dir}
	if v.opened() != nil {
		return s
	}
	state, err := v.state()
	if err == nil && v.keyFile != "" {
		if state == connector.StorageLocked {
			err = v.unlockByKeyFile(ctx)
		} else {
			_, err = v.readKeyFile() // nothing is made by looking
		}
		state = connector.StorageReady
	}
	s.State = state
	switch {
	case err != nil:
		s.State = connector.StorageBroken
		s.Detail, s.Remedy = v.complaint(err)
	case state == connector.StorageNew:
		s.Detail = "no passphrase has been chosen yet"
	case state == connector.StorageLocked:
		s.Detail = "it asks for its passphrase once a run"
	}
	return s
}

// state is new or locked, as far as the files tell, or why the vault can't be used. It is not
// new where tokens need the identity that is gone: another one would make them unreadable for
// good, or hide a folder that is only not mounted.
func (v *vault) state() (connector.StorageState, error) {
	if err := trustFile(v.identityPath()); err != nil {
		return "", fileTrouble(err)
	}
	_, err := os.Stat(v.identityPath())
	switch {
	case err == nil:
		return connector.StorageLocked, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", fileTrouble(err)
	}
	if v.holdsTokens() {
		return "", keyTrouble(connector.StorageWhyDamaged, "tokens are there, and the identity.age that opens them is not",
			"Restore "+v.identityPath()+" from a backup, or move the folder away and put the tokens in again")
	}
	switch needed, err := v.needed(); {
	case err != nil:
		return "", err
	case needed:
		return "", keyTrouble(connector.StorageWhyDamaged, "the folder of sealed tokens is not there, and saved connectors need it",
			"Mount or restore "+v.dir+"; if it is lost, remove the connectors that need it and add them again")
	}
	return connector.StorageNew, nil
}

func (v *vault) holdsTokens() bool {
	entries, _ := os.ReadDir(v.dir) // a folder that is not there holds none
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return isUUID(strings.TrimSuffix(e.Name(), ".age"))
	})
}

// unlock opens the vault that is there with a passphrase or an age identity: StorageWhyNew
// where there is none.
func (v *vault) unlock(ctx context.Context, key string) error { return v.unlockBy(ctx, key, v.unseal) }

func (v *vault) unlockBy(ctx context.Context, key string, unseal unsealing) error {
	return aside(ctx, func(context.Context) error { return v.open(key, unseal) })
}

// create makes a vault that a passphrase or an age identity opens: StorageWhyExists where there
// is one already.
func (v *vault) create(ctx context.Context, key string) error {
	return aside(ctx, func(ctx context.Context) error { return v.make(ctx, key) })
}

// aside does what derives a key, which can't be interrupted, and returns when it is done or
// its context ends. What is done then comes to its end all the same.
func aside(ctx context.Context, do func(context.Context) error) error {
	done := apart(func() error { return do(context.WithoutCancel(ctx)) })
	select {
	case get := <-done:
		return get()
	case <-ctx.Done():
		return ended(ctx, connector.StorageFile)
	}
}

// open unseals the identity that is there.
func (v *vault) open(key string, unseal unsealing) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.identity != nil {
		return nil
	}
	if err := v.there(); err != nil {
		return err
	}
	sealed, err := readSealed(v.identityPath())
	if err != nil {
		return err
	}
	identity, err := unseal(sealed, key)
	if err != nil {
		return err
	}
	v.identity = identity
	return nil
}

// unsealIdentity is an unsealing. A passphrase is paid for here, right or wrong.
func unsealIdentity(sealed []byte, key string) (*age.X25519Identity, error) {
	with, err := opener(key)
	if err != nil {
		return nil, trouble(connector.StorageFile, connector.StorageWhyWrongPassphrase, nil)
	}
	plain, err := decrypt(sealed, with)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return nil, trouble(connector.StorageFile, connector.StorageWhyWrongPassphrase, nil)
	case err != nil:
		return nil, trouble(connector.StorageFile, connector.StorageWhyDamaged, nil)
	}
	identity, err := age.ParseX25519Identity(strings.TrimSpace(string(plain)))
	if err != nil {
		return nil, trouble(connector.StorageFile, connector.StorageWhyDamaged, nil)
	}
	return identity, nil
}

// there is nil where a vault is there that could be opened.
func (v *vault) there() error {
	state, err := v.state()
	if err == nil && state == connector.StorageNew {
		return trouble(connector.StorageFile, connector.StorageWhyNew, nil)
	}
	return err
}

// absent is nil where there is no vault, and one may be made.
func (v *vault) absent() error {
	state, err := v.state()
	if err == nil && state != connector.StorageNew {
		return trouble(connector.StorageFile, connector.StorageWhyExists, nil)
	}
	return err
}

// make begins a new vault. It looks for another process's under the lock: what is sealed to
// that one must stay readable.
func (v *vault) make(ctx context.Context, key string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.absent(); err != nil {
		return err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return trouble(connector.StorageFile, connector.StorageWhyUnavailable, err)
	}
	sealed, err := v.sealIdentity(identity, key)
	if err != nil {
		return err
	}
	err = v.locked(ctx, func() error {
		if err := v.absent(); err != nil {
			return err
		}
		return v.write(v.identityPath(), sealed)
	})
	if err == nil {
		v.identity = identity
	}
	return err
}

// sealIdentity is what identity.age holds for a key.
func (v *vault) sealIdentity(identity *age.X25519Identity, key string) ([]byte, error) {
	to, err := v.sealer(key)
	if err != nil {
		return nil, trouble(connector.StorageFile, connector.StorageWhyUnavailable, nil)
	}
	sealed, err := encrypt([]byte(identity.String()+"\n"), to)
	if err != nil {
		return nil, trouble(connector.StorageFile, connector.StorageWhyUnavailable, nil)
	}
	return sealed, nil
}

// write puts a sealed file into the folder.
func (v *vault) write(path string, sealed []byte) error {
	if err := makeFolder(v.dir); err != nil {
		return fileTrouble(err)
	}
	if err := trustFile(path); err != nil {
		return fileTrouble(err)
	}
	sweepTemps(v.dir, v.now())
	return fileTrouble(writeAtomic(path, sealed, v.fail))
}

// ready is the identity, opened by the key file where there is one.
func (v *vault) ready(ctx context.Context) (*age.X25519Identity, error) {
	if id := v.opened(); id != nil {
		return id, nil
	}
	if err := v.there(); err != nil {
		return nil, err
	}
	if v.keyFile == "" {
		return nil, trouble(connector.StorageFile, connector.StorageWhyLocked, nil)
	}
	if err := v.unlockByKeyFile(ctx); err != nil {
		return nil, err
	}
	return v.opened(), nil
}

// readyToKeep is ready; a key file's key makes the vault where there is none yet, since
// nobody is there to be asked for a passphrase.
func (v *vault) readyToKeep(ctx context.Context) (*age.X25519Identity, error) {
	id, err := v.ready(ctx)
	if v.keyFile == "" || !isWhy(err, connector.StorageWhyNew) {
		return id, err
	}
	key, err := v.readKeyFile()
	if err == nil {
		err = v.create(ctx, key)
	}
	if err != nil && !isWhy(err, connector.StorageWhyExists) { // another process was faster
		return nil, err
	}
	return v.ready(ctx)
}

func (v *vault) put(ctx context.Context, ref string, value []byte) error {
	if len(value) > largestSecret/2 { // sealing adds to it
		return trouble(connector.StorageFile, connector.StorageWhyTooBig, nil)
	}
	id, err := v.readyToKeep(ctx)
	if err != nil {
		return err
	}
	sealed, err := encrypt(value, id.Recipient())
	if err != nil {
		return trouble(connector.StorageFile, connector.StorageWhyUnavailable, nil)
	}
	return v.write(v.path(ref), sealed)
}

func (v *vault) get(ctx context.Context, ref string) ([]byte, error) {
	sealed, err := readSealed(v.path(ref))
	if err != nil {
		return nil, err // missing needs no unlocking to be known
	}
	id, err := v.ready(ctx)
	if err != nil {
		return nil, err
	}
	plain, err := decrypt(sealed, id)
	if err != nil {
		return nil, trouble(connector.StorageFile, connector.StorageWhyDamaged, nil)
	}
	return plain, nil
}

func (v *vault) remove(_ context.Context, ref string) error {
	err := removeFile(v.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fileTrouble(err)
}

// readSealed reads one file of the folder. Errors are *connector.StorageError.
func readSealed(path string) ([]byte, error) {
	data, err := readBounded(path, largestSecret)
	if errors.Is(err, fs.ErrPermission) {
		return nil, keyTrouble(connector.StorageWhyUnavailable, path+" can't be read", "Allow this user to read it")
	}
	return data, fileTrouble(err)
}

// fileTrouble types an error of the file system.
func fileTrouble(err error) error {
	var odd *unfit
	switch {
	case err == nil:
		return nil
	case errors.As(err, &odd):
		return keyTrouble(connector.StorageWhyUnsafe, odd.Error(), odd.remedy())
	case errors.Is(err, fs.ErrNotExist):
		return trouble(connector.StorageFile, connector.StorageWhyMissing, err)
	case isFull(err):
		return trouble(connector.StorageFile, connector.StorageWhyFull, err)
	case isReadOnly(err):
		return trouble(connector.StorageFile, connector.StorageWhyReadOnly, err)
	case errors.Is(err, errNotPlain), errors.Is(err, errTooLarge):
		return trouble(connector.StorageFile, connector.StorageWhyDamaged, err)
	case errors.Is(err, errNotKept):
		return trouble(connector.StorageFile, connector.StorageWhyNotKept, err)
	}
	return trouble(connector.StorageFile, connector.StorageWhyUnavailable, err)
}

// Sealing and unsealing with age.

const nativeKey = "AGE-SECRET-KEY-1"

func opener(key string) (age.Identity, error) {
	if strings.HasPrefix(key, nativeKey) {
		return age.ParseX25519Identity(key)
	}
	id, err := age.NewScryptIdentity(key)
	if err != nil {
		return nil, err
	}
	id.SetMaxWorkFactor(largestWorkFactor)
	return id, nil
}

func (v *vault) sealer(key string) (age.Recipient, error) {
	if strings.HasPrefix(key, nativeKey) {
		id, err := age.ParseX25519Identity(key)
		if err != nil {
			return nil, err
		}
		return id.Recipient(), nil
	}
	to, err := age.NewScryptRecipient(key)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(v.factor)
	return to, nil
}

func encrypt(plain []byte, to age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return out.Bytes(), nil
}

func decrypt(sealed []byte, with age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), with)
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, largestSecret))
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	return plain, nil
}
