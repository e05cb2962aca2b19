package connector

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"saasconnect/atlassian"
)

// Verdict is the outcome of a check, or of one stage of it.
type Verdict string

// The verdicts. The last two are for single stages only.
const (
	Working   Verdict = "working"   // everything that is needed was checked and works
	Attention Verdict = "attention" // works, but something should be done
	Failing   Verdict = "failing"   // was checked and doesn't work
	Unknown   Verdict = "unknown"   // could not be determined; says nothing about the token
	Skipped   Verdict = "skipped"   // not checked, since an earlier stage failed
	Waiting   Verdict = "waiting"   // not answered yet; never in a finished report
)

// Stage is one part of a check.
type Stage string

// The stages, in order.
const (
	StageSite     Stage = "site"
	StageSignIn   Stage = "sign-in"
	StageProduct  Stage = "product"
	StageAdmin    Stage = "admin"
	StageCoverage Stage = "coverage"
	StageExpiry   Stage = "expiry"
)

// Stages returns the stages in order.
func Stages() []Stage {
	return []Stage{StageSite, StageSignIn, StageProduct, StageAdmin, StageCoverage, StageExpiry}
}

// Title returns the stage's name on a screen: "Sign-in".
func (s Stage) Title() string {
	switch s {
	case StageSite:
		return "Site"
	case StageSignIn:
		return "Sign-in"
	case StageProduct:
		return "Product"
	case StageAdmin:
		return "Admin"
	case StageCoverage:
		return "Coverage"
	case StageExpiry:
		return "Expiry"
	}
	return string(s)
}

// Finding is the outcome of one stage.
type Finding struct {
	Stage   Stage         `json:"stage"`
	Verdict Verdict       `json:"verdict"`
	Detail  string        `json:"detail"` // a short sentence part: "acme.atlassian.net answers"
	Took    time.Duration `json:"took"`   // of the call that decided it; 0 without one
}

// Code names a diagnosis. Scripts rely on the codes, so they don't change.
type Code string

// Action is what a remedy does when it is chosen.
type Action string

// The actions. A screen or command that can't do one shows the remedy as words only.
const (
	ActEditSite     Action = "edit-site"     // back to the form, in the site
	ActEditEmail    Action = "edit-email"    // back to the form, in the email
	ActEditToken    Action = "edit-token"    // back to the form, in the token
	ActEditAll      Action = "edit-account"  // back to the form: another account's email and token
	ActReread       Action = "reread"        // the walkthrough, at the step for the diagnosis ([StepFor])
	ActRetry        Action = "retry"         // the same check again
	ActKeep         Action = "keep"          // save it anyway, and check later
	ActMessage      Action = "message"       // draft a message to the person who can fix it
	ActOpen         Action = "open"          // open Remedy.URL
	ActOtherProduct Action = "other-product" // check the other product with the same token
	ActReport       Action = "report"        // copy the redacted report
	ActExpiry       Action = "record-expiry" // set the token's expiry date
	ActReplace      Action = "replace-token" // a saved connector: walk through a new token
	ActUnlock       Action = "unlock"        // unlock the storage
	ActNone         Action = "none"          // something outside this program
)

// Remedy is one thing that the person at the screen can do now.
type Remedy struct {
	Do     string `json:"do"` // verb first, sentence case, no full stop
	Action Action `json:"action"`
	URL    string `json:"url"`
}

// Step returns what the remedy says to do where nothing can be chosen, as in the output of a command;
// "" for one that is a choice of the wizard and nothing else.
func (r Remedy) Step() string {
	switch r.Action {
	case ActKeep, ActReport:
		return ""
	case ActMessage:
		return strings.NewReplacer("Draft a message to your", "Ask your", "Draft a message asking", "Ask").Replace(r.Do)
	}
	return r.Do
}

// OnlyRetries reports whether the remedy is to check again, and nothing before that.
func (r Remedy) OnlyRetries() bool { return r == retryNow() }

// FirstStep returns the first of the remedies' steps; "" where there is none.
func (r Report) FirstStep() string {
	for _, remedy := range r.Remedies {
		if step := remedy.Step(); step != "" {
			return step
		}
	}
	return ""
}

// Evidence is the call that decided a report, for support and admins.
type Evidence struct {
	Call    string `json:"call"` // "GET /rest/api/3/myself"
	Host    string `json:"host"`
	Status  int    `json:"status"` // 0 where no answer came
	TraceID string `json:"trace_id"`
	// Reason is Atlassian's own reason, cleaned; "" for none.
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
	// Attempts is how often the call was sent: 2 after a retry.
	Attempts int `json:"attempts,omitempty"`
}

// Words returns the call and its status, the number of attempts and the trace id, as parts of a
// sentence. The time is left to the caller: screens, messages and JSON format it differently.
func (s Evidence) Words() []string {
	words := s.Call + " on " + s.Host
	if s.Status != 0 {
		words += ": " + strconv.Itoa(s.Status)
	} else {
		words += ": no answer"
	}
	parts := []string{words}
	if s.Attempts > 1 {
		parts = append(parts, "sent twice")
	}
	if s.TraceID != "" {
		parts = append(parts, "trace "+s.TraceID)
	}
	return parts
}

// Report is the conclusion of one check.
type Report struct {
	Product Product        `json:"product"`
	Site    atlassian.Site `json:"site"`
	Email   string         `json:"email"`

	Code     Code      `json:"code"`
	Also     []Code    `json:"also,omitempty"`
	Verdict  Verdict   `json:"verdict"`
	Title    string    `json:"title"` // what is true
	Why      string    `json:"why"`   // how we know
	Remedies []Remedy  `json:"remedies,omitempty"`
	Stages   []Finding `json:"stages"`

	// Keepable reports whether a connector with this report may be saved: always where it works, and
	// otherwise only where someone else must fix it or the problem may pass.
	Keepable bool `json:"keepable"`

	// TokenKind is the kind of the token that was checked; "" where none could be read, and in a saved
	// report.
	TokenKind atlassian.TokenKind `json:"-"`

	CloudID  string    `json:"cloud_id,omitempty"`
	Identity *Identity `json:"identity,omitempty"`
	Admin    *bool     `json:"admin"`              // nil: not determined
	Coverage *Coverage `json:"coverage,omitempty"` // nil: not determined
	Evidence *Evidence `json:"seen,omitempty"`
	// NewSite is the new address of a renamed site. It is offered, never used by itself.
	NewSite atlassian.Site `json:"new_site,omitzero"`
	// RetryAfter is how long Atlassian asked to wait; 0 where it did not.
	RetryAfter time.Duration `json:"retry_after,omitempty"`

	// usual is the report for the default warning time, where the check had another one.
	usual *Report

	At   time.Time     `json:"at"`   // when the check began
	Took time.Duration `json:"took"` // from beginning to end
}

// Coverage is what an account can see, as far as it was determined.
type Coverage struct {
	atlassian.Coverage // what it can open
	// Listed is how many projects Jira lists to the administrator, including those that the account
	// can't open; nil where that was not determined, and always for Confluence.
	Listed *int `json:",omitempty"`
	// HiddenKeys are the first keys of projects that are listed but can't be opened.
	HiddenKeys []string `json:",omitempty"`
}

// Hidden returns how many projects are listed but can't be opened; 0 where that is not known.
func (c Coverage) Hidden() int {
	if c.Listed == nil {
		return 0
	}
	return max(*c.Listed-c.Count, 0)
}

// PastReport returns a report of a check that found c working at the given time, for the invented
// history of practice connectors.
func PastReport(c Connector, at time.Time) Report {
	admin := true
	return Report{
		Product: c.Product, Site: c.Site, Email: c.Email, Code: CodeOK, Verdict: Working, Admin: &admin, Keepable: true,
		Title: ProductTitle(c.Product) + " connection verified", At: at,
	}
}

// Cause returns Why without the sentence that the token wasn't checked, for where there is no token.
func (r Report) Cause() string { return strings.TrimSuffix(r.Why, " "+tokenUnjudged) }

// NamedEmail returns the account's email at Atlassian where the connector has another one; ""
// otherwise. It is the one to enter in SaaSAssure.
func (r Report) NamedEmail() string {
	if r.Identity == nil || r.Code != CodeEmailDiffers && !slices.Contains(r.Also, CodeEmailDiffers) {
		return ""
	}
	return r.Identity.Email
}

// Usual returns the report for the default warning time, which is the one to save: another warning
// time applies to a single run only.
func (r Report) Usual() Report {
	if r.usual != nil {
		return *r.usual
	}
	return r
}

// RetryIn is how long, from now, it still is until Atlassian may be asked again: as long as it asked to
// wait after the check ended. 0 where that is over, and where it did not ask.
func (r Report) RetryIn(now time.Time) time.Duration {
	if r.RetryAfter <= 0 {
		return 0
	}
	return max(r.At.Add(r.Took+r.RetryAfter).Sub(now), 0)
}

// RetryWords say when it may be checked again: "Check again in 18 s", or that it may be now; "" where
// Atlassian did not ask to wait.
func (r Report) RetryWords(now time.Time) string {
	switch left := r.RetryLeft(now); {
	case r.RetryAfter <= 0:
		return ""
	case left == "":
		return "You can check again now"
	default:
		return "Check again in " + left
	}
}

// RetryLeft is RetryIn in words, rounded up: "18 s"; "" for 0.
func (r Report) RetryLeft(now time.Time) string {
	left := r.RetryIn(now)
	switch {
	case left == 0:
		return ""
	case left < 2*time.Minute:
		return fmt.Sprintf("%d s", (left+time.Second-1)/time.Second)
	case left < 2*time.Hour:
		left += time.Minute - 1
	default:
		left += time.Hour - 1
	}
	return waitWords(left)
}

// Good reports whether the connector can be used: Working or Attention.
func (r Report) Good() bool { return r.Verdict.Good() }

// Good reports whether v is Working or Attention.
func (v Verdict) Good() bool { return v == Working || v == Attention }
