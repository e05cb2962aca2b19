package setup_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/store"
)

// late is a store in memory in which storing a token for a connector of a certain name fails or
// ends the context, and so do some methods.
type late struct {
	*store.Memory
	replace map[string]func() error
	fails   map[string]error // by method: Add, Edit, Token, Remember
}

func (l late) Save(ctx context.Context, writes []connector.Write) []connector.Written {
	all := make([]connector.Written, len(writes))
	for i, w := range writes {
		err := l.fails["Add"]
		if w.Before.ID != "" {
			err = l.fails["Edit"]
		}
		if w.Before.ID != "" && !w.Token.IsZero() {
			err = nil
			if fails := l.replace[w.Before.Name]; fails != nil {
				err = fails()
			}
		}
		if all[i] = (connector.Written{Connector: w.Before, Err: err}); err == nil {
			all[i] = l.Memory.Save(ctx, writes[i:i+1])[0]
		}
	}
	return all
}

func (l late) Token(ctx context.Context, id string) (atlassian.Token, error) {
	if err := l.fails["Token"]; err != nil {
		return atlassian.Token{}, err
	}
	return l.Memory.Token(ctx, id)
}

func (l late) Tokens(context.Context) (connector.TokenReader, error) { return l.Token, nil }

func (l late) Remember(ctx context.Context, id string, r connector.Report) error {
	return cmp.Or(l.fails["Remember"], l.Memory.Remember(ctx, id, r))
}

// house is a Service on a store in memory with three connectors that have Mia's first token.
type house struct {
	setup.Service
	store late
	known setup.Known
	first pasted
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{store: late{store.OpenMemory(store.MemoryOptions{Now: noon, Storages: []connector.StorageStatus{
		{Kind: connector.StorageMemory, State: connector.StorageReady}, {Kind: connector.StorageFile, State: connector.StorageReady},
	}}), map[string]func() error{}, map[string]error{}}}
	h.first.token, h.first.receipt = atlassian.ReadToken(fakecloud.Situations()[0].Seed.Token)
	h.Service = setup.Service{Store: h.store, Now: noon, User: func() string { return "mia" }, Timeout: time.Second}
	for name, p := range map[string]connector.Product{"a": connector.Jira, "b": connector.Confluence, "c": connector.Confluence} {
		e := entry(name, p, connector.StorageMemory)
		r := report(connector.Working, false, "1")
		e.ID = "" // assigned by the store
		if err := h.store.Save(t.Context(), []connector.Write{{After: e.Connector, Token: h.first.token, Report: &r}})[0].Err; err != nil {
			t.Fatal(err)
		}
	}
	h.load(t)
	return h
}

// load sets h.known from the store.
func (h *house) load(t *testing.T) {
	t.Helper()
	all, err := h.store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b connector.Entry) int { return strings.Compare(a.Name, b.Name) })
	h.known = setup.Known{Now: noon(), Role: connector.RoleGlobalAdmin, Entries: all}
}

func (h *house) entry(t *testing.T, name string) connector.Entry {
	t.Helper()
	h.load(t)
	for _, e := range h.known.Entries {
		if e.Name == name {
			return e
		}
	}
	t.Fatalf("no connector is named %q", name)
	return connector.Entry{}
}

// replacement returns a checked Draft for another token of connector a, shared with the given
// connectors.
func (h *house) replacement(t *testing.T, with pasted, shares ...connector.Verdict) setup.Draft {
	t.Helper()
	d := setup.For(setup.Replace, h.entry(t, "a"))
	with.into(&d)
	d.SetStorage(connector.StorageMemory, true)
	d.SetReport(report(connector.Working, false, "1"))
	var all []setup.Share
	for i, v := range shares {
		all = append(all, setup.Share{Entry: d.SharedWith(h.known)[i], Report: report(v, false, "1")})
	}
	d.Share(all...)
	if q := setup.Next(d, h.known); q != setup.Save {
		t.Fatalf("question %d is open", q)
	}
	return d
}

// has returns which token each connector has, sorted by name: 1 the first, 2 another.
func (h *house) has(t *testing.T) string {
	t.Helper()
	h.load(t)
	words := ""
	for _, e := range h.known.Entries {
		token, err := h.store.Token(t.Context(), e.ID)
		switch {
		case err != nil:
			words += "?"
		case token.Equal(h.first.token):
			words += "1"
		default:
			words += "2"
		}
	}
	return words
}

func TestSaveAdds(t *testing.T) {
	h := newHouse(t)
	d := full(setup.Add, connector.Entry{}, newer("mia@example.com"))
	f := d.Facts()
	f.Name, f.Expiry = "new", "90d"
	d.Set(f)
	d.SetStorage(connector.StorageMemory, true)
	d.SetReport(report(connector.Attention, false, "1"))
	saved, err := h.Save(t.Context(), d, connector.RoleAccountAdmin)
	if err != nil || saved.First.ID == "" || !slices.Equal(saved.Took, []string{"new"}) {
		t.Fatalf("%+v, %v", saved, err)
	}
	e := h.entry(t, "new")
	if e.Added.By != "mia" || e.Added.Role != connector.RoleAccountAdmin || e.Identity.ID != "1" || e.Expires.String() != "2027-02-21" || e.KeptIn != connector.StorageMemory || e.Last == nil {
		t.Errorf("%+v", e)
	}
	h.store.fails["Add"] = &connector.StoreError{Why: connector.StoreFull}
	if saved, err := h.Save(t.Context(), d, connector.RoleAccountAdmin); err == nil || len(saved.InForce()) > 0 {
		t.Errorf("not added: %+v, %v", saved, err)
	}
}

func TestSaveEditsAndMoves(t *testing.T) {
	h := newHouse(t)
	d := setup.For(setup.Edit, h.entry(t, "a"))
	f := d.Facts()
	f.Name, f.Account, f.Expiry = "A", "Other", "none"
	d.Set(f)
	if q := setup.Next(d, h.known); q != setup.Save {
		t.Fatalf("question %d is open about words", q)
	}
	saved, err := h.Save(t.Context(), d, connector.RoleGlobalAdmin)
	if err != nil || saved.First.Account != "Other" || saved.First.Edited.By != "mia" {
		t.Fatalf("%+v, %v", saved, err)
	}
	f.Email = "olga@example.com"
	d = setup.For(setup.Edit, h.entry(t, "A"))
	d.Set(f)
	d.SetReport(report(connector.Working, false, "2"))
	if saved, err = h.Save(t.Context(), d, connector.RoleGlobalAdmin); err != nil || saved.First.Identity.ID != "2" || saved.First.Email != "olga@example.com" {
		t.Errorf("another email: %+v, %v", saved, err)
	}
	if n := len(h.store.Reports(t.Context(), saved.First.ID)); n != 2 {
		t.Errorf("%d reports are remembered", n)
	}
	d = setup.For(setup.Move, h.entry(t, "A"))
	d.SetStorage(connector.StorageFile, true)
	if saved, err = h.Save(t.Context(), d, connector.RoleGlobalAdmin); err != nil || saved.First.KeptIn != connector.StorageFile || saved.First.Email != "olga@example.com" {
		t.Errorf("moved: %+v, %v", saved, err)
	}
}

// The new token goes to the connectors for which the check found it good, and the result says so.
func TestSaveSharesWhatWasProven(t *testing.T) {
	h := newHouse(t)
	d := h.replacement(t, newer("mia@example.com"), connector.Failing, connector.Attention)
	saved, err := h.Save(t.Context(), d, connector.RoleGlobalAdmin)
	if err != nil || h.has(t) != "212" {
		t.Fatalf("%q, %+v, %v", h.has(t), saved, err)
	}
	if !slices.Equal(saved.InForce(), []string{"a", "c"}) || len(saved.LeftOut) != 1 || saved.LeftOut[0] != (setup.LeftOut{Name: "b", Why: "a title"}) {
		t.Errorf("%+v", saved)
	}
	if len(saved.Also) != 1 || saved.Also[0].Name != "c" || saved.Also[0].Last.Verdict != connector.Attention {
		t.Errorf("also %+v", saved.Also)
	}
	if c := h.entry(t, "c"); c.Replaced.By != "mia" || !c.TokenSince.Equal(noon()) || c.Product != connector.Confluence {
		t.Errorf("%+v", c)
	}
}

// Without sharing, the others keep the old token, and are not reported as failed.
func TestSaveReplacesAlone(t *testing.T) {
	h := newHouse(t)
	saved, err := h.Save(t.Context(), h.replacement(t, newer("mia@example.com")), connector.RoleGlobalAdmin)
	if err != nil || h.has(t) != "211" || !slices.Equal(saved.InForce(), []string{"a"}) || len(saved.LeftOut) > 0 {
		t.Errorf("%q, %+v, %v", h.has(t), saved, err)
	}
	if saved.First.Replaced.By != "mia" || !saved.First.Expires.IsZero() {
		t.Errorf("%+v", saved.First)
	}
}

// A token that is stored already replaces nothing. An expiry date that came with it is set, and
// the others still get the token.
func TestSaveOfTheSameToken(t *testing.T) {
	h := newHouse(t)
	d := h.replacement(t, h.first)
	saved, err := h.Save(t.Context(), d, connector.RoleGlobalAdmin)
	if !setup.IsSame(err) || len(saved.Took) > 0 || !slices.Equal(saved.Same, []string{"a"}) || !saved.First.Expires.IsZero() {
		t.Errorf("%+v, %v", saved, err)
	}
	f := d.Facts()
	f.Expiry = "2027-03-31"
	d.Set(f)
	d.SetReport(report(connector.Working, false, "1"))
	saved, err = h.Save(t.Context(), d, connector.RoleGlobalAdmin)
	if !setup.IsSame(err) || saved.First.Expires.String() != "2027-03-31" || h.entry(t, "a").Expires.String() != "2027-03-31" || h.entry(t, "a").Replaced.By != "" {
		t.Errorf("with a date: %+v, %v", saved, err)
	}
	h.store.fails["Edit"] = &connector.StoreError{Why: connector.StoreFull}
	f.Expiry = "2027-04-30"
	d = h.replacement(t, h.first)
	d.Set(f)
	d.SetReport(report(connector.Working, false, "1"))
	if saved, err = h.Save(t.Context(), d, connector.RoleGlobalAdmin); err == nil || setup.IsSame(err) || !slices.Equal(saved.InForce(), []string{"a"}) {
		t.Errorf("with a date that can't be written: %+v, %v", saved, err)
	}
	h.store.fails["Edit"] = nil
	second := newer("mia@example.com")
	if _, err := h.Save(t.Context(), h.replacement(t, second), connector.RoleGlobalAdmin); err != nil {
		t.Fatal(err)
	}
	saved, err = h.Save(t.Context(), h.replacement(t, second, connector.Working, connector.Working), connector.RoleGlobalAdmin)
	if err != nil || h.has(t) != "222" || !slices.Equal(saved.Same, []string{"a"}) || !slices.Equal(saved.Took, []string{"b", "c"}) {
		t.Errorf("shared: %q, %+v, %v", h.has(t), saved, err)
	}
}

// However the save ends, the result says which connectors have the new token.
func TestSaveSaysWhatIsInForce(t *testing.T) {
	full := &connector.StoreError{Why: connector.StoreFull}
	for name, c := range map[string]struct {
		at      string
		ends    bool // the context ends; otherwise an error
		has     string
		inForce string
		leftOut string
	}{
		"the first":                 {"a", false, "111", "", "b c"},
		"the second":                {"b", false, "212", "a c", "b"},
		"the first, interrupted":    {"a", true, "111", "", "b c"},
		"the second, interrupted":   {"b", true, "211", "a", "b c"},
		"the last one, interrupted": {"c", true, "221", "a b", "c"},
	} {
		h := newHouse(t)
		ctx, stop := context.WithCancel(t.Context())
		h.store.replace[c.at] = func() error {
			if c.ends {
				stop()
				return ctx.Err()
			}
			return full
		}
		saved, err := h.Save(ctx, h.replacement(t, newer("mia@example.com"), connector.Working, connector.Working), connector.RoleGlobalAdmin)
		stop()
		var left []string
		for _, l := range saved.LeftOut {
			left = append(left, l.Name)
		}
		if err == nil || errors.Is(err, context.Canceled) != c.ends || h.has(t) != c.has || strings.Join(saved.InForce(), " ") != c.inForce || strings.Join(left, " ") != c.leftOut {
			t.Errorf("%s: %q, %+v, %v", name, h.has(t), saved, err)
		}
		if saved.First.Name != "a" {
			t.Errorf("%s: the first is %+v", name, saved.First)
		}
	}
}

// A connector that was removed meanwhile, or whose token could not be read, gets no report in its
// history.
func TestCheckSavedRemembers(t *testing.T) {
	h := newHouse(t)
	entries := slices.Clone(h.known.Entries)
	cloud := fakecloud.Open(fakecloud.Situations()[0], time.Now, 0)
	client := atlassian.NewClient(atlassian.ClientConfig{Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: 5 * time.Second})
	t.Cleanup(func() { client.Close(); cloud.Close() })
	h.Observer = client
	h.Now = time.Now
	var good, gone int
	landed := func(i int, r setup.Recheck) {
		if r.Report.Good() && len(r.Before) == 1 {
			good++
		}
	}
	if err := h.CheckSaved(t.Context(), entries, setup.CheckOptions{Past: true}, landed); err != nil || good != len(entries) {
		t.Fatalf("%d good, %v", good, err)
	}
	if n := len(h.store.Reports(t.Context(), entries[0].ID)); n != 2 {
		t.Errorf("%d reports are remembered", n)
	}
	h.store.fails["Token"] = &connector.StoreError{Why: connector.StoreNotFound}
	_ = h.CheckSaved(t.Context(), entries, setup.CheckOptions{}, func(_ int, r setup.Recheck) {
		if r.Gone {
			gone++
		}
	})
	h.store.fails["Token"] = &connector.StorageError{Kind: connector.StorageFile, Why: connector.StorageWhyLocked}
	_ = h.CheckSaved(t.Context(), entries, setup.CheckOptions{Parallel: 4}, nil)
	if n := len(h.store.Reports(t.Context(), entries[0].ID)); n != 2 || gone != len(entries) {
		t.Errorf("%d reports are remembered, %d were gone", n, gone)
	}
	h.store.fails["Token"] = nil
	h.store.fails["Remember"] = &connector.StoreError{Why: connector.StoreReadOnly}
	if err := h.CheckSaved(t.Context(), entries, setup.CheckOptions{}, nil); err == nil {
		t.Error("a report that could not be noted is no error")
	}
}

// TestMarkEntered: the day a connector was entered in SaaSAssure is recorded and can be removed.
// It is out of date once the token is replaced, and cleared by another site or email.
func TestMarkEntered(t *testing.T) {
	h := newHouse(t)
	both := []connector.Connector{h.entry(t, "a").Connector, h.entry(t, "b").Connector}
	gone := both[0]
	gone.ID = "unknown"
	done := h.MarkEntered(t.Context(), []connector.Connector{both[0], gone, both[1]}, true, connector.RoleGlobalAdmin)
	if done[0].Err != nil || !setup.IsGone(done[1].Err) || done[2].Err != nil || done[0].Connector.Entered.By != "mia" || h.entry(t, "b").EnteredState() != connector.EnteredNow {
		t.Fatalf("%+v", done)
	}
	h.store.fails["Edit"] = errors.New("nothing is to be written")
	if again := h.MarkEntered(t.Context(), []connector.Connector{done[0].Connector}, true, connector.RoleGlobalAdmin); again[0].Err != nil || again[0].Connector.Entered != done[0].Connector.Entered {
		t.Errorf("marked already: %+v", again)
	}
	h.store.fails["Edit"] = nil
	if back := h.MarkEntered(t.Context(), []connector.Connector{done[2].Connector}, false, connector.RoleGlobalAdmin); back[0].Err != nil || h.entry(t, "b").EnteredState() != connector.EnteredNot {
		t.Errorf("taken back: %+v", back)
	}
	d := setup.For(setup.Edit, h.entry(t, "a"))
	f := d.Facts()
	f.Account = "Other"
	d.Set(f)
	if saved, err := h.Save(t.Context(), d, connector.RoleGlobalAdmin); err != nil || saved.First.EnteredState() != connector.EnteredNow {
		t.Errorf("other words: %+v, %v", saved, err)
	}
	d = setup.For(setup.Edit, h.entry(t, "a"))
	f.Email = "olga@example.com"
	d.Set(f)
	d.SetReport(report(connector.Working, false, "2"))
	if saved, err := h.Save(t.Context(), d, connector.RoleGlobalAdmin); err != nil || saved.First.EnteredState() != connector.EnteredNot {
		t.Errorf("another email: %+v, %v", saved, err)
	}
}

// TestRemoveMany: an error doesn't stop the others, an interrupt does.
func TestEditMany(t *testing.T) {
	h := newHouse(t)
	a, b := h.entry(t, "a").Connector, h.entry(t, "b").Connector
	gone := a
	gone.ID = "unknown"
	account, day := "Acme Group", connector.DateOf(noon().AddDate(0, 3, 0))
	done := h.EditMany(t.Context(), []connector.Connector{a, gone, b}, setup.Change{Account: &account, Expires: &day}, connector.RoleGlobalAdmin)
	if done[0].Err != nil || !setup.IsGone(done[1].Err) || done[2].Err != nil {
		t.Fatalf("%+v", done)
	}
	for _, id := range []string{"a", "b"} {
		if now := h.entry(t, id); now.Account != account || now.Expires != day || now.Edited.By != "mia" || now.Name == account {
			t.Errorf("%s: %+v", id, now.Connector)
		}
	}
	h.store.fails["Edit"] = errors.New("nothing is to be written")
	if again := h.EditMany(t.Context(), []connector.Connector{done[0].Connector}, setup.Change{Account: &account}, connector.RoleGlobalAdmin); again[0].Err != nil || !again[0].Connector.Equal(done[0].Connector) {
		t.Errorf("so already: %+v", again)
	}
	h.store.fails["Edit"] = nil
	none := connector.Date{}
	if kept := h.EditMany(t.Context(), []connector.Connector{done[2].Connector}, setup.Change{Expires: &none}, connector.RoleGlobalAdmin); kept[0].Err != nil || !h.entry(t, "b").Expires.IsZero() || h.entry(t, "b").Account != account {
		t.Errorf("no date: %+v", kept)
	}
}

func TestRemoveMany(t *testing.T) {
	h := newHouse(t)
	all := []connector.Connector{h.entry(t, "a").Connector, {ID: "unknown"}, h.entry(t, "b").Connector}
	var gone []int
	h.RemoveMany(t.Context(), all, func(i int, left *connector.StorageError, err error) {
		if left != nil || (err != nil) != (i == 1) {
			t.Errorf("%d: %v, %v", i, left, err)
		}
		gone = append(gone, i)
	})
	if !slices.Equal(gone, []int{0, 1, 2}) {
		t.Errorf("landed %v", gone)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.RemoveMany(ctx, []connector.Connector{h.entry(t, "c").Connector}, func(int, *connector.StorageError, error) { t.Error("removed after an interrupt") })
	if h.load(t); len(h.known.Entries) != 1 {
		t.Errorf("%d are left", len(h.known.Entries))
	}
}

// TestRebase: typed values stay, others are updated, and the report stays valid for the same site
// and email.
func TestRebase(t *testing.T) {
	was := entry("acme-jira", connector.Jira, connector.StorageMemory)
	was.ID = "id"
	d := setup.For(setup.Edit, was)
	f := d.Facts()
	f.Account = "Typed Ltd"
	d.Set(f)
	d.SetReport(report(connector.Working, false, "1"))
	now := was
	now.Name, now.Account, now.Expires = "renamed", "Their Ltd", connector.DateOf(noon())
	d.Rebase(now)
	got := d.Facts()
	if got.Name != "renamed" || got.Account != "Typed Ltd" || got.Expiry != now.Expires.String() || d.Saved().Name != "renamed" {
		t.Errorf("%+v", got)
	}
	if _, checked := d.Report(); !checked {
		t.Error("the check of the same site and email was dropped")
	}
	later := now
	later.Email = "olga@example.com"
	d.Rebase(later)
	if _, checked := d.Report(); checked || d.Facts().Email != "olga@example.com" || d.Facts().Account != "Typed Ltd" {
		t.Errorf("another email: checked %v, %+v", checked, d.Facts())
	}
}
