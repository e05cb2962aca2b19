package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// The lines of a task: each is asked for, validated by setup.Problems, and asked for again.

// lineField is how a field is asked for.
type lineField struct{ title, example string }

func lineFieldOf(f setup.Field) lineField {
	switch f {
	case setup.FieldSite:
		return lineField{"Site URL", "acme.atlassian.net"}
	case setup.FieldEmail:
		return lineField{"Email", "name@example.com"}
	case setup.FieldName:
		return lineField{"Name", "acme-jira"}
	case setup.FieldAccount:
		return lineField{"Account", "the SaaSAssure account it is for"}
	case setup.FieldExpiry:
		return lineField{"Expiry date", "optional: 2027-11-23, 90d or 1y"}
	case setup.FieldProduct:
		return lineField{"Product", "jira or confluence"}
	case setup.FieldToken:
	}
	return lineField{"API token, paste it here", ""}
}

// lineFact is a field as it was typed; "" for the token.
func lineFact(d setup.Draft, f setup.Field) string {
	facts := d.Facts()
	if at := lineFactAt(&facts, f); at != nil {
		return *at
	}
	if f == setup.FieldProduct {
		return string(facts.Product)
	}
	return ""
}

// lineFactAt is where a field is among the facts; nil for the product and the token.
func lineFactAt(facts *setup.Facts, f setup.Field) *string {
	switch f {
	case setup.FieldSite:
		return &facts.Site
	case setup.FieldEmail:
		return &facts.Email
	case setup.FieldName:
		return &facts.Name
	case setup.FieldAccount:
		return &facts.Account
	case setup.FieldExpiry:
		return &facts.Expiry
	case setup.FieldProduct, setup.FieldToken:
	}
	return nil
}

// setLine sets a field to what was typed.
func (t *lineTask) setLine(f setup.Field, text string) {
	facts := t.d.Facts()
	if at := lineFactAt(&facts, f); at != nil {
		*at = text
	} else {
		facts.Product = connector.Product(strings.ToLower(text))
	}
	t.d.Set(facts)
}

// askLines asks for the lines that are to be asked for. b leads to the one before.
func (m *lineMode) askLines(ctx context.Context, t *lineTask) error {
	if m.titled != t.name() {
		m.title(t.name(), "")
	}
	if p := m.world().Practice; p != nil {
		if hint := p.Hint(t.d, t.tries, t.other, ":practice"); hint != "" {
			m.say(hint)
		}
	}
	for _, f := range []setup.Field{setup.FieldSite, setup.FieldEmail} { // what is settled
		if value := lineFact(t.d, f); t.d.Task() != setup.Edit && value != "" && !slices.Contains(t.asking, f) {
			m.say(lineFieldOf(f).title + ": " + value)
		}
	}
	for at := 0; at < len(t.asking); {
		err := m.askLine(ctx, t, t.asking[at])
		switch {
		case errors.Is(err, errLineBack) && at > 0:
			at--
		case err != nil:
			return err
		default:
			at++
		}
	}
	t.asking = nil
	if t.d.Task() == setup.Edit && t.d.Facts() == setup.For(setup.Edit, t.d.Saved()).Facts() {
		return errLineDone
	}
	return nil
}

// askLine asks for one line until it is right.
func (m *lineMode) askLine(ctx context.Context, t *lineTask, f setup.Field) error {
	if f == setup.FieldToken {
		return m.askToken(ctx, t)
	}
	spec := lineFieldOf(f)
	if f == setup.FieldExpiry && lineFact(t.d, f) == "" && t.d.Task() != setup.Edit {
		m.say("It's on the token page; no API reports it. Enter skips it.")
	}
	for {
		before := lineFact(t.d, f)
		question := spec.title + " (" + spec.example + "):"
		if before != "" {
			question = spec.title + " [" + atlassian.Clean(before, lineShown) + "]:"
		}
		text, err := m.line(ctx, question)
		if err != nil {
			return err
		}
		value, err := m.command(t, f, text)
		if errors.Is(err, errLineAgain) {
			continue
		}
		if err != nil {
			return err
		}
		t.setLine(f, value)
		words := setup.ProblemWith(t.d, m.known(), f)
		if words == "" {
			m.checked(ctx, t, f, before)
			return nil
		}
		m.say("Problem: " + words)
		t.setLine(f, before)
	}
}

// lineShown is how much of an answer is repeated in its question.
const lineShown = 120

// command is what a line means: the text itself, what stands in brackets for nothing, or a
// command, which has a colon in front.
func (m *lineMode) command(t *lineTask, f setup.Field, text string) (string, error) {
	if err := m.everywhere(text); err != nil {
		return "", err
	}
	switch p := m.world().Practice; {
	case text == "":
		return lineFact(t.d, f), nil
	case text == ":clear":
		return "", nil
	case text == ":storage" && t.d.Task() != setup.Edit && m.role.MaySave():
		t.pick()
		if f != setup.FieldToken { // whose line asks at once
			m.say("Where to store the token is asked after this line.")
		}
		return "", errLineAgain
	case p != nil && isPractice(text):
		v := p.ToType(t.d, t.tries, t.other)
		value := map[setup.Field]string{setup.FieldSite: v.Site, setup.FieldEmail: v.Email, setup.FieldExpiry: v.Expires.String()}[f]
		return value, nil
	case f != setup.FieldToken && strings.HasPrefix(text, ":"):
		return "", m.noCommand(text)
	}
	return text, nil
}

// everywhere does the commands that every line for a text takes, and returns where they lead; nil for
// anything else.
func (m *lineMode) everywhere(text string) error {
	switch text {
	case ":back":
		return errLineBack
	case ":quit":
		return errLineQuit
	case "?", ":help":
		m.explain()
		return errLineAgain
	}
	return nil
}

func (m *lineMode) noCommand(text string) error {
	m.say("There is no command " + quoted(text) + " here.")
	return errLineAgain
}

func isPractice(text string) bool { return text == ":practice" || text == ":practise" }

// checked says what a line was taken for.
func (m *lineMode) checked(ctx context.Context, t *lineTask, f setup.Field, before string) {
	now, saved, edits := lineFact(t.d, f), t.d.Saved(), t.d.Task() == setup.Edit
	switch {
	case edits && f == setup.FieldSite && t.d.Site() != saved.Site:
		m.say("-> " + t.d.Site().Origin() + ", will be checked first")
	case edits && f == setup.FieldEmail && t.d.Email() != saved.Email:
		m.say("-> will be checked first")
	case now == before:
	case f == setup.FieldSite:
		m.say("-> " + t.d.Site().Origin())
		m.lookUp(ctx, t.d.Site())
	case f == setup.FieldExpiry && now != "":
		switch day := t.d.Expires(m.now()); {
		case day.IsZero(): // none
		case day.Before(m.today()):
			m.say("Note: " + day.Words() + " has passed. Is that the token's date?")
		default:
			m.say("-> " + day.Words())
		}
	}
}

// lineLookLimit is how long an answer that nothing depends on is waited for.
const lineLookLimit = 2 * time.Second

// lookUp says whether a site exists, where that is known at once.
func (m *lineMode) lookUp(ctx context.Context, site atlassian.Site) {
	ctx, cancel := context.WithTimeout(ctx, lineLookLimit)
	defer cancel()
	switch f := connector.SiteFinding(site, m.world().Observer.Lookup(ctx, site)); f.Verdict {
	case connector.Working:
		m.say("OK: " + site.Origin() + " exists")
	case connector.Failing:
		m.say("Problem: " + connector.Capitalize(f.Detail))
	case connector.Attention, connector.Unknown, connector.Skipped, connector.Waiting:
	}
}

// askToken settles where the token will be stored, and asks for it.
func (m *lineMode) askToken(ctx context.Context, t *lineTask) error {
	if !m.role.MaySave() {
		m.say("Stored in: nowhere, your role checks without saving")
	}
	for {
		if err := m.settleStorage(ctx, t); err != nil {
			return err
		}
		if t.d.Reference() != nil {
			return nil // it was read from its place
		}
		token, receipt := t.d.Token()
		question := lineFieldOf(setup.FieldToken).title
		if !token.IsZero() {
			question = "API token, kept (" + connector.Plural(receipt.Length, "character") + "), paste another one to replace it"
		}
		typed, err := m.ask.secret(ctx, m.r.out.plain(question))
		if err != nil {
			return err
		}
		text, err := m.command(t, setup.FieldToken, strings.TrimSpace(typed))
		switch p := m.world().Practice; {
		case errors.Is(err, errLineAgain):
			continue
		case err != nil:
			return err
		case strings.TrimSpace(typed) == "" && !token.IsZero():
			return nil
		case p != nil && isPractice(strings.TrimSpace(typed)):
			v := p.ToType(t.d, t.tries, t.other)
			m.takeToken(t, v.Token, v.Receipt, v.Expires.String())
			return nil
		}
		next, receipt := atlassian.ReadToken(text)
		if words := connector.TokenProblem(receipt); words != "" {
			m.say("Problem: " + words)
			continue
		}
		m.takeToken(t, next, receipt, "")
		return nil
	}
}

// takeToken takes a token, and says what arrived. The expiry date was that of the one before.
func (m *lineMode) takeToken(t *lineTask, token atlassian.Token, receipt atlassian.Receipt, expiry string) {
	if before, _ := t.d.Token(); expiry != "" || !before.IsZero() && !before.Equal(token) {
		t.setLine(setup.FieldExpiry, expiry)
	}
	t.d.SetToken(token, receipt, m.now())
	mark := "OK:"
	words, doubt := connector.ReceiptWords(receipt)
	if doubt {
		mark = "Note:"
	}
	m.say(mark + " " + words)
}
