package ui

import (
	"errors"
	"saasconnect/connector"
	"saasconnect/connector/setup"

	tea "charm.land/bubbletea/v2"
)

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
