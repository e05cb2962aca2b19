package setup

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Service checks and saves. It is the only caller of the store's writing methods.
type Service struct {
	Store    Store
	Observer connector.Observer
	Now      func() time.Time
	User     func() string // the operating system's user name; it may read a file
	Timeout  time.Duration // of one check
}

// noteLimit bounds noting reports and outcomes, also after an interrupt.
const noteLimit = 10 * time.Second

// Question is what the check of a Draft asks.
func (s Service) Question(d Draft) connector.Question { return d.question(s.Now()) }

func (d Draft) question(now time.Time) connector.Question {
	q := connector.Question{
		Product: d.facts.Product, Site: d.Site(), Email: d.Email(), Receipt: d.receipt, Expires: d.Expires(now),
		ExpiresBy: connector.Connector{TokenSince: d.tokenSince(now)}.ExpiresBy(), Now: now,
	}
	if d.task == Edit {
		q.Saved, q.Receipt = true, atlassian.Receipt{}
	}
	if q.Site == d.saved.Site && q.Product == d.saved.Product {
		q.Before, q.BeforeAt = d.saved.LastGood()
		q.ProvenHere = q.Saved && d.saved.ProvenHere()
	}
	return q
}

// SavedQuestion is what the check of a saved connector asks. Its reports should have been asked
// for where its newest check was not good. warn is how long before its expiry date a token is
// worth a warning; 0 is the usual time.
func SavedQuestion(e connector.Entry, warn time.Duration, now time.Time) connector.Question {
	q := connector.Question{
		Product: e.Product, Site: e.Site, Email: e.Email, Expires: e.Expires, ExpiresBy: e.ExpiresBy(), Warn: warn, Saved: true, Now: now,
		ProvenHere: e.ProvenHere(),
	}
	q.Before, q.BeforeAt = e.LastGood()
	return q
}

// Check checks a Draft: with the token at hand, or with the saved one where only facts change.
// emit gets the checklist as it fills; it may be nil. Look at ctx.Err before using the report: one
// that was cut short knows less than it could.
func (s Service) Check(ctx context.Context, d Draft, emit func(connector.Progress)) connector.Report {
	return s.CheckAs(ctx, d, s.Question(d), emit)
}

// CheckAs is Check where more than the Draft is asked, or something else: q begins as Question.
func (s Service) CheckAs(ctx context.Context, d Draft, q connector.Question, emit func(connector.Progress)) connector.Report {
	token := func(context.Context) (atlassian.Token, error) { return d.token, nil }
	if d.task == Edit && d.token.IsZero() {
		token = func(ctx context.Context) (atlassian.Token, error) { return s.Store.Token(ctx, d.saved.ID) }
	}
	return connector.CheckFrom(ctx, s.Observer, s.Now, s.Timeout, connector.Asked{Question: q, Token: token}, emit)
}

// CheckShares checks a Draft's new token for each of the connectors that had the old one, side by
// side. landed gets each as it lands, never two at once.
func (s Service) CheckShares(ctx context.Context, d Draft, with []connector.Entry, parallel int, landed func(Share)) {
	asked := make([]connector.Asked, len(with))
	for i, e := range with {
		q := d.question(s.Now())
		q.Product, q.Site = e.Product, e.Site
		q.Before, q.BeforeAt = e.LastGood()
		asked[i] = connector.Asked{Question: q, Token: func(context.Context) (atlassian.Token, error) { return d.token, nil }}
	}
	connector.CheckAll(ctx, s.Observer, s.Now, connector.Bounds{Sites: parallel, Limit: s.Timeout}, asked,
		func(i int, r connector.Report) { landed(Share{with[i], r}) })
}

// Recheck is what came of checking a saved connector again.
type Recheck struct {
	Report connector.Report
	Before []connector.Report // those that were remembered before it, where they were asked for
	Gone   bool               // it was removed meanwhile
}

// CheckOptions say how saved connectors are checked again.
type CheckOptions struct {
	Parallel int           // sites asked at once, at least 1
	Warn     time.Duration // as in SavedQuestion
	Past     bool          // ask for Before
}

// CheckSaved checks saved connectors again, each with its own token, and remembers the reports.
// landed gets each as it lands and which of the entries it is about, never two at once; nil for
// nobody. An end of ctx keeps what is known. The error is about remembering: the first of them.
func (s Service) CheckSaved(ctx context.Context, entries []connector.Entry, o CheckOptions, landed func(int, Recheck)) error {
	tokens := sync.OnceValues(func() (connector.TokenReader, error) { return s.Store.Tokens(ctx) })
	asked, gone := make([]connector.Asked, len(entries)), make([]bool, len(entries))
	for i, e := range entries {
		if e.LastNeedsReports() {
			e.Reports = s.Store.Reports(ctx, e.ID)
		}
		asked[i] = connector.Asked{
			Question: SavedQuestion(e, o.Warn, s.Now()),
			Token: func(ctx context.Context) (atlassian.Token, error) {
				read, err := tokens()
				if err != nil {
					return atlassian.Token{}, err
				}
				token, err := read(ctx, e.ID)
				var file *connector.StoreError
				gone[i] = errors.As(err, &file) && file.Why == connector.StoreNotFound
				return token, err
			},
		}
	}
	var first error
	connector.CheckAll(ctx, s.Observer, s.Now, connector.Bounds{Sites: max(1, o.Parallel), Limit: s.Timeout}, asked, func(i int, r connector.Report) {
		done := Recheck{Report: r, Gone: gone[i]}
		if o.Past {
			done.Before = s.Store.Reports(ctx, entries[i].ID)
		}
		if !done.Gone {
			first = cmp.Or(first, s.Remember(ctx, entries[i].ID, r))
		}
		if landed != nil {
			landed(i, done)
		}
	})
	return cmp.Or(first, s.SaveOutcomes(ctx))
}

// Remember notes a report, also after an interrupt: what is known is kept. One whose token could
// not be read says nothing of its connector, and changes no history. What is noted is what the
// usual time of warning says.
func (s Service) Remember(ctx context.Context, id string, r connector.Report) error {
	if r.Code == connector.CodeTokenLocked {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	return s.Store.Remember(ctx, id, r.Usual())
}

// SaveOutcomes lets lists know of what was remembered, also after an interrupt.
func (s Service) SaveOutcomes(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	return s.Store.SaveOutcomes(ctx)
}

// Saved is what is in force after a Save, also where it ended in an error.
type Saved struct {
	// First is the Draft's own connector as it is now; as it was before where it was not saved.
	First connector.Connector
	// Took are the names of those that have the new token or facts now, First's among them.
	Took []string
	// Same are the names of those that had this very token already.
	Same []string
	// Also are the others that have the new token now, each with the report that proved it in front.
	Also []connector.Entry
	// LeftOut are the others that still have the old token.
	LeftOut []LeftOut
}

// InForce are the names of all that have the new token now, whoever put it there.
func (s Saved) InForce() []string { return append(append([]string{}, s.Took...), s.Same...) }

// LeftOut is a connector that keeps the old token, and why; "" where nobody wanted it otherwise.
type LeftOut struct{ Name, Why string }

// Save saves a Draft, and gives its token to those it is shared with. Each connector is all or
// nothing. Where it ends in an error, Saved says what is in force all the same. A token that is
// stored already replaces nothing (StorageWhySame); an expiry date that came with it is set.
func (s Service) Save(ctx context.Context, d Draft, role connector.Role) (Saved, error) {
	by := connector.Stamp{By: s.User(), Role: role, At: s.Now()}
	c := d.Connector(by)
	out := Saved{First: d.saved.Connector}
	var err error
	switch d.task {
	case Add:
		out.First = c
		kept, err := s.Store.Add(ctx, c, d.token, d.report) // the store remembers the first report
		if err == nil {
			out.First, out.Took = kept, []string{kept.Name}
		}
		return out, err
	case Edit, Move:
		kept, err := s.Store.Edit(ctx, d.saved.Connector, c)
		if err == nil {
			out.First, out.Took = kept, []string{kept.Name}
			s.noteChecked(ctx, d, kept.ID)
		}
		return out, err
	case Replace:
	}
	out.First, err = s.swap(ctx, d, d.saved.Connector, c, d.report, &out)
	if err != nil && !IsSame(err) {
		out.leaveOut(d.shares)
		return out, err
	}
	var failed error
	for i, share := range d.shares {
		if !share.Report.Good() { // or nobody wanted it there
			out.LeftOut = append(out.LeftOut, LeftOut{share.Entry.Name, connector.Inside(share.Report.Title)})
			continue
		}
		kept, err := s.swap(ctx, d, share.Entry.Connector, d.sharedConnector(share, c), share.Report, &out)
		switch {
		case err == nil || IsSame(err):
			e := connector.Entry{Connector: kept, Last: share.Entry.Last, Reports: share.Entry.Reports}
			e.Note(share.Report)
			out.Also = append(out.Also, e)
		case ctx.Err() != nil:
			out.leaveOut(d.shares[i:])
			_ = s.SaveOutcomes(ctx)
			return out, err
		default:
			out.LeftOut = append(out.LeftOut, LeftOut{share.Entry.Name, connector.Inside(connector.TroubleOf(err).Title)})
			failed = cmp.Or(failed, err)
		}
	}
	_ = s.SaveOutcomes(ctx) // best effort: the tokens are what counts
	if failed == nil && len(out.Took) == 0 {
		return out, err
	}
	return out, failed
}

func (s *Saved) leaveOut(shares []Share) {
	for _, share := range shares {
		s.LeftOut = append(s.LeftOut, LeftOut{Name: share.Entry.Name})
	}
}

// swap puts a Draft's token into one connector, and returns the connector as it is now.
func (s Service) swap(ctx context.Context, d Draft, before, after connector.Connector, r connector.Report, out *Saved) (connector.Connector, error) {
	kept, err := s.Store.Replace(ctx, before, after, d.token)
	switch {
	case IsSame(err):
		out.Same = append(out.Same, before.Name)
		kept, restErr := s.setRest(ctx, before, after)
		if restErr != nil {
			return before, restErr
		}
		return kept, err
	case err != nil:
		return before, err
	}
	out.Took = append(out.Took, kept.Name)
	_ = s.Remember(ctx, kept.ID, r) // best effort: the token is what counts
	return kept, nil
}

// setRest sets what came with a token that is stored already: an expiry date where one was given,
// the name and the account.
func (s Service) setRest(ctx context.Context, before, given connector.Connector) (connector.Connector, error) {
	after := before
	after.Name, after.Account = given.Name, given.Account
	if !given.Expires.IsZero() {
		after.Expires = given.Expires
	}
	if after.Name == before.Name && after.Account == before.Account && after.Expires == before.Expires {
		return before, nil
	}
	after.Edited = given.Replaced
	kept, err := s.Store.Edit(ctx, before, after)
	if err != nil {
		return before, err
	}
	return kept, nil
}

// IsSame reports whether an error of Save says that the token is stored already: nothing was
// replaced, and nothing is wrong.
func IsSame(err error) bool {
	var storage *connector.StorageError
	return errors.As(err, &storage) && storage.Why == connector.StorageWhySame
}

// noteChecked remembers the report of an edit that was checked.
func (s Service) noteChecked(ctx context.Context, d Draft, id string) {
	if d.checked {
		_ = s.Remember(ctx, id, d.report) // best effort: the connector is what counts
		_ = s.SaveOutcomes(ctx)           // likewise
	}
}

// SetExpiry sets the expiry date of connectors that have one token; zero for none. It ends with
// the first that can't be written, and returns those that were.
func (s Service) SetExpiry(ctx context.Context, all []connector.Connector, day connector.Date) ([]connector.Connector, error) {
	var done []connector.Connector
	for _, before := range all {
		after := before
		after.Expires = day
		now, err := s.Store.Edit(ctx, before, after)
		if err != nil {
			return done, err
		}
		done = append(done, now)
	}
	return done, nil
}

// Remove removes a connector and its token here. left says in which storage the token is still,
// and why, where the connector is gone and its token is not.
func (s Service) Remove(ctx context.Context, id string) (left *connector.StorageError, err error) {
	return s.Store.Remove(ctx, id)
}

// Settings are remembered: the role, or the storage. Those that are set are changed.
func (s Service) Settings(ctx context.Context, set connector.Settings) error {
	return s.Store.SetSettings(ctx, set)
}

// TestStorage finds out by a round trip whether a storage keeps a token.
func (s Service) TestStorage(ctx context.Context, kind connector.StorageKind) error {
	return s.Store.TestStorage(ctx, kind)
}

// Unlock opens the encrypted file that is there; see Writer.
func (s Service) Unlock(ctx context.Context, passphrase string) error {
	return s.Store.Unlock(ctx, passphrase)
}

// CreateEncryptedFile creates it; see Writer.
func (s Service) CreateEncryptedFile(ctx context.Context, passphrase string) error {
	return s.Store.CreateEncryptedFile(ctx, passphrase)
}

// ChangePassphrase seals it anew; see Writer.
func (s Service) ChangePassphrase(ctx context.Context, old, replacement string) error {
	return s.Store.ChangePassphrase(ctx, old, replacement)
}

// Tidy deletes what a crash may have left; see Writer.
func (s Service) Tidy(ctx context.Context) (connector.TidyReport, error) { return s.Store.Tidy(ctx) }
