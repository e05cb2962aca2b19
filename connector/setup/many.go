package setup

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Many Drafts at once, such as the rows of a file: duplicates among them, checking them in
// parallel, and saving them with few writes.

// DuplicateKind says in what a connector equals another one.
type DuplicateKind int

// The kinds of duplicate.
const (
	NotDuplicate DuplicateKind = iota
	// SameConnection: another one has its product, site and email.
	SameConnection
	// SameAccount: another one has its product and its SaaSAssure account.
	SameAccount
	// NoAccount: another one has its product, and neither names an account, so that they may be
	// for one.
	NoAccount
)

// Duplicates returns for each Draft whether it would be a duplicate, by the rules of
// [Draft.DuplicateOf]: of a saved connector, as it will be after the Drafts are saved, or of an
// earlier Draft.
func Duplicates(drafts []Draft, k Known) []DuplicateKind {
	connections, accounts := map[duplicateKey]bool{}, map[duplicateKey]bool{}
	mine := map[string]bool{} // saved connectors that a Draft changes: they are compared as they will be
	for _, d := range drafts {
		mine[d.saved.ID] = true
	}
	for _, e := range k.Entries {
		if !mine[e.ID] {
			connections[connectionOf(e.Connector)], accounts[accountOf(e.Connector)] = true, true
		}
	}
	all := make([]connector.Connector, len(drafts))
	for i, d := range drafts { // first those that don't change in what is compared
		all[i] = d.compared()
		asksConnection, asksAccount := d.asksDuplicate()
		if !asksConnection {
			connections[connectionOf(all[i])] = true
		}
		if !asksAccount {
			accounts[accountOf(all[i])] = true
		}
	}
	likenesses := make([]DuplicateKind, len(drafts))
	for i, d := range drafts {
		asksConnection, asksAccount := d.asksDuplicate()
		connection, account := connectionOf(all[i]), accountOf(all[i])
		switch {
		case asksConnection && connections[connection]:
			likenesses[i] = SameConnection
		case !asksAccount || !accounts[account]:
		case account.name == "":
			likenesses[i] = NoAccount
		default:
			likenesses[i] = SameAccount
		}
		connections[connection], accounts[account] = true, true
	}
	return likenesses
}

// duplicateKey identifies a connection or an account; equal keys are duplicates.
type duplicateKey struct {
	product connector.Product
	site    atlassian.Site
	name    string // the email or the account
}

func connectionOf(c connector.Connector) duplicateKey {
	return duplicateKey{c.Product, c.Site, strings.ToLower(c.Email)}
}

func accountOf(c connector.Connector) duplicateKey {
	return duplicateKey{product: c.Product, name: strings.ToLower(strings.TrimSpace(c.Account))}
}

// Checked is the result of checking one of the Drafts given to [Service.CheckMany].
type Checked struct {
	At     int              // its index
	Report connector.Report // zero where it was not checked
	// Refused is the index of the Draft whose check showed that Atlassian refuses this same token for
	// the whole account, so that this Draft was not checked; -1 where it was.
	Refused int
	Gone    bool // the saved connector was removed meanwhile
}

// CheckMany checks many Drafts as [Service.Check] does, at most parallel sites at a time. landed
// gets each result as it arrives, never two at once; after the end of ctx it gets no more.
//
// If several Drafts have the same token and email, the first is checked alone, before the others.
// If Atlassian refuses the token whatever the site, the others are not checked: many refused
// sign-ins lock an account.
func (s Service) CheckMany(ctx context.Context, drafts []Draft, parallel int, landed func(Checked)) {
	groups := groupByToken(drafts)
	var mu sync.Mutex
	refusedAt := make(map[int]int) // by group: the index of the Draft whose token was refused
	results := make([]Checked, len(drafts))
	tokens := sync.OnceValues(func() (connector.TokenReader, error) { return s.Store.Tokens(ctx) })
	read := func(ctx context.Context, at int) (atlassian.Token, error) {
		result, d := &results[at], drafts[at]
		mu.Lock()
		by, refused := refusedAt[groups[at]]
		mu.Unlock()
		if refused {
			result.Refused = by
			return atlassian.Token{}, &connector.StorageError{Kind: d.storage, Why: connector.StorageWhyRefused} // concluded from, and then dropped
		}
		if d.task != Edit || !d.token.IsZero() {
			return d.token, nil
		}
		reader, err := tokens()
		if err != nil {
			return atlassian.Token{}, err
		}
		token, err := reader(ctx, d.saved.ID)
		var file *connector.StoreError
		result.Gone = errors.As(err, &file) && file.Why == connector.StoreNotFound
		return token, err
	}
	for _, turn := range queuesOf(groups) {
		asked := make([]connector.QueuedCheck, len(turn))
		for i, at := range turn {
			results[at] = Checked{At: at, Refused: -1}
			d := drafts[at]
			if d.saved.LastNeedsReports() {
				d.saved.Reports = s.Store.Reports(ctx, d.saved.ID)
			}
			asked[i] = connector.QueuedCheck{
				Request: d.checkRequest(s.Now()),
				Token:   func(ctx context.Context) (atlassian.Token, error) { return read(ctx, at) },
			}
		}
		connector.CheckAll(ctx, s.Observer, s.Now, connector.Bounds{Sites: max(1, parallel), Limit: s.Timeout}, asked, func(i int, r connector.Report) {
			result := results[turn[i]]
			if result.Refused < 0 {
				result.Report = r
			}
			if group := groups[result.At]; group >= 0 && refusesToken(result.Report.Code) {
				mu.Lock()
				refusedAt[group] = result.At
				mu.Unlock()
			}
			landed(result)
		})
		if ctx.Err() != nil {
			return
		}
	}
}

// groupByToken returns a group number for each Draft: equal for the same entered token and email,
// -1 where the saved token is used.
func groupByToken(drafts []Draft) []int {
	type group struct {
		token  atlassian.Token
		number int
	}
	groups, n := make([]int, len(drafts)), 0
	known := map[string][]group{} // by email
next:
	for i, d := range drafts {
		if groups[i] = -1; d.token.IsZero() {
			continue
		}
		email := strings.ToLower(d.Email())
		for _, g := range known[email] {
			if g.token.Equal(d.token) {
				groups[i] = g.number
				continue next
			}
		}
		groups[i] = n
		known[email] = append(known[email], group{d.token, n})
		n++
	}
	return groups
}

// queuesOf returns two lists of indexes: those to check first, because others have the same token,
// and then all others.
func queuesOf(groups []int) [2][]int {
	size := map[int]int{}
	for _, g := range groups {
		size[g]++
	}
	var turns [2][]int
	tried := map[int]bool{}
	for i, g := range groups {
		turn := 1
		if g >= 0 && size[g] > 1 && !tried[g] {
			turn, tried[g] = 0, true
		}
		turns[turn] = append(turns[turn], i)
	}
	return turns
}

// refusesToken reports whether the diagnosis means that Atlassian refuses the token on every site.
func refusesToken(code connector.Code) bool {
	return slices.Contains([]connector.Code{
		connector.CodeTokenRefused, connector.CodeTokenExpired, connector.CodeNotAnAPIToken, connector.CodeCaptcha,
		connector.CodeAccountInactive, connector.CodeTokenScoped,
	}, code)
}

// SaveResult is the result of saving one of the Drafts given to [Service.SaveMany]: the connector
// as it is now, or why it was not changed.
type SaveResult struct {
	Connector connector.Connector
	Err       error
}

// SaveMany saves many Drafts with few writes; each is saved completely or not at all. It shares
// none of their tokens. It returns a result for each, in order. The reports of their checks are
// saved too; call SaveOutcomes once at the end of a run to show them in lists.
func (s Service) SaveMany(ctx context.Context, drafts []Draft, role connector.Role) []SaveResult {
	by := connector.Stamp{By: s.User(), Role: role, At: s.Now()}
	results := make([]SaveResult, len(drafts))
	var writes []connector.Write
	var at []int // the index in drafts of each write
	for i, d := range drafts {
		w := d.write(by)
		if d.staysReference() {
			w.Token = atlassian.Token{} // nothing is stored here
		}
		if !d.Changes() {
			results[i].Connector = d.saved.Connector
			if d.checked {
				_ = s.Remember(ctx, d.saved.ID, d.report) // best effort: nothing about the connector depends on it
			}
			continue
		}
		writes, at = append(writes, w), append(at, i)
	}
	kept, _ := s.save(ctx, writes, &Saved{})
	for n, i := range at {
		if IsSame(kept[n].Err) {
			kept[n].Err = nil
		}
		results[i] = SaveResult{kept[n].Connector, kept[n].Err}
	}
	return results
}

// staysReference reports whether the token was and will be read from an external source, so that
// no storage is written.
func (d Draft) staysReference() bool {
	return d.saved.KeptIn == connector.StorageReference && d.storage == connector.StorageReference
}
