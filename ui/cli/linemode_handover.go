package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// The hand-over to SaaSAssure in line mode.

// handOver helps to enter connectors in SaaSAssure's own form, one after the other: all of those that
// have the token at hand. Each brings the newest report in front.
func (m *lineMode) handOver(ctx context.Context, atHand atlassian.Token, all ...connector.Entry) error {
	for i, e := range all {
		title, next := "Enter it in SaaSAssure", ""
		if len(all) > 1 {
			title = fmt.Sprintf("Enter it in SaaSAssure, connector %d of %d", i+1, len(all))
		}
		if i+1 < len(all) {
			next = all[i+1].Name
		}
		if more, err := m.handOverOne(ctx, e, atHand, title, next); err != nil || !more {
			return ignoreBack(err)
		}
	}
	return nil
}

// handOverOne is one of them; next is the name of the one after it, "" for none, and more whether the
// person goes on. The values can be copied; the token only after it was asked again, since clipboards
// keep a history. It is never shown: what is written here stays in the terminal.
func (m *lineMode) handOverOne(ctx context.Context, e connector.Entry, atHand atlassian.Token, title, next string) (more bool, err error) {
	if now := m.entry(ctx, e.ID); now.ID != "" {
		e.Connector = now.Connector
	}
	var r connector.Report
	if len(e.Reports) > 0 {
		r = e.Reports[0]
	}
	m.title(title, "SaaSAssure has no public API: you enter the three values in its own form, as they were checked here. Then mark the connector as entered; the date is recorded.")
	if next != "" || title != "Enter it in SaaSAssure" {
		m.say("Connector: " + e.Name + ", " + connector.ProductTitle(e.Product))
	}
	if r.Verdict == connector.Failing {
		m.say("Note: This connection is failing, so it will fail in SaaSAssure too.")
	}
	steps := connector.HandoverSteps(e.Product, e.Account)
	if e.RenewsEntry() {
		steps = connector.RenewalSteps(e.Account)
	}
	for i, step := range steps {
		m.say(fmt.Sprintf("Step %d: %s", i+1, step))
	}
	if address := m.deps().SaaSAssure; address != "" {
		m.say("SaaSAssure: " + address)
	}
	email := cmp.Or(r.NamedEmail(), e.Email)
	m.say("URL: " + e.Site.Origin())
	m.say("Email: " + email)
	by := "saasconnect exec " + e.Name + " -- COMMAND"
	if m.copies() {
		m.say("API Token: not shown, since it would stay in the terminal's history")
	} else {
		m.say("API Token: not shown, and this terminal has no clipboard. To pass it to another program, run: " + by)
	}
	m.say("In SaaSAssure: " + e.EnteredWords())
	for {
		on := lineOption{"Done", lineDone}
		if next != "" {
			on.words = "Next connector: " + next
		}
		options := []lineOption{on}
		copyOf := func(what, value string) lineOption {
			return lineOption{"Copy " + what, func(ctx context.Context) error { m.copy(ctx, what, value, "copy it from the lines above."); return nil }}
		}
		if m.copies() {
			options = append(options, copyOf("URL", e.Site.Origin()), copyOf("email", email),
				lineOption{"Copy token", func(ctx context.Context) error { return m.copyToken(ctx, e.Connector, atHand, by) }})
		}
		if e.ID != "" {
			words, entered := "Mark as entered in SaaSAssure", e.EnteredState() != connector.EnteredNow
			if !entered {
				words = "Mark as not entered in SaaSAssure"
			}
			options = append(options, lineOption{words, func(ctx context.Context) error {
				err := m.mark(ctx, entered, e)
				m.load(ctx)
				if now := m.entry(ctx, e.ID); now.ID != "" {
					e.Connector = now.Connector
				}
				return err
			}})
		}
		if err := m.menu(ctx, options); err != nil {
			return errors.Is(err, errLineDone), ignoreBack(err)
		}
	}
}

// copyToken puts the token on the clipboard, after it was asked again.
func (m *lineMode) copyToken(ctx context.Context, c connector.Connector, token atlassian.Token, by string) error {
	m.say("Note: Other programs can read the clipboard, and a clipboard history may store it.")
	n, err := m.choose(ctx, "Don't copy the token", "Copy the token")
	if err != nil || n == 0 {
		return ignoreBack(err)
	}
	if token.IsZero() {
		if err := m.unlockFor(ctx, []connector.Entry{{Connector: c}}); err != nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, changeLimit)
		defer cancel()
		if token, err = m.deps().Store.Token(limited, c.ID); err != nil {
			m.showError(err)
			return ctx.Err()
		}
	}
	if m.copy(ctx, "token", token.Reveal(), by+" passes it to a program.") && m.deps().ClearsClipboard() {
		go m.clearLater(ctx, token, m.copied.Add(1))
		m.say("It will be cleared from the clipboard in one minute, if this program is still running.")
		return nil
	}
	m.say("After pasting, copy something else: saasconnect can't clear this clipboard.")
	return nil
}

// clearLater takes a token off the clipboard after a while. Nothing is said then: a line may be half
// typed. A later copy of a token has a time of its own.
func (m *lineMode) clearLater(ctx context.Context, token atlassian.Token, mine int64) {
	defer atlassian.Catch(func(*atlassian.PanicError) {})
	select {
	case <-ctx.Done():
		return
	case <-time.After(ui.ClearAfter):
	}
	if m.copied.Load() != mine {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 3*lineCopyLimit)
	defer cancel()
	m.deps().ClearClipboard(ctx, token)
}
