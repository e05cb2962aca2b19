package wizard

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
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// handoverScreen helps to enter a connector in SaaSAssure's own form: its steps, and its three
// fields, put on the clipboard one by one at the person's word. The token goes there only after a
// second, clear word, since clipboards keep a history. After a token was replaced in several
// connectors they come one after the other.
type handoverScreen struct {
	ui.Base
	keys     handoverKeys
	all      []connector.Connector // those to enter; Setup.Entering is the one in front
	renews   []bool                // of each, as it was at first: SaaSAssure has it, with another token
	asked    bool                  // the token was asked for once; the next t is the clear word
	unmark   bool                  // the next d takes the mark back
	note     ui.Note
	awaiting bool
	toShow   bool            // the token is fetched to be seen, not copied
	shown    atlassian.Token // for a moment, at the person's word
	showings int
	clearing bool // the note says that the clipboard will be cleared
	saving   ui.Pending
}

// handoverKeys are the keys of the hand-over.
type handoverKeys struct {
	widget.KeyMap
	mark, another key.Binding
}

func newHandover(on ui.Base) ui.Screen {
	h := &handoverScreen{Base: on, keys: handoverKeys{
		KeyMap: widget.NewKeys(), mark: widget.Bind("d", "mark as entered", "d"), another: widget.Bind("n", "next connector", "n", "enter", "ctrl+j"),
	}}
	if from := on.Closed.From; from != ui.ScreenUnlock && from != ui.ScreenRole {
		on.Setup.Entering = 0
	}
	h.all = []connector.Connector{on.Setup.Saved}
	others := on.Setup.Selected // selected in the list
	if len(others) == 0 && on.Setup.Task() == setup.Replace {
		others = on.Setup.SameToken
	}
	for _, c := range others {
		if c.ID == on.Setup.Saved.ID {
			continue
		}
		if now := on.Session.Entry(c.ID); now.ID != "" {
			c = now.Connector
		}
		h.all = append(h.all, c)
	}
	for _, c := range h.all {
		h.renews = append(h.renews, c.RenewsEntry())
	}
	on.Setup.Entering = min(on.Setup.Entering, len(h.all)-1)
	return h
}

// Init goes on with what the role was needed for.
func (h *handoverScreen) Init() tea.Cmd {
	intent := h.Setup.Intent
	h.Setup.Intent = connector.Remedy{}
	if h.Closed.By(ui.ScreenRole) && intent.Action == ui.ActEntered {
		t := h.Request
		return func() tea.Msg { return ui.IntentMsg{Request: t, Remedy: intent} }
	}
	return nil
}

func (h *handoverScreen) Leave() { h.saving.End() }

// Busy: it is being recorded that it was entered.
func (h *handoverScreen) Busy() bool { return h.saving.Waits() }

func (h *handoverScreen) Title() (string, string) {
	if len(h.all) == 1 {
		return "Enter it in SaaSAssure", ""
	}
	where := fmt.Sprintf("%d of %d", h.Setup.Entering+1, len(h.all))
	if h.Theme.Width >= 60 {
		where = "connector " + where
	}
	return "Enter it in SaaSAssure", where
}

// Reading: there is a line to keep in sight, but nothing that arrows choose.
func (h *handoverScreen) Reading() bool { return true }

// Page turns with the connector.
func (h *handoverScreen) Page() int { return h.Setup.Entering }

func (h *handoverScreen) Help() string {
	return "Nothing is sent to SaaSAssure from here, since it has no public API. Enter the three values in its form: they are the ones that were checked here. Then press d to record the day."
}

// one is the connector in front.
func (h *handoverScreen) one() connector.Connector { return h.all[h.Setup.Entering] }

func (h *handoverScreen) last() bool { return h.Setup.Entering == len(h.all)-1 }

// Keys are those that stand in no row of the page.
func (h *handoverScreen) Keys() []key.Binding {
	if h.saving.Waits() {
		return h.saving.Keys(h.keys.KeyMap)
	}
	var keys []key.Binding
	switch {
	case h.shown.IsZero():
		keys = append(keys, h.keys.Show)
	default:
		keys = append(keys, widget.Named(h.keys.Show, "hide token"))
	}
	if h.opens() {
		keys = append(keys, widget.Named(h.keys.Open, "open SaaSAssure"))
	}
	if h.last() {
		return append(keys, widget.Named(h.keys.Enter, "done"), h.keys.Esc)
	}
	return append(keys, h.keys.another, h.keys.Esc)
}

// More are the keys of the rows, which the help lists.
func (h *handoverScreen) More() []key.Binding {
	keys := []key.Binding{h.keys.Site, h.keys.Email, h.keys.Token}
	if h.marks() {
		mark := h.keys.mark
		if h.entered() {
			mark = widget.Named(mark, "mark as not entered")
		}
		keys = append(keys, mark)
	}
	return keys
}

// opens: SaaSAssure's address is known, and a page can open here.
func (h *handoverScreen) opens() bool { return h.Deps.SaaSAssure != "" && h.Deps.Browse != nil }

// marks: the connector can be marked, by this role.
func (h *handoverScreen) marks() bool { return h.one().ID != "" && h.MayChange() }

func (h *handoverScreen) entered() bool { return h.one().EnteredState() == connector.EnteredNow }

// Escape gives a change up, or goes back to the connector before.
func (h *handoverScreen) Escape() ui.Event {
	switch {
	case h.saving.Waits():
		h.saving.GiveUp()
		return ui.None
	case h.Setup.Entering > 0:
		h.turn(h.Setup.Entering - 1)
		return ui.None
	}
	return ui.Back
}

// turn comes to another connector. What was fetched, shown or asked about the last one is dropped.
func (h *handoverScreen) turn(to int) {
	h.Setup.Entering = to
	h.note, h.asked, h.unmark, h.awaiting, h.clearing, h.shown = ui.Note{}, false, false, false, false, atlassian.Token{}
	h.showings++
}

func (h *handoverScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case tokenMsg:
		if msg.Request == h.Request && msg.id == h.one().ID && h.awaiting {
			return h.handed(msg)
		}
	case ui.CopiedMsg:
		if msg.Request == h.Request {
			h.note = h.told(msg)
		}
	case clearedMsg:
		if msg.Request == h.Request {
			h.cleared(msg)
		}
	case ui.OpenedMsg:
		if msg.Request == h.Request {
			h.note, h.clearing = msg.Note(), false
		}
	case hideMsg:
		if msg.Request == h.Request && msg.showing == h.showings {
			h.shown = atlassian.Token{}
		}
	case ui.IntentMsg:
		if msg.Request == h.Request && h.Session.Settings.Role != connector.RoleUnknown {
			return h.mark()
		}
	case ui.EditedMsg:
		if msg.Request == h.Request {
			return h.marked(msg), nil
		}
	case tea.KeyPressMsg:
		if !h.saving.Waits() {
			return h.press(msg)
		}
	}
	return ui.None, nil
}

// theToken names it in what is said.
const theToken = "token"

// told says where a value is now. A token in a clipboard's history is there for long.
func (h *handoverScreen) told(msg ui.CopiedMsg) ui.Note {
	otherwise := ui.SelectIt
	if msg.What == theToken {
		otherwise = "press v to see it."
	}
	note := h.CopiedNote(msg, otherwise)
	h.clearing = false
	if msg.What == theToken {
		h.clearing = msg.Known && h.Deps.ClearsClipboard()
		note.Text += " " + clearWords(h.clearing)
	}
	return note
}

func (h *handoverScreen) press(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	wasAsked, unmark := h.asked, h.unmark
	h.asked, h.unmark = false, false
	switch {
	case key.Matches(msg, h.keys.another) && !h.last():
		h.turn(h.Setup.Entering + 1)
	case key.Matches(msg, h.keys.Enter):
		return ui.Done, nil
	case key.Matches(msg, h.keys.Site):
		return ui.None, h.Copy("URL", h.one().Site.Origin())
	case key.Matches(msg, h.keys.Email):
		return ui.None, h.Copy("email", h.email())
	case key.Matches(msg, h.keys.Token) && !wasAsked:
		h.asked = true
		h.note, h.clearing = ui.Note{}, false
	case key.Matches(msg, h.keys.Token) && !h.awaiting:
		return ui.None, h.fetch(false)
	case key.Matches(msg, h.keys.Show) && !h.shown.IsZero():
		h.shown = atlassian.Token{}
	case key.Matches(msg, h.keys.Show) && !h.awaiting:
		return ui.None, h.fetch(true)
	case key.Matches(msg, h.keys.Open) && h.opens():
		return ui.None, h.Browse(h.Deps.SaaSAssure)
	case key.Matches(msg, h.keys.mark) && h.marks() && h.entered() && !unmark:
		h.unmark = true
		h.note, h.clearing = ui.Note{Text: "Already marked as entered. Press d again to mark it as not entered.", Kind: ui.NoteInfo}, false
	case key.Matches(msg, h.keys.mark) && h.one().ID != "":
		return h.mark()
	}
	return ui.None, nil
}

// fetch reads the token, to be copied or to be shown.
func (h *handoverScreen) fetch(toShow bool) tea.Cmd {
	h.awaiting, h.toShow, h.clearing = true, toShow, false
	h.note = ui.Note{Text: "Reading the token " + h.Theme.Ellipsis(), Kind: ui.NoteInfo}
	return fetchToken(h.Deps.Store, h.Setup.Token(), h.one().ID, h.Request)
}

func (h *handoverScreen) handed(msg tokenMsg) (ui.Event, tea.Cmd) {
	h.awaiting = false
	switch {
	case h.MustUnlock(msg.err):
		return ui.NeedsUnlock, nil
	case msg.err != nil:
		t := connector.Explain(msg.err)
		h.note = ui.Note{Text: t.Title + ". " + t.Remedy + ".", Kind: ui.NoteFailed}
		return ui.None, nil
	}
	h.note = ui.Note{}
	if h.toShow {
		return ui.None, h.show(msg.token)
	}
	return ui.None, h.copyToken(msg)
}

// mark records that the connector was entered in SaaSAssure today, or takes that back. It changes the
// connector, so it needs a role.
func (h *handoverScreen) mark() (ui.Event, tea.Cmd) {
	h.clearing = false
	switch {
	case h.Session.Settings.Role == connector.RoleUnknown:
		h.Setup.Intent = connector.Remedy{Action: ui.ActEntered}
		return ui.AskRole, nil
	case !h.MayChange():
		h.note = ui.Note{Text: ui.OnlyAdmins, Kind: ui.NoteFailed}
		return ui.None, nil
	}
	h.note = ui.Note{}
	one, entered, role, service := h.one(), !h.entered(), h.Session.Settings.Role, h.Deps.Service()
	return ui.None, ui.ChangeFacts(h.saving.Begin(ui.EditLimit), service, h.Request, func(ctx context.Context) ([]connector.Connector, error) {
		marked := service.MarkEntered(ctx, []connector.Connector{one}, entered, role)[0]
		if marked.Err != nil {
			return nil, marked.Err
		}
		return []connector.Connector{marked.Connector}, nil
	})
}

// marked takes over what is recorded now.
func (h *handoverScreen) marked(msg ui.EditedMsg) ui.Event {
	h.saving.End()
	if h.Unanswered(msg.Err) {
		return ui.GoHome
	}
	h.Session.UpdateFacts(append(msg.Now, msg.Saved...))
	for _, c := range append(msg.Now, msg.Saved...) {
		for _, all := range [][]connector.Connector{h.all, h.Setup.SameToken, h.Setup.Selected} {
			if i := slices.IndexFunc(all, func(of connector.Connector) bool { return of.ID == c.ID }); i >= 0 {
				all[i] = c
			}
		}
		if h.Setup.Saved.ID == c.ID {
			h.Setup.Saved = c
		}
		if h.Session.LastSaved.ID == c.ID {
			h.Session.LastSaved = c
		}
	}
	switch {
	case setup.IsChanged(msg.Err):
		h.note = ui.Note{Text: connector.Explain(msg.Err).Title + ". Press d again.", Kind: ui.NoteFailed}
	case msg.Err != nil:
		t := connector.Explain(msg.Err)
		h.note = ui.Note{Text: t.Title + ". " + t.Remedy + ".", Kind: ui.NoteFailed}
	case h.entered():
		h.unmark = true
		h.note = ui.Note{Text: "Marked as entered today. Press d again to undo.", Kind: ui.NoteDone}
	default:
		h.note = ui.Note{Text: "Marked as not entered.", Kind: ui.NoteDone}
	}
	return ui.None
}

// steps are SaaSAssure's: for a connector that is new there, or one whose token is.
func (h *handoverScreen) steps() []string {
	one := h.one()
	if h.renews[h.Setup.Entering] {
		return connector.RenewalSteps(one.Account)
	}
	return connector.HandoverSteps(one.Product, one.Account)
}

// checked is the newest report of the connector in front.
func (h *handoverScreen) checked() connector.Report {
	one := h.one()
	if one.ID == h.Setup.Saved.ID {
		return h.Report()
	}
	return ui.NewestReport(h.Session.Entry(one.ID))
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
	return "This connection is failing, so SaaSAssure can't connect either."
}

// fieldWidth is the width of the labels of this page.
const fieldWidth = 14

func (h *handoverScreen) View() (string, int) {
	var b strings.Builder
	w, one := h.Theme.Width, h.one()
	name := slices.DeleteFunc([]string{one.Name, connector.ProductTitle(one.Product), one.Account}, func(part string) bool { return part == "" })
	b.WriteString(h.Theme.Bold.Render(widget.Wrap(strings.Join(name, " "+h.Theme.Marks.Dot+" "), w)) + "\n")
	if words := h.doubt(); words != "" {
		b.WriteString(widget.WithMark(h.Theme.Warn.Render(h.Theme.Marks.Warn), words, w) + "\n")
	}
	b.WriteString("\n")
	for i, step := range h.steps() {
		b.WriteString(widget.WithMark(h.Theme.Faint.Render(string(rune('1'+i))+"."), step, w) + "\n")
	}
	if address := h.Deps.SaaSAssure; address != "" {
		b.WriteString(widget.LinkLines(h.Theme, address) + "\n")
	}
	b.WriteString("\n" + h.Theme.Faint.Render(widget.Wrap("Press the letter in front to copy the value.", w)) + "\n")
	row := func(letter, name, value string) {
		b.WriteString(h.Theme.Key.Render(letter) + "  " + widget.PadTo(name, fieldWidth) + h.Theme.Clip(value, w-fieldWidth-3) + "\n")
	}
	row("u", "URL", one.Site.Origin())
	row("e", "Email", h.email())
	row("t", "API Token", strings.Repeat(h.Theme.Marks.Star, 12))
	h.enteredRow(&b)
	b.WriteString(h.shownToken())
	at := strings.Count(b.String(), "\n")
	switch {
	case h.saving.Waits():
		b.WriteString("\n" + h.saving.Words(h.Theme, "Saving"))
	case h.asked:
		b.WriteString("\n" + widget.WithMark(h.Theme.Warn.Render(h.Theme.Marks.Warn),
			"Other programs can read the clipboard. Press t again to copy the token.", w))
	case h.note.Text != "":
		b.WriteString("\n" + h.note.View(h.Theme))
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
	first := h.Theme.Key.Render(letter) + "  " + widget.PadTo("In SaaSAssure", fieldWidth)
	b.WriteString(first + widget.IndentRest(widget.Wrap(words, h.Theme.Width-fieldWidth-3), fieldWidth+3) + "\n")
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

// The one place in this package where a token is revealed: onto the clipboard, after the person
// asked for it twice, and onto the screen for a moment, at their word.

// tokenMsg is the answer of fetchToken.
type tokenMsg struct {
	Request ui.RequestID
	id      string
	token   atlassian.Token
	err     error
}

// handoverLimit leaves a person time to answer their desktop.
const handoverLimit = 130 * time.Second

// fetchToken gets the token: the one still at hand, else the stored one.
func fetchToken(store ui.Store, atHand atlassian.Token, id string, t ui.RequestID) tea.Cmd {
	return func() tea.Msg {
		if !atHand.IsZero() || id == "" {
			return tokenMsg{Request: t, id: id, token: atHand}
		}
		ctx, cancel := context.WithTimeout(context.Background(), handoverLimit)
		defer cancel()
		token, err := store.Token(ctx, id)
		return tokenMsg{t, id, token, err}
	}
}

// copyToken puts it on the clipboard, and takes it off again after a while.
func (h *handoverScreen) copyToken(got tokenMsg) tea.Cmd {
	return tea.Batch(h.Copy(theToken, got.token.Reveal()), h.clearLater(got.token))
}

// clearedMsg is the answer of clearLater: what was found there, and whether it is gone.
type clearedMsg struct {
	Request       ui.RequestID
	ours, cleared bool
}

// clearLater takes a token off the clipboard after a while, wherever the person is by then. A later
// copy of a token has a time of its own; what else was copied meanwhile stays.
func (s *handoverScreen) clearLater(token atlassian.Token) tea.Cmd {
	if !s.Deps.ClearsClipboard() {
		return nil
	}
	world, t, copies := *s.Deps, s.Request, &s.Session.Copies
	mine := copies.Add(1)
	return tea.Tick(ui.ClearAfter, func(time.Time) tea.Msg {
		if copies.Load() != mine {
			return nil
		}
		ctx, cancel := context.WithTimeout(context.Background(), ui.ClipboardLimit+ui.CopyLimit+ui.ClipboardLimit)
		defer cancel()
		ours, cleared := world.ClearClipboard(ctx, token)
		return clearedMsg{t, ours, cleared}
	})
}

// cleared says what came of it.
func (h *handoverScreen) cleared(msg clearedMsg) {
	switch {
	case msg.cleared:
		h.note = ui.Note{Text: "The clipboard was cleared. A clipboard history may still have the token.", Kind: ui.NoteDone}
	case msg.ours:
		h.note = ui.Note{Text: clearWords(false), Kind: ui.NoteFailed}
	case h.clearing:
		h.note = ui.Note{Text: "The clipboard no longer has the token.", Kind: ui.NoteInfo}
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
	Request ui.RequestID
	showing int
}

// show puts it on the screen for a moment. Leaving the screen hides it as well.
func (h *handoverScreen) show(token atlassian.Token) tea.Cmd {
	h.shown = token
	h.showings++
	end := hideMsg{h.Request, h.showings}
	return tea.Tick(showLimit, func(time.Time) tea.Msg { return end })
}

// shownToken is it, in lines of its own that can be selected whole; "" while it is hidden.
func (h *handoverScreen) shownToken() string {
	if h.shown.IsZero() {
		return ""
	}
	return "\n" + ansi.Hardwrap(h.shown.Reveal(), h.Theme.Width, false) + "\n" + h.Theme.Faint.Render("hidden again after 10 seconds") + "\n"
}
