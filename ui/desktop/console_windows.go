package desktop

import (
	"io"
	"os"
	"sync/atomic"

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
func OpenTerminal() (*Keyboard, error) {
	file, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return &Keyboard{file: file, fd: file.Fd()}, nil
}

// Keyboard is a console's keyboard.
type Keyboard struct {
	file    io.ReadCloser
	fd      uintptr
	reading atomic.Int32
}

// Fd is the console's handle.
func (k *Keyboard) Fd() uintptr { return k.fd }

// Read waits for a line.
func (k *Keyboard) Read(p []byte) (int, error) {
	k.reading.Add(1)
	defer k.reading.Add(-1)
	return k.file.Read(p)
}

// Close closes it, but where someone reads: closing a console waits for its reader, and so for a key
// that no one may press any more. The end of the process closes it.
func (k *Keyboard) Close() error {
	if k.reading.Load() > 0 {
		return nil
	}
	return k.file.Close()
}
