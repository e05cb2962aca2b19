package connector

import (
	"context"
	"errors"
	"time"

	"saasconnect/atlassian"
)

// Observer asks Atlassian. *atlassian.Client is one.
type Observer interface {
	// Lookup asks, without credentials, whether the site exists.
	Lookup(ctx context.Context, site atlassian.Site) atlassian.Observation
	// Observe makes the calls of one check; see atlassian.Client.Observe.
	Observe(ctx context.Context, ask atlassian.Ask, token atlassian.Token, emit func(atlassian.Observation)) []atlassian.Observation
}

// Question is what Conclude is asked: everything but the observations.
type Question struct {
	Product Product
	Site    atlassian.Site
	Email   string
	Kind    atlassian.TokenKind // what the token looks like, "" where not known
	// Expires is the recorded last day, ExpiresBy the latest possible one; zero where unknown.
	Expires   Date
	ExpiresBy Date
	// Warn is how long before its last day a token is worth a warning; 0 means 30 days.
	Warn time.Duration
	// Saved is true for a connector that is kept, whose remedies differ (replace, not edit).
	Saved bool
	Now   time.Time
}

// Ask is the part of the question that goes to the observer.
func (q Question) Ask() atlassian.Ask {
	return atlassian.Ask{Product: q.Product, Site: q.Site, Email: q.Email}
}

// Progress is the checklist as it stands while a check runs: one finding a stage.
type Progress []Finding

// Check observes and concludes. emit (which may be nil) gets the checklist each time an
// answer lands. It ends with its context at once; look at ctx.Err before showing or
// keeping a report, since one that was cut short knows less than it could.
func Check(ctx context.Context, o Observer, now func() time.Time, q Question, token atlassian.Token, emit func(Progress)) Report {
	began := now()
	q.Now = began
	var landed []atlassian.Observation
	seen := o.Observe(ctx, q.Ask(), token, func(one atlassian.Observation) {
		landed = append(landed, one)
		if emit != nil {
			emit(ProgressOf(q, landed))
		}
	})
	r := Conclude(q, seen)
	r.At, r.Took = began, now().Sub(began)
	return r
}

// tokenGone reports whether a safe works and has no such token, or one that is another
// connection's: then there is nothing to unlock, and the token has to be put in again.
func tokenGone(err error) bool {
	var safe *SafeError
	if !errors.As(err, &safe) {
		return false
	}
	switch safe.Why {
	case SafeWhyMissing, SafeWhyOtherSite, SafeWhyDamaged:
		return true
	case SafeWhyLocked, SafeWhyRefused, SafeWhyTimedOut, SafeWhyUnavailable, SafeWhyFull, SafeWhyReadOnly,
		SafeWhyTooBig, SafeWhyNotKept, SafeWhyUnsafe, SafeWhyWrongPassphrase, SafeWhySame:
	}
	return false
}
