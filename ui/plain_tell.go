package ui

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// What plain mode says: each screen's content, a line once. Lines are whole paragraphs,
// since the look is as wide as any of them.

// spokenWidth is wider than any paragraph: the terminal wraps, not the screens.
const spokenWidth = 1 << 12

// shownRows is how many connectors a list says at a time.
const shownRows = 20

// spokenMarks are words, since a screen reader says "plus" and "heavy check mark" to shapes.
func spokenMarks() marks {
	return marks{
		ok: "OK:", bad: "Problem:", warn: "Note:", dot: "-", pointer: "", bullet: "-", full: "#", empty: ".",
		rule: "-", star: "*", more: "", arrow: "->", dash: "-", spin: []string{"Waiting:"},
	}
}

// tell says what the screen in front has that was not said yet.
func (t *talk) tell() {
	app := t.open()
	if app.over {
		return
	}
	t.announce(app)
	if !app.session.loaded {
		return // what is known after a moment is said then
	}
	t.renew(app.screen)
	if app.screen != t.screen {
		t.screen, t.told, t.asked, t.opening = app.screen, map[string]bool{}, "", true
		t.title(app)
	}
	text := spokenText(app.screen)
	if text == "" {
		return // it is being read
	}
	blank := false
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.Map(printable, line))
		if line == "" {
			blank = true
			continue
		}
		if t.told[line] {
			continue
		}
		t.told[line] = true
		if blank && t.opening {
			t.person.Say("")
		}
		blank = false
		t.person.Say(line)
		if rest, noted := strings.CutPrefix(line, app.look.mark.warn); noted {
			t.told[app.look.mark.bad+rest] = true // the same words once more are no news
		}
	}
	t.opening = false
}

// renew forgets what was said of a screen's earlier check: the same words about the next
// one are news.
func (t *talk) renew(s screen) {
	checked, ok := s.(interface {
		Round() int
		News() string
	})
	if !ok {
		return
	}
	if round := checked.Round(); s == t.screen && round != t.round {
		t.round = round
		for line := range strings.SplitSeq(ansi.Strip(checked.News()), "\n") {
			delete(t.told, strings.TrimSpace(line))
		}
	} else if s != t.screen {
		t.round = round
	}
}

// printable drops what a terminal would act upon, should a screen let any through.
func printable(r rune) rune {
	if unicode.IsPrint(r) && r != unicode.ReplacementChar {
		return r
	}
	return -1
}

// announce says when the pretend world is entered and left.
func (t *talk) announce(app *App) {
	if app.world.Practice == t.inside {
		return
	}
	t.inside = app.world.Practice
	t.person.Say("")
	if t.inside == nil {
		t.person.Say("The practice has ended.")
		return
	}
	t.person.Say("PRACTICE, nothing here is real. " + t.inside.Title)
}

// title says what is being done, and where in it the person is.
func (t *talk) title(app *App) {
	what, where := app.screen.Title()
	if where = ansi.Strip(where); where != "" {
		what += ", " + where
	}
	t.person.Say("")
	t.person.Say("== " + ansi.Strip(what) + " ==")
}

// spokenText is a screen's content for the ear.
func spokenText(s screen) string {
	if s, ok := s.(interface{ Tell() string }); ok {
		return ansi.Strip(s.Tell())
	}
	text, _ := s.View()
	return ansi.Strip(text)
}

// again forgets that complaints were said, so that the same one is said to the same mistake.
func (t *talk) again(l *look) {
	for line := range t.told {
		if strings.HasPrefix(line, l.mark.bad) || strings.HasPrefix(line, l.mark.warn) {
			delete(t.told, line)
		}
	}
}

// label is a name before its value.
func (l *look) label(name string, width int) string {
	if l.spoken {
		return name + ": "
	}
	return padTo(name, width)
}
