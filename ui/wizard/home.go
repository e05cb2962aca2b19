package wizard

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// homeScreen is where everything starts: what there is, and what can be done.
type homeScreen struct {
	ui.Base
	keys widget.KeyMap
	menu *widget.Menu[homeChoice]
}

// homeChoice is one line of the home menu.
type homeChoice string

const (
	homeJira       homeChoice = "jira"
	homeConfluence homeChoice = "confluence"
	homePractice   homeChoice = "practice"
	homeImport     homeChoice = "import"
	homeGuide      homeChoice = "guide"
)

func newHome(on ui.Base) ui.Screen {
	h := &homeScreen{Base: on, keys: widget.NewKeys()}
	choices := []struct {
		words string
		value homeChoice
	}{
		{"Connect Jira", homeJira},
		{"Connect Confluence", homeConfluence},
		{"Try it on a demo site", homePractice},
		{"Read the token instructions", homeGuide},
		{"Import connectors from a file", homeImport},
	}
	var options []huh.Option[homeChoice]
	for _, c := range choices {
		if (c.value != homePractice || on.Deps.OpenPractice != nil) && (c.value != homeImport || on.Deps.ImportFile != nil) {
			options = append(options, widget.Option(c.words, c.value))
		}
	}
	h.menu = widget.NewMenu(on.Theme, options...)
	return h
}

func (h *homeScreen) Title() (string, string) { return "SaaSAssure connectors", h.Deps.Version }

// Escape leaves the practice; the real home is left by q alone, so that one Esc too
// many never ends the program.
func (h *homeScreen) Escape() ui.Event {
	if len(h.Session.Entries) > 0 {
		return ui.Back
	}
	if h.Deps.Practice != nil && h.Deps.Practice.Nested {
		return ui.Quit
	}
	return ui.None
}

func (h *homeScreen) Help() string {
	return "A connector lets SaaSAssure back up one Jira or Confluence site. This program checks that what you will enter there works, stores it encrypted, and checks it again whenever you ask. Nothing is sent to SaaSAssure."
}

func (h *homeScreen) Keys() []key.Binding {
	keys := []key.Binding{h.keys.Enter}
	if h.canSkip() {
		keys = append(keys, h.keys.Skip)
	}
	if len(h.Session.Entries) > 0 {
		return append(keys, h.keys.Esc)
	}
	if h.Deps.Practice != nil {
		return append(keys, widget.Named(h.keys.Quit, "exit practice"))
	}
	return append(keys, h.keys.Quit)
}

// canSkip: with the role known, someone who has a token gets to the form in one key.
func (h *homeScreen) canSkip() bool {
	at := h.menu.Hovered()
	return (at == homeJira || at == homeConfluence) && h.Session.Settings.Role != connector.RoleUnknown
}

func (h *homeScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, h.keys.Skip) && h.canSkip() {
		h.choose(h.menu.Hovered())
		return ui.SkipGuide, nil
	}
	choice, picked := h.menu.Update(msg)
	if !picked {
		return ui.None, nil
	}
	return h.choose(choice), nil
}

func (h *homeScreen) choose(c homeChoice) ui.Event {
	h.Session.Notice = ""
	switch c {
	case homeJira:
		h.start(connector.Jira)
	case homeConfluence:
		h.start(connector.Confluence)
	case homePractice:
		return ui.TryPractice
	case homeImport:
		return ui.ImportFile
	case homeGuide:
		return ui.ReadGuide
	}
	return ui.AddConnector
}

// start begins to add a connector. What a command line filled in stays.
func (h *homeScreen) start(p connector.Product) {
	h.Setup.Change(func(f *setup.Facts) { f.Product = p })
}

func (h *homeScreen) View() (string, int) {
	var b strings.Builder
	w := h.Theme.Width
	if n := h.Session.Notice; n != "" && len(h.Session.Entries) == 0 {
		b.WriteString(widget.WithMark(h.Theme.Warn.Render(h.Theme.Marks.Warn), n, w) + "\n\n")
	}
	if err := h.Session.LoadErr; err != nil {
		t := connector.Explain(err)
		b.WriteString(widget.WithMark(h.Theme.Bad.Render(h.Theme.Marks.Bad), h.Theme.Bold.Render(t.Title), w) + "\n")
		b.WriteString(widget.Indent(widget.Wrap(t.Why+" "+t.Remedy+".", w-2), 2) + "\n\n")
	}
	b.WriteString(h.connectors() + "\n\n")
	focus := h.menu.AddTo(&b)
	return b.String(), focus
}

// connectors says what a connector is, and what it takes.
func (h *homeScreen) connectors() string {
	if !h.Session.Loaded {
		return h.Theme.Faint.Render("Looking for saved connectors " + h.Theme.Ellipsis())
	}
	words := "A connector lets SaaSAssure back up one Jira or Confluence site. "
	if h.Theme.Rows >= 10 { // else the choices would be out of sight, and it is said again behind them
		words += "You need: the Global Admin or Account Admin role in SaaSAssure, and an Atlassian account with admin permission."
	}
	if len(h.Session.Entries) == 0 {
		words = "No connectors yet. " + words
	}
	return widget.Wrap(words, h.Theme.Width)
}
