package wizard

import (
	"errors"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"

	tea "charm.land/bubbletea/v2"
)

// newDuplicate questions a second connector: for the same product, site and email, which is
// nearly always a new token for the first; and for the same product and SaaSAssure account,
// since SaaSAssure takes only one.
func newDuplicate(on ui.Base) ui.Screen {
	d := on.Setup.Draft
	var other connector.Entry
	if found := d.DuplicateOf(on.Known()); found != nil {
		other = *found
	}
	about := func(account string) connector.Connector {
		return connector.Connector{ID: d.Saved().ID, Product: d.Facts().Product, Site: d.Site(), Email: d.Email(), Account: account}
	}
	same := connector.SameConnectionAs(about(""), []connector.Entry{other}) != nil
	asks := ui.Confirmation{Title: on.Setup.Title(), At: 2, Mark: ui.MarkWarning}
	title, why := connector.SameAccountWords(about(d.Facts().Account), other)
	if same {
		title, why = connector.SameConnectionWords(other)
	}
	asks.What, asks.Why = title, []string{why}
	adds := d.Task() == setup.Add
	if adds && same && other.KeptIn != connector.StorageReference {
		asks.Ways = append(asks.Ways, ui.Choice{Words: "Replace the token of " + other.Name + " with this one", Do: func(c *ui.ConfirmScreen) (ui.Event, tea.Cmd) {
			c.Setup.Adding, c.Setup.Draft, c.Setup.Saved = &d, d.ForThat(other), other.Connector
			return ui.Answered, nil
		}})
	}
	meant := func(c *ui.ConfirmScreen) (ui.Event, tea.Cmd) {
		c.Setup.Draft.AcceptDuplicate()
		return ui.Answered, nil
	}
	if adds {
		asks.Ways = append(asks.Ways, ui.Choice{
			Words: "Assign a SaaSAssure account to this one", Do: meant,
			Line: &widget.InputField{Title: "Account", Placeholder: "its name in SaaSAssure", Value: d.Facts().Account},
			Take: func(typed string) string {
				if typed == "" {
					return "Enter the account's name."
				}
				if words := connector.AccountProblem(typed); words != "" {
					return words
				}
				if taken := connector.SameAccountAs(about(typed), on.Session.Entries); taken != nil {
					words, _ := connector.SameAccountWords(about(typed), *taken)
					return words + "."
				}
				on.Setup.Change(func(f *setup.Facts) { f.Account = typed })
				return ""
			},
		})
	}
	asks.Ways = append(asks.Ways, ui.Choice{Words: "Save anyway", Do: meant}, ui.ChoiceTo("Don't save it", ui.GoHome))
	return ui.NewConfirm(on, asks)
}

// newOtherAccount is the second question when a new token works and is another account's: that
// changes whose rights the backup stands on, so it never happens by the way.
func newOtherAccount(on ui.Base) ui.Screen {
	before, now := personName(on.Entry().Person(), on.Setup.Saved.Email), personName(on.Report().Identity, on.Setup.Draft.Email())
	yes := ui.Choice{Words: "Yes, sign in as " + now + " from now on", Do: func(c *ui.ConfirmScreen) (ui.Event, tea.Cmd) {
		c.Setup.Draft.AcceptOtherAccount()
		return ui.Answered, nil
	}}
	other := ui.Choice{Words: "Use another token of " + before, Do: func(c *ui.ConfirmScreen) (ui.Event, tea.Cmd) {
		c.Replace(false)
		c.Setup.Change(func(f *setup.Facts) { f.Email = c.Setup.Saved.Email })
		return ui.EditForm, nil
	}}
	asks := ui.Confirmation{
		Title: on.Setup.Title(), At: 3, Mark: ui.MarkWarning, What: "This token belongs to " + now + ", not to " + before, Ways: []ui.Choice{other, yes},
		Why: []string{"It works: " + now + " administers " + connector.ProductTitle(on.Setup.Product()) + " on " + on.Setup.Draft.Site().Host() + ". " +
			"But until now " + on.Setup.Saved.Name + " signed in as " + before + ". The backup would see what " + now + " sees, and would stop working with that account."},
	}
	if on.Setup.OtherEmail { // it was what they set out to do
		asks.Ways = []ui.Choice{yes, other}
	}
	return ui.NewConfirm(on, asks)
}

func personName(i *connector.Identity, email string) string {
	if i != nil && i.Name != "" {
		return i.Name
	}
	return email
}

// newRole asks for the SaaSAssure role, before the first thing that needs one.
func newRole(on ui.Base) ui.Screen {
	asks := ui.Confirmation{
		Title: "Your role", At: -1, Help: roleHelp, What: "Which role do you have in SaaSAssure?",
		Why: []string{"Only Global Admins and Account Admins can add and change connectors. You are asked once."},
	}
	if role := on.Session.Settings.Role; role != connector.RoleUnknown && !role.MaySave() {
		asks.Why = []string{"Only Global Admins and Account Admins can add and change connectors. Your answer was: " + role.Title() + "."}
	}
	if on.Setup.Task() == setup.Add && on.Setup.Product() != "" {
		asks.Title, asks.At = on.Setup.Title(), 0
	}
	at := 0
	for i, r := range []struct {
		words string
		role  connector.Role
	}{{"Global Admin", connector.RoleGlobalAdmin}, {"Account Admin", connector.RoleAccountAdmin}, {"Another role, or none", connector.RoleOther}} {
		asks.Ways = append(asks.Ways, ui.Choice{Words: r.words, Do: func(c *ui.ConfirmScreen) (ui.Event, tea.Cmd) {
			c.Session.SetRole(r.role)
			return ui.Done, rememberSettings(c.Deps.Service(), connector.Settings{Role: r.role})
		}})
		if r.role == on.Session.Settings.Role {
			at = i
		}
	}
	c := ui.NewConfirm(on, asks)
	c.Menu.SelectValue(at)
	return c
}

// roleHelp is what is true of roles here.
const roleHelp = "SaaSAssure lets only Global Admins and Account Admins add connectors. SaaSAssure enforces that; this program only asks for your role and remembers it on this computer."

// newTrouble says why it could not be saved. Nothing is lost: the token is still at hand, and
// another storage or another try is one key away.
func newTrouble(on ui.Base) ui.Screen {
	words := connector.Explain(on.Setup.SaveError)
	asks := ui.Confirmation{
		Title: "Not saved yet", At: 3, Mark: ui.MarkFailing, What: words.Title,
		Why:  []string{words.Why + " " + whatIsLeft(&on), "What to do: " + connector.Inside(words.Remedy) + "."},
		Ways: []ui.Choice{ui.ChoiceTo("Try again", ui.Retry)},
	}
	if on.Setup.Task() != setup.Edit { // an edit leaves the token where it is
		asks.Ways = append(asks.Ways, ui.ChoiceTo("Choose another storage", ui.ChooseStorage))
	}
	leave, to := "Leave without saving", ui.GoHome
	if on.Setup.Task() == setup.Move {
		asks.Title, asks.At, leave, to = "Not moved", -1, "Leave it where it is", ui.Back
	}
	switch {
	case ui.IsSame(on.Setup.SaveError):
		asks.Ways = []ui.Choice{ui.ChoiceTo("Paste another token", ui.EditForm)}
		if on.Setup.Dated {
			asks.Why = append([]string{"Its expiry date was set."}, asks.Why...)
		}
	case setup.IsChanged(on.Setup.SaveError):
		again := map[setup.Task]string{setup.Edit: "Save what you typed anyway", setup.Replace: "Replace its token anyway", setup.Move: "Move its token anyway"}
		asks.Ways = []ui.Choice{ui.ChoiceTo("Show it as it is now", ui.OpenConnector), ui.ChoiceTo(again[on.Setup.Task()], ui.Answered)}
	case setup.IsGone(on.Setup.SaveError):
		asks.Ways, leave, to, asks.Esc = nil, "Show the list", ui.GoHome, ui.GoHome
	case errors.Is(on.Setup.SaveError, connector.ErrUnanswered): // trying again could save it twice
		asks.Title, asks.Ways, leave, asks.Esc = on.Setup.Title(), nil, "Show the list", ui.GoHome
	}
	asks.Ways = append(asks.Ways, ui.ChoiceTo(leave, to))
	return ui.NewConfirm(on, asks)
}

// whatIsLeft says that nothing has to be done twice.
func whatIsLeft(s *ui.Base) string {
	switch {
	case ui.IsSame(s.Setup.SaveError), setup.IsChanged(s.Setup.SaveError), setup.IsGone(s.Setup.SaveError), errors.Is(s.Setup.SaveError, connector.ErrUnanswered):
		return ""
	case s.Setup.Task() == setup.Move:
		return "The token is still where it was."
	case s.Setup.Task() != setup.Add:
		return "Nothing was changed: what was saved before is still used."
	case s.Report().Good():
		return "The connection works, and the token you entered is still here."
	}
	return "The token you entered is still here."
}
