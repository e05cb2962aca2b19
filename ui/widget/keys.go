package widget

import "charm.land/bubbles/v2/key"

// The keys. Each is made where it is used from these; a binding that does not work now
// is left out of Keys rather than shown in vain.

func Bind(help, what string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, what))
}

// KeyMap holds every binding the wizard knows.
type KeyMap struct {
	Enter, Esc, Quit, help    key.Binding
	Up, Down, Next, Prev      key.Binding
	Tab, ShiftTab, Clear      key.Binding
	Skip, Open, Copy, Leave   key.Binding
	Role, Retry, Cancel       key.Binding
	Storage, Practice, Report key.Binding
	PageUp, PageDown          key.Binding
	Interrupt, Suspend        key.Binding
	Paste                     key.Binding
	Site, Email, Token        key.Binding
	Show, Draft, HandOver     key.Binding
}

// ctrl+j is a line feed, as some terminals paste it: it means Enter.
func NewKeys() KeyMap {
	return KeyMap{
		Enter:     Bind("enter", "choose", "enter", "ctrl+j"),
		Esc:       Bind("esc", "back", "esc"),
		Quit:      Bind("q", "quit", "q"),
		help:      Bind("?", "help", "?"),
		Up:        Bind("↑", "up", "up", "k"),
		Down:      Bind("↓", "down", "down", "j"),
		Next:      Bind("→", "next", "right", "enter", "space", "l", "n"),
		Prev:      Bind("←", "back", "left", "h", "p", "backspace"),
		Tab:       Bind("tab", "next field", "tab", "down"),
		ShiftTab:  Bind("shift+tab", "previous field", "shift+tab", "up"),
		Clear:     Bind("ctrl+u", "clear the line", "ctrl+u"),
		Skip:      Bind("s", "I have a token", "s"),
		Open:      Bind("o", "open page", "o"),
		Copy:      Bind("c", "copy link", "c"),
		Leave:     Bind("esc", "leave", "esc"),
		Role:      Bind("c", "change role", "c"),
		Retry:     Bind("r", "check again", "r"),
		Cancel:    Bind("esc", "cancel", "esc"),
		Storage:   Bind("ctrl+o", "store elsewhere", "ctrl+o"),
		Practice:  Bind("ctrl+t", "type the practice value", "ctrl+t"),
		Report:    Bind("c", "copy the report", "c"),
		PageUp:    Bind("pgup", "scroll up", "pgup"),
		PageDown:  Bind("pgdn", "scroll down", "pgdown"),
		Interrupt: Bind("ctrl+c", "leave at once", "ctrl+c"),
		Suspend:   Bind("ctrl+z", "suspend (fg to resume)", "ctrl+z"),
		Paste:     Bind("ctrl+v", "paste", "ctrl+v"),
		Site:      Bind("u", "copy URL", "u"),
		Email:     Bind("e", "copy email", "e"),
		Token:     Bind("t", "copy token", "t"),
		Draft:     Bind("m", "draft a message to an admin", "m"),
		Show:      Bind("v", "show token", "v"),
		HandOver:  Bind("h", "enter it in SaaSAssure", "h"),
	}
}

// Named is the same binding under another word for this screen.
func Named(b key.Binding, what string) key.Binding {
	h := b.Help()
	return key.NewBinding(key.WithKeys(b.Keys()...), key.WithHelp(h.Key, what))
}
