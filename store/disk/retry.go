package disk

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// On Windows a file that any program has open can be neither renamed over nor removed, and
// one that is just being replaced can't be opened: Go opens files without
// FILE_SHARE_DELETE, and so do virus scanners, indexers and backups, for moments. Go's own
// tool (cmd/internal/robustio) and installers try again, and so does this package. On other
// systems mayPass is never true.
// Source: learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew, "dwShareMode".

// ErrInUse: another program has the file open, and had it for longer than was tried.
var ErrInUse = errors.New("is open in another program")

// Rename is os.Rename, tried for about a second while another program has a file open.
func Rename(from, to string) error {
	err := retry(mayPass, pause, func() error { return os.Rename(from, to) })
	return inUse(to, inUse(from, err))
}

// Remove is os.Remove, tried for about a second while another program has the file open.
func Remove(path string) error {
	return inUse(path, retry(mayPass, pause, func() error { return os.Remove(path) }))
}

// open is os.Open, tried for about a second while another program replaces the file.
func open(path string) (f *os.File, err error) {
	err = retry(mayPass, pause, func() error {
		f, err = os.Open(path)
		return err
	})
	return f, inUse(path, err)
}

// inUse is ErrInUse where err came from another program that has the file open.
func inUse(path string, err error) error {
	if err == nil || errors.Is(err, ErrInUse) || !isOpenElsewhere(path, err) {
		return err
	}
	return fmt.Errorf("%s %w", path, ErrInUse)
}

// longestPause is the last pause, which ends the trying after about a second in all.
const longestPause = 512 * time.Millisecond

func pause(d time.Duration) { <-time.After(d) }

// retry calls do again while its error is one to try again after, with pauses that double
// from a millisecond on. It returns the last error.
func retry(again func(error) bool, sleep func(time.Duration), do func() error) error {
	for wait := time.Millisecond; ; wait *= 2 {
		err := do()
		if err == nil || wait > longestPause || !again(err) {
			return err
		}
		sleep(wait)
	}
}
