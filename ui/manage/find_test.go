package manage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
	"saasconnect/ui"
	"saasconnect/ui/uitest"
)

// mixed are connectors of every verdict: a and b fail, c needs attention and ends soon, d is unknown,
// e works and is entered in SaaSAssure, f was never checked.
func mixed() []connector.Entry {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	one := func(name string, days int, code connector.Code, v connector.Verdict) connector.Entry {
		e := connector.Entry{Connector: connector.Connector{ID: name, Name: name, Product: connector.Jira, Account: "Customer " + strings.ToUpper(name), Email: "mia@example.com", TokenSince: now.AddDate(0, 0, -9)}}
		if days != 0 {
			e.Expires = connector.DateOf(now.AddDate(0, 0, days))
		}
		if code != "" {
			e.Last = &connector.Outcome{Verdict: v, Code: code, Title: "said of " + name, At: now.Add(-time.Hour)}
		}
		return e
	}
	all := []connector.Entry{
		one("f", 0, "", ""), one("e", 300, connector.CodeOK, connector.Working), one("d", 200, connector.CodeUnreachable, connector.Unknown),
		one("c", 20, connector.CodeExpiresSoon, connector.Attention), one("b", 100, connector.CodeTokenRefused, connector.Failing),
		one("a", -3, connector.CodeTokenExpired, connector.Failing),
	}
	all[1].Entered = connector.Stamp{By: "mia", At: now.AddDate(0, 0, -2)}
	return all
}

// mixedList is the list of these.
func mixedList(t *testing.T) *listScreen {
	t.Helper()
	_, l := openList(t, mixed())
	return l
}

func namesOf(entries []*connector.Entry) string {
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	return strings.Join(names, " ")
}

func TestListFilters(t *testing.T) {
	l := mixedList(t)
	for f, want := range map[listFilter]string{
		showAll: "a b c d f e", showFailing: "a b", showAttention: "c", showUnknown: "d f", showExpiring: "a c", showNotEntered: "a b c d f",
	} {
		if l.filterBy(f); namesOf(l.shown) != want {
			t.Errorf("%s shows %q, not %q", f.words(), namesOf(l.shown), want)
		}
	}
	l.only = showAll
	for words, want := range map[string]string{
		"": "a b c d f e", "failing": "a b", "FAILING expired": "a", "token-refused": "b", "(401)": "b", "can't connect": "d", "not checked": "f",
		"jira working": "e", "b a nothing": "",
	} {
		l.filter = words
		if l.narrow(); namesOf(l.shown) != want {
			t.Errorf("%q finds %q, not %q", words, namesOf(l.shown), want)
		}
	}
	l.filter = "customer"
	if l.filterBy(showFailing); namesOf(l.shown) != "a b" {
		t.Errorf("a filter and words show %q", namesOf(l.shown))
	}
}

func TestListOrders(t *testing.T) {
	today := connector.DateOf(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))
	entries := mixed()
	entries[0].TokenSince = time.Time{} // nothing is known of when it ends
	for by, want := range map[listOrder]string{orderStatus: "a b c d f e", orderExpiry: "a c b d e f", orderName: "a b c d e f"} {
		if got := namesOf(sorted(entries, by, today)); got != want {
			t.Errorf("by %s: %q, not %q", by.words(), got, want)
		}
	}
}

func TestListTally(t *testing.T) {
	l := mixedList(t)
	l.View()
	for width, want := range map[int]string{
		74: "✗ 2 failing  ! 1 attention  ? 2 unknown  ✓ 1 working", 38: "✗ 2  ! 1  ? 2  ✓ 1",
	} {
		l.Theme.Width = width
		got := ansi.Strip(l.tally(""))
		if !strings.HasPrefix(got, want+" ") || !strings.HasSuffix(got, "1–6 of 6") || ansi.StringWidth(got) != width {
			t.Errorf("at %d: %q", width, got)
		}
	}
}

// TestListPosition: what is said to be in sight is in sight, wherever the pointer is.
func TestListPosition(t *testing.T) {
	a, l := openList(t, uitest.Entries(t, 120))
	a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	for _, key := range uitest.Keys(slices.Repeat([]string{"j", "j", "pgdown", "k", "G", "k", "pgup", "k", "g"}, 4)...) {
		a.Update(key)
		frame := ansi.Strip(a.View().Content)
		var from, to, n int
		for _, word := range strings.Fields(strings.Split(frame, "\n")[2]) {
			if before, after, is := strings.Cut(word, "–"); is {
				_, _ = fmt.Sscan(before, &from)
				_, _ = fmt.Sscan(after, &to)
			}
		}
		for i, e := range l.shown {
			if strings.Contains(frame, " "+e.Name+" ") {
				n++
				if i+1 < from || i+1 > to {
					t.Fatalf("%s is in sight, which is row %d:\n%s", e.Name, i+1, frame)
				}
			}
		}
		if n != to-from+1 {
			t.Fatalf("%d rows in sight:\n%s", n, frame)
		}
	}
}

// TestListSelection: what a key is about, also where a filter hides some of it.
func TestListSelection(t *testing.T) {
	l := mixedList(t)
	if got := namesOf(l.subjects()); got != "a" {
		t.Errorf("with nothing selected it is about %q", got)
	}
	l.pick()
	l.pick()
	l.filterBy(showAttention)
	if got := namesOf(l.subjects()); got != "a b" || l.pickedWords() != "2 selected (2 not shown)" {
		t.Errorf("about %q: %s", got, l.pickedWords())
	}
	l.pickShown()
	if got := namesOf(l.subjects()); got != "a b c" {
		t.Errorf("with all shown it is about %q", got)
	}
	l.pickShown()
	l.Session.Forget("b")
	l.lay()
	if got := namesOf(l.subjects()); got != "a" {
		t.Errorf("with one of them removed it is about %q", got)
	}
}

// TestListKeepsItsPointer: what a check moves to another row is still the chosen one, so that the
// next key means the same connector.
func TestListKeepsItsPointer(t *testing.T) {
	l := mixedList(t)
	l.chooseID("e")
	_, l.cancel = context.WithCancel(t.Context())
	l.total, l.landed = 1, map[connector.Verdict]int{}
	report := connector.Report{Code: connector.CodeNotAdmin, Verdict: connector.Failing, Title: "no admin", At: l.Deps.Now()}
	l.Update(ui.RecheckedMsg{Request: l.Request, Id: "e", Report: report})
	l.Update(ui.RecheckDoneMsg{Request: l.Request})
	if got := namesOf(l.shown); got != "a b e c d f" || l.selected().Name != "e" {
		t.Errorf("%q, and chosen is %s", got, l.selected().Name)
	}
}

// TestFindKeepsItsPointer: words that are looked for, applied or cleared leave the pointer on its
// connector, also where they found nothing for a moment.
func TestFindKeepsItsPointer(t *testing.T) {
	l := mixedList(t)
	l.View() // which lays the table for the window
	for _, c := range []struct{ from, keys, shown, at string }{
		{"e", "/ w o r k i n g enter", "e", "e"},
		{"e", "/ w o r k i n g esc", "a b c d f e", "e"},
		{"e", "/ w o r k i n g enter esc", "a b c d f e", "e"},
		{"b", "/ f a i l i n g", "a b", "b"},
		{"a", "/ f a i l i n g down enter esc", "a b c d f e", "b"},
		{"d", "/ f a i l i n g", "a b", "a"}, // its connector is hidden
		{"d", "/ n o n e esc", "a b c d f e", "d"},
		{"e", "/ w o r k backspace backspace backspace backspace", "a b c d f e", "e"},
	} {
		l.finding, l.filter, l.pointedAt = false, "", ""
		l.narrow()
		l.chooseID(c.from)
		for _, name := range strings.Fields(c.keys) {
			switch name {
			case "enter":
				l.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
			case "esc":
				l.Escape()
			default:
				l.Update(uitest.Keys(name)[0])
			}
		}
		if got := namesOf(l.shown); got != c.shown || l.selected().Name != c.at {
			t.Errorf("%s from %s: the pointer is on %s of %q, not on %s of %q", c.keys, c.from, l.selected().Name, got, c.at, c.shown)
		}
	}
}
