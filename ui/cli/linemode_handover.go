package cli

import (
	"cmp"
	"context"
	"fmt"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The hand-over to SaaSAssure in line mode.

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
