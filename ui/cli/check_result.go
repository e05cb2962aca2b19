package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The JSON of one check, version 1. Fields may be added, never renamed or dropped; a list
// is never null.

// results is what check and add print.
type results struct {
	Version     int      `json:"version"`
	Results     []result `json:"results"`
	Saved       *bool    `json:"saved,omitempty"`       // add and replace-token only
	Replaced    []string `json:"replaced,omitempty"`    // replace-token only: who has the new token now
	InForce     []string `json:"in_force,omitempty"`    // replace-token only: those, and who had it already
	Gone        []string `json:"gone,omitempty"`        // check only: the names of those that were removed before their turn
	Interrupted bool     `json:"interrupted,omitempty"` // there would have been more
}

type result struct {
	ID         string             `json:"id"` // "" for what is not saved
	Name       string             `json:"name"`
	Product    connector.Product  `json:"product"`
	Site       string             `json:"site"`
	Email      string             `json:"email"`
	Account    string             `json:"account"`
	CheckedAt  string             `json:"checked_at"`
	TookMS     int64              `json:"took_ms"`
	Verdict    connector.Verdict  `json:"verdict"`
	Code       connector.Code     `json:"code"`
	Also       []connector.Code   `json:"also"`
	Title      string             `json:"title"`
	Why        string             `json:"why"`
	Remedies   []connector.Remedy `json:"remedies"`
	Stages     []stageJSON        `json:"stages"`
	Identity   *identityJSON      `json:"identity"`
	Admin      *bool              `json:"admin"`
	Coverage   map[string]any     `json:"coverage"`
	Token      tokenJSON          `json:"token"`
	HTTP       *httpJSON          `json:"http"`
	Changed    *changed           `json:"changed"`
	NewSite    string             `json:"new_site,omitempty"`
	RetryAfter int64              `json:"retry_after_s,omitempty"`
}

type stageJSON struct {
	Stage   connector.Stage   `json:"stage"`
	Verdict connector.Verdict `json:"verdict"`
	Detail  string            `json:"detail"`
	MS      int64             `json:"ms"`
}

type identityJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

type tokenJSON struct {
	Kind      atlassian.TokenKind   `json:"kind"`
	KeptIn    connector.StorageKind `json:"kept_in"`
	Expires   *string               `json:"expires"`
	ExpiresBy *string               `json:"expires_by"`
	DaysLeft  *int                  `json:"days_left"`
}

type httpJSON struct {
	Call    string `json:"call"`
	Host    string `json:"host"`
	Status  int    `json:"status"`
	TraceID string `json:"trace_id"`
	Reason  string `json:"reason,omitempty"` // Atlassian's own sentence, where it said one
	// Attempts is how often the call was sent: 2 after a retry.
	Attempts int `json:"attempts"`
}

// changed says what the verdict was before, and when it was seen for the last time.
type changed struct {
	From  connector.Code `json:"from"`
	Since string         `json:"since"`
	Words string         `json:"words"`
}

// checked is one finished check, with all that is said about it.
type checked struct {
	of     connector.Connector // only what is known of it: an ad hoc check has no ID
	kind   atlassian.TokenKind
	report connector.Report
	before []connector.Report // newest first, without this one
	gone   bool               // it was removed before its turn came: the report says nothing
}

// asJSON is a check as scripts see it. now decides how many days are left.
func (c checked) asJSON(now time.Time) result {
	r := c.report
	out := result{
		ID: c.of.ID, Name: c.of.Name, Product: c.of.Product, Site: c.of.Site.Origin(),
		Email: c.of.Email, Account: c.of.Account,
		CheckedAt: timestamp(r.At), TookMS: r.Took.Milliseconds(),
		Verdict: r.Verdict, Code: r.Code, Also: notNull(r.Also), Title: r.Title, Why: r.Why,
		Remedies: notNull(r.Remedies), Stages: make([]stageJSON, 0, len(r.Stages)), Admin: r.Admin,
		Token:      tokenOf(c.of, c.kind, now),
		Changed:    c.changed(),
		NewSite:    r.NewSite.Origin(),
		RetryAfter: int64(r.RetryAfter / time.Second),
	}
	for _, f := range r.Stages {
		out.Stages = append(out.Stages, stageJSON{f.Stage, f.Verdict, f.Detail, f.Took.Milliseconds()})
	}
	if r.Identity != nil {
		out.Identity = &identityJSON{r.Identity.ID, r.Identity.Name, r.Identity.Email}
	}
	if r.Coverage != nil {
		out.Coverage = coverageJSON(c.of.Product, *r.Coverage)
	}
	if r.Evidence != nil {
		out.HTTP = &httpJSON{r.Evidence.Call, r.Evidence.Host, r.Evidence.Status, r.Evidence.TraceID, r.Evidence.Reason, max(r.Evidence.Attempts, 1)}
	}
	return out
}

// coverageJSON keeps the names of the first version: projects in Jira, spaces in Confluence.
func coverageJSON(p connector.Product, c connector.Coverage) map[string]any {
	name := "projects"
	if p == connector.Confluence {
		name = "spaces"
	}
	out := map[string]any{name: c.Count}
	if c.AtLeast {
		out["at_least"] = true
	}
	if c.Listed != nil {
		out["listed"], out["hidden"] = *c.Listed, c.Hidden()
	}
	if len(c.HiddenKeys) > 0 {
		out["hidden_keys"] = c.HiddenKeys
	}
	return out
}

func tokenOf(c connector.Connector, kind atlassian.TokenKind, now time.Time) tokenJSON {
	t := tokenJSON{Kind: kind, KeptIn: c.KeptIn, Expires: dateJSON(c.Expires), ExpiresBy: dateJSON(c.ExpiresBy())}
	if !c.Expires.IsZero() {
		left := c.Expires.DaysFrom(connector.DateOf(now))
		t.DaysLeft = &left
	}
	return t
}

// changed compares with the report before this one; nil where nothing changed.
func (c checked) changed() *changed {
	if c.report.Code == connector.CodeTokenLocked {
		return nil // it says nothing of the connector
	}
	ch := connector.ChangeOf(append([]connector.Report{c.report}, c.before...))
	if ch == nil || !ch.Latest {
		return nil
	}
	return &changed{From: ch.From, Since: timestamp(ch.Since), Words: ch.Words}
}

// dateJSON is a day, or null.
func dateJSON(d connector.Date) *string {
	if d.IsZero() {
		return nil
	}
	s := d.String()
	return &s
}

func notNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// writeJSON writes one object on lines of its own, readable and without HTML escapes.
func writeJSON(to io.Writer, v any) error { return encodeJSON(to, v, "  ") }

// writeJSONLine writes one object on one line.
func writeJSONLine(to io.Writer, v any) error { return encodeJSON(to, v, "") }

// encodeJSON writes in one go. What a terminal would obey or hide is escaped: in JSON that
// is the same text.
func encodeJSON(to io.Writer, v any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	text := b.Bytes()
	if bytes.ContainsFunc(text, unseen) {
		text = escaped(text)
	}
	_, err := to.Write(text)
	return err
}

// unseen reports a character that a terminal obeys or shows nothing for.
func unseen(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }

// escaped is JSON with each such character as JSON escapes it.
func escaped(text []byte) []byte {
	var b []byte
	for _, c := range string(text) {
		if !unseen(c) {
			b = utf8.AppendRune(b, c)
			continue
		}
		for _, half := range utf16.Encode([]rune{c}) {
			b = fmt.Appendf(b, "\\u%04x", half)
		}
	}
	return b
}

// timestamp is a moment for JSON: UTC, whole seconds, RFC 3339.
func timestamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// Reports for people: what is true, how it is known, the stages, what to do.

// printReport shows one check in full.
func (r *run) printReport(c checked) {
	p, rep := r.out, c.report
	title := rep.Title
	if c.of.Name != "" {
		title = c.of.Name + ": " + title
	}
	p.marked(2, p.mark(rep.Verdict)+" ", title+" ("+string(rep.Verdict)+", "+string(rep.Code)+")")
	if rep.Why != "" {
		p.paragraph(2, rep.Why)
	}
	if ch := c.changed(); ch != nil {
		p.paragraph(2, "Changed: "+ch.Words+".")
	}
	p.blank()
	r.printStages(rep.Stages)
	if len(rep.Remedies) > 0 {
		p.blank()
		p.line("  What to do:")
		for _, remedy := range rep.Remedies {
			p.marked(4, "  - ", remedy.Do)
			if remedy.URL != "" {
				p.line("    " + remedy.URL)
			}
		}
	}
	if s := rep.Evidence; s != nil && !rep.Good() {
		p.blank()
		p.paragraph(2, "Technical details: "+evidenceWords(*s))
	}
}

// stageWidth is the widest stage title and two blanks.
const stageWidth = 10

func (r *run) printStages(stages []connector.Finding) {
	p := r.out
	for _, f := range stages {
		title := f.Stage.Title()
		text := f.Detail
		if text == "" {
			text = string(f.Verdict)
		}
		if t := connector.Took(f.Took); t != "" && f.Verdict != connector.Skipped {
			text += strings.Repeat(" ", max(2, 54-ansi.StringWidth(text))) + t
			if ansi.StringWidth(text) > p.width-4-stageWidth {
				text = strings.Join(strings.Fields(text), " ")
			}
		}
		first := "  " + p.mark(f.Verdict) + " " + title + strings.Repeat(" ", max(1, stageWidth-len(title)))
		p.marked(4+stageWidth, first, text)
	}
}

// evidenceWords is the call that decided a report.
func evidenceWords(s connector.Evidence) string {
	return strings.Join(append(s.Words(), s.At.UTC().Format("15:04:05")+" UTC"), " · ")
}

// printChecks shows the results of check: one in full, several a line each with what to
// do first, and the sum.
func (r *run) printChecks(all checks) {
	if len(all.summaries) == 0 && len(all.gone) == 0 && all.saved == 0 {
		r.out.line("No connectors yet. Add one: saasconnect add")
		return
	}
	if len(all.whole) == 1 && !all.stopped {
		r.printReport(all.whole[0])
		return
	}
	widest := 0
	shown := slices.DeleteFunc(slices.Clone(all.summaries), func(t checkSummary) bool { return t.locked }) // one line says it of all of them
	for _, t := range shown {
		widest = max(widest, ansi.StringWidth(t.name))
	}
	for _, t := range shown {
		name := t.name + strings.Repeat(" ", widest-ansi.StringWidth(t.name))
		verdict := string(t.verdict) + strings.Repeat(" ", len(connector.Attention)-len(t.verdict))
		n := 2 + widest + 2 + len(connector.Attention) + 2
		r.out.marked(n, r.out.mark(t.verdict)+" "+name+"  "+verdict+"  ", t.title)
		if t.verdict != connector.Working && t.remedy != "" {
			r.out.marked(n+2, strings.Repeat(" ", n)+"- ", t.remedy)
		}
	}
	if len(shown) > 0 {
		r.out.blank()
	}
	r.out.line(sumWords(all))
}

// sumWords is "12 checked: 10 working, 2 failing".
func sumWords(all checks) string {
	n := map[connector.Verdict]int{}
	for _, t := range all.summaries {
		n[t.verdict]++
	}
	var parts []string
	for _, v := range []connector.Verdict{connector.Working, connector.Attention, connector.Failing, connector.Unknown} {
		if n[v] > 0 {
			parts = append(parts, strconv.Itoa(n[v])+" "+string(v))
		}
	}
	words := strconv.Itoa(len(all.summaries)) + " checked"
	if len(parts) > 0 {
		words += ": " + strings.Join(parts, ", ")
	}
	if all.stopped {
		words += " (interrupted)"
	}
	return words
}
