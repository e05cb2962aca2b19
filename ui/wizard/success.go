package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// successScreen says what is known now, where the token is, and what comes next. It is
// also the end of a connector that was saved although it does not work yet, and of a
// check in a role that saves nothing; it never says more than what is true.
type successScreen struct {
	ui.Base
	keys widget.KeyMap
	menu *widget.Menu[successAction]
}

// successAction is a way on, and what it is about where two lead the same way.
type successAction struct {
	to    ui.Event
	about connector.Field
}

func newSuccess(on ui.Base) ui.Screen {
	s := &successScreen{Base: on, keys: widget.NewKeys()}
	on.Setup.Notice = "" // what it could say is among the facts
	if on.Setup.Before != nil {
		*on.Setup = *on.Setup.Before
	}
	if s.good() && !s.already(on.Setup.Product()) {
		on.Setup.Verified = append(on.Setup.Verified, on.Setup.Product())
	}
	var options []huh.Option[successAction]
	offer := func(words string, to ui.Event, about connector.Field) {
		options = append(options, widget.Option(words, successAction{to, about}))
	}
	expiry, passed := expiryOffer(on.Setup.Saved.Expires, connector.DateOf(on.Deps.Now()))
	wrongDay := on.Setup.IsSaved() && passed && s.good()
	if wrongDay {
		offer(expiry, ui.SetExpiry, "")
	}
	if on.Setup.IsSaved() && s.NamedEmail() != "" {
		offer("Use the email that Atlassian names: "+s.NamedEmail(), ui.Answered, connector.FieldEmail)
	}
	if s.good() {
		if s.handsOver() {
			offer(EnterOffer("Enter it in SaaSAssure", on.Setup.Saved), ui.HandOver, "")
		} else {
			offer("Draft a message that asks an admin to add it", ui.WriteMessage, "")
		}
		if s.lacksAccess() && on.Session.Settings.Role.MaySave() {
			offer("Draft a message that asks for the access", ui.WriteMessage, "")
		}
		if next := connector.OtherProduct(on.Setup.Product()); !s.already(next) {
			offer("Check "+connector.ProductTitle(next)+" with the same token", ui.Answered, "")
		}
	}
	if on.Setup.IsSaved() && !wrongDay {
		offer(expiry, ui.SetExpiry, "")
	}
	if on.Setup.IsSaved() && on.Setup.Saved.Account == "" {
		offer("Assign a SaaSAssure account", ui.EditFacts, connector.FieldAccount)
	}
	if !s.good() {
		offer("Draft a message that asks for what is missing", ui.WriteMessage, "")
	}
	offer("Done", ui.Done, "")
	s.menu = widget.NewMenu(on.Theme, options...)
	return s
}

// already reports whether this run proved the product with this token before.
func (s *successScreen) already(p connector.Product) bool {
	return slices.Contains(s.Setup.Verified, p)
}

// lacksAccess: it works, and a message can ask for what the account can't open.
func (s *successScreen) lacksAccess() bool {
	return s.good() && slices.ContainsFunc(s.Report().Remedies, func(r connector.Remedy) bool { return r.Action == connector.ActMessage })
}

// laterExpiry: the token's expiry date, as it is saved now, is not near.
func (s *successScreen) laterExpiry() bool {
	return s.Setup.IsSaved() && s.Setup.Saved.ExpiryLevel(connector.DateOf(s.Deps.Now())) == connector.ExpiresLater
}

// handsOver reports whether the connection can be entered in SaaSAssure: it works, and this role may.
func (s *successScreen) handsOver() bool { return s.good() && s.Session.Settings.Role.MaySave() }

func (s *successScreen) good() bool { return s.Report().Good() }

func (s *successScreen) Title() (string, string) {
	return "Connect " + connector.ProductTitle(s.Setup.Product()), ui.StepsLine(s.Theme, 3)
}

func (s *successScreen) Help() string {
	return "The connection works, and what is left is yours to choose: enter it in SaaSAssure, check the other product, set when the token expires. All of it can be done later too, from the list."
}

func (s *successScreen) Keys() []key.Binding {
	if s.handsOver() {
		return []key.Binding{s.keys.Enter, s.keys.HandOver, widget.Named(s.keys.Esc, "done")}
	}
	return []key.Binding{s.keys.Enter, widget.Named(s.keys.Esc, "done")}
}

func (s *successScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	if press, pressed := msg.(tea.KeyPressMsg); pressed && s.handsOver() && key.Matches(press, s.keys.HandOver) {
		return ui.HandOver, nil
	}
	deed, picked := s.menu.Update(msg)
	if !picked {
		return ui.None, nil
	}
	switch {
	case deed.to == ui.EditFacts:
		s.Edit(deed.about)
	case deed.to == ui.Answered && deed.about == connector.FieldEmail:
		s.UseNamedEmail()
	case deed.to == ui.Answered:
		before := *s.Setup
		s.Setup.Before = &before
		s.Setup.Saved = connector.Connector{}
		s.Setup.Change(func(f *setup.Facts) {
			f.Product, f.Name = connector.OtherProduct(f.Product), ""
			if added := before.Saved; before.IsSaved() {
				f.Site, f.Email, f.Account = added.Site.Host(), added.Email, added.Account
			}
		})
	case deed.to == ui.WriteMessage:
		s.Setup.TextTitle, s.Setup.Text = "Message to send", connector.Message(s.Report())
		if s.good() && !(s.lacksAccess() && s.Session.Settings.Role.MaySave()) {
			s.Setup.Text = connector.RoleMessage(s.Setup.Product(), "add a "+connector.ProductTitle(s.Setup.Product())+" connector")
		}
	}
	return deed.to, nil
}

func (s *successScreen) View() (string, int) {
	var b strings.Builder
	w, r := s.Theme.Width, s.Report()
	mark, title := s.headline()
	b.WriteString(widget.WithMark(mark, s.Theme.Bold.Render(title), w) + "\n\n")
	for _, line := range s.facts() {
		b.WriteString(widget.Indent(widget.Wrap(line, w-2), 2) + "\n")
	}
	for _, code := range append([]connector.Code{r.Code}, r.Also...) {
		if code == connector.CodeExpiresSoon && s.laterExpiry() {
			continue // the report is from before the date was corrected
		}
		if words := attentionWords(r, code); words != "" {
			b.WriteString("\n" + widget.WithMark(s.Theme.Warn.Render(s.Theme.Marks.Warn), words, w) + "\n")
		}
	}
	b.WriteString("\n")
	focus := s.menu.AddTo(&b)
	return b.String(), focus
}

func (s *successScreen) headline() (mark, title string) {
	product := connector.ProductTitle(s.Setup.Product())
	switch {
	case s.good() && s.Setup.IsSaved():
		return s.Theme.Good.Render(s.Theme.Marks.Ok), product + " connection verified and saved"
	case s.good():
		return s.Theme.Good.Render(s.Theme.Marks.Ok), product + " connection verified, nothing saved"
	}
	if s.Report().Verdict == connector.Unknown {
		return s.Theme.Warn.Render("?"), product + " connector saved, not checked yet"
	}
	return s.Theme.Warn.Render(s.Theme.Marks.Warn), product + " connector saved, not working yet"
}

// facts are what is known now, one line each.
func (s *successScreen) facts() []string {
	r, dot := s.Report(), " "+s.Theme.Marks.Dot+" "
	var lines []string
	first := r.Site.Origin()
	if s.Setup.IsSaved() {
		first = s.Setup.Saved.Name + dot + first
		if account := s.Setup.Saved.Account; account != "" {
			first += dot + account
		}
	}
	lines = append(lines, first)
	if r.Identity != nil {
		who := r.Identity.Name
		if r.Admin != nil && *r.Admin {
			who += ", administers " + connector.ProductTitle(r.Product)
		}
		if c := r.Coverage; c != nil {
			who += dot + connector.CoverageWords(r.Product, *c)
		}
		lines = append(lines, who)
	}
	lines = append(lines, s.tokenFact())
	if r.Product == connector.Confluence && r.Coverage != nil {
		lines = append(lines, "Confluence can't tell what this account doesn't see: spaces without permission and restricted pages are most likely left out of a backup.")
	}
	return lines
}

// tokenFact says where the token is and when it expires.
func (s *successScreen) tokenFact() string {
	if !s.Setup.IsSaved() {
		return "the token is not stored and is gone when you leave"
	}
	c := s.Setup.Saved
	where := "token stored in " + c.Where()
	switch {
	case !c.Expires.IsZero():
		return where + ", expires " + c.Expires.Words()
	case !c.ExpiresBy().IsZero():
		return where + ", expires by " + c.ExpiresBy().Words()
	}
	return where
}

// attentionWords is what should be done about a connection that works.
func attentionWords(r connector.Report, code connector.Code) string {
	if code == connector.CodeOK || !r.Good() {
		return ""
	}
	if code == r.Code {
		return r.Title + ". " + r.Why
	}
	return connector.TitleOf(code, r)
}
