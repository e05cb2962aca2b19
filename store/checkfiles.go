package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"saasconnect/connector"
	"saasconnect/store/disk"
)

// Checks of the files of this installation: their owners and modes, and whether they can be
// read. They change nothing, not even a mode that the next use would tighten anyway, and read
// neither a token nor a key.

// subject is one file or folder to check.
type subject struct {
	what, path string
	folder     bool
	// plain: it must not be a link. Settings are linked into repositories, where encrypted
	// tokens should not be.
	plain bool
	// check checks the content; nil where only owner and mode are checked.
	check func(*connector.FileCheck)
}

// CheckFiles checks every file and folder of this installation, in a fixed order.
func (s *Store) CheckFiles(ctx context.Context) []connector.FileCheck {
	all := make([]connector.FileCheck, 0, 12)
	for _, one := range s.subjects() {
		if ctx.Err() != nil {
			all = append(all, connector.FileCheck{What: one.what, Where: one.path, Verdict: connector.Unknown, Detail: "not checked: canceled", Remedy: "Run doctor again"})
			continue
		}
		all = append(all, one.look())
	}
	if s.encrypted.KeyFile() != "" {
		all = append(all, s.lookAtKeyFile())
	}
	return all
}

func (s *Store) subjects() []subject {
	config := filepath.Dir(s.disk.path)
	return []subject{
		{what: "connectors folder", path: config, folder: true},
		{what: "connectors file", path: s.disk.path, check: s.disk.check},
		{what: "backup", path: s.disk.backup(), check: s.disk.checkCopy},
		{what: "lock file", path: filepath.Join(config, lockName), plain: true},
		{what: "settings", path: s.settings, check: s.checkSettings},
		{what: "reports folder", path: s.state.historyDir(), folder: true},
		{what: "encrypted tokens folder", path: s.encrypted.Dir(), folder: true, plain: true},
		{what: "encryption key", path: s.encrypted.IdentityPath(), plain: true},
		{what: "encrypted tokens", path: s.encrypted.Dir(), folder: true, check: s.checkEncryptedTokens},
	}
}

// look checks owner, mode and type before anything is opened.
func (one subject) look() connector.FileCheck {
	e := connector.FileCheck{What: one.what, Where: one.path, Verdict: connector.Working, Detail: "private"}
	itself, err := os.Lstat(one.path)
	err = disk.Absent(one.path, err)
	switch {
	case errors.Is(err, disk.ErrAway):
		return finding(e, connector.Failing, "the drive or network share isn't available", "Connect it, or use another folder with --home")
	case disk.IsNotFolder(err):
		return finding(e, connector.Failing, "a part of its path is a file", "Move it away, or use another folder with --home")
	case errors.Is(err, fs.ErrNotExist):
		e.Verdict, e.Detail = connector.Skipped, "not created yet"
		one.read(&e)
		return e
	case err != nil:
		return finding(e, connector.Unknown, "can't be checked", "Give this user access to "+filepath.Dir(one.path))
	}
	info, err := os.Stat(one.path)
	access := disk.AccessOf(one.path, info)
	switch {
	case disk.IsLink(itself) && !disk.AccessOf(one.path, itself).Owned:
		return finding(e, connector.Failing, "a link created by another user", "Remove it, and check what it pointed to: "+disk.Follow(one.path))
	case err != nil && disk.IsLink(itself):
		return finding(e, connector.Attention, "a link to "+disk.Follow(one.path)+", which doesn't exist", "Create the link's target, or remove the link")
	case err != nil:
		return finding(e, connector.Unknown, "can't be checked", "Run doctor again")
	case !access.Mine && !(one.folder && access.Owned):
		return finding(e, connector.Failing, "belongs to another user", "Change its owner to this user, or use another folder with --home")
	case one.folder && !info.IsDir():
		return finding(e, connector.Failing, "not a folder", "Move it away")
	case !one.folder && !info.Mode().IsRegular():
		return finding(e, connector.Failing, "not a regular file", "Move it away")
	case one.folder && access.OthersWrite:
		return finding(e, connector.Failing, "writable by others"+access.Mode, "Run: "+disk.OwnCommand(one.path))
	case !access.Private():
		mode := finding(e, connector.Attention, "readable by others"+access.Mode, "Run: "+disk.PrivateCommand(one.path, one.folder))
		if one.read(&e); e.Verdict == connector.Working { // else the content is what to see to first
			return mode
		}
		e.Detail = mode.Detail + ", " + e.Detail
		return e
	case disk.IsLink(itself) && one.plain:
		return finding(e, connector.Attention, "a link to "+disk.Follow(one.path), "Replace the link with its target: encrypted tokens should stay on this computer")
	case disk.IsLink(itself):
		e.Detail += ", behind a link to " + disk.Follow(one.path)
	}
	one.read(&e)
	return e
}

func (one subject) read(e *connector.FileCheck) {
	if one.check != nil {
		one.check(e)
	}
}

func finding(e connector.FileCheck, v connector.Verdict, detail, remedy string) connector.FileCheck {
	e.Verdict, e.Detail, e.Remedy = v, detail, remedy
	return e
}

// lookAtKeyFile checks the key file. It may be a link, as containers mount secrets.
func (s *Store) lookAtKeyFile() connector.FileCheck {
	e := connector.FileCheck{What: "key file", Where: s.encrypted.KeyFile(), Verdict: connector.Working, Detail: "private"}
	if detail, remedy := s.encrypted.KeyFileProblem(); detail != "" {
		return finding(e, connector.Failing, detail, remedy)
	}
	return e
}

func (f *file) check(e *connector.FileCheck) {
	content, err := parse(f.path)
	_, copyErr := parse(f.backup())
	words := "missing"
	if damage := (*damaged)(nil); errors.As(err, &damage) {
		words = "damaged (" + damage.reason + ")"
	}
	switch {
	case err == nil:
		e.Detail = fmt.Sprintf("%s, %s", connector.Plural(len(content.Connectors), "connector"), e.Detail)
	case errors.Is(err, errNewer):
		*e = finding(*e, connector.Failing, "written by a newer saasconnect", "Update saasconnect")
	case errors.Is(err, fs.ErrNotExist) && errors.Is(copyErr, fs.ErrNotExist): // a new installation
	case !errors.Is(err, fs.ErrNotExist) && !isDamage(err):
		*e = finding(*e, connector.Unknown, "can't be read", "Give this user read access")
	case copyErr == nil:
		*e = finding(*e, connector.Attention, words+"; its backup is used, and the next change restores it", "Run saasconnect list and check that no connector is missing")
	default:
		*e = finding(*e, connector.Failing, words+", and there is no usable backup", "Restore it from a backup of your own, or move it away to start over")
	}
}

func (f *file) checkCopy(e *connector.FileCheck) {
	good, err := parse(f.backup())
	content, fileErr := parse(f.path)
	switch {
	case err == nil && fileErr == nil && good.Revision < content.Revision:
		e.Detail = connector.Plural(content.Revision-good.Revision, "write") + " behind, " + e.Detail
	case err == nil, fileErr != nil: // without the file there is nothing that it should be a copy of
	case errors.Is(err, fs.ErrNotExist):
		*e = finding(*e, connector.Attention, "missing", "The next change creates it")
	case isDamage(err):
		*e = finding(*e, connector.Attention, "damaged", "The next change creates a new one")
	default:
		*e = finding(*e, connector.Unknown, "can't be read", "Give this user read access")
	}
}

func (s *Store) checkSettings(e *connector.FileCheck) {
	data, err := disk.ReadBounded(s.settings, largestSettings)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		*e = finding(*e, connector.Attention, "can't be read", "Give this user read access")
	case json.Unmarshal(data, &connector.Settings{}) != nil:
		*e = finding(*e, connector.Attention, "damaged", "Your next answers create them again")
	}
}

// checkEncryptedTokens compares the encrypted tokens with connectors.json, by name alone. The folder
// is read before and after, so that another process that adds or removes something
// meanwhile is not reported as damage.
func (s *Store) checkEncryptedTokens(e *connector.FileCheck) {
	before, _ := s.encrypted.References()
	content, err := parse(s.disk.path)
	if err != nil {
		if good, copyErr := parse(s.disk.backup()); copyErr == nil {
			content, err = good, nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		*e = finding(*e, connector.Unknown, "not checked: the connectors file can't be read", "Fix the connectors file first")
		return
	}
	there, odd := s.encrypted.References()
	known, missing := map[string]bool{}, []string(nil)
	for _, r := range content.References {
		known[r.Ref] = true
	}
	for _, r := range content.Connectors {
		known[r.Ref] = true
		if r.KeptIn == connector.StorageFile && !there[r.Ref] && !before[r.Ref] {
			missing = append(missing, r.Name)
		}
	}
	unknown := 0
	for ref := range there {
		if before[ref] && !known[ref] {
			unknown++
		}
	}
	lost, remedy := s.encrypted.Lost()
	switch {
	case lost != "":
		*e = finding(*e, connector.Failing, lost, remedy)
	case len(missing) > 0:
		*e = finding(*e, connector.Failing, "missing: "+strings.Join(missing, ", "), "Enter those tokens again: saasconnect replace-token")
	case odd != "":
		*e = finding(*e, connector.Attention, odd+" is readable by others, not owned by you, or not a regular file", "Make the files in "+s.encrypted.Dir()+" yours and "+disk.PrivateWords)
	case unknown > 0:
		*e = finding(*e, connector.Attention, connector.Plural(unknown, "encrypted token")+" without a connector, for example after restoring a backup", "Restore the connectors file they belong to, or delete them")
	case len(there) > 0:
		e.Detail = connector.Plural(len(there), "encrypted token") + ", " + e.Detail
	}
}
