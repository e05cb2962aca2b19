package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// What comes after a task in line mode: what is in force, and the handover to SaaSAssure.

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
	add(r.Good() && saves, "Enter it in SaaSAssure", func(ctx context.Context) error {
		token, _ := t.d.Token()
		return m.handOver(ctx, c, r, token, false)
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
	m.say("SaaSAssure still signs in with the old token: enter the new one there first. Then revoke the old one, which works at Atlassian until you do:")
	m.say(connector.TokenPageOf(c.Site))
	m.say("")
	r, _ := t.d.Report()
	options := []lineOption{
		{"Enter the new token in SaaSAssure", func(ctx context.Context) error {
			token, _ := t.d.Token()
			return m.handOver(ctx, c, r, token, true)
		}},
		{"Set the token's expiry date", func(ctx context.Context) error { return m.setExpiry(ctx, t.with) }},
	}
	if m.copies() {
		options = append(options, lineOption{"Copy the link", func(ctx context.Context) error {
			m.copy(ctx, "link", connector.TokenPageOf(c.Site), "it is in the lines above.")
			return nil
		}})
	}
	options = append(options, lineOption{"Done", lineDone})
	return m.stay(ctx, options)
}

// handOver helps to enter a connection in SaaSAssure's own form. Its values can be copied; the
// token only after it was asked again, since clipboards keep a history. It is never shown: what
// is written here stays in the terminal.
func (m *lineMode) handOver(ctx context.Context, c connector.Connector, r connector.Report, atHand atlassian.Token, renewed bool) error {
	m.title("Enter it in SaaSAssure", "SaaSAssure has no public API: you enter the three values in its own form. They are the very ones that are checked here.")
	if r.Verdict == connector.Failing {
		m.say("Note: This connection is failing: SaaSAssure will be refused as well.")
	}
	steps := connector.HandoverSteps(c.Product)
	if renewed {
		steps = connector.RenewalSteps()
	}
	for i, step := range steps {
		m.say(fmt.Sprintf("Step %d: %s", i+1, step))
	}
	email := cmp.Or(r.NamedEmail(), c.Email)
	m.say("URL: " + c.Site.Origin())
	m.say("Email: " + email)
	by := "saasconnect exec " + c.Name + " -- COMMAND"
	if !m.copies() {
		m.say("API Token: it is not shown, and this terminal has no clipboard. To hand it to another program, run: " + by)
		return nil
	}
	m.say("API Token: not shown, since it would stay in the terminal's history")
	copyOf := func(what, value string) lineOption {
		return lineOption{"Copy " + what, func(ctx context.Context) error { m.copy(ctx, what, value, "it is in the lines above."); return nil }}
	}
	options := []lineOption{
		{"Done", lineDone}, copyOf("URL", c.Site.Origin()), copyOf("email", email),
		{"Copy token", func(ctx context.Context) error { return m.copyToken(ctx, c, atHand, by) }},
	}
	return m.stay(ctx, options)
}

// copyToken puts the token on the clipboard, after it was asked again.
func (m *lineMode) copyToken(ctx context.Context, c connector.Connector, token atlassian.Token, by string) error {
	m.say("Note: Other programs can read the clipboard, and a history may keep it.")
	n, err := m.choose(ctx, "Don't copy the token", "Copy the token")
	if err != nil || n == 0 {
		return lineEnd(err)
	}
	if token.IsZero() {
		if err := m.unlockFor(ctx, []connector.Entry{{Connector: c}}); err != nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, lineChangeLimit)
		defer cancel()
		if token, err = m.world().Store.Token(limited, c.ID); err != nil {
			m.trouble(err)
			return ctx.Err()
		}
	}
	m.copy(ctx, "token", token.Reveal(), by+" hands it to a program.")
	m.say("After pasting, copy something else: clipboards keep a history.")
	return nil
}

// stay repeats a menu until it is left.
func (m *lineMode) stay(ctx context.Context, options []lineOption) error {
	for {
		if err := m.menu(ctx, options); err != nil {
			return lineEnd(err)
		}
	}
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
	switch day, exact := c.LastDay(); {
	case exact:
		words += ", expires " + day.Words()
	case !day.IsZero():
		words += ", expires " + day.Words() + " at the latest"
	}
	return words
}
