package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// What can be typed in plain mode besides an answer: the screen's own keys, as letters or,
// where letters would be text, as words behind a colon.

// command is something besides the choices that can be done here.
type command struct {
	word, what string
	press      tea.KeyPressMsg
}

// offer says what else can be done, once a screen and whenever it changes.
func (t *talk) offer(commands []command) {
	var words []string
	for _, c := range commands {
		words = append(words, c.word+" "+c.what)
	}
	line := "Also: " + strings.Join(words, ", ") + "."
	if t.asked != line {
		t.asked = line
		t.person.Say(line)
	}
}

func find(commands []command, text string) *command {
	i := slices.IndexFunc(commands, func(c command) bool { return c.word == text })
	if i < 0 {
		return nil
	}
	return &commands[i]
}

// enterOf is what Enter does here, "" where it does nothing by itself.
func enterOf(app *App) string {
	for _, k := range app.screen.Keys() {
		if slices.Contains(k.Keys(), "enter") {
			return k.Help().Desc
		}
	}
	return ""
}

// commandsOf are the screen's own keys, as they are typed in a line.
func commandsOf(app *App, typing bool) []command {
	var found []command
	add := func(c command) {
		if c.word != "" && find(found, c.word) == nil {
			found = append(found, c)
		}
	}
	keys := slices.Clone(app.screen.Keys())
	if s, ok := app.screen.(interface{ More() []key.Binding }); ok {
		keys = append(keys, s.More()...)
	}
	for _, k := range keys {
		add(commandFor(k, typing))
	}
	if typing {
		add(command{":back", "back", tea.KeyPressMsg{Code: tea.KeyEscape}})
		return append(found, command{":help", "help", tea.KeyPressMsg{}})
	}
	return append(found, command{"?", "help", tea.KeyPressMsg{}})
}

// commandFor is a binding as a letter, or as a word behind a colon where letters are text.
func commandFor(k key.Binding, typing bool) command {
	words := map[string]command{
		"esc":       {"back", k.Help().Desc, tea.KeyPressMsg{Code: tea.KeyEscape}},
		"ctrl+o":    {"safe", k.Help().Desc, tea.KeyPressMsg{Code: 'o', Mod: tea.ModCtrl}},
		"ctrl+t":    {"practise", k.Help().Desc, tea.KeyPressMsg{Code: 't', Mod: tea.ModCtrl}},
		"ctrl+u":    {"clear", k.Help().Desc, tea.KeyPressMsg{}},
		"shift+tab": {"previous", k.Help().Desc, tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}},
	}
	for _, name := range k.Keys() {
		c, known := words[name]
		switch {
		case known && name == "esc" && !typing:
			c.word = "b"
			return c
		case known:
			c.word = ":" + c.word
			return c
		}
	}
	if typing || slices.Contains(k.Keys(), "enter") {
		return command{}
	}
	for _, name := range slices.Backward(k.Keys()) {
		if r := []rune(name); len(r) == 1 {
			return command{name, k.Help().Desc, tea.KeyPressMsg{Code: r[0], Text: name}}
		}
	}
	return command{}
}
