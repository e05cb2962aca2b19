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

// noteLimit bounds saving reports and outcomes, which is done after an interrupt as well.
const noteLimit = 10 * time.Second

// CheckRequest returns what a check of the Draft is about.
func (s Service) CheckRequest(d Draft) connector.CheckRequest { return d.checkRequest(s.Now()) }

func (d Draft) checkRequest(now time.Time) connector.CheckRequest {
	q := connector.CheckRequest{
		Product: d.facts.Product, Site: d.Site(), Email: d.Email(), Receipt: d.receipt, Expires: d.Expires(now),
		ExpiresBy: connector.Connector{TokenSince: d.tokenSince(now)}.ExpiresBy(), Now: now,
	}
	if d.task == Edit {
		q.Saved, q.Receipt = true, atlassian.Receipt{}
	}
	if q.Site == d.saved.Site && q.Product == d.saved.Product {
		q.Before, q.BeforeAt = d.saved.LastGood()
		q.AcceptedHere = q.Saved && d.saved.VerifiedHere()
	}
	return q
}

// SavedCheckRequest returns what a check of a saved connector is about. Its reports must be loaded
// where e.LastNeedsReports. warn is how long before its expiry date a token is worth a warning; 0
// means the default.
func SavedCheckRequest(e connector.Entry, warn time.Duration, now time.Time) connector.CheckRequest {
	q := connector.CheckRequest{
		Product: e.Product, Site: e.Site, Email: e.Email, Expires: e.Expires, ExpiresBy: e.ExpiresBy(), Warn: warn, Saved: true, Now: now,
		AcceptedHere: e.VerifiedHere(),
	}
	q.Before, q.BeforeAt = e.LastGood()
	return q
}

// Check checks a Draft, with the entered token, or the saved one where only facts change. emit
// (may be nil) gets the checklist as it fills. Look at ctx.Err before you use the report: a check
// that was cut short may reach another conclusion.
func (s Service) Check(ctx context.Context, d Draft, emit func(connector.Progress)) connector.Report {
	return s.CheckAs(ctx, d, s.CheckRequest(d), emit)
}

// CheckAs is [Service.Check] with a changed request; q starts as CheckRequest's result.
func (s Service) CheckAs(ctx context.Context, d Draft, q connector.CheckRequest, emit func(connector.Progress)) connector.Report {
	token := func(context.Context) (atlassian.Token, error) { return d.token, nil }
	if d.task == Edit && d.token.IsZero() {
		token = func(ctx context.Context) (atlassian.Token, error) { return s.Store.Token(ctx, d.saved.ID) }
	}
	return connector.CheckFrom(ctx, s.Observer, s.Now, s.Timeout, connector.QueuedCheck{Request: q, Token: token}, emit)
}

// CheckShares checks a Draft's new token for each of the connectors that had the old one, at most
// parallel sites at a time. landed gets each result as it arrives, never two at once.
func (s Service) CheckShares(ctx context.Context, d Draft, with []connector.Entry, parallel int, landed func(Share)) {
	asked := make([]connector.QueuedCheck, len(with))
	for i, e := range with {
		q := d.checkRequest(s.Now())
		q.Product, q.Site = e.Product, e.Site
		q.Before, q.BeforeAt = e.LastGood()
		asked[i] = connector.QueuedCheck{Request: q, Token: func(context.Context) (atlassian.Token, error) { return d.token, nil }}
	}
	connector.CheckAll(ctx, s.Observer, s.Now, connector.Bounds{Sites: parallel, Limit: s.Timeout}, asked,
		func(i int, r connector.Report) { landed(Share{with[i], r}) })
}

// Recheck is the result of checking a saved connector again.
type Recheck struct {
	Report connector.Report
	Before []connector.Report // the earlier reports, where CheckOptions.Past asked for them
	Gone   bool               // the connector was removed meanwhile
}

// CheckOptions are the options of [Service.CheckSaved].
type CheckOptions struct {
	Parallel int           // sites called at once, at least 1
	Warn     time.Duration // as in SavedCheckRequest
	Past     bool          // load Recheck.Before
}

// CheckSaved checks saved connectors again, each with its own token, and saves the reports. landed
// (may be nil) gets each result with its index in entries as it arrives, never two at once. When
// ctx ends, the reports so far are saved. The error is the first one of saving reports.
func (s Service) CheckSaved(ctx context.Context, entries []connector.Entry, o CheckOptions, landed func(int, Recheck)) error {
	tokens := sync.OnceValues(func() (connector.TokenReader, error) { return s.Store.Tokens(ctx) })
	asked, gone := make([]connector.QueuedCheck, len(entries)), make([]bool, len(entries))
	for i, e := range entries {
		if e.LastNeedsReports() {
			e.Reports = s.Store.Reports(ctx, e.ID)
		}
		asked[i] = connector.QueuedCheck{
			Request: SavedCheckRequest(e, o.Warn, s.Now()),
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

// Remember saves a report, also after ctx was canceled.
func (s Service) Remember(ctx context.Context, id string, r connector.Report) error {
	noted := toRemember(r)
	if noted == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	return s.Store.Remember(ctx, id, *noted)
}

// SaveOutcomes updates what lists show of the saved reports, also after ctx was canceled.
func (s Service) SaveOutcomes(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	return s.Store.SaveOutcomes(ctx)
}

// Saved is the state after [Service.Save], also where it returned an error.
type Saved struct {
	// First is the Draft's own connector as it is now; unchanged where it was not saved.
	First connector.Connector
	// Took are the names of the connectors that were written, First's among them.
	Took []string
	// Same are the names of those that had this very token already.
	Same []string
	// Also are the other connectors that have the new token now, each with its check's report as the
	// newest.
	Also []connector.Entry
	// LeftOut are the other connectors that keep the old token.
	LeftOut []LeftOut
	// Now is the saved connector as it is, after an error; zero where it no longer exists.
	Now connector.Entry
}

// InForce returns the names of all connectors that have the new token now, including those that
// had it before.
func (s Saved) InForce() []string { return append(append([]string{}, s.Took...), s.Same...) }

// Connectors returns First and Also, as they are now.
func (s Saved) Connectors() []connector.Connector {
	all := []connector.Connector{s.First}
	for _, e := range s.Also {
		all = append(all, e.Connector)
	}
	return all
}

// LeftOut is a connector that keeps the old token, and why; Why is "" where it was not asked for
// or not attempted.
type LeftOut struct{ Name, Why string }

// Save saves a Draft, and gives its token to the connectors it is shared with. Each connector is
// saved completely or not at all; after an error Saved tells which are. A token that is stored
// already is not stored again (the error is StorageWhySame), but an expiry date, name or account
// that came with it is set.
func (s Service) Save(ctx context.Context, d Draft, role connector.Role) (Saved, error) {
	out, err := s.saveDraft(ctx, d, role)
	if err != nil && d.task != Add {
		out.Now = s.now(ctx, d.saved.ID)
	}
	return out, err
}

// now returns a connector as it is saved, zero where it is not, also after ctx was canceled.
func (s Service) now(ctx context.Context, id string) connector.Entry {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	entries, _ := s.Store.Load(ctx) // if it can't be read, there is nothing to report
	for _, e := range entries {
		if e.ID == id {
			return e
		}
	}
	return connector.Entry{}
}

func (s Service) saveDraft(ctx context.Context, d Draft, role connector.Role) (Saved, error) {
	by := connector.Stamp{By: s.User(), Role: role, At: s.Now()}
	first := d.write(by)
	out := Saved{First: d.saved.Connector}
	if d.task == Add {
		out.First = first.After
	}
	kept, err := s.save(ctx, []connector.Write{first}, &out)
	if kept[0].Err == nil || IsSame(kept[0].Err) {
		out.First = kept[0].Connector
	}
	if err != nil && !IsSame(err) {
		out.leaveOut(d.shares)
		return out, err
	}
	var writes []connector.Write
	var shared []Share
	for _, share := range d.shares {
		if !share.Report.Good() { // or it was not checked, since it was not asked for
			out.LeftOut = append(out.LeftOut, LeftOut{share.Entry.Name, connector.Inside(share.Report.Title)})
			continue
		}
		shared = append(shared, share)
		writes = append(writes, connector.Write{
			Before: share.Entry.Connector, After: d.sharedConnector(share, first.After), Token: d.token, Report: toRemember(share.Report),
		})
	}
	kept, failed := s.save(ctx, writes, &out)
	for i, share := range shared {
		switch keptErr := kept[i].Err; {
		case keptErr == nil || IsSame(keptErr):
			e := connector.Entry{Connector: kept[i].Connector, Last: share.Entry.Last, Reports: share.Entry.Reports}
			e.AddReport(share.Report)
			out.Also = append(out.Also, e)
		case ctx.Err() != nil:
			out.leaveOut([]Share{share})
		default:
			out.LeftOut = append(out.LeftOut, LeftOut{share.Entry.Name, connector.Inside(connector.Explain(keptErr).Title)})
		}
	}
	if len(out.Took) == 0 && (failed == nil || IsSame(failed)) {
		return out, err
	}
	if IsSame(failed) {
		failed = nil
	}
	return out, failed
}

func (s *Saved) leaveOut(shares []Share) {
	for _, share := range shares {
		s.LeftOut = append(s.LeftOut, LeftOut{Name: share.Entry.Name})
	}
}

// save writes connectors and adds their names to out. Where a token is stored already, it sets the
// rest ([Service.setRest]) and returns StorageWhySame with the connector as it is then. The error
// is the first one that is not StorageWhySame, else StorageWhySame.
func (s Service) save(ctx context.Context, writes []connector.Write, out *Saved) ([]connector.Written, error) {
	if len(writes) == 0 {
		return nil, nil
	}
	var failed, same error
	results := s.Store.Save(ctx, writes)
	for i := range results {
		r := &results[i]
		switch {
		case r.Err == nil:
			out.Took = append(out.Took, r.Connector.Name)
		case IsSame(r.Err):
			same = r.Err
			out.Same = append(out.Same, writes[i].Before.Name)
			kept, err := s.setRest(ctx, writes[i].Before, writes[i].After)
			r.Connector = kept
			if err != nil {
				r.Err = err
				failed = cmp.Or(failed, err)
			}
		default:
			r.Connector = writes[i].Before
			failed = cmp.Or(failed, r.Err)
		}
	}
	return results, cmp.Or(failed, same)
}

// write returns a Draft as the store's input.
func (d Draft) write(by connector.Stamp) connector.Write {
	w := connector.Write{Before: d.saved.Connector, After: d.Connector(by)}
	if d.task == Add || d.task == Replace {
		w.Token = d.token
	}
	if d.checked {
		w.Report = toRemember(d.report)
	}
	return w
}

// toRemember returns the report to save: the one for the default warning time. It is nil where the
// token could not be read, since that says nothing about the connector.
func toRemember(r connector.Report) *connector.Report {
	if r.Code == connector.CodeTokenLocked {
		return nil
	}
	r = r.Usual()
	return &r
}

// setRest sets the name, the account and, where given, the expiry date that came with a token that
// is stored already.
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
	written := s.Store.Save(ctx, []connector.Write{{Before: before, After: after}})[0]
	if written.Err != nil {
		return before, written.Err
	}
	return written.Connector, nil
}

// IsSame reports whether an error of Save means that the token is stored already: nothing was
// replaced, and nothing is wrong.
func IsSame(err error) bool {
	var storage *connector.StorageError
	return errors.As(err, &storage) && storage.Why == connector.StorageWhySame
}

// IsChanged reports whether an error means that the connector was changed meanwhile.
func IsChanged(err error) bool { return isStore(err, connector.StoreChanged) }

// IsGone reports whether an error means that the connector was removed.
func IsGone(err error) bool { return isStore(err, connector.StoreNotFound) }

func isStore(err error, why connector.StoreWhy) bool {
	var file *connector.StoreError
	return errors.As(err, &file) && file.Why == why
}

// SetExpiry sets the expiry date of connectors that have the same token; zero for none. It returns
// those that were written, and the first error of the others.
func (s Service) SetExpiry(ctx context.Context, all []connector.Connector, day connector.Date) (done []connector.Connector, failed error) {
	for _, w := range s.rewrite(ctx, all, func(c *connector.Connector) { c.Expires = day }) {
		if failed = cmp.Or(failed, w.Err); w.Err == nil {
			done = append(done, w.Connector)
		}
	}
	return done, failed
}

// Change is what [Service.EditMany] sets; nil fields stay as they are.
type Change struct {
	Account *string
	Expires *connector.Date // zero: none
}

// EditMany sets the same values in connectors. Those that have them already are not written. It
// returns a result for each, in order.
func (s Service) EditMany(ctx context.Context, all []connector.Connector, to Change, role connector.Role) []connector.Written {
	by := connector.Stamp{By: s.User(), Role: role, At: s.Now()}
	return s.rewrite(ctx, all, func(c *connector.Connector) {
		before := *c
		if to.Account != nil {
			c.Account = *to.Account
		}
		if to.Expires != nil {
			c.Expires = *to.Expires
		}
		if !c.Equal(before) {
			c.Edited = by
		}
	})
}

// MarkEntered records that connectors were entered in SaaSAssure today, or if entered is false,
// that they are not there. Those in that state already keep their date and are not written. It
// returns a result for each, in order.
func (s Service) MarkEntered(ctx context.Context, all []connector.Connector, entered bool, role connector.Role) []connector.Written {
	var by connector.Stamp
	if entered {
		by = connector.Stamp{By: s.User(), Role: role, At: s.Now()}
	}
	return s.rewrite(ctx, all, func(c *connector.Connector) {
		if !c.IsMarked(entered) {
			c.Entered = by
		}
	})
}

// rewrite changes fields that the stored token is not bound to, and writes the connectors that
// differ. It returns a result for each, in order.
func (s Service) rewrite(ctx context.Context, all []connector.Connector, change func(*connector.Connector)) []connector.Written {
	results := make([]connector.Written, len(all))
	var writes []connector.Write
	var at []int // the index in all of each write
	for i, before := range all {
		after := before
		change(&after)
		if results[i].Connector = before; !after.Equal(before) {
			writes, at = append(writes, connector.Write{Before: before, After: after}), append(at, i)
		}
	}
	if len(writes) > 0 {
		for n, w := range s.Store.Save(ctx, writes) {
			results[at[n]] = w
		}
	}
	return results
}

// RemoveMany removes connectors one after the other, as Remove does. An error does not stop the
// others; the end of ctx does. landed gets each result with its index.
func (s Service) RemoveMany(ctx context.Context, all []connector.Connector, landed func(i int, left *connector.StorageError, err error)) {
	for i, c := range all {
		if ctx.Err() != nil {
			return
		}
		left, err := s.Remove(ctx, c.ID)
		landed(i, left, err)
	}
}

// Remove removes a connector and its stored token. left says where the token is still stored, and
// why, where only the connector could be removed.
func (s Service) Remove(ctx context.Context, id string) (left *connector.StorageError, err error) {
	return s.Store.Remove(ctx, id)
}

// Settings saves the fields that are set; see [Writer].
func (s Service) Settings(ctx context.Context, set connector.Settings) error {
	return s.Store.SetSettings(ctx, set)
}

// TestStorage tests by a round trip whether a storage works; see [Writer].
func (s Service) TestStorage(ctx context.Context, kind connector.StorageKind) error {
	return s.Store.TestStorage(ctx, kind)
}

// Unlock unlocks the encrypted file; see [Writer].
func (s Service) Unlock(ctx context.Context, passphrase string) error {
	return s.Store.Unlock(ctx, passphrase)
}

// CreateEncryptedFile creates the encrypted file; see [Writer].
func (s Service) CreateEncryptedFile(ctx context.Context, passphrase string) error {
	return s.Store.CreateEncryptedFile(ctx, passphrase)
}

// ChangePassphrase changes the passphrase of the encrypted file; see [Writer].
func (s Service) ChangePassphrase(ctx context.Context, old, replacement string) error {
	return s.Store.ChangePassphrase(ctx, old, replacement)
}

// Tidy deletes what a crash may have left; see [Writer].
func (s Service) Tidy(ctx context.Context) (connector.TidyReport, error) { return s.Store.Tidy(ctx) }
