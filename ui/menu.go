package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
)

// menu is a list of choices, each of which means something: a huh Select whose Enter belongs
// to the screen, so that nothing queued behind the key lands in what comes next.
type menu[T comparable] struct {
	field   *huh.Select[T]
	options []huh.Option[T]
	look    *look
	keys    keyMap
}

// option pairs words with what they mean.
func option[T comparable](words string, value T) huh.Option[T] { return huh.NewOption(words, value) }

// newMenu makes a menu with the pointer on the first of the options.
func newMenu[T comparable](l *look, options ...huh.Option[T]) *menu[T] {
	km := huh.NewDefaultKeyMap()
	km.Select.Filter.SetEnabled(false)
	m := &menu[T]{field: huh.NewSelect[T]().Options(options...), options: options, look: l, keys: newKeys()}
	if len(options) > 0 {
		m.point(0) // huh begins at the option with T's zero value
	}
	m.field.WithTheme(l.theme())
	m.field.WithKeyMap(km)
	m.field.Focus()
	return m
}

// selectValue puts the pointer on a choice; it stays where it is if none means v.
func (m *menu[T]) selectValue(v T) { m.field.Value(&v) }

// update moves the pointer; picked is true on Enter.
func (m *menu[T]) update(msg tea.Msg) (value T, picked bool) {
	press, ok := msg.(tea.KeyPressMsg)
	switch {
	case !ok:
	case key.Matches(press, m.keys.enter):
		picked = true
	case key.Matches(press, m.keys.up), key.Matches(press, m.keys.down):
		m.field.Update(msg)
	}
	return m.hovered(), picked
}

// hovered is the choice at the pointer, T's zero value where there is none.
func (m *menu[T]) hovered() T {
	value, _ := m.field.Hovered()
	return value
}

// view draws the choices, and says on which line the pointer is.
func (m *menu[T]) view() (text string, focus int) {
	m.field.WithWidth(m.look.width)
	lines := strings.Split(strings.TrimRight(m.field.View(), "\n "), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n"), m.line()
}

// addTo writes the choices behind what is there, and returns the pointer's line in all of it.
func (m *menu[T]) addTo(b *strings.Builder) (focus int) {
	text, at := m.view()
	at += strings.Count(b.String(), "\n")
	b.WriteString(text)
	return at
}

// count is how many choices there are.
func (m *menu[T]) count() int { return len(m.options) }

// point puts the pointer on a choice by its place, from 0.
func (m *menu[T]) point(i int) { m.selectValue(m.options[i].Value) }

// line is how far down the pointer stands.
func (m *menu[T]) line() int {
	line, at := 0, m.hovered()
	for _, o := range m.options {
		if o.Value == at {
			break
		}
		line += lipgloss.Height(wrap(o.Key, m.look.width-2))
	}
	return line
}

// huhIndex is a choice out of a list.
type huhIndex = huh.Option[int]
