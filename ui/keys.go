package ui

import "charm.land/bubbles/v2/key"

// The keys. Each is made where it is used from these; a binding that does not work now
// is left out of Keys rather than shown in vain.

func bind(help, what string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
}

// keyMap holds every binding the wizard knows.
type keyMap struct {
	enter, esc, quit, help  key.Binding
	up, down, next, prev    key.Binding
	tab, shiftTab, clear    key.Binding
	skip, open, copy, leave key.Binding
	role, retry, cancel     key.Binding
	safe, practice, report  key.Binding
	pageUp, pageDown        key.Binding
	interrupt, suspend      key.Binding
	paste                   key.Binding
	site, email, token      key.Binding
	show, draft             key.Binding
}

// ctrl+j is a line feed, as some terminals paste it: it means Enter.
func newKeys() keyMap {
	return keyMap{
		enter:     bind("enter", "choose", "enter", "ctrl+j"),
		esc:       bind("esc", "back", "esc"),
		quit:      bind("q", "quit", "q"),
		help:      bind("?", "help", "?"),
		up:        bind("↑", "up", "up", "k"),
		down:      bind("↓", "down", "down", "j"),
		next:      bind("→", "next", "right", "enter", "space", "l", "n"),
		prev:      bind("←", "back", "left", "h", "p", "backspace"),
		tab:       bind("tab", "next field", "tab", "down"),
		shiftTab:  bind("shift+tab", "field before", "shift+tab", "up"),
		clear:     bind("ctrl+u", "clear the line", "ctrl+u"),
		skip:      bind("s", "I have a token", "s"),
		open:      bind("o", "open page", "o"),
		copy:      bind("c", "copy link", "c"),
		leave:     bind("esc", "leave", "esc"),
		role:      bind("c", "change role", "c"),
		retry:     bind("r", "check again", "r"),
		cancel:    bind("esc", "cancel", "esc"),
		safe:      bind("ctrl+o", "keep elsewhere", "ctrl+o"),
		practice:  bind("ctrl+t", "type the practice value", "ctrl+t"),
		report:    bind("c", "copy the report", "c"),
		pageUp:    bind("pgup", "scroll up", "pgup"),
		pageDown:  bind("pgdn", "scroll down", "pgdown"),
		interrupt: bind("ctrl+c", "leave at once", "ctrl+c"),
		suspend:   bind("ctrl+z", "back to the shell, until fg", "ctrl+z"),
		paste:     bind("ctrl+v", "paste", "ctrl+v"),
		site:      bind("u", "copy URL", "u"),
		email:     bind("e", "copy email", "e"),
		token:     bind("t", "copy token", "t"),
		draft:     bind("m", "draft a message to an admin", "m"),
		show:      bind("v", "show token", "v"),
	}
}

// named is the same binding under another word for this screen.
func named(b key.Binding, what string) key.Binding {
	h := b.Help()
	return key.NewBinding(key.WithKeys(b.Keys()...), key.WithHelp(h.Key, what))
}
