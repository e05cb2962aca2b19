package widget

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
)

// Menu is a list of choices, each of which means something: a huh Select whose Enter belongs
// to the screen, so that nothing queued behind the key lands in what comes next.
type Menu[T comparable] struct {
	field   *huh.Select[T]
	options []huh.Option[T]
	look    *Theme
	keys    KeyMap
}

// Option pairs words with what they mean.
func Option[T comparable](words string, value T) huh.Option[T] { return huh.NewOption(words, value) }

// NewMenu makes a menu with the pointer on the first of the options.
func NewMenu[T comparable](l *Theme, options ...huh.Option[T]) *Menu[T] {
	km := huh.NewDefaultKeyMap()
	km.Select.Filter.SetEnabled(false)
	m := &Menu[T]{field: huh.NewSelect[T]().Options(options...), options: options, look: l, keys: NewKeys()}
	if len(options) > 0 {
		m.point(0) // huh begins at the option with T's zero value
	}
	m.field.WithTheme(l.theme())
	m.field.WithKeyMap(km)
	m.field.Focus()
	return m
}

// SelectValue puts the pointer on a choice; it stays where it is if none means v.
func (m *Menu[T]) SelectValue(v T) { m.field.Value(&v) }

// Update moves the pointer; picked is true on Enter.
func (m *Menu[T]) Update(msg tea.Msg) (value T, picked bool) {
	press, ok := msg.(tea.KeyPressMsg)
	switch {
	case !ok:
	case key.Matches(press, m.keys.Enter):
		picked = true
	case key.Matches(press, m.keys.Up), key.Matches(press, m.keys.Down):
		m.field.Update(msg)
	}
	return m.Hovered(), picked
}

// Hovered is the choice at the pointer, T's zero value where there is none.
func (m *Menu[T]) Hovered() T {
	value, _ := m.field.Hovered()
	return value
}

// view draws the choices, and says on which line the pointer is.
func (m *Menu[T]) view() (text string, focus int) {
	m.field.WithWidth(m.look.Width)
	lines := strings.Split(strings.TrimRight(m.field.View(), "\n "), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n"), m.line()
}

// AddTo writes the choices behind what is there, and returns the pointer's line in all of it.
func (m *Menu[T]) AddTo(b *strings.Builder) (focus int) {
	text, at := m.view()
	at += strings.Count(b.String(), "\n")
	b.WriteString(text)
	return at
}

// Count is how many choices there are.
func (m *Menu[T]) Count() int { return len(m.options) }

// point puts the pointer on a choice by its place, from 0.
func (m *Menu[T]) point(i int) { m.SelectValue(m.options[i].Value) }

// line is how far down the pointer stands.
func (m *Menu[T]) line() int {
	line, at := 0, m.Hovered()
	for _, o := range m.options {
		if o.Value == at {
			break
		}
		line += lipgloss.Height(Wrap(o.Key, m.look.Width-2))
	}
	return line
}

// IndexOption is a choice out of a list.
type IndexOption = huh.Option[int]
