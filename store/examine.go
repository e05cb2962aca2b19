package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"saasconnect/connector"
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
	// understand looks at the content; nil where that is nobody's business.
	understand func(*connector.Examined)
}

// Examine looks at every file and folder of this installation, in a fixed order.
func (s *Store) Examine(ctx context.Context) []connector.Examined {
	all := make([]connector.Examined, 0, 12)
	for _, one := range s.subjects() {
		if ctx.Err() != nil {
			all = append(all, connector.Examined{What: one.what, Where: one.path, Verdict: connector.Unknown, Detail: "not looked at: given up", Remedy: "Look again"})
			continue
		}
		all = append(all, one.look())
	}
	if s.vault.keyFile != "" {
		all = append(all, s.lookAtKeyFile())
	}
	return all
}

func (s *Store) subjects() []subject {
	config := filepath.Dir(s.file.path)
	return []subject{
		{what: "the folder of connectors", path: config, folder: true},
		{what: "the file of connectors", path: s.file.path, understand: s.file.understand},
		{what: "its good copy", path: s.file.backup(), understand: s.file.understandCopy},
		{what: "the lock", path: filepath.Join(config, lockName), plain: true},
		{what: "the settings", path: s.settings, understand: s.understandSettings},
		{what: "the folder of reports", path: s.history.dir, folder: true},
		{what: "the folder of sealed tokens", path: s.vault.dir, folder: true, plain: true},
		{what: "what opens the sealed tokens", path: s.vault.identityPath(), plain: true},
		{what: "the sealed tokens", path: s.vault.dir, folder: true, understand: s.understandSealed},
	}
}

// look is what stands in the folder, before anything is opened.
func (one subject) look() connector.Examined {
	e := connector.Examined{What: one.what, Where: one.path, Verdict: connector.Working, Detail: "yours alone"}
	itself, err := os.Lstat(one.path)
	if errors.Is(err, fs.ErrNotExist) {
		e.Verdict, e.Detail = connector.Skipped, "not there yet"
		one.read(&e)
		return e
	}
	if err != nil {
		return said(e, connector.Unknown, "it can't be looked at", "Allow this user to look into "+filepath.Dir(one.path))
	}
	info, err := os.Stat(one.path)
	switch {
	case err != nil && isLink(itself):
		return said(e, connector.Attention, "a link to "+follow(one.path)+", where nothing is", "Make what it leads to, or remove the link")
	case err != nil:
		return said(e, connector.Unknown, "it can't be looked at", "Look again")
	case !mine(info):
		return said(e, connector.Failing, "it belongs to another user", "Make it yours, or name another folder with --home")
	case one.folder && !info.IsDir():
		return said(e, connector.Failing, "it is no folder", "Move it away")
	case !one.folder && !info.Mode().IsRegular():
		return said(e, connector.Failing, "it is no plain file", "Move it away")
	case !private(info):
		return said(e, connector.Attention, fmt.Sprintf("open to others (mode %04o)", info.Mode().Perm()), one.closing())
	case isLink(itself) && one.plain:
		return said(e, connector.Attention, "a link to "+follow(one.path), "Put what it leads to in its place: what is sealed should stay on this machine")
	case isLink(itself):
		e.Detail += ", behind a link to " + follow(one.path)
	}
	one.read(&e)
	return e
}

func (one subject) read(e *connector.Examined) {
	if one.understand != nil {
		one.understand(e)
	}
}

func (one subject) closing() string {
	if one.folder {
		return "Close it: chmod 700 " + one.path
	}
	return "Close it: chmod 600 " + one.path
}

func said(e connector.Examined, v connector.Verdict, detail, remedy string) connector.Examined {
	e.Verdict, e.Detail, e.Remedy = v, detail, remedy
	return e
}

func isLink(info fs.FileInfo) bool { return info.Mode()&fs.ModeSymlink != 0 }

// lookAtKeyFile: a link is how containers hand secrets out, so one is fine here.
func (s *Store) lookAtKeyFile() connector.Examined {
	e := connector.Examined{What: "the key file", Where: s.vault.keyFile, Verdict: connector.Working, Detail: "yours alone"}
	if err := s.vault.lookAtKeyFile(); err != nil {
		detail, remedy := s.vault.complaint(err)
		return said(e, connector.Failing, detail, remedy)
	}
	return e
}
