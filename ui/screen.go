package ui

import (
	"sync/atomic"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
)

// screen is one place, drawn and driven. Screens are made when they are entered and
// dropped when they are left; what has to outlive them is in the Setup.
type screen interface {
	// Init begins what the screen needs from outside; it may be nil.
	Init() tea.Cmd
	// Update takes a message. A named event ends the screen.
	Update(msg tea.Msg) (event, tea.Cmd)
	// View is the content, laid out for the look's width. Line focus must stay in sight;
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
	Escape() event
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
type Screens map[Place]func(on stage) screen

// stage is what every screen stands on.
type stage struct {
	world   *World
	look    *look
	setup   *Setup
	session *session
	ticket  ticket
	left    popped // the overlay that was left for this screen, if one was
}

// session is what one run of the program knows beyond a single Setup. It is filled by
// answers of the store, after the first frame.
type session struct {
	entries  []connector.Entry
	settings connector.Settings
	loaded   bool
	given    connector.Role // by a flag or the environment, or in this run; goes before the remembered one
	loadErr  error
	notice   string              // one line to show once on the home screen
	saved    connector.Connector // the last one this run saved
	listed   listState           // how the list was left, to come back to
	within   multiplexer         // what stands before the terminal
	opened   bool                // the encrypted file was found or made ready in this run
	resume   []string            // the connectors to be checked once it is unlocked
	copies   atomic.Int64        // of a token, to the clipboard
}

// listState is how the list was left.
type listState struct {
	id, words     string // the connector that was chosen, and what was looked for
	filter, order int    // the list's own numbers
	selected      map[string]bool
	deed          connector.Action // what a role was asked for
	outcome       string           // of what was done with the selection
}

// ticket tells which screen asked: an answer with another ticket is stale.
type ticket int

// What most screens have in common: nothing to begin or to end, no field, and Esc leads back.

func (stage) Init() tea.Cmd       { return nil }
func (stage) Leave()              {}
func (stage) Keys() []key.Binding { return nil }
func (stage) More() []key.Binding { return nil }
func (stage) Help() string        { return "" }
func (stage) Escape() event       { return back }
func (stage) Typing() bool        { return false }
func (stage) Busy() bool          { return false }
func (stage) Reading() bool       { return false }
func (stage) Wide() bool          { return false }
func (stage) Page() int           { return 0 }

// savedAny reports whether this run saved a connector.
func (s *session) savedAny() bool { return s.saved.ID != "" }

// intentMsg goes on with what was chosen before the role was asked for.
type intentMsg struct {
	ticket ticket
	deed   connector.Remedy
}

// huhOption is a choice that ends its screen.
type huhOption = huh.Option[event]
