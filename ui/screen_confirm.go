package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// confirmScreen asks one thing that only a person can decide: what it is about, why it is
// asked, and ways on.
type confirmScreen struct {
	stage
	keys      keyMap
	asks      confirmation
	menu      *menu[int] // index into the ways
	field     *inputs    // nil until the way is chosen that needs a line
	named     way
	complaint string
	working   pending
}

// confirmation is what a confirmScreen asks.
type confirmation struct {
	title string
	at    int    // how far the task has come, for whereabouts; -1 for none
	help  string // "" for none
	mark  severity
	what  string   // first, in bold
	why   []string // a paragraph each
	link  string   // below them; "" for none
	ways  []way
	// done takes the answer that a way waits for; doing says what is waited for.
	doing string
	done  func(c *confirmScreen, msg tea.Msg) event
	// esc is where Esc leads; back where it is not said.
	esc event
}

// severity is the mark before what is asked.
type severity int

const (
	plain severity = iota
	doubtful
	wrong
)

// way is a choice, and what it does.
type way struct {
	words string
	do    func(c *confirmScreen) (event, tea.Cmd)
	// line is what has to be typed for it first; take takes that, or says what is wrong with it.
	line *inputSpec
	take func(typed string) (complaint string)
}

// leads is a way to an event.
func leads(words string, to event) way {
	return way{words: words, do: func(*confirmScreen) (event, tea.Cmd) { return to, nil }}
}

func newConfirm(on stage, asks confirmation) *confirmScreen {
	c := &confirmScreen{stage: on, keys: newKeys(), asks: asks}
	options := make([]huh.Option[int], len(asks.ways))
	for i, w := range asks.ways {
		options[i] = option(w.words, i)
	}
	c.menu = newMenu(on.look, options...)
	return c
}

func (c *confirmScreen) Title() (string, string) {
	if c.asks.at < 0 {
		return c.asks.title, ""
	}
	return c.asks.title, whereabouts(c.look, c.asks.at)
}

func (c *confirmScreen) Help() string { return c.asks.help }

func (c *confirmScreen) Typing() bool { return c.field != nil }

// Busy: something is being written.
func (c *confirmScreen) Busy() bool { return c.working.waits() }

func (c *confirmScreen) Leave() { c.working.end() }

func (c *confirmScreen) Keys() []key.Binding {
	switch {
	case c.working.waits():
		return c.working.keys(c.keys)
	case c.field != nil:
		return []key.Binding{named(c.keys.enter, "save"), c.keys.esc}
	}
	return []key.Binding{c.keys.enter, c.keys.esc}
}

func (c *confirmScreen) Escape() event {
	switch {
	case c.working.waits():
		c.working.giveUp()
		return still
	case c.field != nil:
		c.field = nil
		return still
	case c.asks.esc != still:
		return c.asks.esc
	}
	return back
}

func (c *confirmScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	if _, pressed := msg.(tea.KeyPressMsg); !pressed && c.asks.done != nil {
		if ev := c.asks.done(c, msg); ev != still {
			return ev, nil
		}
	}
	switch {
	case c.working.waits():
		return still, nil
	case c.field != nil:
		return c.typed(msg)
	}
	i, picked := c.menu.update(msg)
	if !picked || i >= len(c.asks.ways) {
		return still, nil
	}
	c.complaint = ""
	if w := c.asks.ways[i]; w.line == nil {
		return w.do(c)
	}
	c.named = c.asks.ways[i]
	c.field = newInputs(c.look, *c.named.line)
	c.field.changed = func(int) { c.complaint = "" }
	return still, c.field.init()
}

// typed takes a line.
func (c *confirmScreen) typed(msg tea.Msg) (event, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, c.keys.enter) {
		if c.complaint = c.named.take(strings.TrimSpace(c.field.value(0))); c.complaint != "" {
			return still, nil
		}
		return c.named.do(c)
	}
	if changesText(msg) {
		c.complaint = ""
	}
	return still, c.field.update(msg)
}

func (c *confirmScreen) View() (string, int) {
	var b strings.Builder
	w := c.look.width
	if what := c.look.bold.Render(c.asks.what); c.asks.what != "" {
		switch c.asks.mark {
		case doubtful:
			what = hang(c.look.warn.Render(c.look.mark.warn), what, w)
		case wrong:
			what = hang(c.look.bad.Render(c.look.mark.bad), what, w)
		case plain:
			what = c.look.bold.Render(wrap(c.asks.what, w))
		}
		b.WriteString(what + "\n")
		if c.asks.mark != plain {
			b.WriteString("\n")
		}
	}
	for _, words := range c.asks.why {
		b.WriteString(wrap(words, w) + "\n")
	}
	if c.asks.link != "" {
		b.WriteString(ansiLink(c.look, c.asks.link) + "\n")
	}
	b.WriteString("\n")
	if c.field != nil {
		focus := strings.Count(b.String(), "\n")
		b.WriteString(c.field.view(0) + "\n")
		if c.complaint != "" {
			b.WriteString("\n" + hang(c.look.bad.Render(c.look.mark.bad), c.complaint, w))
		}
		return b.String(), focus
	}
	if c.complaint != "" {
		b.WriteString(hang(c.look.bad.Render(c.look.mark.bad), c.complaint, w) + "\n\n")
	}
	focus := c.menu.addTo(&b)
	if c.working.waits() {
		b.WriteString("\n\n" + c.working.words(c.look, c.asks.doing))
	}
	return b.String(), focus
}

// What is asked.

// newDuplicate questions a second connector: for the same product, site and email, which is
// nearly always a new token for the first; and for the same product and SaaSAssure account,
// since SaaSAssure takes only one.
func newDuplicate(on stage) screen {
	d := on.setup.Draft
	var other connector.Entry
	if found := d.DuplicateOf(on.known()); found != nil {
		other = *found
	}
	about := func(account string) connector.Connector {
		return connector.Connector{ID: d.Saved().ID, Product: d.Facts().Product, Site: d.Site(), Email: d.Email(), Account: account}
	}
	same := connector.Same(about(""), []connector.Entry{other}) != nil
	asks := confirmation{title: on.setup.title(), at: 2, mark: doubtful}
	title, why := connector.TwinWords(about(d.Facts().Account), other)
	if same {
		title, why = connector.SameWords(other)
	}
	asks.what, asks.why = title, []string{why}
	adds := d.Task() == setup.Add
	if adds && same && other.KeptIn != connector.StorageReference {
		asks.ways = append(asks.ways, way{words: "Replace the token of " + other.Name + " with this one", do: func(c *confirmScreen) (event, tea.Cmd) {
			c.setup.adding, c.setup.Draft, c.setup.Saved = &d, d.ForThat(other), other.Connector
			return answered, nil
		}})
	}
	meant := func(c *confirmScreen) (event, tea.Cmd) {
		c.setup.Draft.AcceptDuplicate()
		return answered, nil
	}
	if adds {
		asks.ways = append(asks.ways, way{
			words: "Name the SaaSAssure account that this one is for", do: meant,
			line: &inputSpec{title: "Account", placeholder: "as it is called in SaaSAssure", value: d.Facts().Account},
			take: func(typed string) string {
				if typed == "" {
					return "Type the account's name."
				}
				if words := connector.AccountProblem(typed); words != "" {
					return words
				}
				if taken := connector.Twin(about(typed), on.session.entries); taken != nil {
					words, _ := connector.TwinWords(about(typed), *taken)
					return words + "."
				}
				on.setup.change(func(f *setup.Facts) { f.Account = typed })
				return ""
			},
		})
	}
	asks.ways = append(asks.ways, way{words: "Save it all the same", do: meant}, leads("Do not save it", home))
	return newConfirm(on, asks)
}

// newOtherAccount is the second question when a new token works and is another account's: that
// changes whose rights the backup stands on, so it never happens by the way.
func newOtherAccount(on stage) screen {
	before, now := personName(on.entry().Person(), on.setup.Saved.Email), personName(on.report().Identity, on.setup.Draft.Email())
	yes := way{words: "Yes, sign in as " + now + " from now on", do: func(c *confirmScreen) (event, tea.Cmd) {
		c.setup.Draft.AcceptOtherAccount()
		return answered, nil
	}}
	other := way{words: "Use another token of " + before, do: func(c *confirmScreen) (event, tea.Cmd) {
		c.replace(false)
		c.setup.change(func(f *setup.Facts) { f.Email = c.setup.Saved.Email })
		return edit, nil
	}}
	asks := confirmation{
		title: on.setup.title(), at: 3, mark: doubtful, what: "This token belongs to " + now + ", not to " + before, ways: []way{other, yes},
		why: []string{"It works: " + now + " administers " + connector.ProductTitle(on.setup.product()) + " on " + on.setup.Draft.Site().Host() + ". " +
			"But until now " + on.setup.Saved.Name + " signed in as " + before + ". What the backup may see would be what " + now + " may see, and it would end with that account."},
	}
	if on.setup.OtherEmail { // it was what they set out to do
		asks.ways = []way{yes, other}
	}
	return newConfirm(on, asks)
}

func personName(i *connector.Identity, email string) string {
	if i != nil && i.Name != "" {
		return i.Name
	}
	return email
}

// newRole asks for the SaaSAssure role, before the first thing that needs one.
func newRole(on stage) screen {
	asks := confirmation{
		title: "Your role", at: -1, help: roleHelp, what: "Which role do you have in SaaSAssure?",
		why: []string{"Only Global Admins and Account Admins can add and change connectors. You are asked once."},
	}
	if on.setup.task() == setup.Add && on.setup.product() != "" {
		asks.title, asks.at = on.setup.title(), 0
	}
	at := 0
	for i, r := range []struct {
		words string
		role  connector.Role
	}{{"Global Admin", connector.RoleGlobalAdmin}, {"Account Admin", connector.RoleAccountAdmin}, {"Another role, or none", connector.RoleOther}} {
		asks.ways = append(asks.ways, way{words: r.words, do: func(c *confirmScreen) (event, tea.Cmd) {
			c.session.choose(r.role)
			return done, rememberSettings(c.world.Service(), connector.Settings{Role: r.role})
		}})
		if r.role == on.session.settings.Role {
			at = i
		}
	}
	c := newConfirm(on, asks)
	c.menu.selectValue(at)
	return c
}

// roleHelp is what is true of roles here.
const roleHelp = "SaaSAssure lets only Global Admins and Account Admins add connectors. It enforces that itself; this program asks for your role, remembers it on this machine, and cannot verify it."

// newTrouble says why it could not be saved. Nothing is lost: the token is still at hand, and
// another storage or another try is one key away.
func newTrouble(on stage) screen {
	words := connector.TroubleOf(on.setup.Trouble)
	asks := confirmation{
		title: "Not saved yet", at: 3, mark: wrong, what: words.Title,
		why:  []string{words.Why + " " + whatIsLeft(&on), "What helps: " + connector.Inside(words.Remedy) + "."},
		ways: []way{leads("Try again", retry)},
	}
	if on.setup.task() != setup.Edit { // an edit leaves the token where it is
		asks.ways = append(asks.ways, leads("Choose another safe", chooses))
	}
	leave, to := "Leave without saving", home
	if on.setup.task() == setup.Move {
		asks.title, asks.at, leave, to = "Not moved", -1, "Leave it where it is", back
	}
	switch {
	case isSame(on.setup.Trouble):
		asks.ways = []way{leads("Paste another token", edit)}
		if on.setup.Dated {
			asks.why = append([]string{"Its expiry date was set."}, asks.why...)
		}
	case setup.IsChanged(on.setup.Trouble):
		again := map[setup.Task]string{setup.Edit: "Save what you typed all the same", setup.Replace: "Replace its token all the same", setup.Move: "Move its token all the same"}
		asks.ways = []way{leads("Look at it as it is now", opens), leads(again[on.setup.task()], answered)}
	case setup.IsGone(on.setup.Trouble):
		asks.ways, leave, to, asks.esc = nil, "Look at the list", home, home
	case errors.Is(on.setup.Trouble, connector.ErrUnanswered): // trying again could save it twice
		asks.title, asks.ways, leave, asks.esc = on.setup.title(), nil, "Look at the list", home
	}
	asks.ways = append(asks.ways, leads(leave, to))
	return newConfirm(on, asks)
}

// whatIsLeft says that nothing has to be done twice.
func whatIsLeft(s *stage) string {
	switch {
	case isSame(s.setup.Trouble), setup.IsChanged(s.setup.Trouble), setup.IsGone(s.setup.Trouble), errors.Is(s.setup.Trouble, connector.ErrUnanswered):
		return ""
	case s.setup.task() == setup.Move:
		return "The token is where it was."
	case s.setup.task() != setup.Add:
		return "Nothing was changed: what was saved before is still in force."
	case s.report().Good():
		return "The connection itself is proven, and the token you typed is still here."
	}
	return "The token you typed is still here."
}

// newRemove asks before a connector and its token are deleted here, and says what that does
// not do: the token still works at Atlassian until it is revoked there.
func newRemove(on stage) screen {
	if len(on.setup.Several) > 0 {
		return newRemoveSeveral(on)
	}
	what := "This deletes the connector, and its token from " + connector.StorageName(on.setup.Saved.KeptIn) + "."
	if ref := on.setup.Saved.Reference; ref != nil {
		what = "This deletes the connector. Its token stays where it is read from" + ref.Words() + "."
	}
	return newConfirm(on, confirmation{
		title: "Remove " + on.setup.Saved.Name, at: -1,
		why:  []string{what + " Nothing changes in SaaSAssure, and the token still works at Atlassian until you revoke it:"},
		link: connector.TokenPageOf(on.setup.Saved.Site),
		ways: []way{leads("Keep it", back), {words: "Remove it from this machine", do: func(c *confirmScreen) (event, tea.Cmd) {
			return still, removeConnector(c.working.begin(removeLimit), c.world.Service(), c.setup.Saved.ID, c.ticket)
		}}},
		doing: "Removing", done: removalAnswered,
	})
}

// removeLimit leaves a person time to answer their desktop.
const removeLimit = 130 * time.Second

// removedMsg is the answer of removeConnector.
type removedMsg struct {
	ticket ticket
	left   *connector.StorageError
	err    error
}

func removeConnector(ctx context.Context, service setup.Service, id string, t ticket) tea.Cmd {
	remove := func() tea.Msg {
		left, err := service.Remove(ctx, id)
		return removedMsg{t, left, err}
	}
	return func() tea.Msg { return finished(ctx, remove, removedMsg{t, nil, connector.ErrUnanswered}) }
}

func removalAnswered(c *confirmScreen, answer tea.Msg) event {
	msg, ok := answer.(removedMsg)
	if !ok || msg.ticket != c.ticket {
		return still
	}
	c.working.end()
	switch {
	case c.unanswered(msg.err):
		return home
	case msg.err != nil:
		t := connector.TroubleOf(msg.err)
		c.complaint = t.Title + ". " + t.Remedy + "."
		return still
	}
	c.session.forget(c.setup.Saved.ID)
	c.session.listed.id, c.session.listed.filter = "", "" // what was looked for is gone
	c.session.notice = c.setup.Saved.Name + " is removed here. "
	if msg.left != nil {
		c.session.notice += "Its token was not deleted: " + connector.LeftWords(msg.left) + " "
	}
	c.session.notice += "Its token still works at Atlassian until you revoke it: " + connector.TokenPageOf(c.setup.Saved.Site)
	return removed
}

// newRemoveSeveral asks it about those that were selected in the list, and says which these are.
func newRemoveSeveral(on stage) screen {
	all := on.setup.Several
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	number := connector.Plural(len(all), "connector")
	return newConfirm(on, confirmation{
		title: "Remove " + number, at: -1, esc: home,
		why: []string{
			"This deletes " + someNames(names) + ".",
			"Their tokens are deleted here too, except those that are read from a place of your own. Nothing changes in SaaSAssure, and the tokens still work at Atlassian until you revoke them:",
		},
		link: connector.TokenPageOf(all[0].Site),
		ways: []way{leads("Keep them", home), {words: "Remove " + number + " from this machine", do: func(c *confirmScreen) (event, tea.Cmd) {
			return still, removeSeveral(c.working.begin(removeLimit), c.world.Service(), all, c.ticket)
		}}},
		doing: "Removing", done: removalsAnswered,
	})
}

// removedSeveralMsg is the answer of removeSeveral.
type removedSeveralMsg struct {
	ticket ticket
	gone   []connector.Connector
	left   *connector.StorageError // why the first token that was not deleted was not
	kept   []string                // the names of those whose token was not
	err    error                   // why the first that was not removed was not
}

func removeSeveral(ctx context.Context, service setup.Service, all []connector.Connector, t ticket) tea.Cmd {
	remove := func() tea.Msg {
		msg := removedSeveralMsg{ticket: t}
		service.RemoveMany(ctx, all, func(i int, left *connector.StorageError, err error) {
			if err != nil && !setup.IsGone(err) {
				msg.err = cmp.Or(msg.err, err)
				return
			}
			msg.gone = append(msg.gone, all[i])
			if left != nil {
				msg.left, msg.kept = left, append(msg.kept, all[i].Name)
			}
		})
		if msg.err == nil && len(msg.gone) < len(all) {
			msg.err = ctx.Err()
		}
		return msg
	}
	return func() tea.Msg {
		return finished(ctx, remove, removedSeveralMsg{ticket: t, err: connector.ErrUnanswered})
	}
}

func removalsAnswered(c *confirmScreen, answer tea.Msg) event {
	msg, ok := answer.(removedSeveralMsg)
	if !ok || msg.ticket != c.ticket {
		return still
	}
	c.working.end()
	if c.unanswered(msg.err) {
		return home
	}
	for _, gone := range msg.gone {
		c.session.forget(gone.ID)
	}
	c.session.listed.id, c.session.listed.filter = "", ""
	all := c.setup.Several
	words := connector.Plural(len(msg.gone), "connector") + " removed here. "
	if msg.err != nil {
		t := connector.TroubleOf(msg.err)
		words = fmt.Sprintf("%d of %s removed here. %s. %s. ", len(msg.gone), connector.Plural(len(all), "connector"), t.Title, t.Remedy)
	}
	if msg.left != nil {
		words += "Not deleted was the token of " + connector.And(msg.kept) + ": " + connector.LeftWords(msg.left) + " "
	}
	if len(msg.gone) > 0 {
		words += "Their tokens still work at Atlassian until you revoke them: " + connector.TokenPageOf(all[0].Site)
	}
	c.session.notice = strings.TrimSpace(words)
	return removed
}
