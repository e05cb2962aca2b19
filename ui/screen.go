package ui

import (
	"sync/atomic"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
	"saasconnect/ui/widget"
)

// Screen is one place, drawn and driven. Screens are made when they are entered and
// dropped when they are left; what has to outlive them is in the Setup.
type Screen interface {
	// Init begins what the screen needs from outside; it may be nil.
	Init() tea.Cmd
	// Update takes a message. A named event ends the screen.
	Update(msg tea.Msg) (Event, tea.Cmd)
	// View is the content, laid out for the theme's width. Line focus must stay in sight;
	// it is -1 where there is none.
	View() (content string, focus int)
	// Title is what is being done, and where in it the person is.
	Title() (what, where string)
	// Keys are the keys that work here now, the most useful first. The footer shows them.
	Keys() []key.Binding
	// More are keys that only the help lists.
	More() []key.Binding
	// Help says in a few sentences what the screen is for; "" for nothing.
	Help() string
	// Escape is what Esc does: back, unless something that was begun here ends first.
	Escape() Event
	// Typing: letters belong to a field.
	Typing() bool
	// Busy: work is under way that q must not abandon.
	Busy() bool
	// Reading: there is a line to keep in sight, but nothing that arrows choose.
	Reading() bool
	// Wide: the screen takes the whole width of the window.
	Wide() bool
	// Page is which of its pages is shown, from 0: each is read from its top.
	Page() int
	// Leave ends what Init and Update began.
	Leave()
}

// Screens make each place's screen. List is Home's once there are connectors.
type Screens map[ScreenID]func(on Base) Screen

// Base is what every screen stands on.
type Base struct {
	Deps    *Deps
	Theme   *widget.Theme
	Setup   *Setup
	Session *Session
	Request RequestID
	Closed  Closed // the overlay that was left for this screen, if one was
}

// Session is what one run of the program knows beyond a single Setup. It is filled by
// answers of the store, after the first frame.
type Session struct {
	Entries      []connector.Entry
	Settings     connector.Settings
	Loaded       bool
	given        connector.Role // by a flag or the environment, or in this run; goes before the remembered one
	LoadErr      error
	Notice       string              // one line to show once on the home screen
	LastSaved    connector.Connector // the last one this run saved
	List         ListState           // how the list was left, to come back to
	multiplexer  multiplexer         // what stands before the terminal
	FileUnlocked bool                // the encrypted file was found or made ready in this run
	Recheck      []string            // the connectors to be checked once it is unlocked
	Copies       atomic.Int64        // of a token, to the clipboard
}

// ListState is how the list was left.
type ListState struct {
	Id, Words     string // the connector that was chosen, and what was looked for
	Next          string // the id of the nearest one that stays where Id, or what is selected, is removed
	Filter, Order int    // the list's own numbers
	Selected      map[string]bool
	Action        connector.Action // what a role was asked for
	Outcome       string           // of what was done with the selection
}

// RequestID tells which screen asked: an answer with another ticket is stale.
type RequestID int

// What most screens have in common: nothing to begin or to end, no field, and Esc leads back.

func (Base) Init() tea.Cmd       { return nil }
func (Base) Leave()              {}
func (Base) Keys() []key.Binding { return nil }
func (Base) More() []key.Binding { return nil }
func (Base) Help() string        { return "" }
func (Base) Escape() Event       { return Back }
func (Base) Typing() bool        { return false }
func (Base) Busy() bool          { return false }
func (Base) Reading() bool       { return false }
func (Base) Wide() bool          { return false }
func (Base) Page() int           { return 0 }

// SavedAny reports whether this run saved a connector.
func (s *Session) SavedAny() bool { return s.LastSaved.ID != "" }

// IntentMsg goes on with what was chosen before the role was asked for.
type IntentMsg struct {
	Request RequestID
	Remedy  connector.Remedy
}

// EventOption is a choice that ends its screen.
type EventOption = huh.Option[Event]
