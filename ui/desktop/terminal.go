package desktop

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/term"
)

// Signals end a context at the first SIGINT, SIGTERM, SIGHUP, SIGQUIT or SIGABRT, and the process at
// the second, with the terminal as it was found. SIGPIPE keeps Go's default, and nohup its word. On
// Windows Ctrl+C and Ctrl+Break are SIGINT, and the closing of the console is SIGTERM.
type Signals struct {
	// Context ends with the first signal.
	Context context.Context
	cancel  context.CancelFunc
	signals chan os.Signal
	shown   atomic.Pointer[screen] // while the wizard has the terminal's other screen
}

// WatchSignals begins to watch. exit ends the process with a code.
func WatchSignals(exit func(code int)) *Signals {
	s := &Signals{signals: make(chan os.Signal, 2)}
	s.Context, s.cancel = context.WithCancel(context.Background())
	before, _ := term.GetState(int(os.Stdin.Fd())) // nil where stdin is no terminal
	signal.Notify(s.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGABRT)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(s.signals, syscall.SIGHUP)
	}
	go func() {
		<-s.signals
		s.cancel()
		<-s.signals
		if before != nil {
			_ = term.Restore(int(os.Stdin.Fd()), before) // there is nothing left to do about it
		}
		if shown := s.shown.Load(); shown != nil {
			left := make(chan struct{})
			go func() { shown.leave(); close(left) }()
			select {
			case <-left:
			case <-time.After(time.Second): // a terminal that takes nothing is not waited for
			}
		}
		exit(130)
	}()
	return s
}

// Stop ends watching: signals mean again what the system has them mean.
func (s *Signals) Stop() {
	signal.Stop(s.signals)
	s.cancel()
}

// Screen is the terminal behind out, for a program that takes its whole screen until done is called.
// What is no file is given back as it is.
func (s *Signals) Screen(out io.Writer) (w io.Writer, done func()) {
	file, ok := out.(*os.File)
	if !ok {
		return out, func() {}
	}
	shown := &screen{file: file}
	s.shown.Store(shown)
	return shown, func() { s.shown.Store(nil) }
}

// screen is the terminal that a program draws on, until it is left.
type screen struct {
	file   *os.File // not embedded: io.Copy would find its ReadFrom and go past Write
	mu     sync.Mutex
	pushed int // the keyboard's enhancements that were pushed and not popped
	left   bool
}

// Write drops what comes after the screen was left: it would switch on again what leaving switched off.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left {
		return len(p), nil
	}
	s.pushed += bytes.Count(p, []byte(pushKeys)) - bytes.Count(p, []byte(popKeys))
	return s.file.Write(p)
}

// Read, Close and Fd are the terminal's, which Bubble Tea looks for.
func (s *screen) Read(p []byte) (int, error) { return s.file.Read(p) }
func (s *screen) Close() error               { return s.file.Close() }
func (s *screen) Fd() uintptr                { return s.file.Fd() }

// leave gives the terminal back as it was found.
func (s *screen) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = true
	_, _ = s.file.WriteString(leaveScreen + strings.Repeat(popKeys, max(0, s.pushed))) // there is nothing left to do about it
}

// leaveScreen is what Bubble Tea writes at its end: the first screen, the cursor, no bracketed
// paste, keys and colors as they were. The keyboard's enhancements lie on a stack of the terminal's:
// they are pushed and popped, and popping once too often would take away another program's.
const (
	leaveScreen = "\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[>4m\x1b[m"
	pushKeys    = "\x1b[>1u"
	popKeys     = "\x1b[<1u"
)
