package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Finding in the list: what is typed narrows it at once.

// lay sorts what there is, and chooses what is shown.
func (l *listScreen) lay() {
	entries := l.session.entries
	l.order = byAttention(entries, connector.DateOf(l.world.Now()))
	l.texts = make([]string, len(entries))
	for i := range entries {
		e := &entries[i]
		l.texts[i] = strings.ToLower(strings.Join([]string{e.Name, string(e.Product), e.Site.Host(), e.Account, e.Email}, " "))
	}
	l.narrow()
	l.rows()
}

// narrow chooses what is shown by what is looked for.
func (l *listScreen) narrow() {
	l.shown, l.places = l.shown[:0], l.places[:0]
	sought := strings.ToLower(l.filter)
	for _, i := range l.order {
		if strings.Contains(l.texts[i], sought) {
			l.shown, l.places = append(l.shown, l.session.entries[i]), append(l.places, i)
		}
	}
	l.fit()
}

// find takes letters for the filter.
func (l *listScreen) find(msg tea.KeyPressMsg) (event, tea.Cmd) {
	switch {
	case key.Matches(msg, l.keys.enter):
		l.finding = false
	case msg.Code == tea.KeyBackspace:
		if r := []rune(l.filter); len(r) > 0 {
			l.filter = string(r[:len(r)-1])
		}
	case msg.Text != "":
		l.lookFor(msg.Text)
		return still, nil
	default:
		l.step(msg)
		return still, nil
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
