package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// homeScreen is where everything starts: what there is, and what can be done.
type homeScreen struct {
	stage
	keys keyMap
	menu *menu[homeChoice]
}

// homeChoice is one line of the home menu.
type homeChoice string

const (
	homeJira       homeChoice = "jira"
	homeConfluence homeChoice = "confluence"
	homePractise   homeChoice = "practise"
	homeImport     homeChoice = "import"
	homeGuide      homeChoice = "guide"
)

func newHome(on stage) screen {
	h := &homeScreen{stage: on, keys: newKeys()}
	choices := []struct {
		words string
		value homeChoice
	}{
		{"Connect Jira", homeJira},
		{"Connect Confluence", homeConfluence},
		{"Practise first, on a pretend site", homePractise},
		{"Read the token instructions", homeGuide},
		{"Import connectors from a file", homeImport},
	}
	var options []huh.Option[homeChoice]
	for _, c := range choices {
		if (c.value != homePractise || on.world.OpenPractice != nil) && (c.value != homeImport || on.world.ImportFile != nil) {
			options = append(options, option(c.words, c.value))
		}
	}
	h.menu = newMenu(on.look, options...)
	return h
}

func (h *homeScreen) Title() (string, string) { return "SaaSAssure connectors", h.world.Version }

// Escape leaves the practice; the real home is left by q alone, so that one Esc too
// many never ends the program.
func (h *homeScreen) Escape() event {
	if len(h.session.entries) > 0 {
		return back
	}
	if h.world.Practice != nil && h.world.Practice.Nested {
		return quit
	}
	return still
}

func (h *homeScreen) Help() string {
	return "A connector lets SaaSAssure back up one Jira or Confluence site. This program proves that what you will enter there works, keeps it safely, and proves it again whenever you ask. Nothing is sent to SaaSAssure."
}

func (h *homeScreen) Keys() []key.Binding {
	keys := []key.Binding{h.keys.enter}
	if h.canSkip() {
		keys = append(keys, h.keys.skip)
	}
	if len(h.session.entries) > 0 {
		return append(keys, h.keys.esc)
	}
	if h.world.Practice != nil {
		return append(keys, named(h.keys.quit, "end the practice"))
	}
	return append(keys, h.keys.quit)
}

// canSkip: with the role known, someone who has a token gets to the form in one key.
func (h *homeScreen) canSkip() bool {
	at := h.menu.hovered()
	return (at == homeJira || at == homeConfluence) && h.session.settings.Role != connector.RoleUnknown
}

func (h *homeScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, h.keys.skip) && h.canSkip() {
		h.choose(h.menu.hovered())
		return skip, nil
	}
	choice, picked := h.menu.update(msg)
	if !picked {
		return still, nil
	}
	return h.choose(choice), nil
}

func (h *homeScreen) choose(c homeChoice) event {
	h.session.notice = ""
	switch c {
	case homeJira:
		h.start(connector.Jira)
	case homeConfluence:
		h.start(connector.Confluence)
	case homePractise:
		return practise
	case homeImport:
		return imports
	case homeGuide:
		return guide
	}
	return add
}

// start begins to add a connector. What a command line filled in stays.
func (h *homeScreen) start(p connector.Product) {
	h.setup.change(func(f *setup.Facts) { f.Product = p })
}

func (h *homeScreen) View() (string, int) {
	var b strings.Builder
	w := h.look.width
	if n := h.session.notice; n != "" && len(h.session.entries) == 0 {
		b.WriteString(hang(h.look.warn.Render(h.look.mark.warn), n, w) + "\n\n")
	}
	if err := h.session.loadErr; err != nil {
		t := connector.TroubleOf(err)
		b.WriteString(hang(h.look.bad.Render(h.look.mark.bad), h.look.bold.Render(t.Title), w) + "\n")
		b.WriteString(indent(wrap(t.Why+" "+t.Remedy+".", w-2), 2) + "\n\n")
	}
	b.WriteString(h.connectors() + "\n\n")
	focus := h.menu.addTo(&b)
	return b.String(), focus
}

// connectors says what a connector is, and what it takes.
func (h *homeScreen) connectors() string {
	if !h.session.loaded {
		return h.look.faint.Render("Looking for saved connectors " + h.look.ellipsis())
	}
	words := "A connector lets SaaSAssure back up one Jira or Confluence site. "
	if h.look.rows >= 10 { // else the choices would be out of sight, and it is said again behind them
		words += "You need: the Global Admin or Account Admin role in SaaSAssure, and an Atlassian account with admin permission."
	}
	if len(h.session.entries) == 0 {
		words = "No connectors yet. " + words
	}
	return wrap(words, h.look.width)
}
