package ui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// successScreen says what is known now, where the token is, and what comes next. It is
// also the end of a connector that was kept although it does not work yet, and of a
// check in a role that saves nothing; it never says more than what is true.
type successScreen struct {
	stage
	keys keyMap
	menu *menu[successDeed]
}

// successDeed is a way on, and what it is about where two lead the same way.
type successDeed struct {
	to    event
	about connector.Field
}

func newSuccess(on stage) screen {
	s := &successScreen{stage: on, keys: newKeys()}
	on.setup.Notice = "" // what it could say is among the facts
	if on.setup.Before != nil {
		*on.setup = *on.setup.Before
	}
	if s.good() && !s.already(on.setup.product()) {
		on.setup.Proven = append(on.setup.Proven, on.setup.product())
	}
	var options []huh.Option[successDeed]
	offer := func(words string, to event, about connector.Field) {
		options = append(options, option(words, successDeed{to, about}))
	}
	if on.setup.isSaved() && s.namedEmail() != "" {
		offer("Use the email that Atlassian names: "+s.namedEmail(), answered, connector.FieldEmail)
	}
	if s.good() {
		if on.session.settings.Role.MaySave() {
			offer(EnterOffer("Enter it in SaaSAssure", on.setup.Saved), handover, "")
		} else {
			offer("Draft a message that asks an admin to add it", message, "")
		}
		if s.lacksAccess() && on.session.settings.Role.MaySave() {
			offer("Draft a message that asks for the access", message, "")
		}
		if next := connector.OtherProduct(on.setup.product()); !s.already(next) {
			offer("Check "+connector.ProductTitle(next)+" with the same token", answered, "")
		}
	}
	if on.setup.isSaved() {
		offer(expiryOffer(on.setup.Saved.Expires), expiry, "")
	}
	if on.setup.isSaved() && on.setup.Saved.Account == "" {
		offer("Assign a SaaSAssure account", edits, connector.FieldAccount)
	}
	if !s.good() {
		offer("Draft a message that asks for what is missing", message, "")
	}
	offer("Done", done, "")
	s.menu = newMenu(on.look, options...)
	return s
}

// already reports whether this run proved the product with this token before.
func (s *successScreen) already(p connector.Product) bool { return slices.Contains(s.setup.Proven, p) }

// lacksAccess: it works, and a message can ask for what the account can't open.
func (s *successScreen) lacksAccess() bool {
	return s.good() && slices.ContainsFunc(s.report().Remedies, func(r connector.Remedy) bool { return r.Action == connector.ActMessage })
}

func (s *successScreen) good() bool { return s.report().Good() }

func (s *successScreen) Title() (string, string) {
	return "Connect " + connector.ProductTitle(s.setup.product()), whereabouts(s.look, 3)
}

func (s *successScreen) Help() string {
	return "The connection works, and what is left is yours to choose: enter it in SaaSAssure, check the other product, set when the token expires. All of it can be done later too, from the list."
}

func (s *successScreen) Keys() []key.Binding {
	return []key.Binding{s.keys.enter, named(s.keys.esc, "done")}
}

func (s *successScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	deed, picked := s.menu.update(msg)
	if !picked {
		return still, nil
	}
	switch {
	case deed.to == edits:
		s.edit(deed.about)
	case deed.to == answered && deed.about == connector.FieldEmail:
		s.useNamedEmail()
	case deed.to == answered:
		before := *s.setup
		s.setup.Before = &before
		s.setup.Saved = connector.Connector{}
		s.setup.change(func(f *setup.Facts) {
			f.Product, f.Name = connector.OtherProduct(f.Product), ""
			if added := before.Saved; before.isSaved() {
				f.Site, f.Email, f.Account = added.Site.Host(), added.Email, added.Account
			}
		})
	case deed.to == message:
		s.setup.TextTitle, s.setup.Text = "A message that is ready to send", connector.Message(s.report())
		if s.good() && !(s.lacksAccess() && s.session.settings.Role.MaySave()) {
			s.setup.Text = connector.RoleMessage(s.setup.product(), "add a "+connector.ProductTitle(s.setup.product())+" connector")
		}
	}
	return deed.to, nil
}

func (s *successScreen) View() (string, int) {
	var b strings.Builder
	w, r := s.look.width, s.report()
	mark, title := s.headline()
	b.WriteString(hang(mark, s.look.bold.Render(title), w) + "\n\n")
	for _, line := range s.facts() {
		b.WriteString(indent(wrap(line, w-2), 2) + "\n")
	}
	for _, code := range append([]connector.Code{r.Code}, r.Also...) {
		if words := attentionWords(r, code); words != "" {
			b.WriteString("\n" + hang(s.look.warn.Render(s.look.mark.warn), words, w) + "\n")
		}
	}
	b.WriteString("\n")
	focus := s.menu.addTo(&b)
	return b.String(), focus
}

func (s *successScreen) headline() (mark, title string) {
	product := connector.ProductTitle(s.setup.product())
	switch {
	case s.good() && s.setup.isSaved():
		return s.look.good.Render(s.look.mark.ok), product + " connection checked and saved"
	case s.good():
		return s.look.good.Render(s.look.mark.ok), product + " connection checked, nothing saved"
	}
	if s.report().Verdict == connector.Unknown {
		return s.look.warn.Render("?"), product + " connector saved, not checked yet"
	}
	return s.look.warn.Render(s.look.mark.warn), product + " connector saved, not working yet"
}

// facts are what is known now, one line each.
func (s *successScreen) facts() []string {
	r, dot := s.report(), " "+s.look.mark.dot+" "
	var lines []string
	first := r.Site.Origin()
	if s.setup.isSaved() {
		first = s.setup.Saved.Name + dot + first
		if account := s.setup.Saved.Account; account != "" {
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
	if !s.setup.isSaved() {
		return "the token is not stored: it is gone when you leave"
	}
	c := s.setup.Saved
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
