package desktop

import (
	"os"

	"golang.org/x/sys/windows"
)

// Escapes makes a console take escape sequences, which it does on being asked, and reports
// whether it will. Windows Terminal needs no asking, the console of Windows 10 does, and
// older ones can't; what is no console (a pipe to mintty) takes what it is given. The mode
// is the screen's and is left on, as every program of the last years leaves it.
// Source: learn.microsoft.com/windows/console/setconsolemode.
func Escapes(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if windows.GetConsoleMode(console, &mode) != nil {
		return true
	}
	return mode&windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING != 0 ||
		windows.SetConsoleMode(console, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// OpenTerminal opens the keyboard of the console, although stdin is something else. It can't
// be written to (CONOUT$ could), and is opened for writing all the same: switching off the
// echo needs that right.
// Source: learn.microsoft.com/windows/console/console-handles.
func OpenTerminal() (*os.File, error) { return os.OpenFile("CONIN$", os.O_RDWR, 0) }
