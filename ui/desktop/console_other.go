//go:build !windows

package desktop

import "os"

// Escapes reports whether a terminal takes escape sequences. Where TERM says that it does
// not, the callers look at TERM.
func Escapes(*os.File) bool { return true }

// OpenTerminal opens the terminal this program runs on, although stdin is something else.
func OpenTerminal() (*os.File, error) { return os.OpenFile("/dev/tty", os.O_RDWR, 0) }
