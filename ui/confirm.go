package ui

import (
	"saasconnect/ui/widget"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
)

// ConfirmScreen asks one thing that only a person can decide: what it is about, why it is
// asked, and ways on.
type ConfirmScreen struct {
	Base
	keys      widget.KeyMap
	asks      Confirmation
	Menu      *widget.Menu[int] // index into the ways
	field     *widget.Inputs    // nil until the way is chosen that needs a line
	named     Choice
	Complaint string
	Working   Pending
}

// Confirmation is what a confirmScreen asks.
type Confirmation struct {
	Title string
	At    int    // how far the task has come, for whereabouts; -1 for none
	Help  string // "" for none
	Mark  ConfirmMark
	What  string   // first, in bold
	Why   []string // a paragraph each
	Link  string   // below them; "" for none
	Ways  []Choice
	// done takes the answer that a way waits for; doing says what is waited for.
	Doing string
	Done  func(c *ConfirmScreen, msg tea.Msg) Event
	// Esc is where Esc leads; back where it is not said.
	Esc Event
}

// ConfirmMark is the mark before what is asked.
type ConfirmMark int

const (
	MarkNone ConfirmMark = iota
	MarkWarning
	MarkFailing
)

// Choice is a choice, and what it does.
type Choice struct {
	Words string
	Do    func(c *ConfirmScreen) (Event, tea.Cmd)
	// Line is what has to be typed for it first; take takes that, or says what is wrong with it.
	Line *widget.InputField
	Take func(typed string) (complaint string)
}

// ChoiceTo is a way to an event.
func ChoiceTo(words string, to Event) Choice {
	return Choice{Words: words, Do: func(*ConfirmScreen) (Event, tea.Cmd) { return to, nil }}
}

func NewConfirm(on Base, asks Confirmation) *ConfirmScreen {
	c := &ConfirmScreen{Base: on, keys: widget.NewKeys(), asks: asks}
	options := make([]huh.Option[int], len(asks.Ways))
	for i, w := range asks.Ways {
		options[i] = widget.Option(w.Words, i)
	}
	c.Menu = widget.NewMenu(on.Theme, options...)
	return c
}

func (c *ConfirmScreen) Title() (string, string) {
	if c.asks.At < 0 {
		return c.asks.Title, ""
	}
	return c.asks.Title, StepsLine(c.Theme, c.asks.At)
}

func (c *ConfirmScreen) Help() string { return c.asks.Help }

func (c *ConfirmScreen) Typing() bool { return c.field != nil }

// Busy: something is being written.
func (c *ConfirmScreen) Busy() bool { return c.Working.Waits() }

func (c *ConfirmScreen) Leave() { c.Working.End() }

func (c *ConfirmScreen) Keys() []key.Binding {
	switch {
	case c.Working.Waits():
		return c.Working.Keys(c.keys)
	case c.field != nil:
		return []key.Binding{widget.Named(c.keys.Enter, "save"), c.keys.Esc}
	}
	return []key.Binding{c.keys.Enter, c.keys.Esc}
}

func (c *ConfirmScreen) Escape() Event {
	switch {
	case c.Working.Waits():
		c.Working.GiveUp()
		return None
	case c.field != nil:
		c.field = nil
		return None
	case c.asks.Esc != None:
		return c.asks.Esc
	}
	return Back
}

func (c *ConfirmScreen) Update(msg tea.Msg) (Event, tea.Cmd) {
	if _, pressed := msg.(tea.KeyPressMsg); !pressed && c.asks.Done != nil {
		if ev := c.asks.Done(c, msg); ev != None {
			return ev, nil
		}
	}
	switch {
	case c.Working.Waits():
		return None, nil
	case c.field != nil:
		return c.typed(msg)
	}
	i, picked := c.Menu.Update(msg)
	if !picked || i >= len(c.asks.Ways) {
		return None, nil
	}
	c.Complaint = ""
	if w := c.asks.Ways[i]; w.Line == nil {
		return w.Do(c)
	}
	c.named = c.asks.Ways[i]
	c.field = widget.NewInputs(c.Theme, *c.named.Line)
	c.field.Changed = func(int) { c.Complaint = "" }
	return None, c.field.Init()
}

// typed takes a line.
func (c *ConfirmScreen) typed(msg tea.Msg) (Event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, c.keys.Enter) {
		if c.Complaint = c.named.Take(strings.TrimSpace(c.field.Value(0))); c.Complaint != "" {
			return None, nil
		}
		return c.named.Do(c)
	}
	if widget.ChangesText(msg) {
		c.Complaint = ""
	}
	return None, c.field.Update(msg)
}

func (c *ConfirmScreen) View() (string, int) {
	var b strings.Builder
	w := c.Theme.Width
	if what := c.Theme.Bold.Render(c.asks.What); c.asks.What != "" {
		switch c.asks.Mark {
		case MarkWarning:
			what = widget.WithMark(c.Theme.Warn.Render(c.Theme.Marks.Warn), what, w)
		case MarkFailing:
			what = widget.WithMark(c.Theme.Bad.Render(c.Theme.Marks.Bad), what, w)
		case MarkNone:
			what = c.Theme.Bold.Render(widget.Wrap(c.asks.What, w))
		}
		b.WriteString(what + "\n")
		if c.asks.Mark != MarkNone {
			b.WriteString("\n")
		}
	}
	for _, words := range c.asks.Why {
		b.WriteString(widget.Wrap(words, w) + "\n")
	}
	if c.asks.Link != "" {
		b.WriteString(widget.LinkLines(c.Theme, c.asks.Link) + "\n")
	}
	b.WriteString("\n")
	if c.field != nil {
		focus := strings.Count(b.String(), "\n")
		b.WriteString(c.field.View(0) + "\n")
		if c.Complaint != "" {
			b.WriteString("\n" + widget.WithMark(c.Theme.Bad.Render(c.Theme.Marks.Bad), c.Complaint, w))
		}
		return b.String(), focus
	}
	if c.Complaint != "" {
		b.WriteString(widget.WithMark(c.Theme.Bad.Render(c.Theme.Marks.Bad), c.Complaint, w) + "\n\n")
	}
	focus := c.Menu.AddTo(&b)
	if c.Working.Waits() {
		b.WriteString("\n\n" + c.Working.Words(c.Theme, c.asks.Doing))
	}
	return b.String(), focus
}
