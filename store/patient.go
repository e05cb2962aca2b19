package store

import (
	"os"
	"time"
)

// On Windows a file that any program has open can be neither renamed over nor removed, and
// one that is just being replaced can't be opened: Go opens files without
// FILE_SHARE_DELETE, and so do virus scanners, indexers and backups, for moments. Go's own
// tool (cmd/internal/robustio) and every installer try again, and so is done here. On other
// systems nothing stands in the way, and inTheWay is never true.
// Source: learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew, "dwShareMode".

// longestPause ends the trying, after about a second in all.
const longestPause = 512 * time.Millisecond

func pause(d time.Duration) { <-time.After(d) }

func rename(from, to string) error {
	return patiently(inTheWay, pause, func() error { return os.Rename(from, to) })
}

func removeFile(path string) error {
	return patiently(inTheWay, pause, func() error { return os.Remove(path) })
}

func openFile(path string) (f *os.File, err error) {
	err = patiently(inTheWay, pause, func() error {
		f, err = os.Open(path)
		return err
	})
	return f, err
}

// patiently does it again while something is in the way, with pauses that double.
func patiently(inTheWay func(error) bool, sleep func(time.Duration), do func() error) error {
	for wait := time.Millisecond; ; wait *= 2 {
		err := do()
		if err == nil || wait > longestPause || !inTheWay(err) {
			return err
		}
		sleep(wait)
	}
}
