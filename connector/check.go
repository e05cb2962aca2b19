package connector

import (
	"context"
	"errors"
	"sync"
	"time"

	"saasconnect/atlassian"
)

// Observer asks Atlassian. *atlassian.Client is one.
type Observer interface {
	// Lookup asks, without credentials, whether the site exists.
	Lookup(ctx context.Context, site atlassian.Site) atlassian.Observation
	// Observe makes the calls of one check; see atlassian.Client.Observe.
	Observe(ctx context.Context, ask atlassian.Target, token atlassian.Token, emit func(atlassian.Observation)) []atlassian.Observation
}

// CheckRequest is what Conclude is asked: everything but the observations.
type CheckRequest struct {
	Product Product
	Site    atlassian.Site
	Email   string
	// Receipt is what was known of the token when it was given; zero for a stored one.
	Receipt atlassian.Receipt
	// Expires is the recorded expiry date, ExpiresBy the latest possible one; zero where unknown.
	Expires   Date
	ExpiresBy Date
	// Warn is how long before its last day a token is worth a warning; 0 means 30 days.
	Warn time.Duration
	// Before is what the last good check saw, on the day BeforeAt; nil where there was none.
	Before   *Coverage
	BeforeAt Date
	// AcceptedHere: this very token was accepted by this site before.
	AcceptedHere bool
	// Saved is true for a connector that is kept, whose remedies differ (replace, not edit).
	Saved bool
	Now   time.Time
}

// Target is the part of the question that goes to the observer.
func (q CheckRequest) Target() atlassian.Target {
	return atlassian.Target{Product: q.Product, Site: q.Site, Email: q.Email}
}

// Progress is the checklist as it stands while a check runs: one finding a stage.
type Progress []Finding

// Check observes and concludes. emit (which may be nil) gets the checklist each time an
// answer lands. It ends with its context at once; look at ctx.Err before showing or
// keeping a report, since one that was cut short knows less than it could.
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
	r.At, r.Took = began, now().Sub(began)
	if q.Warn > 0 && q.Warn != defaultWarn {
		q.Warn = defaultWarn
		usual := Conclude(q, seen)
		usual.At, usual.Took, r.usual = r.At, r.Took, &usual
	}
	return r
}

// tokenGone reports whether a storage works and has no such token, or one that is another
// connection's: then there is nothing to unlock, and the token has to be put in again.
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

// Many checks at once. The rules: so many sites are asked side by side and no more, and
// each of them by one check at a time, so that a site never has more than one check's
// requests to answer and a connection serves all of its connectors; a site that limits
// requests is not asked before the time it names, and keeps no other waiting; reports are handed over as
// they land, never two at once; an end keeps what is known.

// TokenSource gets a token when its check begins.
type TokenSource func(context.Context) (atlassian.Token, error)

// TokenReader gets the token of a saved connector by its id.
type TokenReader func(ctx context.Context, id string) (atlassian.Token, error)

// QueuedCheck is one check of several.
type QueuedCheck struct {
	Request CheckRequest
	Token   TokenSource
}

// ConnKeeper is an Observer that can keep the connections to a site from one check to the
// next. What it returns lets go of them.
type ConnKeeper interface {
	Hold(site atlassian.Site) (release func())
}

const (
	// checkSlack is what a check may take beyond its observer's own limit before it is
	// given up from outside: concluding takes no time worth naming.
	checkSlack = 2 * time.Second
	// longestPause is how long a site's next check waits because the one before was told
	// to come again later. Where that is longer it asks, and is told so itself.
	longestPause = 30 * time.Second
)

// CheckFrom gets the token and checks. What a storage answers instead of the token is a
// diagnosis of its own. limit is the observer's own; look at ctx.Err as after Check.
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

// Bounds are those of CheckAll.
type Bounds struct {
	Sites int           // asked at once, at least 1
	Limit time.Duration // of one check: the observer's own
}

// CheckAll checks all of them and returns when all have landed or the context has ended.
// landed gets each report, and which of the asked it is about, in the order in which they
// land, in the caller's goroutine. A check that the end of the context cut short lands
// nowhere. What is thrown in a check is thrown here, as a *PanicError, after the others ended.
func CheckAll(ctx context.Context, o Observer, now func() time.Time, b Bounds, asked []QueuedCheck, landed func(int, Report)) {
	ctx, stop := context.WithCancel(ctx)
	sites := max(b.Sites, 1)
	r := &checkRun{
		observer: o, now: now, limit: b.Limit, asked: asked,
		places: make(chan struct{}, sites), landing: make(chan landing, sites),
	}
	defer func() {
		stop()
		for range r.landing { // landed threw: the others end before it goes on
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

// PanicError is what was thrown in a goroutine, on its way to the caller's.
type PanicError = atlassian.PanicError

// checkRun is one run of CheckAll.
type checkRun struct {
	observer Observer
	now      func() time.Time
	limit    time.Duration
	asked    []QueuedCheck
	places   chan struct{} // one for each site that is being asked
	landing  chan landing
}

// landing is a report that is known, or what was thrown instead.
type landing struct {
	at     int
	report Report
	thrown *PanicError
}

// run visits the sites in the order asked for, each as soon as there is a place for it.
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

// bySite are the places of the asked in their list, those of one site together.
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

// visit asks one site about each of its connectors, one after the other.
func (r *checkRun) visit(ctx context.Context, site []int) {
	defer func() { <-r.places }()
	if h, ok := r.observer.(ConnKeeper); ok && len(site) > 1 {
		defer h.Hold(r.asked[site[0]].Request.Site)()
	}
	for n, at := range site {
		l := r.check(ctx, at)
		if l.thrown == nil && ctx.Err() != nil {
			return // what came back is not a conclusion
		}
		r.landing <- l // always read: see CheckAll
		if l.thrown != nil {
			return
		}
		if pause := l.report.RetryAfter; n < len(site)-1 && pause > 0 && pause <= longestPause {
			r.backOff(ctx, pause)
		}
	}
}

// backOff gives the site's place to another until the site wants to be asked again, or
// the context ends.
func (r *checkRun) backOff(ctx context.Context, pause time.Duration) {
	<-r.places
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	r.places <- struct{}{} // one comes free: no one keeps a place for ever
}

// check checks one, and catches what it throws.
func (r *checkRun) check(ctx context.Context, at int) (l landing) {
	defer atlassian.Catch(func(t *PanicError) { l = landing{thrown: t} })
	return landing{at: at, report: CheckFrom(ctx, r.observer, r.now, r.limit, r.asked[at], nil)}
}
