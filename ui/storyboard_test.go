package ui_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"charm.land/bubbles/v2/cursor"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/rogpeppe/go-internal/txtar"

	"saasconnect/ui"
	"saasconnect/ui/manage"
	"saasconnect/ui/wizard"
)

// Storyboards: a txtar file whose comment is a script of keys, and whose sections are
// the screens at its shots. `go test ./ui -update` draws them again; read the diff.
//
//	situation not-admin      the pretend world (ok)
//	role global-admin        what is remembered (nothing)
//	size 40x12               the window (80x24)
//	ascii                    a terminal without Unicode
//	saved acme               two connectors with one token (acme-file: in the encrypted file); a number: so many customers (nothing)
//	storages new-file           the machine's storages (keyring, new-file, locked-file, none)
//	fails Add full           what a method of the store answers instead
//	slow Add 3s              how late a method of the store commits, even if the caller gave up
//	clipboard                this computer has one that can be read and written; "copied TEXT" is another program's
//	saasassure URL           the address of SaaSAssure, and a browser
//	latency 2s               before each answer of the pretend cloud
//	press enter down …       keys by name
//	type acme                letters, one key each
//	paste …                  a bracketed paste; paste @token is the situation's token, @email its email, @cure what cures it
//	heal                     the store fails no more
//	wait 2s                  time passes
//	shot NAME                the screen goes into section NAME
//
// Time is faked (testing/synctest), so nothing here sleeps.

var update = flag.Bool("update", false, "draw the storyboards again")

func TestStoryboards(t *testing.T) { boards(t, "testdata/storyboards", play) }

// boards plays the script of each file in a folder, and holds what came of it to the file's
// sections, or draws them again.
func boards(t *testing.T, folder string, play func(t *testing.T, script string) []txtar.File) {
	files, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing in %s: %v", folder, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			board, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			drawn := play(t, string(board.Comment))
			if *update {
				board.Files = drawn
				if err := os.WriteFile(file, txtar.Format(board), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			compare(t, board.Files, drawn)
		})
	}
}

func compare(t *testing.T, want, got []txtar.File) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("the storyboard has %d screens, the script %d shots; run with -update and read the diff", len(want), len(got))
	}
	for i := range want {
		if want[i].Name != got[i].Name || string(want[i].Data) != string(got[i].Data) {
			t.Errorf("screen %q differs\n--- want\n%s\n--- got\n%s", got[i].Name, want[i].Data, got[i].Data)
		}
	}
}

// play runs a script in a bubble of faked time, and returns its shots.
func play(t *testing.T, script string) (shots []txtar.File) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, script)
		defer s.end()
		s.follow(script, func(name string) {
			shots = append(shots, txtar.File{Name: name, Data: []byte(s.frame())})
		})
	})
	return shots
}

// storyTime is when every storyboard begins.
var storyTime = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// actor drives one App: it runs commands, unfolds batches and sequences, drops ticks,
// and pumps streams to their end.
type actor struct {
	t       *testing.T
	app     *ui.App
	world   testWorld
	answers chan tea.Msg
	clip    []string // what was sent to the clipboard
	frames  func(string)
}

func newStage(t *testing.T, script string) *actor {
	t.Helper()
	set := settingsOf(t, script)
	return stageIn(t, set, openTestWorld(t, set))
}

// stageIn is a stage in a world that is open already.
func stageIn(t *testing.T, set settings, w testWorld) *actor {
	t.Helper()
	return stageAt(t, set, w, ui.Start{})
}

// stageAt is one that begins elsewhere than at home.
func stageAt(t *testing.T, set settings, w testWorld, start ui.Start) *actor {
	t.Helper()
	start.ASCII = set.ascii
	s := &actor{t: t, world: w, answers: make(chan tea.Msg, 1024)}
	s.app = ui.NewApp(w.world, start, screens())
	s.send(set.size)
	s.run(s.app.Init())
	s.settle()
	return s
}

func (s *actor) end() {
	s.app.Update(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl})
	s.world.close()
	time.Sleep(10 * time.Minute) // every limit runs out, every goroutine ends
	synctest.Wait()
	s.drain()
}

// drain throws away what is left, so that no sender stays behind.
func (s *actor) drain() {
	for {
		select {
		case <-s.answers:
		default:
			return
		}
	}
}

// send gives a message to the App and lets everything it sets off come to rest. Between
// two keys time passes, as it does between a person's.
func (s *actor) send(msg tea.Msg) {
	time.Sleep(300 * time.Millisecond)
	s.take(msg)
	s.settle()
}

func (s *actor) take(msg tea.Msg) {
	_, cmd := s.app.Update(msg)
	if s.frames != nil {
		s.frames(s.app.View().Content)
	}
	s.run(cmd)
}

func (s *actor) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		if msg := cmd(); msg != nil {
			s.answers <- msg
		}
	}()
}

// settle takes answers until none is on its way. Answers that time itself brings are
// waited for as long as the pretend world's latency may last.
func (s *actor) settle() {
	for quiet := 0; quiet < 2; {
		synctest.Wait()
		select {
		case msg := <-s.answers:
			quiet = 0
			s.answer(msg)
		default:
			quiet++
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// answer takes one message that a command brought.
func (s *actor) answer(msg tea.Msg) {
	switch msg.(type) {
	case spinner.TickMsg, cursor.BlinkMsg, tea.QuitMsg:
		return
	}
	v := reflect.ValueOf(msg)
	if v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
		for i := range v.Len() {
			cmd, _ := v.Index(i).Interface().(tea.Cmd)
			s.run(cmd)
		}
		return
	}
	if fmt.Sprintf("%T", msg) == "tea.setClipboardMsg" {
		s.clip = append(s.clip, fmt.Sprint(msg))
		return
	}
	s.take(msg)
}

// press presses a key. Enter and down are pressed twice where the first only brings the choice into
// sight, as a person would; "once" is the first Enter alone, "down-once" the first down.
func (s *actor) press(name string) {
	switch name {
	case "once":
		s.send(keyNamed(s.t, "enter"))
		return
	case "down-once":
		s.send(keyNamed(s.t, "down"))
		return
	}
	if (name == "enter" || name == "down") && s.app.Hidden() {
		s.send(keyNamed(s.t, name))
	}
	s.send(keyNamed(s.t, name))
}

func (s *actor) paste(text string) string {
	known := map[string]string{"@email": s.world.seedEmail, "@token": s.world.seedToken, "@cure-email": s.world.cureEmail, "@cure": s.world.cureToken, "@new": s.world.newToken, "@olga": s.world.olgaToken}
	if value, ok := known[text]; ok {
		return value
	}
	return strings.ReplaceAll(text, `\n`, "\n")
}

// frame is the screen as text, without styles and without blanks at the ends of lines.
func (s *actor) frame() string {
	lines := strings.Split(ansi.Strip(s.app.View().Content), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// keyNamed is a key press by its name.
func keyNamed(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	special := map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
		"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "backspace": {Code: tea.KeyBackspace},
		"pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp}, "f1": {Code: tea.KeyF1},
		"space": {Code: tea.KeySpace, Text: " "},
	}
	if k, ok := special[name]; ok {
		return k
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok && len(letter) == 1 {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	if r := []rune(name); len(r) == 1 {
		return tea.KeyPressMsg{Code: r[0], Text: name}
	}
	t.Fatalf("no key is named %q", name)
	return tea.KeyPressMsg{}
}

func sizeOf(t *testing.T, text string) tea.WindowSizeMsg {
	t.Helper()
	w, h, _ := strings.Cut(text, "x")
	width, err1 := strconv.Atoi(w)
	height, err2 := strconv.Atoi(h)
	if err1 != nil || err2 != nil {
		t.Fatalf("no size: %q", text)
	}
	return tea.WindowSizeMsg{Width: width, Height: height}
}

// sendPaste pastes a text.
func (s *actor) sendPaste(text string) { s.send(tea.PasteMsg{Content: text}) }

// screens are all there are.
func screens() ui.Screens {
	all := wizard.Screens()
	maps.Copy(all, manage.Screens())
	return all
}
