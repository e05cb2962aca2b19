package ui

import (
	"reflect"
	"saasconnect/ui/widget"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// TestLookFollowsTheTerminal: dark until it answers, light if it says so, the 16 if it has
// no more.
func TestLookFollowsTheTerminal(t *testing.T) {
	a := NewApp(Deps{Now: time.Now}, Start{}, stubScreens())
	is := func(words string, dark, few bool) {
		t.Helper()
		want := widget.NewTheme(false)
		want.FewColors = few
		want.SetDark(dark)
		if got, want := a.theme.Accent.GetForeground(), want.Accent.GetForeground(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the accent is %v, want %v", words, got, want)
		}
	}
	is("before any answer", true, false)
	a.Update(tea.BackgroundColorMsg{Color: lipgloss.Color("#FFFFFF")})
	is("light", false, false)
	var few tea.ColorProfileMsg
	for ; few.String() != widget.SixteenColors; few.Profile++ {
		if few.Profile > 20 {
			t.Fatalf("Bubble Tea calls no profile %q", widget.SixteenColors)
		}
	}
	a.Update(few)
	is("light, 16", false, true)
	a.Update(tea.BackgroundColorMsg{Color: lipgloss.Color("#000000")})
	is("dark, 16", true, true)
}
