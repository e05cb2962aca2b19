package ui

import (
	"io"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/viewport"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/ui/widget"
)

// App is the only tea.Model. It knows the size, what an overlay lies over and the one
// screen that is open; everything else belongs to the screens.
type App struct {
	deps    Deps
	theme   *widget.Theme
	keys    widget.KeyMap
	table   map[ScreenID]screenRow
	screens Screens
	session *Session
	setup   *Setup

	at       ScreenID
	screen   Screen
	below    []ScreenID // where the overlays that are open lie over, the lowest first
	closed   Closed     // the overlay that was left for this place, if one was
	requests RequestID
	// arrived is when an answer, rather than a key, opened this screen, or one that no one
	// expected: keys that were already in flight then are not meant for it.
	arrived time.Time

	width, height int
	scroll        viewport.Model
	// touched: a key was pressed on this screen. Until then its top is shown, since what
	// is to be read first stands there.
	touched bool
	focus   int // the line of the content that must be in sight, -1 for none
	// paged: the person moved the window themselves, so it stays until they press a key
	// that means something else.
	paged       bool
	helping     bool
	over        bool
	interrupted bool    // by ctrl+c or a signal
	replies     replies // the outer App's alone: there is one terminal

	// inner is the nested wizard on the practice world, while it is open.
	inner *App
}

// grace is how long after an answer opened a screen keys are swallowed.
const grace = 250 * time.Millisecond

// Start is where a run of the wizard begins, and with what.
type Start struct {
	Place ScreenID // "" is Home
	Setup Setup
	// Role is the role that a flag or the environment gave; it goes before the remembered one.
	Role connector.Role
	// ASCII draws without any character outside ASCII, for terminals that have none.
	ASCII bool
}

// NewApp makes the wizard out of its screens. It does no I/O.
func NewApp(w Deps, start Start, screens Screens) *App {
	a := &App{
		deps: w, theme: widget.NewTheme(start.ASCII), keys: widget.NewKeys(), table: screenTable(), screens: screens, session: &Session{given: start.Role},
		setup: &start.Setup, scroll: viewport.New(),
	}
	a.scroll.FillHeight = true
	a.resize(80, 24)
	if start.Place == "" {
		start.Place = ScreenHome
	}
	a.open(start.Place)
	return a
}

// Init asks for what the first frame could do without.
func (a *App) Init() tea.Cmd { return tea.Batch(a.replies.ask(), a.begin()) }

// begin is Init for the nested wizard, too, which asks the terminal nothing.
func (a *App) begin() tea.Cmd {
	return tea.Batch(a.loadSession(), a.screen.Init(), tidy(a.deps.Service()))
}

// Over reports whether the wizard has ended.
func (a *App) Over() bool { return a.over }

// Update takes a message to whom it concerns.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.take(msg)
	if !a.over {
		a.layout()
	}
	return a, cmd
}

func (a *App) take(msg tea.Msg) tea.Cmd {
	if cmd, mine := a.replies.take(msg); mine {
		return cmd
	}
	if _, is := msg.(interruptMsg); is {
		a.interrupted = true
		return a.end()
	}
	if a.over {
		return nil // it only waits for the terminal
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.resize(msg.Width, msg.Height)
		return nil
	case tea.BackgroundColorMsg:
		a.theme.SetDark(msg.IsDark())
		a.tellInner(msg)
		return nil
	case tea.ColorProfileMsg:
		a.theme.FewColors = msg.String() == widget.SixteenColors
		a.theme.SetDark(a.theme.Dark)
		return nil
	case tea.EnvMsg:
		a.session.multiplexer = multiplexerOf(msg)
		return nil
	case practiceOpenedMsg:
		return a.openPractice(msg)
	case resumedMsg: // the terminal may be another one now, with another background
		return tea.Batch(a.replies.ask(), a.goOn())
	}
	if a.inner != nil {
		return a.innerTake(msg)
	}
	switch msg := msg.(type) {
	case SessionMsg:
		if msg.of != a.session {
			return nil // of the world that was in front when it was asked for
		}
		had := len(a.session.Entries) > 0
		a.session.take(msg)
		if a.at == ScreenHome && had != (len(a.session.Entries) > 0) {
			a.open(ScreenHome) // it became a list, or stopped being one
			return a.screen.Init()
		}
	case tea.KeyPressMsg:
		return a.press(msg)
	case ClipboardMsg:
		return a.takeClipboard(msg)
	case lateMsg:
		if a.session.Notice == unansweredWords() {
			a.session.Notice = ""
		}
		return a.loadSession()
	}
	return a.pass(msg, false)
}

// press takes a key: ctrl+c first, then what lies on top, then the screen.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(msg, a.keys.Interrupt):
		a.interrupted = true
		return a.end()
	case key.Matches(msg, a.keys.Suspend) && a.deps.Suspend != nil:
		return a.suspend()
	case a.deps.Now().Sub(a.arrived) < grace:
		return nil
	case a.helping && a.scrolls(msg):
		return nil
	case a.helping:
		a.helping = false
		a.scroll.GotoTop()
		return nil
	case key.Matches(msg, a.helpKey()):
		a.helping = true
		a.scroll.GotoTop()
		return nil
	case a.scrolls(msg):
		return nil
	case key.Matches(msg, a.keys.Quit) && !a.screen.Typing():
		if a.screen.Busy() {
			return nil
		}
		return a.end()
	case key.Matches(msg, a.keys.Esc):
		before := a.screen.Page()
		ev := a.screen.Escape()
		a.turned(before)
		return a.move(ev, true)
	case key.Matches(msg, a.keys.Enter, a.keys.Down) && a.reveals():
		return nil
	case key.Matches(msg, a.keys.Paste) && a.screen.Typing():
		return readClipboard(a.deps.Clipboard, a.screen)
	}
	return a.pass(msg, true)
}

// reveals brings the choice into sight where it lies below the window: no one should choose, or go past,
// what they have not seen. The next Enter chooses it, the next Down goes on from it.
func (a *App) reveals() bool {
	if !a.hidden() {
		return false
	}
	a.touched = true
	return true
}

func (a *App) hidden() bool {
	below := a.focus >= a.scroll.YOffset()+a.scroll.Height()
	return below && !a.touched && !a.screen.Typing()
}

// pass gives a message to the screen and goes where it says.
func (a *App) pass(msg tea.Msg, byKey bool) tea.Cmd {
	a.touched, a.paged = a.touched || byKey, a.paged && !byKey
	before := a.screen.Page()
	ev, cmd := a.screen.Update(msg)
	a.turned(before)
	if ev == None {
		return cmd
	}
	return tea.Batch(cmd, a.move(ev, byKey))
}

// turned shows the top of a page that is another one than before.
func (a *App) turned(before int) {
	if a.screen.Page() != before {
		a.touched = false
		a.scroll.GotoTop()
	}
}

// move goes from place to place by the table.
func (a *App) move(ev Event, byKey bool) tea.Cmd {
	if ev == None {
		return nil
	}
	to, left := a.lead(ev)
	a.screen.Leave()
	switch to {
	case screenExit:
		return a.end()
	case ScreenPractice:
		return openPractice(a.deps.OpenPractice)
	case ScreenHome:
		a.setup = &Setup{}
	}
	a.arrived = time.Time{}
	if !byKey || to == ScreenDuplicate { // what was pressed once too often must not replace a token
		a.arrived = a.deps.Now()
	}
	a.closed = left
	a.open(to)
	if to == ScreenHome {
		return tea.Batch(a.screen.Init(), a.loadSession())
	}
	return a.screen.Init()
}

// open makes a place's screen. Every entry has a request id of its own.
func (a *App) open(to ScreenID) {
	a.requests++
	a.at = to
	a.helping, a.touched, a.paged = false, false, false
	shown := to
	if to == ScreenHome && len(a.session.Entries) > 0 {
		shown = ScreenList
	}
	a.screen = a.screens[shown](a.on())
	a.fit()
	a.closed = Closed{}
	a.scroll.GotoTop()
}

// on is what the next screen stands on.
func (a *App) on() Base {
	return Base{Deps: &a.deps, Theme: a.theme, Setup: a.setup, Session: a.session, Request: a.requests, Closed: a.closed}
}

// helpKey is ?, but where letters are typed only F1.
func (a *App) helpKey() key.Binding {
	if a.screen.Typing() {
		return widget.Bind("f1", "help", "f1")
	}
	return widget.Bind("?", "help", "?", "f1")
}

// interruptMsg: the context ended, by a signal.
type interruptMsg struct{}

// end leaves the wizard, as soon as the terminal owes nothing.
func (a *App) end() tea.Cmd {
	if a.over {
		return nil // it is on its way
	}
	a.over = true
	a.screen.Leave()
	if a.inner != nil {
		a.inner.end()
	}
	if a.deps.Practice != nil && a.deps.Close != nil {
		a.deps.Close()
	}
	return a.replies.before(tea.Quit)
}

// Ctrl+Z: the terminal is given back as it was found, the job stops, and when the shell
// lets it go on the screen is there again with everything in it. Bubble Tea's own Suspend
// is not used: it waits for the shell's signal for ever, also where no shell ever sends it
// (the program run by ssh or as a window's only command), and the terminal stays dead.

// resumedMsg: the job goes on.
type resumedMsg struct{}

// suspend stops the job, as soon as the terminal owes nothing.
func (a *App) suspend() tea.Cmd {
	a.stop()
	return a.replies.before(tea.Exec(AtTerminal{a.deps.Suspend}, func(error) tea.Msg { return resumedMsg{} }))
}

// stop ends a check, which goOn begins again: its limit is a time of day, and would be over.
func (a *App) stop() {
	switch {
	case a.inner != nil:
		a.inner.stop()
	case a.at == ScreenChecking:
		a.screen.Leave()
		a.open(ScreenChecking)
	}
}

// goOn begins again what stop ended.
func (a *App) goOn() tea.Cmd {
	switch {
	case a.inner != nil:
		return a.inner.goOn()
	case a.at == ScreenChecking:
		return a.screen.Init()
	}
	return nil
}

// AtTerminal does something at the terminal itself, which Bubble Tea gives back for that long.
type AtTerminal struct{ Do func() }

func (a AtTerminal) Run() error { a.Do(); return nil }

func (AtTerminal) SetStdin(io.Reader) {}

func (AtTerminal) SetStdout(io.Writer) {}

func (AtTerminal) SetStderr(io.Writer) {}
