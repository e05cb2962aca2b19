package cli

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// How line mode says and asks.

var (
	// errLineBack leads to what was before.
	errLineBack = errors.New("back")
	// errLineDone ends a task, or the menu after it.
	errLineDone = errors.New("done")
	// errLineQuit ends line mode, or the practice inside it.
	errLineQuit = errors.New("quit")
	// errLineAgain: a command was done, and the question is asked again.
	errLineAgain = errors.New("ask again")
)

// ignoreBack is nil for what only leads back to the menu.
func ignoreBack(err error) error {
	if errors.Is(err, errLineBack) || errors.Is(err, errLineDone) {
		return nil
	}
	return err
}

// say writes a paragraph with nothing in it that a terminal would act upon. "" is an empty line.
func (m *lineMode) say(text string) {
	m.saying.Lock()
	defer m.saying.Unlock()
	if text == "" {
		m.r.out.blank()
		return
	}
	for line := range strings.Lines(text) {
		m.r.out.paragraph(0, strings.Map(linePrintable, line))
	}
}

// sayWaiting says that something takes a while, with the echo off before: a token that is pasted as soon
// as that is read must not be shown. restore is to be called before anything is asked.
func (m *lineMode) sayWaiting(words string) (restore func()) {
	restore = m.r.quiet()
	m.say(words)
	return restore
}

// lineLull is how long nothing is heard of Atlassian before that is said.
const lineLull = 3 * time.Second

// waiting does something that waits for Atlassian, and says so once where that takes long.
func (m *lineMode) waiting(do func()) {
	defer m.r.quiet()()
	said := make(chan struct{})
	timer := time.AfterFunc(lineLull, func() {
		m.say("Still waiting for Atlassian. Ctrl+C ends the program.")
		close(said)
	})
	do()
	if !timer.Stop() {
		<-said
	}
}

func linePrintable(r rune) rune {
	if unicode.IsPrint(r) && r != unicode.ReplacementChar {
		return r
	}
	return -1
}

// title says what is being done; help is what ? says about it.
func (m *lineMode) title(what, help string) {
	m.currentTitle, m.help, m.lastChoices = what, help, ""
	m.say("")
	m.say("== " + what + " ==")
}

// lineMark is a verdict as a word: a screen reader says "heavy check mark" to its sign.
func lineMark(v connector.Verdict) string {
	switch v {
	case connector.Working:
		return "OK:"
	case connector.Failing:
		return "Problem:"
	case connector.Attention, connector.Unknown:
		return "Note:"
	case connector.Skipped, connector.Waiting:
	}
	return "-"
}

// showError says an error of the store.
func (m *lineMode) showError(err error) {
	t := connector.Explain(err)
	m.say("Problem: " + t.Title + ". " + t.Why + " What to do: " + connector.Inside(t.Remedy) + ".")
}

// line asks for a line that is shown. What looks like a token is dropped, and asked for again.
func (m *lineMode) line(ctx context.Context, question string) (string, error) {
	for {
		text, err := m.prompt.line(ctx, m.r.out.plain(question))
		if err != nil || !atlassian.LooksSecret(text) {
			return text, err
		}
		m.say("Note: That looked like a token and was discarded. It's visible on this screen: clear it, and revoke the token if someone else can see it. You'll be asked for the token separately, with hidden input.")
	}
}

// answer asks for a number, a letter or a word. b, q and ? mean the same everywhere.
func (m *lineMode) answer(ctx context.Context, question string) (string, error) {
	text, err := m.line(ctx, question)
	switch {
	case err != nil:
		return "", err
	case text == "b" || text == ":back":
		return "", errLineBack
	case text == "q" || text == ":quit":
		return "", errLineQuit
	case text == "?" || text == ":help":
		m.explain()
		return "", errLineAgain
	}
	return text, nil
}

// explain is what ? says where a choice is made. The choices are said again after it.
func (m *lineMode) explain() {
	m.explainWith("Type a number to choose; Enter alone takes the first choice, or the value in brackets. b goes back, q quits, Ctrl+C ends the program. Where you enter text, commands start with a colon: :back, :clear, :storage, :quit.")
}

// explainText is what ? says where a text is entered.
func (m *lineMode) explainText() {
	practice := ""
	if m.deps().Practice != nil {
		practice = ", and :practice, which fills in what works on the demo site"
	}
	m.explainWith("Type the text and press Enter; Enter alone takes the value in brackets. Commands start with a colon: :back, :clear, :storage, :quit" + practice + ". Ctrl+C ends the program.")
}

// explainWith says what a question is about, and which keys and commands it takes.
func (m *lineMode) explainWith(keys string) {
	m.lastChoices = ""
	if m.help != "" {
		m.say(m.help)
	}
	m.say(keys)
}

// lineNumber is a number from 1 to n as it was typed, 1 for nothing; 0 for anything else.
func lineNumber(text string, n int) int {
	if text == "" && n > 0 {
		return 1
	}
	if i, err := strconv.Atoi(text); err == nil && i >= 1 && i <= n {
		return i
	}
	return 0
}

// choose asks for one of several, counted from 0. Choices that were said last are not said again.
func (m *lineMode) choose(ctx context.Context, choices ...string) (int, error) {
	question := fmt.Sprintf("1 to %d, Enter for 1:", len(choices))
	if len(choices) == 1 {
		question = "Enter for 1:"
	}
	for {
		if offered := strings.Join(choices, "\n"); m.lastChoices != offered {
			m.lastChoices = offered
			for i, c := range choices {
				m.r.out.marked(3, fmt.Sprintf("%d. ", i+1), strings.Map(linePrintable, c))
			}
		}
		text, err := m.answer(ctx, question)
		switch {
		case errors.Is(err, errLineAgain):
			continue
		case err != nil:
			return 0, err
		}
		if n := lineNumber(text, len(choices)); n > 0 {
			return n - 1, nil
		}
		if len(choices) == 1 {
			m.say("Invalid answer. Use Enter, b, q or ?.")
			continue
		}
		m.say(fmt.Sprintf("Invalid answer. Use Enter, a number from 1 to %d, b, q or ?.", len(choices)))
	}
}

// text says a text that is ready to be sent, and copies it where that is possible.
func (m *lineMode) text(ctx context.Context, title, text string) error {
	m.title(title, "Send this text by email or chat. It contains no token.")
	for line := range strings.Lines(text) {
		m.say(strings.TrimRight(line, "\n"))
	}
	if !m.copies() {
		return nil
	}
	m.say("")
	n, err := m.choose(ctx, "Done", "Copy it")
	if err == nil && n == 1 {
		m.copy(ctx, "the text", text, "copy it from the lines above.")
	}
	return ignoreBack(err)
}

// copies reports whether there is any clipboard.
func (m *lineMode) copies() bool { return m.clipboard != nil || m.deps().Copy != nil }

// lineCopyLimit bounds putting a text on the clipboard.
const lineCopyLimit = 3 * time.Second

// copy puts a text on this computer's clipboard, else sends it to the terminal's. here: it is known to
// be on this computer's.
func (m *lineMode) copy(ctx context.Context, what, text, otherwise string) (here bool) {
	if put := m.deps().Copy; put != nil {
		ctx, cancel := context.WithTimeout(ctx, lineCopyLimit)
		defer cancel()
		if put(ctx, text) == nil {
			m.say("OK: Copied " + what + " (system clipboard).")
			return true
		}
	}
	if m.clipboard == nil {
		m.say("Problem: Could not copy to the clipboard.")
		return false
	}
	m.clipboard(text)
	m.say("Sent " + what + " to your terminal's clipboard (OSC 52). If pasting doesn't work, " + otherwise)
	return false
}

// sendToClipboard hands a text to the terminal's clipboard (OSC 52, xterm's control sequences).
// It moves no cursor and paints nothing.
func (r *run) sendToClipboard(text string) {
	fmt.Fprintf(r.stdout, "\x1b]52;c;%s\x07", base64.StdEncoding.EncodeToString([]byte(text)))
}

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
	facts := t.draft.Facts()
	if at := lineFactAt(&facts, f); at != nil {
		*at = text
	} else {
		facts.Product = connector.Product(strings.ToLower(text))
	}
	t.draft.Set(facts)
}

// askLines asks for the lines that are to be asked for. b leads to the one before.
func (m *lineMode) askLines(ctx context.Context, t *lineTask) error {
	if m.currentTitle != t.name() {
		m.title(t.name(), "")
	}
	if p := m.deps().Practice; p != nil {
		if hint := p.Hint(t.draft, t.tries, t.otherAccount, ":practice"); hint != "" {
			m.say(hint)
		}
	}
	for _, f := range []setup.Field{setup.FieldSite, setup.FieldEmail} { // what is settled
		if value := lineFact(t.draft, f); t.draft.Task() != setup.Edit && value != "" && !slices.Contains(t.fields, f) {
			m.say(lineFieldOf(f).title + ": " + value)
		}
	}
	for at := 0; at < len(t.fields); {
		err := m.askLine(ctx, t, t.fields[at])
		switch {
		case errors.Is(err, errLineBack) && at > 0:
			at--
		case err != nil:
			return err
		default:
			at++
		}
	}
	t.fields = nil
	if t.draft.Task() == setup.Edit && t.draft.Facts() == setup.For(setup.Edit, t.draft.Saved()).Facts() {
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
	if f == setup.FieldExpiry && lineFact(t.draft, f) == "" && t.draft.Task() != setup.Edit {
		m.say("It's on the token page; no API reports it. Enter skips it.")
	}
	for {
		before := lineFact(t.draft, f)
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
		words := setup.ProblemWith(t.draft, m.setupKnown(), f)
		if words == "" {
			if m.checked(ctx, t, f, before) {
				return nil
			}
			m.say("Enter it again to continue with it anyway.")
			continue
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
	if err := m.generalCommand(text); err != nil {
		return "", err
	}
	switch p := m.deps().Practice; {
	case text == "":
		return lineFact(t.draft, f), nil
	case text == ":clear":
		return "", nil
	case text == ":storage" && t.draft.Task() != setup.Edit && m.role.MaySave():
		t.pickStorage()
		if f != setup.FieldToken { // whose line asks at once
			m.say("You'll be asked where to store the token after this line.")
		}
		return "", errLineAgain
	case p != nil && isPractice(text):
		v := p.ToType(t.draft, t.tries, t.otherAccount)
		value := map[setup.Field]string{setup.FieldSite: v.Site, setup.FieldEmail: v.Email, setup.FieldExpiry: v.Expires.String()}[f]
		return value, nil
	case f != setup.FieldToken && strings.HasPrefix(text, ":"):
		return "", m.noCommand(text)
	}
	return text, nil
}

// generalCommand does the commands that every line for a text takes, and returns where they lead; nil for
// anything else.
func (m *lineMode) generalCommand(text string) error {
	switch text {
	case ":back":
		return errLineBack
	case ":quit":
		return errLineQuit
	case "?", ":help":
		m.explainText()
		return errLineAgain
	}
	return nil
}

func (m *lineMode) noCommand(text string) error {
	m.say("Unknown command " + quoted(text) + ".")
	return errLineAgain
}

func isPractice(text string) bool { return text == ":practice" || text == ":practise" }

// checked says what a line was taken for. It is false for a site that was not there, the first time.
func (m *lineMode) checked(ctx context.Context, t *lineTask, f setup.Field, before string) bool {
	now, saved, edits := lineFact(t.draft, f), t.draft.Saved(), t.draft.Task() == setup.Edit
	switch {
	case edits && f == setup.FieldSite && t.draft.Site() != saved.Site:
		m.say("-> " + t.draft.Site().Origin() + ", will be checked first")
	case edits && f == setup.FieldEmail && t.draft.Email() != saved.Email:
		m.say("-> will be checked first")
	case now == before:
	case f == setup.FieldSite:
		m.say("-> " + t.draft.Site().Origin())
		return m.lookUp(ctx, t.draft.Site())
	case f == setup.FieldExpiry && now != "":
		day := t.draft.Expires(m.now())
		switch words := connector.PastExpiry(day, m.today()); {
		case day.IsZero(): // none
		case words != "":
			m.say("Note: " + words)
		default:
			m.say("-> " + day.Words())
		}
	}
	return true
}

// lineLookLimit is how long an answer that nothing depends on is waited for.
const lineLookLimit = 2 * time.Second

// lookUp says whether a site exists, where that is known at once. It is false where it does not.
func (m *lineMode) lookUp(ctx context.Context, site atlassian.Site) bool {
	ctx, cancel := context.WithTimeout(ctx, lineLookLimit)
	defer cancel()
	switch f := connector.SiteFinding(site, m.deps().Observer.Lookup(ctx, site)); f.Verdict {
	case connector.Working:
		m.say("OK: " + site.Origin() + " exists")
	case connector.Failing:
		m.say("Problem: " + connector.Capitalize(f.Detail))
		return false
	case connector.Attention, connector.Unknown, connector.Skipped, connector.Waiting:
	}
	return true
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
		if t.draft.Reference() != nil {
			return nil // it was read from its source
		}
		token, receipt := t.draft.Token()
		question := lineFieldOf(setup.FieldToken).title
		if !token.IsZero() {
			question = "API token, already entered (" + connector.Plural(receipt.Length, "character") + "), paste another to replace it"
		}
		typed, err := m.prompt.secret(ctx, m.r.out.plain(question))
		if err != nil {
			return err
		}
		text, err := m.command(t, setup.FieldToken, strings.TrimSpace(typed))
		switch p := m.deps().Practice; {
		case errors.Is(err, errLineAgain):
			continue
		case err != nil:
			return err
		case strings.TrimSpace(typed) == "" && !token.IsZero():
			return nil
		case p != nil && isPractice(strings.TrimSpace(typed)):
			v := p.ToType(t.draft, t.tries, t.otherAccount)
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
	if before, _ := t.draft.Token(); expiry != "" || !before.IsZero() && !before.Equal(token) {
		t.setLine(setup.FieldExpiry, expiry)
	}
	t.draft.SetToken(token, receipt, m.now())
	mark := "OK:"
	words, doubt := connector.ReceiptWords(receipt)
	if doubt {
		mark = "Note:"
	}
	m.say(mark + " " + words)
}
