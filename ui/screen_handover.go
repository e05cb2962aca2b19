package ui

import (
	"cmp"
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// handoverScreen helps to enter the connection in SaaSAssure's own form: its steps, and
// its three fields, put on the clipboard one by one at the person's word. The token goes
// there only after a second, clear word, since clipboards keep a history.
type handoverScreen struct {
	stage
	keys     keyMap
	asked    bool // the token was asked for once; the next t is the clear word
	note     string
	problem  bool
	awaiting bool
}

func newHandover(on stage) screen { return &handoverScreen{stage: on, keys: newKeys()} }

func (h *handoverScreen) Waits() bool { return h.awaiting }

func (h *handoverScreen) Title() (string, string) { return "Enter it in SaaSAssure", "" }

// Reading: there is a line to keep in sight, but nothing that arrows choose.
func (h *handoverScreen) Reading() bool { return true }

func (h *handoverScreen) Help() string {
	return "Nothing is sent to SaaSAssure from here: it has no public way in. You enter the three values in its own form; they are the very ones that this program checks."
}

func (h *handoverScreen) Keys() []key.Binding {
	if h.look.mute {
		return []key.Binding{named(h.keys.enter, "done"), h.keys.esc}
	}
	token := h.keys.token
	if h.asked {
		token = named(token, "yes, copy the token")
	}
	return []key.Binding{h.keys.site, h.keys.email, token, named(h.keys.enter, "done"), h.keys.esc}
}

func (h *handoverScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case handedOver:
		if msg.ticket == h.ticket {
			return h.handed(msg)
		}
	case tea.KeyPressMsg:
		return h.press(msg)
	}
	return still, nil
}

func (h *handoverScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	wasAsked := h.asked
	h.asked, h.problem = false, false
	switch {
	case key.Matches(msg, h.keys.enter):
		return done, nil
	case key.Matches(msg, h.keys.site):
		h.note = h.sent("The URL")
		return still, h.copy(h.setup.Report.Site.Origin())
	case key.Matches(msg, h.keys.email):
		h.note = h.sent("The e-mail")
		return still, h.copy(h.email())
	case key.Matches(msg, h.keys.token) && !wasAsked:
		h.asked = true
		h.note = ""
	case key.Matches(msg, h.keys.token) && !h.awaiting:
		h.awaiting = true
		h.note = "Reading the token " + h.look.ellipsis()
		return still, fetchToken(h.world.Store, h.setup.Token, h.setup.Saved.ID, h.ticket)
	}
	return still, nil
}

func (h *handoverScreen) handed(msg handedOver) (event, tea.Cmd) {
	h.awaiting = false
	switch {
	case h.mustUnlock(msg.err):
		return locked, nil
	case msg.err != nil:
		t := connector.TroubleOf(msg.err)
		h.note, h.problem = t.Title+". "+t.Remedy+".", true
		return still, nil
	}
	h.note = "The token was sent to the clipboard. Paste it, then copy something else: clipboards keep a history."
	return still, h.copyToken(msg)
}

// steps are SaaSAssure's: for a connector that is new there, or one whose token is.
func (h *handoverScreen) steps() []string {
	if h.setup.Task == Replacing || !h.setup.Saved.Replaced.At.IsZero() {
		return connector.RenewalSteps()
	}
	return connector.HandoverSteps(h.setup.Product)
}

// email is the one to enter: Atlassian's, where the connector has another.
func (h *handoverScreen) email() string { return cmp.Or(h.namedEmail(), h.setup.Report.Email) }

// doubt says that what is handed over does not work, where that is known.
func (h *handoverScreen) doubt() string {
	if h.setup.Report.Verdict != connector.Failing {
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
		{"u", "URL", h.setup.Report.Site.Origin()},
		{"e", "Email", h.email()},
		{"t", "API Token", strings.Repeat(h.look.mark.star, 12)},
	} {
		b.WriteString(h.look.key.Render(f.key) + "  " + padTo(f.name, titleWidth) + h.look.clip(f.value, w-titleWidth-3) + "\n")
	}
	at := strings.Count(b.String(), "\n")
	switch {
	case h.asked:
		b.WriteString("\n" + hang(h.look.warn.Render(h.look.mark.warn),
			"The token would be on the clipboard in clear, where other programs can read it and a history may keep it. Press t again to copy it.", w))
	case h.problem:
		b.WriteString("\n" + hang(h.look.bad.Render(h.look.mark.bad), h.note, w))
	case h.note != "":
		b.WriteString("\n" + hang(h.look.good.Render(h.look.mark.ok), h.note, w))
	}
	return b.String(), at
}

// The one place in this room where a token is revealed: onto the clipboard, after the
// person asked for it twice. OSC 52 carries it from this program to the terminal; it is
// in no frame.

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
func (h *handoverScreen) copyToken(got handedOver) tea.Cmd { return h.copy(got.token.Reveal()) }
