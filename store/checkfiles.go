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

// A look at the files of this installation: whose they are, who else may read them,
// whether they can be understood. It changes nothing, not even a mode that the next use
// would tighten anyway, and reads neither a token nor a key.

// subject is one file or folder that is looked at.
type subject struct {
	what, path string
	folder     bool
	// plain: it must stand there itself. Settings behind a link are how people keep them
	// in a repository, and that is no place for sealed tokens.
	plain bool
	// check looks at the content; nil where that is nobody's business.
	check func(*connector.FileCheck)
}

// CheckFiles looks at every file and folder of this installation, in a fixed order.
func (s *Store) CheckFiles(ctx context.Context) []connector.FileCheck {
	all := make([]connector.FileCheck, 0, 12)
	for _, one := range s.subjects() {
		if ctx.Err() != nil {
			all = append(all, connector.FileCheck{What: one.what, Where: one.path, Verdict: connector.Unknown, Detail: "not looked at: given up", Remedy: "Look again"})
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
		{what: "the folder of connectors", path: config, folder: true},
		{what: "the file of connectors", path: s.disk.path, check: s.disk.check},
		{what: "its good copy", path: s.disk.backup(), check: s.disk.checkCopy},
		{what: "the lock", path: filepath.Join(config, lockName), plain: true},
		{what: "the settings", path: s.settings, check: s.checkSettings},
		{what: "the folder of reports", path: s.state.historyDir(), folder: true},
		{what: "the folder of sealed tokens", path: s.encrypted.Dir(), folder: true, plain: true},
		{what: "what opens the sealed tokens", path: s.encrypted.IdentityPath(), plain: true},
		{what: "the sealed tokens", path: s.encrypted.Dir(), folder: true, check: s.checkSealed},
	}
}

// look is what stands in the folder, before anything is opened.
func (one subject) look() connector.FileCheck {
	e := connector.FileCheck{What: one.what, Where: one.path, Verdict: connector.Working, Detail: "yours alone"}
	itself, err := os.Lstat(one.path)
	if errors.Is(err, fs.ErrNotExist) {
		e.Verdict, e.Detail = connector.Skipped, "not there yet"
		one.read(&e)
		return e
	}
	if err != nil {
		return finding(e, connector.Unknown, "it can't be looked at", "Allow this user to look into "+filepath.Dir(one.path))
	}
	info, err := os.Stat(one.path)
	switch {
	case disk.IsLink(itself) && !disk.Owned(itself):
		return finding(e, connector.Failing, "a link that another user made", "Remove it, and look what it led to: "+disk.Follow(one.path))
	case err != nil && disk.IsLink(itself):
		return finding(e, connector.Attention, "a link to "+disk.Follow(one.path)+", where nothing is", "Make what it leads to, or remove the link")
	case err != nil:
		return finding(e, connector.Unknown, "it can't be looked at", "Look again")
	case !disk.Mine(info) && !(one.folder && disk.Owned(info)):
		return finding(e, connector.Failing, "it belongs to another user", "Make it yours, or name another folder with --home")
	case one.folder && !info.IsDir():
		return finding(e, connector.Failing, "it is no folder", "Move it away")
	case !one.folder && !info.Mode().IsRegular():
		return finding(e, connector.Failing, "it is no plain file", "Move it away")
	case one.folder && disk.OthersWrite(info):
		return finding(e, connector.Failing, fmt.Sprintf("other users can write in it (mode %04o)", info.Mode().Perm()), "Close it: chmod go-w "+one.path)
	case !disk.Private(info):
		return finding(e, connector.Attention, fmt.Sprintf("open to others (mode %04o)", info.Mode().Perm()), one.closing())
	case disk.IsLink(itself) && one.plain:
		return finding(e, connector.Attention, "a link to "+disk.Follow(one.path), "Put what it leads to in its place: what is sealed should stay on this machine")
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

func (one subject) closing() string {
	if one.folder {
		return "Close it: chmod 700 " + one.path
	}
	return "Close it: chmod 600 " + one.path
}

func finding(e connector.FileCheck, v connector.Verdict, detail, remedy string) connector.FileCheck {
	e.Verdict, e.Detail, e.Remedy = v, detail, remedy
	return e
}

// lookAtKeyFile: a link is how containers hand secrets out, so one is fine here.
func (s *Store) lookAtKeyFile() connector.FileCheck {
	e := connector.FileCheck{What: "the key file", Where: s.encrypted.KeyFile(), Verdict: connector.Working, Detail: "yours alone"}
	if detail, remedy := s.encrypted.KeyFileProblem(); detail != "" {
		return finding(e, connector.Failing, detail, remedy)
	}
	return e
}

func (f *file) check(e *connector.FileCheck) {
	content, err := parse(f.path)
	_, copyErr := parse(f.backup())
	words := "gone"
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
		*e = finding(*e, connector.Unknown, "it can't be read", "Allow this user to read it")
	case copyErr == nil:
		*e = finding(*e, connector.Attention, words+"; its good copy takes its place at the next use", "List the connectors, and look whether all are there")
	default:
		*e = finding(*e, connector.Failing, words+", and no good copy is left", "Restore it from a backup, or move it away to begin anew")
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
		*e = finding(*e, connector.Attention, "there is none", "Change anything: the next write makes one")
	case isDamage(err):
		*e = finding(*e, connector.Attention, "damaged", "Change anything: the next write makes a new one")
	default:
		*e = finding(*e, connector.Unknown, "it can't be read", "Allow this user to read it")
	}
}

func (s *Store) checkSettings(e *connector.FileCheck) {
	data, err := disk.ReadBounded(s.settings, largestSettings)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		*e = finding(*e, connector.Attention, "they can't be read", "Allow this user to read them")
	case json.Unmarshal(data, &connector.Settings{}) != nil:
		*e = finding(*e, connector.Attention, "damaged", "Answer again what is asked: that writes them anew")
	}
}

// checkSealed compares what is sealed with what is known, by name alone. The folder
// is looked at before and after, so that another process that adds or removes something
// meanwhile is not taken for damage.
func (s *Store) checkSealed(e *connector.FileCheck) {
	before, _ := s.encrypted.Sealed()
	content, err := parse(s.disk.path)
	if err != nil {
		if good, copyErr := parse(s.disk.backup()); copyErr == nil {
			content, err = good, nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		*e = finding(*e, connector.Unknown, "nobody can tell whose they are while the file of connectors can't be read", "Mend the file of connectors first")
		return
	}
	there, odd := s.encrypted.Sealed()
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
	strangers := 0
	for ref := range there {
		if before[ref] && !known[ref] {
			strangers++
		}
	}
	lost, remedy := s.encrypted.Lost()
	switch {
	case lost != "":
		*e = finding(*e, connector.Failing, lost, remedy)
	case len(missing) > 0:
		*e = finding(*e, connector.Failing, "missing: "+strings.Join(missing, ", "), "Put those tokens in again")
	case odd != "":
		*e = finding(*e, connector.Attention, odd+" is open to others, or theirs, or no plain file", "Make it yours alone: mode 0600")
	case strangers > 0:
		*e = finding(*e, connector.Attention, connector.Plural(strangers, "sealed token")+" of no connector, as after a restored backup", "Restore the file of connectors they belong to, or delete them")
	case len(there) > 0:
		e.Detail = connector.Plural(len(there), "sealed token") + ", " + e.Detail
	}
}
