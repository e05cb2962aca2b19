package ui_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/vt"

	"saasconnect/ui"
	"saasconnect/ui/picture"
)

// The studio in which the README's pictures are taken. It is ui.Run, the very function that
// main calls, with Bubble Tea's own loop and renderer: keys go in as a terminal's bytes, and
// what comes out is read by a terminal emulator, which also answers what it is asked, such
// as its background. Only the world is the tests' (the pretend Atlassian, a store in
// memory), and so is time (testing/synctest): "252 ms", dates and the spinner are the same
// in every run. What is not in it is main and a real terminal; ui/cli's test of the
// pictures holds the real program in a real one to the same words.

// studio is a run of the wizard in front of a camera.
type studio struct {
	t        *testing.T
	theme    picture.Theme
	world    testWorld
	terminal *vt.Emulator
	line     *line
	keys     *io.PipeWriter
	ended    chan error
	stop     context.CancelFunc

	shown picture.Screen // when the camera last looked
	film  *picture.Film
	began time.Time
	label string    // the key that is shown in the window's title bar
	until time.Time // and how long it is
}

// inStudio runs a shot in pretended time.
func inStudio(t *testing.T, theme picture.Theme, script string, shoot func(*studio)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := openStudio(t, theme, script)
		defer s.close()
		shoot(s)
	})
}

// openStudio starts the wizard in a terminal. script holds the words of a storyboard that
// are said before it begins: situation, role, size, latency, safes, saved.
func openStudio(t *testing.T, theme picture.Theme, script string) *studio {
	t.Helper()
	set := settingsOf(t, script)
	s := &studio{t: t, theme: theme, world: openTestWorld(t, set), terminal: vt.NewEmulator(set.size.Width, set.size.Height), ended: make(chan error, 1)}
	s.world.world.Version = "" // a picture is of no version
	s.terminal.SetDefaultBackgroundColor(theme.Background())
	s.terminal.SetDefaultForegroundColor(theme.Foreground())
	in, keys := io.Pipe()
	s.keys, s.line = keys, &line{to: s.terminal}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() { _, _ = io.Copy(keys, s.terminal) }() // the terminal's answers
	go func() {
		_, err := ui.Run(ctx, s.world.world, ui.Start{ASCII: set.ascii}, in, s.line, []string{"TERM=xterm-256color", "COLORTERM=truecolor", "CLICOLOR_FORCE=1", "LANG=C.UTF-8"})
		_ = in.Close()
		s.ended <- err
	}()
	time.Sleep(beat) // a terminal that is no device has no size at first: let that pass
	synctest.Wait()
	s.send(inBandSize(set.size))
	return s
}

// inBandSize is how a terminal tells its size on the line itself: there is no other way to
// ask one that is no device.
func inBandSize(size tea.WindowSizeMsg) string {
	return fmt.Sprintf("\x1b[48;%d;%d;0;0t", size.Height, size.Width)
}

// line is the way to the terminal. Where it is no device, Bubble Tea leaves it to the line
// to begin a new line at the left, but on Windows.
type line struct {
	mu    sync.Mutex
	to    io.Writer
	fresh bool // something was written since the camera looked
}

func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fresh = true
	out := p
	if runtime.GOOS != "windows" {
		out = bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))
	}
	if _, err := l.to.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (s *studio) close() {
	_, _ = s.keys.Write([]byte("\x03")) // a check at work ends with its screen
	defer s.stop()
	if err := <-s.ended; err != nil && !errors.Is(err, context.Canceled) {
		s.t.Error(err)
	}
	if pipe, ok := s.terminal.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	s.world.close()
	time.Sleep(10 * time.Minute) // every limit runs out, every goroutine ends
	synctest.Wait()
}

// beat is how often the camera looks.
const beat = 50 * time.Millisecond

// rest lets time pass, with the camera on.
func (s *studio) rest(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(beat)
		s.look()
	}
}

// roll begins the film.
func (s *studio) roll() {
	s.film, s.began = picture.NewFilm(s.theme), time.Now()
	s.look()
}

// look adds the present screen to the film.
func (s *studio) look() {
	synctest.Wait()
	if s.film == nil {
		return
	}
	label := s.label
	if time.Now().After(s.until) {
		label = ""
	}
	s.film.Add(time.Since(s.began), s.screen(), label)
}

// screen is what is to be seen now.
func (s *studio) screen() picture.Screen {
	synctest.Wait()
	s.line.mu.Lock()
	defer s.line.mu.Unlock()
	if s.line.fresh {
		s.line.fresh, s.shown = false, picture.Take(s.terminal, s.theme)
	}
	return s.shown
}

// see waits until the screen holds the words, and what they belong to has come to rest.
func (s *studio) see(words string) {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(s.screen().Text(), words); s.rest(beat) {
		if time.Now().After(end) {
			s.t.Fatalf("for a minute the screen did not hold %q. Has the wizard changed its words, or its ways? It shows:\n%s", words, s.screen().Text())
		}
	}
}

// press presses keys by their names, and shows the last one.
func (s *studio) press(names ...string) {
	s.t.Helper()
	for _, name := range names {
		code, label := keyBytes(name)
		s.show(label)
		s.send(code)
		s.rest(beat)
	}
}

// show shows a key in the title bar, for a while.
func (s *studio) show(label string) { s.label, s.until = label, time.Now().Add(900*time.Millisecond) }

// write types letters at a person's pace; paste pastes, as terminals do.
func (s *studio) write(text string) {
	for _, r := range text {
		s.send(string(r))
		s.rest(2 * beat)
	}
}

func (s *studio) paste(text string) {
	s.show("paste")
	s.send("\x1b[200~" + text + "\x1b[201~")
	s.rest(beat)
}

func (s *studio) send(bytes string) {
	s.t.Helper()
	if _, err := s.keys.Write([]byte(bytes)); err != nil {
		s.t.Fatalf("the wizard has ended: %v", err)
	}
}

// keyBytes is what a terminal sends for a key, and what is written on it.
func keyBytes(name string) (code, label string) {
	switch name {
	case "enter":
		return "\r", "enter"
	case "right":
		return "\x1b[C", "→"
	case "down":
		return "\x1b[B", "↓"
	}
	return name, name
}
