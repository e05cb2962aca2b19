package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// troubleScreen says why the token could not be kept. Nothing is lost: the token is
// still in the Setup, and another safe or another try is one key away.
type troubleScreen struct {
	stage
	keys keyMap
	menu *menu[event]
}

func newTrouble(on stage) screen {
	options := []huhOption{option("Try again", retry), option("Choose another safe", chooses)}
	if isSame(on.setup.Trouble) {
		options = []huhOption{option("Paste another token", edit)}
	}
	options = append(options, option("Leave without saving", home))
	return &troubleScreen{stage: on, keys: newKeys(), menu: newMenu(on.look, options...)}
}

func (t *troubleScreen) Choices() numbered { return t.menu }

func (t *troubleScreen) Title() (string, string) { return "Not saved yet", whereabouts(t.look, 3) }

func (t *troubleScreen) Keys() []key.Binding { return []key.Binding{t.keys.enter, t.keys.esc} }

func (t *troubleScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	ev, picked := t.menu.update(msg)
	if !picked {
		return still, nil
	}
	return ev, nil
}

func (t *troubleScreen) View() (string, int) {
	words := connector.TroubleOf(t.setup.Trouble)
	w := t.look.width
	var b strings.Builder
	b.WriteString(hang(t.look.bad.Render(t.look.mark.bad), t.look.bold.Render(words.Title), w) + "\n\n")
	b.WriteString(wrap(words.Why+" "+t.whatIsLeft(), w) + "\n")
	b.WriteString(wrap("What helps: "+connector.Inside(words.Remedy)+".", w) + "\n\n")
	focus := t.menu.addTo(&b)
	return b.String(), focus
}

// whatIsLeft says that nothing has to be done twice.
func (t *troubleScreen) whatIsLeft() string {
	switch {
	case isSame(t.setup.Trouble):
		return ""
	case t.setup.Task != Adding:
		return "Nothing was changed: what was saved before is still in force."
	case t.setup.Report.Good():
		return "The connection itself is proven, and the token you typed is still here."
	}
	return "The token you typed is still here."
}
