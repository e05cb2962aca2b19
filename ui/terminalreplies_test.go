package ui

import (
	"saasconnect/ui/uitest"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// answer is the terminal's answer to the last question.
func answer() tea.Msg { return uv.PrimaryDeviceAttributesEvent{62, 22} }

// quits reports whether a command ends the program, without waiting for one that waits.
func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	came := make(chan tea.Msg, 1)
	go func() { came <- cmd() }()
	select {
	case msg := <-came:
		_, is := msg.(tea.QuitMsg)
		return is
	case <-time.After(lastWait / 2):
		return false
	}
}

func ctrl(r rune) tea.Msg { return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl} }

func TestTerminalThatOwesNothingIsLeftAtOnce(t *testing.T) {
	var o replies
	if !quits(o.before(tea.Quit)) {
		t.Error("nothing was asked, and it waits")
	}
	o.ask()
	o.take(answer())
	if !quits(o.before(tea.Quit)) {
		t.Error("all is answered, and it waits")
	}
	o.ask()
	o.take(silentMsg{2})
	if !quits(o.before(tea.Quit)) {
		t.Error("it will never answer, and it waits")
	}
	o.take(answer()) // after all
	o.ask()
	if quits(o.before(tea.Quit)) {
		t.Error("an answer to an earlier question counts for the last one")
	}
}

func TestTerminalIsKeptForItsAnswers(t *testing.T) {
	for name, last := range map[string]tea.Msg{"answers": answer(), "never answers": silentMsg{2}} {
		var o replies
		o.ask()
		o.ask()
		stop := func() tea.Msg { return tea.SuspendMsg{} }
		if cmd := o.before(stop); cmd == nil || quits(cmd) {
			t.Fatalf("%s: no limit to the wait", name)
		}
		if cmd := o.before(tea.Quit); cmd != nil {
			t.Errorf("%s: a second limit", name)
		}
		if cmd, mine := o.take(answer()); cmd != nil || !mine {
			t.Errorf("%s: left after one answer of two", name)
		}
		if cmd, _ := o.take(last); !quits(cmd) {
			t.Errorf("%s: it does not leave for good", name)
		}
		if cmd, mine := o.take(answer()); cmd != nil || !mine {
			t.Errorf("%s: left twice", name)
		}
	}
}

// TestEveryEndWaitsForTheTerminal: an end, a stop and a crash, of the nested wizard as well.
// Meanwhile keys do nothing.
func TestEveryEndWaitsForTheTerminal(t *testing.T) {
	ways := map[string]func(*guard) tea.Cmd{
		"ctrl+c":   func(g *guard) tea.Cmd { return sent(g, ctrl('c')) },
		"a signal": func(g *guard) tea.Cmd { return sent(g, interruptMsg{}) },
		"a crash":  func(g *guard) tea.Cmd { return sent(g, panicMsg{&PanicError{}}) },
		"a crash, drawing": func(g *guard) tea.Cmd {
			g.crash = &PanicError{}
			return sent(g, tea.WindowSizeMsg{})
		},
	}
	for name, end := range ways {
		for _, nested := range []bool{false, true} {
			g := &guard{app: stubApp(ScreenHome)}
			g.app.deps.Suspend = func() {}
			g.app.replies.ask()
			if nested {
				sent(g, practiceOpenedMsg{world: Deps{Version: "test", Now: time.Now, Store: uitest.Store{}, Practice: &Practice{}, Suspend: g.app.deps.Suspend}})
			}
			sent(g, ctrl('z'))
			if g.app.replies.leave == nil || g.app.replies.asked != 1 {
				t.Errorf("%s, nested %v: it stops before the terminal has answered", name, nested)
			}
			if quits(end(g)) || g.app.replies.leave == nil {
				t.Errorf("%s, nested %v: it ends before the terminal has answered", name, nested)
			}
			sent(g, ctrl('z'))
			sent(g, ctrl('c'))
			if v := g.View(); v.Content != " " || !v.AltScreen {
				t.Errorf("%s, nested %v: the screen is not wiped: %q", name, nested, v.Content)
			}
			if !quits(sent(g, answer())) {
				t.Errorf("%s, nested %v: it does not end with the answer", name, nested)
			}
		}
	}
}

// TestNestedWizardEndsAlone: its own end, and what the terminal answers then, ends no more.
func TestNestedWizardEndsAlone(t *testing.T) {
	g := &guard{app: stubApp(ScreenHome)}
	g.app.replies.ask()
	sent(g, practiceOpenedMsg{world: Deps{Version: "test", Now: time.Now, Store: uitest.Store{}, Practice: &Practice{}}})
	if g.app.inner == nil {
		t.Fatal("no nested wizard")
	}
	sent(g, tea.KeyPressMsg{Code: 'q', Text: "q"})
	if g.app.inner != nil {
		t.Fatal("the nested wizard did not end")
	}
	if quits(sent(g, answer())) || g.app.over {
		t.Error("the whole wizard ended with it")
	}
}

func sent(g *guard, msg tea.Msg) tea.Cmd {
	_, cmd := g.Update(msg)
	return cmd
}
