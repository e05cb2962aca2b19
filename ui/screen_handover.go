package ui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// handoverScreen helps to enter a connector in SaaSAssure's own form: its steps, and its three
// fields, put on the clipboard one by one at the person's word. The token goes there only after a
// second, clear word, since clipboards keep a history. After a token was replaced in several
// connectors they come one after the other.
type handoverScreen struct {
	stage
	keys     handoverKeys
	all      []connector.Connector // those to enter; Setup.Entering is the one in front
	asked    bool                  // the token was asked for once; the next t is the clear word
	unmark   bool                  // the next d takes the mark back
	note     said
	awaiting bool
	toShow   bool            // the token is fetched to be seen, not copied
	shown    atlassian.Token // for a moment, at the person's word
	showings int
	clearing bool // the note says that the clipboard will be cleared
	saving   pending
}

// handoverKeys are the keys of the hand-over.
type handoverKeys struct {
	keyMap
	mark, another key.Binding
}

func newHandover(on stage) screen {
	h := &handoverScreen{stage: on, keys: handoverKeys{
		keyMap: newKeys(), mark: bind("d", "mark as entered", "d"), another: bind("n", "next connector", "n", "enter", "ctrl+j"),
	}}
	if from := on.left.from; from != Unlock && from != Role {
		on.setup.Entering = 0
	}
	h.all = []connector.Connector{on.setup.Saved}
	others := on.setup.Several // selected in the list
	if len(others) == 0 && on.setup.task() == setup.Replace {
		others = on.setup.Siblings
	}
	for _, c := range others {
		if c.ID == on.setup.Saved.ID {
			continue
		}
		if now := on.session.entry(c.ID); now.ID != "" {
			c = now.Connector
		}
		h.all = append(h.all, c)
	}
	on.setup.Entering = min(on.setup.Entering, len(h.all)-1)
	return h
}

// Init goes on with what the role was needed for.
func (h *handoverScreen) Init() tea.Cmd {
	intent := h.setup.Intent
	h.setup.Intent = connector.Remedy{}
	if h.left.by(Role) && intent.Action == actEntered {
		t := h.ticket
		return func() tea.Msg { return intentMsg{t, intent} }
	}
	return nil
}

func (h *handoverScreen) Leave() { h.saving.end() }

// Busy: it is being recorded that it was entered.
func (h *handoverScreen) Busy() bool { return h.saving.waits() }

func (h *handoverScreen) Title() (string, string) {
	if len(h.all) == 1 {
		return "Enter it in SaaSAssure", ""
	}
	where := fmt.Sprintf("%d of %d", h.setup.Entering+1, len(h.all))
	if h.look.width >= 60 {
		where = "connector " + where
	}
	return "Enter it in SaaSAssure", where
}

// Reading: there is a line to keep in sight, but nothing that arrows choose.
func (h *handoverScreen) Reading() bool { return true }

// Page turns with the connector.
func (h *handoverScreen) Page() int { return h.setup.Entering }

func (h *handoverScreen) Help() string {
	return "Nothing is sent to SaaSAssure from here, since it has no public API. Enter the three values in its own form: they are the ones that are checked here. Then press d, and the day is recorded."
}

// one is the connector in front.
func (h *handoverScreen) one() connector.Connector { return h.all[h.setup.Entering] }

func (h *handoverScreen) last() bool { return h.setup.Entering == len(h.all)-1 }

// Keys are those that stand in no row of the page.
func (h *handoverScreen) Keys() []key.Binding {
	if h.saving.waits() {
		return h.saving.keys(h.keys.keyMap)
	}
	var keys []key.Binding
	switch {
	case h.shown.IsZero():
		keys = append(keys, h.keys.show)
	default:
		keys = append(keys, named(h.keys.show, "hide token"))
	}
	if h.opens() {
		keys = append(keys, named(h.keys.open, "open SaaSAssure"))
	}
	if h.last() {
		return append(keys, named(h.keys.enter, "done"), h.keys.esc)
	}
	return append(keys, h.keys.another, h.keys.esc)
}

// More are the keys of the rows, which the help lists.
func (h *handoverScreen) More() []key.Binding {
	keys := []key.Binding{h.keys.site, h.keys.email, h.keys.token}
	if h.marks() {
		mark := h.keys.mark
		if h.entered() {
			mark = named(mark, "mark as not entered")
		}
		keys = append(keys, mark)
	}
	return keys
}

// opens: SaaSAssure's address is known, and a page can open here.
func (h *handoverScreen) opens() bool { return h.world.SaaSAssure != "" && h.world.Browse != nil }

// marks: the connector can be marked, by this role.
func (h *handoverScreen) marks() bool { return h.one().ID != "" && h.mayChange() }

func (h *handoverScreen) entered() bool { return h.one().EnteredState() == connector.EnteredNow }

// Escape gives a change up, or goes back to the connector before.
func (h *handoverScreen) Escape() event {
	switch {
	case h.saving.waits():
		h.saving.giveUp()
		return still
	case h.setup.Entering > 0:
		h.turn(h.setup.Entering - 1)
		return still
	}
	return back
}

// turn comes to another connector. What was fetched, shown or asked about the last one is dropped.
func (h *handoverScreen) turn(to int) {
	h.setup.Entering = to
	h.note, h.asked, h.unmark, h.awaiting, h.clearing, h.shown = said{}, false, false, false, false, atlassian.Token{}
	h.showings++
}

func (h *handoverScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case handedOver:
		if msg.ticket == h.ticket && msg.id == h.one().ID && h.awaiting {
			return h.handed(msg)
		}
	case copiedMsg:
		if msg.ticket == h.ticket {
			h.note = h.told(msg)
		}
	case clearedMsg:
		if msg.ticket == h.ticket {
			h.cleared(msg)
		}
	case openedMsg:
		if msg.ticket == h.ticket {
			h.note, h.clearing = msg.said(), false
		}
	case hideMsg:
		if msg.ticket == h.ticket && msg.showing == h.showings {
			h.shown = atlassian.Token{}
		}
	case intentMsg:
		if msg.ticket == h.ticket && h.session.settings.Role != connector.RoleUnknown {
			return h.mark()
		}
	case editedMsg:
		if msg.ticket == h.ticket {
			return h.marked(msg), nil
		}
	case tea.KeyPressMsg:
		if !h.saving.waits() {
			return h.press(msg)
		}
	}
	return still, nil
}

// theToken names it in what is said.
const theToken = "token"

// told says where a value is now. A token in a clipboard's history is there for long.
func (h *handoverScreen) told(msg copiedMsg) said {
	otherwise := selectIt
	if msg.what == theToken {
		otherwise = "press v to see it."
	}
	note := h.copied(msg, otherwise)
	h.clearing = false
	if msg.what == theToken {
		h.clearing = msg.known && h.world.ClearsClipboard()
		note.words += " " + clearWords(h.clearing)
	}
	return note
}

func (h *handoverScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	wasAsked, unmark := h.asked, h.unmark
	h.asked, h.unmark = false, false
	switch {
	case key.Matches(msg, h.keys.another) && !h.last():
		h.turn(h.setup.Entering + 1)
	case key.Matches(msg, h.keys.enter):
		return done, nil
	case key.Matches(msg, h.keys.site):
		return still, h.copy("URL", h.one().Site.Origin())
	case key.Matches(msg, h.keys.email):
		return still, h.copy("email", h.email())
	case key.Matches(msg, h.keys.token) && !wasAsked:
		h.asked = true
		h.note, h.clearing = said{}, false
	case key.Matches(msg, h.keys.token) && !h.awaiting:
		return still, h.fetch(false)
	case key.Matches(msg, h.keys.show) && !h.shown.IsZero():
		h.shown = atlassian.Token{}
	case key.Matches(msg, h.keys.show) && !h.awaiting:
		return still, h.fetch(true)
	case key.Matches(msg, h.keys.open) && h.opens():
		return still, h.browse(h.world.SaaSAssure)
	case key.Matches(msg, h.keys.mark) && h.marks() && h.entered() && !unmark:
		h.unmark = true
		h.note, h.clearing = said{"It is marked already. Press d again to mark it as not entered.", noted}, false
	case key.Matches(msg, h.keys.mark) && h.one().ID != "":
		return h.mark()
	}
	return still, nil
}

// fetch reads the token, to be copied or to be shown.
func (h *handoverScreen) fetch(toShow bool) tea.Cmd {
	h.awaiting, h.toShow, h.clearing = true, toShow, false
	h.note = said{"Reading the token " + h.look.ellipsis(), noted}
	return fetchToken(h.world.Store, h.setup.token(), h.one().ID, h.ticket)
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

// mark records that the connector was entered in SaaSAssure today, or takes that back. It changes the
// connector, so it needs a role.
func (h *handoverScreen) mark() (event, tea.Cmd) {
	h.clearing = false
	switch {
	case h.session.settings.Role == connector.RoleUnknown:
		h.setup.Intent = connector.Remedy{Action: actEntered}
		return asksRole, nil
	case !h.mayChange():
		h.note = said{onlyAdmins, failing}
		return still, nil
	}
	h.note = said{}
	one, entered, role, service := h.one(), !h.entered(), h.session.settings.Role, h.world.Service()
	return still, changeFacts(h.saving.begin(editLimit), service, h.ticket, func(ctx context.Context) ([]connector.Connector, error) {
		marked := service.MarkEntered(ctx, []connector.Connector{one}, entered, role)[0]
		if marked.Err != nil {
			return nil, marked.Err
		}
		return []connector.Connector{marked.Connector}, nil
	})
}

// marked takes over what is recorded now.
func (h *handoverScreen) marked(msg editedMsg) event {
	h.saving.end()
	if h.unanswered(msg.err) {
		return home
	}
	h.session.facts(append(msg.now, msg.saved...))
	for _, c := range append(msg.now, msg.saved...) {
		for _, all := range [][]connector.Connector{h.all, h.setup.Siblings, h.setup.Several} {
			if i := slices.IndexFunc(all, func(of connector.Connector) bool { return of.ID == c.ID }); i >= 0 {
				all[i] = c
			}
		}
		if h.setup.Saved.ID == c.ID {
			h.setup.Saved = c
		}
		if h.session.saved.ID == c.ID {
			h.session.saved = c
		}
	}
	switch {
	case setup.IsChanged(msg.err):
		h.note = said{connector.TroubleOf(msg.err).Title + ". Press d again.", failing}
	case msg.err != nil:
		t := connector.TroubleOf(msg.err)
		h.note = said{t.Title + ". " + t.Remedy + ".", failing}
	case h.entered():
		h.unmark = true
		h.note = said{"Marked as entered today. Press d again to take it back.", went}
	default:
		h.note = said{"Marked as not entered.", went}
	}
	return still
}

// steps are SaaSAssure's: for a connector that is new there, or one whose token is.
func (h *handoverScreen) steps() []string {
	one := h.one()
	if h.setup.task() == setup.Replace || one.RenewsEntry() {
		return connector.RenewalSteps(one.Account)
	}
	return connector.HandoverSteps(one.Product, one.Account)
}

// checked is the newest report of the connector in front.
func (h *handoverScreen) checked() connector.Report {
	one := h.one()
	if one.ID == h.setup.Saved.ID {
		return h.report()
	}
	return newestReport(h.session.entry(one.ID))
}

// email is the one to enter: Atlassian's, where the connector has another.
func (h *handoverScreen) email() string {
	r := h.checked()
	return cmp.Or(r.NamedEmail(), h.one().Email)
}

// doubt says that what is handed over does not work, where that is known.
func (h *handoverScreen) doubt() string {
	if h.checked().Verdict != connector.Failing {
		return ""
	}
	return "This connection is failing: SaaSAssure will be refused as well."
}

// fieldWidth is the width of the labels of this page.
const fieldWidth = 14

func (h *handoverScreen) View() (string, int) {
	var b strings.Builder
	w, one := h.look.width, h.one()
	name := slices.DeleteFunc([]string{one.Name, connector.ProductTitle(one.Product), one.Account}, func(part string) bool { return part == "" })
	b.WriteString(h.look.bold.Render(wrap(strings.Join(name, " "+h.look.mark.dot+" "), w)) + "\n")
	if words := h.doubt(); words != "" {
		b.WriteString(hang(h.look.warn.Render(h.look.mark.warn), words, w) + "\n")
	}
	b.WriteString("\n")
	for i, step := range h.steps() {
		b.WriteString(hang(h.look.faint.Render(string(rune('1'+i))+"."), step, w) + "\n")
	}
	if address := h.world.SaaSAssure; address != "" {
		b.WriteString(ansiLink(h.look, address) + "\n")
	}
	b.WriteString("\n" + h.look.faint.Render(wrap("Press the letter in front to copy the value.", w)) + "\n")
	row := func(letter, name, value string) {
		b.WriteString(h.look.key.Render(letter) + "  " + padTo(name, fieldWidth) + h.look.clip(value, w-fieldWidth-3) + "\n")
	}
	row("u", "URL", one.Site.Origin())
	row("e", "Email", h.email())
	row("t", "API Token", strings.Repeat(h.look.mark.star, 12))
	h.enteredRow(&b)
	b.WriteString(h.shownToken())
	at := strings.Count(b.String(), "\n")
	switch {
	case h.saving.waits():
		b.WriteString("\n" + h.saving.words(h.look, "Saving"))
	case h.asked:
		b.WriteString("\n" + hang(h.look.warn.Render(h.look.mark.warn),
			"The token would be on the clipboard in clear, where other programs can read it and a history may keep it. Press t again to copy it.", w))
	case h.note.words != "":
		b.WriteString("\n" + h.note.view(h.look))
	default:
		return b.String(), at
	}
	return b.String(), strings.Count(b.String(), "\n") // all of what is said
}

// enteredRow says whether it stands in SaaSAssure, and how to record that.
func (h *handoverScreen) enteredRow(b *strings.Builder) {
	one := h.one()
	if one.ID == "" {
		return
	}
	words, letter := one.EnteredWords(), " "
	if h.marks() {
		letter = "d"
		if one.EnteredState() == connector.EnteredNot {
			words += ": press d once it is there"
		}
	}
	first := h.look.key.Render(letter) + "  " + padTo("In SaaSAssure", fieldWidth)
	b.WriteString(first + behind(wrap(words, h.look.width-fieldWidth-3), fieldWidth+3) + "\n")
}

// EnterOffer is the way to the hand-over: what to do, and whether it was done.
func EnterOffer(do string, all ...connector.Connector) string {
	entered := 0
	for _, c := range all {
		if c.EnteredState() == connector.EnteredNow {
			entered++
		}
	}
	switch {
	case entered == 0:
		return do + " (not entered yet)"
	case entered < len(all):
		return fmt.Sprintf("%s (%d of %d entered)", do, entered, len(all))
	case len(all) > 1:
		return "Entered in SaaSAssure: show the steps again"
	}
	return "Entered in SaaSAssure " + all[0].EnteredWords() + ": show the steps again"
}

// The one place in this room where a token is revealed: onto the clipboard, after the person
// asked for it twice, and onto the screen for a moment, at their word.

// handedOver is the answer of fetchToken.
type handedOver struct {
	ticket ticket
	id     string
	token  atlassian.Token
	err    error
}

// handoverLimit leaves a person time to answer their desktop.
const handoverLimit = 130 * time.Second

// fetchToken gets the token: the one still at hand, else the kept one.
func fetchToken(store Store, atHand atlassian.Token, id string, t ticket) tea.Cmd {
	return func() tea.Msg {
		if !atHand.IsZero() || id == "" {
			return handedOver{ticket: t, id: id, token: atHand}
		}
		ctx, cancel := context.WithTimeout(context.Background(), handoverLimit)
		defer cancel()
		token, err := store.Token(ctx, id)
		return handedOver{t, id, token, err}
	}
}

// copyToken puts it on the clipboard, and takes it off again after a while.
func (h *handoverScreen) copyToken(got handedOver) tea.Cmd {
	return tea.Batch(h.copy(theToken, got.token.Reveal()), h.clearLater(got.token))
}

// clearedMsg is the answer of clearLater: what was found there, and whether it is gone.
type clearedMsg struct {
	ticket        ticket
	ours, cleared bool
}

// clearLater takes a token off the clipboard after a while, wherever the person is by then. A later
// copy of a token has a time of its own; what else was copied meanwhile stays.
func (s *handoverScreen) clearLater(token atlassian.Token) tea.Cmd {
	if !s.world.ClearsClipboard() {
		return nil
	}
	world, t, copies := *s.world, s.ticket, &s.session.copies
	mine := copies.Add(1)
	return tea.Tick(ClearAfter, func(time.Time) tea.Msg {
		if copies.Load() != mine {
			return nil
		}
		ctx, cancel := context.WithTimeout(context.Background(), clipboardLimit+copyLimit+clipboardLimit)
		defer cancel()
		ours, cleared := world.ClearClipboard(ctx, token)
		return clearedMsg{t, ours, cleared}
	})
}

// cleared says what came of it.
func (h *handoverScreen) cleared(msg clearedMsg) {
	switch {
	case msg.cleared:
		h.note = said{"The clipboard was cleared. A clipboard history may still have the token.", went}
	case msg.ours:
		h.note = said{clearWords(false), failing}
	case h.clearing:
		h.note = said{"The clipboard no longer has the token.", noted}
	default:
		return
	}
	h.clearing = false
}

// clearWords say how long a token stays on the clipboard.
func clearWords(clears bool) string {
	if clears {
		return "It is cleared from there in one minute, if this program still runs."
	}
	return "After pasting, copy something else: it can't be cleared from here."
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
