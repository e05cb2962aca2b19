package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// messageScreen shows a text that is ready to be sent to whoever can help.
type messageScreen struct {
	stage
	keys keyMap
	note said
}

func newMessage(on stage) screen { return &messageScreen{stage: on, keys: newKeys()} }

func (m *messageScreen) Title() (string, string) { return m.setup.TextTitle, "" }

func (m *messageScreen) Help() string {
	return "Send this text by mail or chat. It holds no token. Where the terminal allows it, c puts it on the clipboard."
}

func (m *messageScreen) Keys() []key.Binding {
	return []key.Binding{named(m.keys.copy, "copy"), named(m.keys.enter, "done"), m.keys.esc}
}

func (m *messageScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	if answer, ok := msg.(copiedMsg); ok && answer.ticket == m.ticket {
		m.note = m.copied(answer, selectIt)
	}
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return still, nil
	}
	switch {
	case key.Matches(press, m.keys.copy):
		return still, m.copy("the text", m.setup.Text)
	case key.Matches(press, m.keys.enter):
		return done, nil
	}
	return still, nil
}

func (m *messageScreen) View() (string, int) {
	var b strings.Builder
	bar := m.look.faint.Render("│")
	if m.look.ascii {
		bar = m.look.faint.Render("|")
	}
	for _, line := range strings.Split(wrap(m.setup.Text, m.look.width-2), "\n") {
		b.WriteString(bar + " " + line + "\n")
	}
	b.WriteString("\n" + m.note.view(m.look))
	return b.String(), -1
}
