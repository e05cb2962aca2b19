package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Finding in the list: what is typed narrows it at once.

// lay sorts what there is, and chooses what is shown.
func (l *listScreen) lay() {
	l.sorted = byAttention(l.session.entries, connector.DateOf(l.world.Now()))
	l.draw()
}

// narrow chooses what is shown by what is looked for.
func (l *listScreen) narrow() {
	l.shown = nil
	var rows []table.Row
	sought := strings.ToLower(l.filter)
	for i, e := range l.sorted {
		text := strings.Join([]string{e.Name, string(e.Product), e.Site.Host(), e.Account, e.Email}, " ")
		if strings.Contains(strings.ToLower(text), sought) {
			l.shown, rows = append(l.shown, e), append(rows, l.rows[i])
		}
	}
	l.show(rows)
}

// find takes letters for the filter.
func (l *listScreen) find(msg tea.KeyPressMsg) (event, tea.Cmd) {
	switch {
	case key.Matches(msg, l.keys.enter):
		l.finding = false
	case key.Matches(msg, l.keys.clear):
		l.filter = ""
	case msg.Code == tea.KeyBackspace:
		if r := []rune(l.filter); len(r) > 0 {
			l.filter = string(r[:len(r)-1])
		}
	case msg.Text != "":
		l.lookFor(msg.Text)
		return still, nil
	default:
		var cmd tea.Cmd
		l.table, cmd = l.table.Update(msg)
		return still, cmd
	}
	l.narrow()
	return still, nil
}

// longestSearch is more than any name has.
const longestSearch = 60

// trailingBlank keeps a blank that was just typed: the next word follows.
func trailingBlank(text string) string {
	if text == " " {
		return text
	}
	return ""
}

// lookFor adds to what is looked for. A token that was pasted by mistake is dropped: this
// line is shown.
func (l *listScreen) lookFor(text string) {
	l.filter = atlassian.Clean(l.filter+text, longestSearch) + trailingBlank(text)
	if atlassian.LooksSecret(l.filter) {
		l.filter = ""
		l.session.notice = "That looked like a token, so it was dropped: it belongs in the token's line only."
	}
	l.narrow()
}
