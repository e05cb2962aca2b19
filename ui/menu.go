package ui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
)

// menu is a list of choices, each of which means something.
type menu[T comparable] struct {
	*picker
	means []T
}

// picker is the list itself: a huh Select whose Enter belongs to the screen, so that
// nothing queued behind the key lands in what comes next. It knows the choices by their
// place alone: huh's Select is compiled anew for every kind of value, 15 KB each time.
type picker struct {
	field *huh.Select[int]
	words []string
	at    int
	look  *look
	keys  keyMap
}

// option pairs words with what they mean.
func option[T comparable](words string, value T) huh.Option[T] { return huh.NewOption(words, value) }

func newMenu[T comparable](l *look, options ...huh.Option[T]) *menu[T] {
	m := &menu[T]{}
	words := make([]string, len(options))
	for i, o := range options {
		words[i] = o.Key
		m.means = append(m.means, o.Value)
	}
	m.picker = newPicker(l, words)
	return m
}

func newPicker(l *look, words []string) *picker {
	p := &picker{words: words, look: l, keys: newKeys()}
	options := make([]huh.Option[int], len(words))
	for i, w := range words {
		options[i] = huh.NewOption(w, i)
	}
	km := huh.NewDefaultKeyMap()
	km.Select.Filter.SetEnabled(false)
	p.field = huh.NewSelect[int]().Options(options...).Value(&p.at)
	p.field.WithTheme(l.theme())
	p.field.WithKeyMap(km)
	p.field.Focus()
	return p
}

// selectValue puts the pointer on a choice.
func (m *menu[T]) selectValue(v T) {
	for i, one := range m.means {
		if one == v {
			m.point(i)
			return
		}
	}
}

// update moves the pointer; picked is true on Enter.
func (m *menu[T]) update(msg tea.Msg) (value T, picked bool) {
	picked = m.take(msg)
	return m.hovered(), picked
}

func (p *picker) take(msg tea.Msg) (picked bool) {
	press, ok := msg.(tea.KeyPressMsg)
	switch {
	case !ok:
	case key.Matches(press, p.keys.enter):
		return true
	case key.Matches(press, p.keys.up), key.Matches(press, p.keys.down):
		p.field.Update(msg)
	}
	return false
}

func (m *menu[T]) hovered() (value T) {
	if at, ok := m.field.Hovered(); ok {
		value = m.means[at]
	}
	return value
}

// view draws the choices, and says on which line the pointer is.
func (p *picker) view() (text string, focus int) {
	if p.look.spoken {
		return p.spoken(), 0
	}
	p.field.WithWidth(p.look.width)
	lines := strings.Split(strings.TrimRight(p.field.View(), "\n "), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n"), p.line()
}

// addTo writes the choices behind what is there, and returns the pointer's line in all of it.
func (p *picker) addTo(b *strings.Builder) (focus int) {
	text, at := p.view()
	at += strings.Count(b.String(), "\n")
	b.WriteString(text)
	return at
}

// spoken are the choices with their numbers.
func (p *picker) spoken() string {
	lines := make([]string, len(p.words))
	for i, w := range p.words {
		lines[i] = fmt.Sprintf("%d. %s", i+1, w)
	}
	return strings.Join(lines, "\n")
}

// count is how many choices there are.
func (p *picker) count() int { return len(p.words) }

// point puts the pointer on a choice by its place, from 0.
func (p *picker) point(i int) {
	p.at = i
	p.field.Value(&p.at)
}

// line is how far down the pointer stands.
func (p *picker) line() int {
	line := 0
	at, _ := p.field.Hovered()
	for _, w := range p.words[:min(at, len(p.words))] {
		line += lipgloss.Height(wrap(w, p.look.width-2))
	}
	return line
}

// huhOption is a choice that ends its screen.
type huhOption = huh.Option[event]

// huhIndex is a choice out of a list.
type huhIndex = huh.Option[int]
