package ui

import (
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
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
	// Leave ends what Init and Update began.
	Leave()
}

// Setup is what one run of the wizard carries from screen to screen, and drops at its end.
type Setup struct {
	Product connector.Product
	// What was typed, as it was typed.
	Site, Email string
	Account     string
	Name        string
	Expires     connector.Date

	Token   atlassian.Token
	Receipt atlassian.Receipt
	// Pasted is when the token was put in: it can't outlive that day by more than a year.
	Pasted time.Time

	Focus  connector.Field // the field the form opens in
	Step   int             // the step the walkthrough opens at, from 0
	Walked bool            // the walkthrough was gone through: the token is of today

	Keep       connector.SafeKind // where to keep it; "" until decided
	KeepChosen bool               // by the person, or tried and found good
	Safes      []connector.SafeStatus
	SafeAsked  bool                // the safe screen has opened by itself once
	Unlocking  connector.SafeState // what the unlock screen is about: locked, or new

	Report  connector.Report
	Tries   int // checks that ended in a diagnosis
	Saved   connector.Connector
	IsSaved bool
	// KeepFailing: the person asked to keep a connector that does not work yet.
	KeepFailing bool
	Trouble     error
	// Recheck: the detail screen begins with a check.
	Recheck bool
	// Resume: what was interrupted by a locked safe was the saving.
	Resume bool

	// Before is the Setup as it was when the other product was begun: back in the success
	// screen without having come to an end, it is what holds.
	Before *Setup

	Proven []connector.Product // with this token, in this run

	Text, TextTitle string // for the message screen
}

// stage is what every screen stands on.
type stage struct {
	world   *World
	look    *look
	setup   *Setup
	session *session
	ticket  ticket
}

// session is what one run of the program knows beyond a single Setup. It is filled by
// answers of the store, after the first frame.
type session struct {
	entries  []connector.Entry
	settings connector.Settings
	loaded   bool
	given    connector.Role // by a flag or the environment; goes before the remembered one
	loadErr  error
	notice   string              // one line to show once on the home screen
	saved    connector.Connector // the last one this run saved
}

// ticket tells which screen asked: an answer with another ticket is stale.
type ticket int

// Leave is for screens with nothing to end.
func (stage) Leave() {}

// Init is for screens with nothing to begin.
func (stage) Init() tea.Cmd { return nil }

// savedAny reports whether this run saved a connector.
func (s *session) savedAny() bool { return s.saved.ID != "" }
