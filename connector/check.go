package connector

import (
	"context"
	"errors"
	"sync"
	"time"

	"saasconnect/atlassian"
)

// Observer makes the calls of a check to Atlassian. *[atlassian.Client] implements it.
type Observer interface {
	// Lookup reports, without credentials, whether the site exists.
	Lookup(ctx context.Context, site atlassian.Site) atlassian.Observation
	// Observe makes the calls of one check; see [atlassian.Client.Observe].
	Observe(ctx context.Context, ask atlassian.Target, token atlassian.Token, emit func(atlassian.Observation)) []atlassian.Observation
}

// CheckRequest is what a check is about: the input of [Conclude] besides the observations.
type CheckRequest struct {
	Product Product
	Site    atlassian.Site
	Email   string
	// Receipt describes the token as it was pasted; zero for a stored token.
	Receipt atlassian.Receipt
	// Expires is the expiry date that was set, ExpiresBy the latest possible one; zero where unknown.
	Expires   Date
	ExpiresBy Date
	// Warn is how long before its expiry date a token is worth a warning; 0 means 30 days.
	Warn time.Duration
	// Before is the coverage of the last good check, on the day BeforeAt; nil without one.
	Before   *Coverage
	BeforeAt Date
	// AcceptedHere is true where this site accepted this very token before.
	AcceptedHere bool
	// Saved is true for a saved connector, whose remedies differ (replace the token, not edit the
	// form).
	Saved bool
	Now   time.Time
}

// Target returns the part of the request that the observer gets.
func (q CheckRequest) Target() atlassian.Target {
	return atlassian.Target{Product: q.Product, Site: q.Site, Email: q.Email}
}

// Progress is the checklist of a running check: one finding per stage.
type Progress []Finding

// Check observes and concludes. emit (may be nil) gets the checklist each time an answer arrives.
//
// Check returns as soon as ctx ends. Look at ctx.Err before you show or save the report: a check
// that was cut short may reach another conclusion than a complete one.
func Check(ctx context.Context, o Observer, now func() time.Time, q CheckRequest, token atlassian.Token, emit func(Progress)) Report {
	began := now()
	q.Now = began
	var landed []atlassian.Observation
	seen := o.Observe(ctx, q.Target(), token, func(one atlassian.Observation) {
		landed = append(landed, one)
		if emit != nil {
			emit(ProgressOf(q, landed))
		}
	})
	r := Conclude(q, seen)
	r.At, r.Took, r.TokenKind = began, now().Sub(began), token.Kind()
	if q.Warn > 0 && q.Warn != defaultWarn {
		q.Warn = defaultWarn
		usual := Conclude(q, seen)
		usual.At, usual.Took, r.usual = r.At, r.Took, &usual
	}
	return r
}

// tokenGone reports whether err says that the storage works but has no usable token for this
// connector: none, a damaged one, or one bound to another site or email. Unlocking would not help
// then; the token has to be entered again.
func tokenGone(err error) bool {
	var storage *StorageError
	if !errors.As(err, &storage) {
		return false
	}
	switch storage.Why {
	case StorageWhyMissing, StorageWhyOtherSite, StorageWhyDamaged:
		return true
	case StorageWhyLocked, StorageWhyRefused, StorageWhyTimedOut, StorageWhyUnavailable, StorageWhyFull, StorageWhyReadOnly,
		StorageWhyTooBig, StorageWhyNotKept, StorageWhyUnsafe, StorageWhyWrongPassphrase, StorageWhyNew, StorageWhyExists, StorageWhySame:
	}
	return false
}

// Many checks at once. The rules:
//
//   - At most Bounds.Sites sites are called at the same time, and each of them by one check at a time:
//     no site gets the requests of two checks, and all connectors of a site share one connection.
//   - A site that limits its rate isn't called again before the time it names, or longestPause. It
//     holds up no other site.
//   - Reports are handed over as they arrive, never two at once.
//   - When the context ends, the reports handed over so far stay valid.

// TokenSource returns the token of a check. It is called when the check begins.
type TokenSource func(context.Context) (atlassian.Token, error)

// TokenReader returns the token of the saved connector with the given id.
type TokenReader func(ctx context.Context, id string) (atlassian.Token, error)

// QueuedCheck is one check of several.
type QueuedCheck struct {
	Request CheckRequest
	Token   TokenSource
}

// ConnKeeper is an [Observer] that can keep the connections to a site open between checks. The
// returned function releases them.
type ConnKeeper interface {
	Hold(site atlassian.Site) (release func())
}

const (
	// checkSlack is added to the observer's own limit to bound a whole check, so that the observer's
	// limit, which yields a report, is the one that ends a slow check.
	checkSlack = 2 * time.Second
	// longestPause is the longest time that the next check of a rate-limited site is delayed. Where
	// the site asks for more, the next check runs at once and reports the rate limit itself.
	longestPause = 30 * time.Second
)

// CheckFrom reads the token and checks. If the token can't be read, the report is the one of
// [ConcludeStorage]. limit is the observer's own. As with [Check], look at ctx.Err before you use
// the report.
func CheckFrom(ctx context.Context, o Observer, now func() time.Time, limit time.Duration, a QueuedCheck, emit func(Progress)) Report {
	token, err := a.Token(ctx)
	if err != nil {
		a.Request.Now = now()
		return ConcludeStorage(a.Request, err)
	}
	ctx, cancel := context.WithTimeout(ctx, limit+checkSlack)
	defer cancel()
	return Check(ctx, o, now, a.Request, token, emit)
}

// Bounds limits a run of [CheckAll].
type Bounds struct {
	Sites int           // called at once, at least 1
	Limit time.Duration // of one check: the observer's own
}

// CheckAll runs all checks and returns when each has its report or ctx has ended. landed gets each
// report with the check's index in asked, in the order of arrival, in the caller's goroutine. A
// check that was cut short by the end of ctx is not reported. A panic in a check is raised again
// here, as a *PanicError, once the other checks have ended.
func CheckAll(ctx context.Context, o Observer, now func() time.Time, b Bounds, asked []QueuedCheck, landed func(int, Report)) {
	ctx, stop := context.WithCancel(ctx)
	sites := max(b.Sites, 1)
	r := &checkRun{
		observer: o, now: now, limit: b.Limit, asked: asked,
		places: make(chan struct{}, sites), landing: make(chan landing, sites),
	}
	defer func() {
		stop()
		for range r.landing { // landed panicked: wait until the other checks have ended
		}
	}()
	go r.run(ctx)
	var thrown *PanicError
	for l := range r.landing {
		switch {
		case l.thrown == nil:
			landed(l.at, l.report)
		case thrown == nil:
			thrown = l.thrown
			stop()
		}
	}
	if thrown != nil {
		panic(thrown)
	}
}

// PanicError is a panic of another goroutine, passed on to the caller's.
type PanicError = atlassian.PanicError

type checkRun struct {
	observer Observer
	now      func() time.Time
	limit    time.Duration
	asked    []QueuedCheck
	places   chan struct{} // one slot per site that is being called
	landing  chan landing
}

// landing is the report of one check, or the panic that ended it.
type landing struct {
	at     int
	report Report
	thrown *PanicError
}

// run visits the sites in the order of asked, each as soon as a slot is free.
func (r *checkRun) run(ctx context.Context) {
	defer close(r.landing)
	var visits sync.WaitGroup
	defer visits.Wait()
	for _, site := range bySite(r.asked) {
		select {
		case r.places <- struct{}{}:
			visits.Go(func() { r.visit(ctx, site) })
		case <-ctx.Done():
			return
		}
	}
}

// bySite groups the indexes of asked by site, in the order in which the sites first occur.
func bySite(asked []QueuedCheck) [][]int {
	var sites [][]int
	known := map[string]int{}
	for i, a := range asked {
		host := a.Request.Site.Host()
		at, ok := known[host]
		if !ok {
			at = len(sites)
			known[host], sites = at, append(sites, nil)
		}
		sites[at] = append(sites[at], i)
	}
	return sites
}

// visit checks each connector of one site, one after the other. site holds their indexes in asked.
func (r *checkRun) visit(ctx context.Context, site []int) {
	defer func() { <-r.places }()
	if h, ok := r.observer.(ConnKeeper); ok && len(site) > 1 {
		defer h.Hold(r.asked[site[0]].Request.Site)()
	}
	for n, at := range site {
		l := r.check(ctx, at)
		if l.thrown == nil && ctx.Err() != nil {
			return // the check was cut short: its report is no conclusion
		}
		r.landing <- l // never blocks for long: CheckAll reads until the channel is closed
		if l.thrown != nil {
			return
		}
		if pause := l.report.RetryAfter; n < len(site)-1 && pause > 0 && pause <= longestPause {
			r.backOff(ctx, pause)
		}
	}
}

// backOff frees the site's slot for another site for the duration of pause, or until ctx ends.
func (r *checkRun) backOff(ctx context.Context, pause time.Duration) {
	<-r.places
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	r.places <- struct{}{} // every holder returns its slot, so this doesn't block for good
}

// check runs one check and catches its panic.
func (r *checkRun) check(ctx context.Context, at int) (l landing) {
	defer atlassian.Catch(func(t *PanicError) { l = landing{thrown: t} })
	return landing{at: at, report: CheckFrom(ctx, r.observer, r.now, r.limit, r.asked[at], nil)}
}
