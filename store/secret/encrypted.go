package secret

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/store/disk"
)

// EncryptedFile is Values in a folder of encrypted files, for machines without a keyring.
// identity.age is one age identity, encrypted by a passphrase; each value is a file of its own,
// encrypted to that identity. So the costly passphrase is paid once a run (age's authors advise
// against a passphrase for every file that a program reads by itself), and no write can harm
// another value. It is safe for concurrent use, and for several processes.
//
// Unattended, a key file (SAASCONNECT_KEY_FILE) holds the passphrase, or an age identity
// (AGE-SECRET-KEY-1…) that identity.age is encrypted to instead. Wherever a method takes a
// passphrase it takes such an identity too.
type EncryptedFile struct {
	o               EncryptedOptions
	decryptIdentity identityDecrypter // decryptIdentity; tests count

	mu       sync.Mutex
	identity *age.X25519Identity // nil while locked
	refused  attempt
}

// EncryptedOptions say where an EncryptedFile is and what it works with.
type EncryptedOptions struct {
	Dir     string // the folder of identity.age and the encrypted values
	KeyFile string // "" for none
	Now     func() time.Time
	// Lock runs something while no other saasconnect writes, so that two of them can't make
	// two identities at once.
	Lock func(ctx context.Context, do func() error) error
	// Needed reports whether connectors have tokens in the encrypted file.
	Needed func() (bool, error)

	// Fail and WorkFactor are for tests: a fault before each step of a write (nil never
	// fails), and a cheaper passphrase (0 for the real cost).
	Fail       func(point string) error
	WorkFactor int
}

// maxEncryptedSize bounds what is read of an encrypted file or a key file, in bytes.
const maxEncryptedSize = 64 << 10

// NewEncryptedFile makes the Values. It touches no file.
func NewEncryptedFile(o EncryptedOptions) *EncryptedFile {
	if o.WorkFactor == 0 {
		o.WorkFactor = workFactor
	}
	return &EncryptedFile{o: o, decryptIdentity: decryptIdentity}
}

// Kind is StorageFile.
func (f *EncryptedFile) Kind() connector.StorageKind { return connector.StorageFile }

// Dir is the folder.
func (f *EncryptedFile) Dir() string { return f.o.Dir }

// KeyFile is the path of the key file, "" where there is none.
func (f *EncryptedFile) KeyFile() string { return f.o.KeyFile }

// IdentityPath is where the identity is, encrypted.
func (f *EncryptedFile) IdentityPath() string { return filepath.Join(f.o.Dir, "identity.age") }

func (f *EncryptedFile) path(ref string) string { return filepath.Join(f.o.Dir, ref+".age") }

func (f *EncryptedFile) opened() *age.X25519Identity {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.identity
}

// Probe says how it stands. Where there is a key file it tries that, and makes nothing.
func (f *EncryptedFile) Probe(ctx context.Context) connector.StorageStatus {
	s := connector.StorageStatus{Kind: connector.StorageFile, State: connector.StorageReady, Where: "the encrypted files in " + f.o.Dir}
	if f.opened() != nil {
		return s
	}
	state, err := f.state()
	if err == nil && f.o.KeyFile != "" {
		if state == connector.StorageLocked {
			err = f.unlockByKeyFile(ctx)
		} else {
			_, err = f.readKeyFile()
		}
		state = connector.StorageReady
	}
	s.State = state
	switch {
	case err != nil:
		s.State = connector.StorageBroken
		s.Detail, s.Remedy = f.complaint(err)
	case state == connector.StorageNew:
		s.Detail = "no passphrase has been chosen yet"
	case state == connector.StorageLocked:
		s.Detail = "its passphrase is needed once per run"
	}
	return s
}

// state is new or locked, as far as the files tell, or why it can't be used. It is not new
// where tokens need the identity that is gone: another one would make them unreadable for
// good, or hide a folder that is only not mounted.
func (f *EncryptedFile) state() (connector.StorageState, error) {
	there, err := f.hasIdentity()
	switch {
	case err != nil:
		return "", err
	case there:
		return connector.StorageLocked, nil
	}
	lost := f.needsIdentity()
	if lost == nil {
		return connector.StorageNew, nil
	}
	if there, err := f.hasIdentity(); err == nil && there { // another process made it, and what needs it, meanwhile
		return connector.StorageLocked, nil
	}
	return "", lost
}

// hasIdentity reports whether identity.age is there; errors are why it can't be used.
func (f *EncryptedFile) hasIdentity() (bool, error) {
	if err := disk.TrustFile(f.IdentityPath()); err != nil {
		return false, fileError(err)
	}
	_, err := os.Stat(f.IdentityPath())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, fileError(err)
}

// needsIdentity is an error where tokens need the identity, which is not there.
func (f *EncryptedFile) needsIdentity() error {
	if refs, _ := f.References(); len(refs) > 0 {
		return wordedError(connector.StorageWhyDamaged, "there are encrypted tokens, but their key identity.age is missing",
			"Restore "+f.IdentityPath()+" from a backup, or move the folder away and enter the tokens again")
	}
	needed, err := f.o.Needed()
	if err == nil && needed {
		err = wordedError(connector.StorageWhyDamaged, "the folder of encrypted tokens is missing, but saved connectors need it",
			"Mount or restore "+f.o.Dir+"; if it is lost, remove the connectors that need it and add them again")
	}
	return err
}

// must is nil where the state (new or locked) is the one that is asked for. Else it is
// StorageWhyNew or StorageWhyExists, or why the file can't be used.
func (f *EncryptedFile) must(be connector.StorageState) error {
	state, err := f.state()
	switch {
	case err != nil || state == be:
		return err
	case state == connector.StorageNew:
		return Error(connector.StorageFile, connector.StorageWhyNew, nil)
	}
	return Error(connector.StorageFile, connector.StorageWhyExists, nil)
}

// Put encrypts a value and writes it. A key file's key makes the identity where there is none
// yet: no one can be asked for a passphrase.
func (f *EncryptedFile) Put(ctx context.Context, ref string, value []byte) error {
	if len(value) > maxEncryptedSize/2 { // encryption adds to it
		return Error(connector.StorageFile, connector.StorageWhyTooBig, nil)
	}
	id, err := f.ready(ctx)
	if f.o.KeyFile != "" && Is(err, connector.StorageWhyNew) {
		if err = f.createByKeyFile(ctx); err == nil {
			id, err = f.ready(ctx)
		}
	}
	if err != nil {
		return err
	}
	encrypted, err := encrypt(value, id.Recipient())
	if err != nil {
		return Error(connector.StorageFile, connector.StorageWhyUnavailable, nil)
	}
	return f.write(f.path(ref), encrypted)
}

// Get reads and decrypts the value under ref. That it is missing needs no unlocking to be
// known.
func (f *EncryptedFile) Get(ctx context.Context, ref string) ([]byte, error) {
	encrypted, err := readEncrypted(f.path(ref))
	if err != nil {
		return nil, err
	}
	id, err := f.ready(ctx)
	if err != nil {
		return nil, err
	}
	plain, err := decrypt(encrypted, id)
	if err != nil {
		return nil, Error(connector.StorageFile, connector.StorageWhyDamaged, nil)
	}
	return plain, nil
}

// Delete deletes the value under ref, which needs no passphrase.
func (f *EncryptedFile) Delete(_ context.Context, ref string) error {
	err := disk.Remove(f.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fileError(err)
}

// ready is the identity, opened by the key file where there is one.
func (f *EncryptedFile) ready(ctx context.Context) (*age.X25519Identity, error) {
	if id := f.opened(); id != nil {
		return id, nil
	}
	if err := f.must(connector.StorageLocked); err != nil {
		return nil, err
	}
	if f.o.KeyFile == "" {
		return nil, Error(connector.StorageFile, connector.StorageWhyLocked, nil)
	}
	if err := f.unlockByKeyFile(ctx); err != nil {
		return nil, err
	}
	return f.opened(), nil
}

// write puts an encrypted file into the folder.
func (f *EncryptedFile) write(path string, encrypted []byte) error {
	disk.SweepTemps(f.o.Dir, f.o.Now())
	return fileError(disk.WriteOwn(path, encrypted, f.o.Fail))
}

// readEncrypted reads one file of the folder. Errors are *connector.StorageError.
func readEncrypted(path string) ([]byte, error) {
	data, err := disk.ReadBounded(path, maxEncryptedSize)
	if errors.Is(err, fs.ErrPermission) {
		return nil, wordedError(connector.StorageWhyUnavailable, path+" can't be read", "Give this user read access")
	}
	return data, fileError(err)
}

// References returns the references under which something lies in the folder, and the name of
// one file that others may read or write, or that is no plain file ("" where none is). It
// reads no content; a folder that can't be read holds none.
func (f *EncryptedFile) References() (refs map[string]bool, odd string) {
	refs = map[string]bool{}
	entries, _ := os.ReadDir(f.o.Dir)
	for _, entry := range entries {
		ref, found := strings.CutSuffix(entry.Name(), ".age")
		if !found || !atlassian.IsUUID(ref) {
			continue
		}
		refs[ref] = true
		path := filepath.Join(f.o.Dir, entry.Name())
		info, err := os.Lstat(path)
		access := disk.AccessOf(path, info)
		if odd == "" && (err != nil || !info.Mode().IsRegular() || !access.Mine || !access.Private()) {
			odd = entry.Name()
		}
	}
	return refs, odd
}

// Lost says that the key of the encrypted tokens is missing, or the folder that saved connectors
// need, and what would help; "" where neither is.
func (f *EncryptedFile) Lost() (detail, remedy string) {
	if _, err := f.state(); Is(err, connector.StorageWhyDamaged) {
		return f.complaint(err)
	}
	return "", ""
}

// complaint says why it can't be used, and what would help.
func (f *EncryptedFile) complaint(err error) (detail, remedy string) {
	var w *worded
	switch {
	case errors.As(err, &w):
		return w.detail, w.remedy
	case f.o.KeyFile != "" && Is(err, connector.StorageWhyWrongPassphrase):
		return "the key in SAASCONNECT_KEY_FILE does not unlock it", "Set SAASCONNECT_KEY_FILE to the file it was created with"
	}
	t := connector.Explain(err)
	return connector.Inside(t.Title), t.Remedy
}

// worded says what is wrong with the encrypted file or its key file, and how to fix it.
type worded struct{ detail, remedy string }

func (e *worded) Error() string { return e.detail }

// Words are what is wrong, and how to fix it; connector.Explain asks for them.
func (e *worded) Words() (detail, remedy string) { return e.detail, e.remedy }

func wordedError(why connector.StorageWhy, detail, remedy string) error {
	return Error(connector.StorageFile, why, &worded{detail, remedy})
}

// fileError types an error of the file system.
func fileError(err error) error {
	why := connector.StorageWhyUnavailable
	var unfit *disk.Unfit
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unfit):
		return wordedError(connector.StorageWhyUnsafe, unfit.Error(), unfit.Remedy())
	case errors.Is(err, disk.ErrAway):
		return wordedError(connector.StorageWhyUnavailable, "the drive or network share isn't available", "Connect it and try again")
	case errors.Is(err, disk.ErrInUse):
		return wordedError(connector.StorageWhyUnavailable, "another program has it open", "Close it in the other program, or wait a moment, and try again")
	case errors.Is(err, fs.ErrNotExist):
		why = connector.StorageWhyMissing
	case disk.IsFull(err):
		why = connector.StorageWhyFull
	case disk.IsReadOnly(err):
		why = connector.StorageWhyReadOnly
	case errors.Is(err, disk.ErrNotPlain), errors.Is(err, disk.ErrTooLarge):
		why = connector.StorageWhyDamaged
	case errors.Is(err, disk.ErrNotStored):
		why = connector.StorageWhyNotKept
	}
	return Error(connector.StorageFile, why, err)
}
