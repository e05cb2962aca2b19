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

// Many Drafts at once, as the rows of a file are: what is asked about all of them, checking them
// side by side, and saving them with a few writes.

// DuplicateKind is in what a connector would be a second one.
type DuplicateKind int

// The likenesses.
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

// Duplicates says of each of many Drafts in what it would be a second connector, by the rules of
// [Draft.DuplicateOf]: beside the saved ones as they will be, and beside the Drafts before it.
func Duplicates(drafts []Draft, k Known) []DuplicateKind {
	connections, accounts := map[duplicateKey]bool{}, map[duplicateKey]bool{}
	mine := map[string]bool{} // the saved ones that a Draft changes: they count as they will be
	for _, d := range drafts {
		mine[d.saved.ID] = true
	}
	for _, e := range k.Entries {
		if !mine[e.ID] {
			connections[connectionOf(e.Connector)], accounts[accountOf(e.Connector)] = true, true
		}
	}
	all := make([]connector.Connector, len(drafts))
	for i, d := range drafts { // what stays what it was comes first
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

// duplicateKey is a connection or an account, as far as two are the same.
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

// Checked is what came of one of the Drafts that CheckMany checks.
type Checked struct {
	At     int              // which of them
	Report connector.Report // zero where it was not tried
	// Refused is which of them tried the same token before, and Atlassian refused it for the
	// whole account, so that this one was not tried; -1 where it was.
	Refused int
	Gone    bool // the saved connector was removed meanwhile
}

// CheckMany checks many Drafts, so many sites at a time, each as Check does. A token that several
// have for one email is tried by the first of them alone before the others' turn comes; once
// Atlassian refuses it, whatever the site, the others are not tried: many refused sign-ins lock an
// account. landed gets each as it lands, never two at once; an end of ctx lands no more.
func (s Service) CheckMany(ctx context.Context, drafts []Draft, parallel int, landed func(Checked)) {
	groups := groupByToken(drafts)
	var mu sync.Mutex
	refusedAt := make(map[int]int) // by group: which Draft's token was refused
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

// groupByToken numbers the tokens at hand: those that are the same, and go with the same email,
// have the same number. It is -1 where the saved token is used.
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

// queuesOf are first those that try a token for others, then the others.
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

// refusesToken reports whether Atlassian takes the token for none on any site.
func refusesToken(code connector.Code) bool {
	return slices.Contains([]connector.Code{
		connector.CodeTokenRefused, connector.CodeTokenExpired, connector.CodeNotAnAPIToken, connector.CodeCaptcha,
		connector.CodeAccountInactive, connector.CodeTokenScoped,
	}, code)
}

// SaveResult is what became of one of the Drafts that SaveMany saves: the connector as it is now,
// or why it was left as it was.
type SaveResult struct {
	Connector connector.Connector
	Err       error
}

// SaveMany saves many Drafts with a few writes for all of them, each wholly or not at all, and
// shares none of their tokens. There is a result for each, in their order. What their checks came
// to is remembered; SaveOutcomes lets lists know of it, once at the end of a run.
func (s Service) SaveMany(ctx context.Context, drafts []Draft, role connector.Role) []SaveResult {
	by := connector.Stamp{By: s.User(), Role: role, At: s.Now()}
	results := make([]SaveResult, len(drafts))
	var writes []connector.Write
	var at []int // which of the Drafts each of them is
	for i, d := range drafts {
		w := d.write(by)
		if d.staysReference() {
			w.Token = atlassian.Token{} // nothing is stored that could be replaced
		}
		if !d.Changes() {
			results[i].Connector = d.saved.Connector
			if d.checked {
				_ = s.Remember(ctx, d.saved.ID, d.report) // the connector is what counts
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

// staysReference: the token is read from elsewhere and will be, so that no storage is written.
func (d Draft) staysReference() bool {
	return d.saved.KeptIn == connector.StorageReference && d.storage == connector.StorageReference
}
