package cli

import (
	"context"
	"slices"
	"strings"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui/wizard"
)

// What comes after a task in line mode: what is in force, and what is left to do.

// connected says what works now, where the token is, and what comes next. It is also the end of
// a connector that was saved although it doesn't work, and of a check that saves nothing.
func (m *lineMode) connected(ctx context.Context, t *lineTask) error {
	r, _ := t.d.Report()
	saved := t.saved.First
	product := connector.ProductTitle(t.d.Facts().Product)
	headline := map[bool]string{true: "OK: " + product + " connection verified and saved", false: "OK: " + product + " connection verified, nothing saved"}[saved.ID != ""]
	switch {
	case r.Good():
	case r.Verdict == connector.Unknown:
		headline = "Note: " + product + " connector saved, not verified yet"
	default:
		headline = "Note: " + product + " connector saved, not working yet"
	}
	m.title(t.name(), "What is left is yours to choose. All of it can be done later too, from the list.")
	m.say(headline)
	m.say(strings.Join(lineParts(saved.Name, r.Site.Origin(), saved.Account), ", "))
	if who := r.Identity; who != nil {
		words := []string{who.Words()}
		if r.Admin != nil && *r.Admin {
			words = append(words, "administers "+product)
		}
		if r.Coverage != nil {
			words = append(words, connector.CoverageWords(r.Product, *r.Coverage))
		}
		m.say(strings.Join(words, ", "))
	}
	if saved.ID == "" {
		m.say("The token is not stored: it is gone when you leave.")
	} else {
		m.say(m.tokenWords(saved))
	}
	if r.Product == connector.Confluence && r.Coverage != nil {
		m.say("Confluence can't tell what this account doesn't see: spaces without permission and restricted pages are most likely left out of a backup.")
	}
	for _, code := range append([]connector.Code{r.Code}, r.Also...) {
		switch {
		case code == connector.CodeOK || !r.Good():
		case code == r.Code:
			m.say("Note: " + r.Title + ". " + r.Why)
		default:
			m.say("Note: " + connector.TitleOf(code, r))
		}
	}
	m.say("")
	for {
		if err := m.menu(ctx, m.connectedOptions(t, r)); err != nil {
			return lineEnd(err)
		}
		if now := m.entry(ctx, saved.ID).Connector; now.ID != "" {
			t.saved.First = now
		}
	}
}

// connectedOptions are what is left after a connector was added, or checked for nothing.
func (m *lineMode) connectedOptions(t *lineTask, r connector.Report) []lineOption {
	c, p := t.saved.First, t.d.Facts().Product
	product, saves := connector.ProductTitle(p), m.role.MaySave()
	var options []lineOption
	add := func(when bool, words string, do func(context.Context) error) {
		if when {
			options = append(options, lineOption{words, do})
		}
	}
	message := func(text string) func(context.Context) error {
		return func(ctx context.Context) error { return m.text(ctx, "A message that is ready to send", text) }
	}
	lacks := slices.ContainsFunc(r.Remedies, func(r connector.Remedy) bool { return r.Action == connector.ActMessage })
	named := r.NamedEmail()
	add(c.ID != "" && named != "", "Use the email that Atlassian names: "+named, func(ctx context.Context) error {
		return m.finish(ctx, m.editTask(m.entry(ctx, c.ID), "", named, setup.FieldEmail))
	})
	add(r.Good() && saves, wizard.EnterOffer("Enter it in SaaSAssure", c), func(ctx context.Context) error {
		token, _ := t.d.Token()
		return m.handOver(ctx, token, false, connector.Entry{Connector: c, Reports: []connector.Report{r}})
	})
	add(r.Good() && !saves, "Draft a message that asks an admin to add it", message(connector.RoleMessage(p, "add a "+product+" connector")))
	add(r.Good() && saves && lacks, "Draft a message that asks for the access", message(connector.Message(r)))
	add(r.Good() && !slices.Contains(t.products, connector.OtherProduct(p)), "Check "+connector.ProductTitle(connector.OtherProduct(p))+" with the same token", func(ctx context.Context) error {
		return m.otherProduct(ctx, t)
	})
	add(c.ID != "", "Set the token's expiry date", func(ctx context.Context) error { return m.setExpiry(ctx, t.with) })
	add(c.ID != "" && c.Account == "", "Assign a SaaSAssure account", func(ctx context.Context) error {
		account := m.editTask(m.entry(ctx, c.ID), "", "", setup.FieldAccount)
		return m.finish(ctx, account)
	})
	add(!r.Good(), "Draft a message that asks for what is missing", message(connector.Message(r)))
	add(true, "Done", lineDone)
	return options
}

// otherProduct connects the other product of the site with the token at hand.
func (m *lineMode) otherProduct(ctx context.Context, t *lineTask) error {
	next := &lineTask{d: setup.New(connector.OtherProduct(t.d.Facts().Product)), with: t.with, products: append(t.products, t.d.Facts().Product)}
	f := t.d.Facts()
	f.Product, f.Name = next.d.Facts().Product, ""
	next.d.Set(f)
	token, receipt := t.d.Token()
	if ref := t.d.Reference(); ref != nil {
		next.d.SetReference(ref, token, receipt, m.now())
	} else {
		next.d.SetToken(token, receipt, m.now())
	}
	next.d.SetStorage(t.d.Storage())
	if err := m.finish(ctx, next); err != nil {
		return err
	}
	t.products = append(t.products, next.d.Facts().Product)
	if next.saved.First.ID != "" {
		return errLineDone // it said itself what comes next
	}
	return nil
}

// replaced says where the new token is in force, and the two things that are left: SaaSAssure
// still has the old one, and the old one still works.
func (m *lineMode) replaced(ctx context.Context, t *lineTask) error {
	c := t.saved.First
	m.title(t.name(), "Two things are left, in this order: enter the new token in SaaSAssure, then revoke the old one at Atlassian.")
	m.say("OK: The new token is verified and in force in " + connector.And(t.saved.InForce()))
	m.say(m.tokenWords(c))
	for _, left := range t.saved.LeftOut {
		m.say(strings.TrimSuffix("Note: "+left.Name+" keeps the old token: "+left.Why, ": "))
	}
	m.say(connector.RevokeAfter)
	m.say(connector.TokenPageOf(c.Site))
	m.say("")
	for {
		if err := m.menu(ctx, m.replacedOptions(ctx, t)); err != nil {
			return lineEnd(err)
		}
	}
}

// replacedOptions are what is left after a token was replaced.
func (m *lineMode) replacedOptions(ctx context.Context, t *lineTask) []lineOption {
	r, _ := t.d.Report()
	c := t.saved.First
	all := append([]connector.Entry{{Connector: c, Reports: []connector.Report{r}}}, t.saved.Also...)
	now := make([]connector.Connector, len(all))
	for i, e := range all {
		if now[i] = m.entry(ctx, e.ID).Connector; now[i].ID == "" {
			now[i] = e.Connector
		}
	}
	options := []lineOption{
		{wizard.EnterOffer("Enter the new token in SaaSAssure", now...), func(ctx context.Context) error {
			token, _ := t.d.Token()
			return m.handOver(ctx, token, true, all...)
		}},
		{"Set the token's expiry date", func(ctx context.Context) error { return m.setExpiry(ctx, t.with) }},
	}
	if m.copies() {
		options = append(options, lineOption{"Copy the link", func(ctx context.Context) error {
			m.copy(ctx, "link", connector.TokenPageOf(c.Site), "it is in the lines above.")
			return nil
		}})
	}
	return append(options, lineOption{"Done", lineDone})
}

func lineParts(parts ...string) []string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return all
}

// tokenWords say where a token is and when it expires.
func (m *lineMode) tokenWords(c connector.Connector) string {
	words := "Token in " + c.Where()
	switch day, exact := c.ExpiryDate(); {
	case exact:
		words += ", expires " + day.Words()
	case !day.IsZero():
		words += ", expires " + day.Words() + " at the latest"
	}
	return words
}
