package ui

import (
	"cmp"
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// handoverScreen helps to enter the connection in SaaSAssure's own form: its steps, and
// its three fields, put on the clipboard one by one at the person's word. The token goes
// there only after a second, clear word, since clipboards keep a history.
type handoverScreen struct {
	stage
	keys     keyMap
	asked    bool // the token was asked for once; the next t is the clear word
	note     said
	awaiting bool
	toShow   bool            // the token is fetched to be seen, not copied
	shown    atlassian.Token // for a moment, at the person's word
	showings int
}

func newHandover(on stage) screen { return &handoverScreen{stage: on, keys: newKeys()} }

func (h *handoverScreen) Title() (string, string) { return "Enter it in SaaSAssure", "" }

// Reading: there is a line to keep in sight, but nothing that arrows choose.
func (h *handoverScreen) Reading() bool { return true }

func (h *handoverScreen) Help() string {
	return "Nothing is sent to SaaSAssure from here: it has no public way in. You enter the three values in its own form; they are the very ones that this program checks."
}

func (h *handoverScreen) Keys() []key.Binding {
	token := h.keys.token
	if h.asked {
		token = named(token, "yes, copy the token")
	}
	keys := []key.Binding{h.keys.site, h.keys.email, token}
	switch {
	case h.shown.IsZero():
		keys = append(keys, h.keys.show)
	default:
		keys = append(keys, named(h.keys.show, "hide token"))
	}
	return append(keys, named(h.keys.enter, "done"), h.keys.esc)
}

func (h *handoverScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case handedOver:
		if msg.ticket == h.ticket {
			return h.handed(msg)
		}
	case copiedMsg:
		if msg.ticket == h.ticket {
			h.note = h.told(msg)
		}
	case hideMsg:
		if msg.ticket == h.ticket && msg.showing == h.showings {
			h.shown = atlassian.Token{}
		}
	case tea.KeyPressMsg:
		return h.press(msg)
	}
	return still, nil
}

// theToken names it in what is said.
const theToken = "token"

// told says where a value is now. A token in a clipboard's history is there for long.
func (h *handoverScreen) told(msg copiedMsg) said {
	otherwise := selectIt
	switch {
	case msg.what == theToken:
		otherwise = "press v to see it."
	}
	note := h.copied(msg, otherwise)
	if msg.what == theToken {
		note.words += " After pasting, copy something else: clipboards keep a history."
	}
	return note
}

func (h *handoverScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	wasAsked := h.asked
	h.asked = false
	switch {
	case key.Matches(msg, h.keys.enter):
		return done, nil
	case key.Matches(msg, h.keys.site):
		return still, h.copy("URL", h.report().Site.Origin())
	case key.Matches(msg, h.keys.email):
		return still, h.copy("email", h.email())
	case key.Matches(msg, h.keys.token) && !wasAsked:
		h.asked = true
		h.note = said{}
	case key.Matches(msg, h.keys.token) && !h.awaiting:
		return still, h.fetch(false)
	case key.Matches(msg, h.keys.show) && !h.shown.IsZero():
		h.shown = atlassian.Token{}
	case key.Matches(msg, h.keys.show) && !h.awaiting:
		return still, h.fetch(true)
	}
	return still, nil
}

// fetch reads the token, to be copied or to be shown.
func (h *handoverScreen) fetch(toShow bool) tea.Cmd {
	h.awaiting, h.toShow = true, toShow
	h.note = said{"Reading the token " + h.look.ellipsis(), noted}
	return fetchToken(h.world.Store, h.setup.token(), h.setup.Saved.ID, h.ticket)
}

func (h *handoverScreen) handed(msg handedOver) (event, tea.Cmd) {
	h.awaiting = false
	switch {
	case h.mustUnlock(msg.err):
		return locked, nil
	case msg.err != nil:
		t := connector.TroubleOf(msg.err)
		h.note = said{t.Title + ". " + t.Remedy + ".", failing}
		return still, nil
	}
	h.note = said{}
	if h.toShow {
		return still, h.show(msg.token)
	}
	return still, h.copyToken(msg)
}

// steps are SaaSAssure's: for a connector that is new there, or one whose token is.
func (h *handoverScreen) steps() []string {
	if h.setup.task() == setup.Replace || !h.setup.Saved.Replaced.At.IsZero() {
		return connector.RenewalSteps()
	}
	return connector.HandoverSteps(h.setup.product())
}

// email is the one to enter: Atlassian's, where the connector has another.
func (h *handoverScreen) email() string { return cmp.Or(h.namedEmail(), h.report().Email) }

// doubt says that what is handed over does not work, where that is known.
func (h *handoverScreen) doubt() string {
	if h.report().Verdict != connector.Failing {
		return ""
	}
	return "This connection is failing: SaaSAssure will be refused as well."
}

func (h *handoverScreen) View() (string, int) {
	var b strings.Builder
	w := h.look.width
	if words := h.doubt(); words != "" {
		b.WriteString(hang(h.look.warn.Render(h.look.mark.warn), words, w) + "\n\n")
	}
	for i, step := range h.steps() {
		b.WriteString(hang(h.look.faint.Render(string(rune('1'+i))+"."), step, w) + "\n")
	}
	b.WriteString("\n")
	for _, f := range []struct{ key, name, value string }{
		{"u", "URL", h.report().Site.Origin()},
		{"e", "Email", h.email()},
		{"t", "API Token", strings.Repeat(h.look.mark.star, 12)},
	} {
		b.WriteString(h.look.key.Render(f.key) + "  " + padTo(f.name, titleWidth) + h.look.clip(f.value, w-titleWidth-3) + "\n")
	}
	b.WriteString(h.shownToken())
	at := strings.Count(b.String(), "\n")
	switch {
	case h.asked:
		b.WriteString("\n" + hang(h.look.warn.Render(h.look.mark.warn),
			"The token would be on the clipboard in clear, where other programs can read it and a history may keep it. Press t again to copy it.", w))
	case h.note.words != "":
		b.WriteString("\n" + h.note.view(h.look))
	}
	return b.String(), at
}

// The one place in this room where a token is revealed: onto the clipboard, after the person
// asked for it twice, and onto the screen for a moment, at their word.

// handedOver is the answer of fetchToken.
type handedOver struct {
	ticket ticket
	token  atlassian.Token
	err    error
}

// handoverLimit leaves a person time to answer their desktop.
const handoverLimit = 130 * time.Second

// fetchToken gets the token: the one still at hand, else the kept one.
func fetchToken(store Store, atHand atlassian.Token, id string, t ticket) tea.Cmd {
	return func() tea.Msg {
		if !atHand.IsZero() || id == "" {
			return handedOver{ticket: t, token: atHand}
		}
		ctx, cancel := context.WithTimeout(context.Background(), handoverLimit)
		defer cancel()
		token, err := store.Token(ctx, id)
		return handedOver{t, token, err}
	}
}

// copyToken puts it on the clipboard.
func (h *handoverScreen) copyToken(got handedOver) tea.Cmd {
	return h.copy(theToken, got.token.Reveal())
}

// showLimit is how long it is on the screen.
const showLimit = 10 * time.Second

// hideMsg ends a showing.
type hideMsg struct {
	ticket  ticket
	showing int
}

// show puts it on the screen for a moment. Leaving the screen hides it as well.
func (h *handoverScreen) show(token atlassian.Token) tea.Cmd {
	h.shown = token
	h.showings++
	end := hideMsg{h.ticket, h.showings}
	return tea.Tick(showLimit, func(time.Time) tea.Msg { return end })
}

// shownToken is it, in lines of its own that can be selected whole; "" while it is hidden.
func (h *handoverScreen) shownToken() string {
	if h.shown.IsZero() {
		return ""
	}
	return "\n" + ansi.Hardwrap(h.shown.Reveal(), h.look.width, false) + "\n" + h.look.faint.Render("hidden again after 10 seconds") + "\n"
}
