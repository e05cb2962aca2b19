package wizard

import (
	"saasconnect/ui"
	"saasconnect/ui/widget"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// messageScreen shows a text that is ready to be sent to someone who can help.
type messageScreen struct {
	ui.Base
	keys widget.KeyMap
	note ui.Note
}

func newMessage(on ui.Base) ui.Screen { return &messageScreen{Base: on, keys: widget.NewKeys()} }

func (m *messageScreen) Title() (string, string) { return m.Setup.TextTitle, "" }

func (m *messageScreen) Help() string {
	return "Send this text by email or chat. It holds no token. Press c to copy it, where the terminal allows that."
}

func (m *messageScreen) Keys() []key.Binding {
	return []key.Binding{widget.Named(m.keys.Copy, "copy"), widget.Named(m.keys.Enter, "done"), m.keys.Esc}
}

func (m *messageScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	if answer, ok := msg.(ui.CopiedMsg); ok && answer.Request == m.Request {
		m.note = m.CopiedNote(answer, ui.SelectIt)
	}
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return ui.None, nil
	}
	switch {
	case key.Matches(press, m.keys.Copy):
		return ui.None, m.Copy("the text", m.Setup.Text)
	case key.Matches(press, m.keys.Enter):
		return ui.Done, nil
	}
	return ui.None, nil
}

func (m *messageScreen) View() (string, int) {
	var b strings.Builder
	bar := m.Theme.Faint.Render("│")
	if m.Theme.Ascii {
		bar = m.Theme.Faint.Render("|")
	}
	for _, line := range strings.Split(widget.Wrap(m.Setup.Text, m.Theme.Width-2), "\n") {
		b.WriteString(bar + " " + line + "\n")
	}
	b.WriteString("\n" + m.note.View(m.Theme))
	return b.String(), -1
}
