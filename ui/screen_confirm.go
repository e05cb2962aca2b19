package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
)

// confirmScreen asks one thing that only a person can decide: what it is about, why it is
// asked, and ways on.
type confirmScreen struct {
	stage
	keys      keyMap
	asks      confirmation
	menu      *menu[int] // index into the ways
	field     *inputs    // nil until the way is chosen that needs a line
	named     way
	complaint string
	working   pending
}

// confirmation is what a confirmScreen asks.
type confirmation struct {
	title string
	at    int    // how far the task has come, for whereabouts; -1 for none
	help  string // "" for none
	mark  severity
	what  string   // first, in bold
	why   []string // a paragraph each
	link  string   // below them; "" for none
	ways  []way
	// done takes the answer that a way waits for; doing says what is waited for.
	doing string
	done  func(c *confirmScreen, msg tea.Msg) event
	// esc is where Esc leads; back where it is not said.
	esc event
}

// severity is the mark before what is asked.
type severity int

const (
	plain severity = iota
	doubtful
	wrong
)

// way is a choice, and what it does.
type way struct {
	words string
	do    func(c *confirmScreen) (event, tea.Cmd)
	// line is what has to be typed for it first; take takes that, or says what is wrong with it.
	line *inputSpec
	take func(typed string) (complaint string)
}

// leads is a way to an event.
func leads(words string, to event) way {
	return way{words: words, do: func(*confirmScreen) (event, tea.Cmd) { return to, nil }}
}

func newConfirm(on stage, asks confirmation) *confirmScreen {
	c := &confirmScreen{stage: on, keys: newKeys(), asks: asks}
	options := make([]huh.Option[int], len(asks.ways))
	for i, w := range asks.ways {
		options[i] = option(w.words, i)
	}
	c.menu = newMenu(on.look, options...)
	return c
}

func (c *confirmScreen) Title() (string, string) {
	if c.asks.at < 0 {
		return c.asks.title, ""
	}
	return c.asks.title, whereabouts(c.look, c.asks.at)
}

func (c *confirmScreen) Help() string { return c.asks.help }

func (c *confirmScreen) Typing() bool { return c.field != nil }

// Busy: something is being written.
func (c *confirmScreen) Busy() bool { return c.working.waits() }

func (c *confirmScreen) Leave() { c.working.end() }

func (c *confirmScreen) Keys() []key.Binding {
	switch {
	case c.working.waits():
		return c.working.keys(c.keys)
	case c.field != nil:
		return []key.Binding{named(c.keys.enter, "save"), c.keys.esc}
	}
	return []key.Binding{c.keys.enter, c.keys.esc}
}

func (c *confirmScreen) Escape() event {
	switch {
	case c.working.waits():
		c.working.giveUp()
		return still
	case c.field != nil:
		c.field = nil
		return still
	case c.asks.esc != still:
		return c.asks.esc
	}
	return back
}

func (c *confirmScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	if _, pressed := msg.(tea.KeyPressMsg); !pressed && c.asks.done != nil {
		if ev := c.asks.done(c, msg); ev != still {
			return ev, nil
		}
	}
	switch {
	case c.working.waits():
		return still, nil
	case c.field != nil:
		return c.typed(msg)
	}
	i, picked := c.menu.update(msg)
	if !picked || i >= len(c.asks.ways) {
		return still, nil
	}
	c.complaint = ""
	if w := c.asks.ways[i]; w.line == nil {
		return w.do(c)
	}
	c.named = c.asks.ways[i]
	c.field = newInputs(c.look, *c.named.line)
	c.field.changed = func(int) { c.complaint = "" }
	return still, c.field.init()
}

// typed takes a line.
func (c *confirmScreen) typed(msg tea.Msg) (event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, c.keys.enter) {
		if c.complaint = c.named.take(strings.TrimSpace(c.field.value(0))); c.complaint != "" {
			return still, nil
		}
		return c.named.do(c)
	}
	if changesText(msg) {
		c.complaint = ""
	}
	return still, c.field.update(msg)
}

func (c *confirmScreen) View() (string, int) {
	var b strings.Builder
	w := c.look.width
	if what := c.look.bold.Render(c.asks.what); c.asks.what != "" {
		switch c.asks.mark {
		case doubtful:
			what = hang(c.look.warn.Render(c.look.mark.warn), what, w)
		case wrong:
			what = hang(c.look.bad.Render(c.look.mark.bad), what, w)
		case plain:
			what = c.look.bold.Render(wrap(c.asks.what, w))
		}
		b.WriteString(what + "\n")
		if c.asks.mark != plain {
			b.WriteString("\n")
		}
	}
	for _, words := range c.asks.why {
		b.WriteString(wrap(words, w) + "\n")
	}
	if c.asks.link != "" {
		b.WriteString(ansiLink(c.look, c.asks.link) + "\n")
	}
	b.WriteString("\n")
	if c.field != nil {
		focus := strings.Count(b.String(), "\n")
		b.WriteString(c.field.view(0) + "\n")
		if c.complaint != "" {
			b.WriteString("\n" + hang(c.look.bad.Render(c.look.mark.bad), c.complaint, w))
		}
		return b.String(), focus
	}
	if c.complaint != "" {
		b.WriteString(hang(c.look.bad.Render(c.look.mark.bad), c.complaint, w) + "\n\n")
	}
	focus := c.menu.addTo(&b)
	if c.working.waits() {
		b.WriteString("\n\n" + c.working.words(c.look, c.asks.doing))
	}
	return b.String(), focus
}
