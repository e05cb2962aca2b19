package setup_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/store"
)

// serviceOn is a Service on a store in memory.
func serviceOn(s setup.Store) setup.Service {
	return setup.Service{Store: s, Now: func() time.Time { return noon }, User: func() string { return "mia" }, Timeout: time.Second}
}

func inMemory() *store.Memory {
	return store.OpenMemory(store.MemoryOptions{Now: func() time.Time { return noon }})
}

// added saves a connector, and returns it as it is kept.
func added(t *testing.T, s setup.Service, p connector.Product) connector.Entry {
	t.Helper()
	d := filled(t)
	f := d.Facts()
	f.Product = p
	d.Set(f)
	d.SetStorage(connector.SafeMemory, true)
	d.SetReport(good("mia"))
	out, err := s.Save(t.Context(), d, connector.RoleGlobalAdmin)
	if err != nil {
		t.Fatal(err)
	}
	return connector.Entry{Connector: out.First}
}

// replacement is a checked new token for a connector.
func replacement(t *testing.T, e connector.Entry, text, expiry string) setup.Draft {
	t.Helper()
	d := setup.For(setup.Replace, e)
	token, receipt := pretendToken(t, text)
	d.SetToken(token, receipt, noon)
	f := d.Facts()
	f.Expiry = expiry
	d.Set(f)
	d.SetReport(good("mia"))
	return d
}

func mustHave(t *testing.T, s setup.Store, id, text string) {
	t.Helper()
	want, _ := pretendToken(t, text)
	if got, err := s.Token(t.Context(), id); err != nil || !got.Equal(want) {
		t.Errorf("%s has another token than %q: %v", id, text, err)
	}
}

func TestSaveNew(t *testing.T) {
	memory := inMemory()
	e := added(t, serviceOn(memory), connector.Jira)
	if e.Name != "acme-jira" || e.Added.By != "mia" || e.Added.Role != connector.RoleGlobalAdmin || e.Identity.ID != "mia" || e.KeptIn != connector.SafeMemory {
		t.Errorf("%+v", e.Connector)
	}
	mustHave(t, memory, e.ID, "one")
	if len(memory.Reports(t.Context(), e.ID)) != 1 {
		t.Error("the first report is not remembered")
	}
}

// TestSaveEdit: words as they are; another e-mail with what its check found.
func TestSaveEdit(t *testing.T) {
	memory := inMemory()
	s := serviceOn(memory)
	e := added(t, s, connector.Jira)
	d := setup.For(setup.Edit, e)
	d.Set(setup.Facts{Product: connector.Jira, Site: "acme", Email: "olga@example.com", Name: "main", Account: "Acme Ltd", Expiry: "2027-03-31"})
	d.SetReport(good("olga"))
	out, err := s.Save(t.Context(), d, connector.RoleAccountAdmin)
	c := out.First
	if err != nil || c.Name != "main" || c.Account != "Acme Ltd" || c.Email != "olga@example.com" || c.Identity.ID != "olga" || c.Expires.String() != "2027-03-31" || c.Edited.By != "mia" {
		t.Errorf("%+v, %v", c, err)
	}
	mustHave(t, memory, e.ID, "one")
}

// TestSaveShared: the new token is in force in all that it was proven for, and those that keep the
// old one are named, whatever ended it.
func TestSaveShared(t *testing.T) {
	refused := &connector.SafeError{Kind: connector.SafeMemory, Why: connector.SafeWhyFull}
	for name, c := range map[string]struct {
		end     func(stop func(), m *store.Memory) // before the second swap
		share   connector.Report
		took    []string
		left    []string
		err     error
		another string // the token of the other one at the end
	}{
		"both":             {nil, good("mia"), []string{"acme-jira", "acme-confluence"}, nil, nil, "two"},
		"not proven":       {nil, report(connector.Failing, connector.CodeNotAdmin, "mia", false), []string{"acme-jira"}, []string{"acme-confluence"}, nil, "one"},
		"nobody wanted it": {nil, connector.Report{}, []string{"acme-jira"}, []string{"acme-confluence"}, nil, "one"},
		"an error":         {func(_ func(), m *store.Memory) { m.Fail("Replace", refused) }, good("mia"), []string{"acme-jira"}, []string{"acme-confluence"}, refused, "one"},
		"an interrupt":     {func(stop func(), _ *store.Memory) { stop() }, good("mia"), []string{"acme-jira"}, []string{"acme-confluence"}, context.Canceled, "one"},
	} {
		t.Run(name, func(t *testing.T) {
			memory := inMemory()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			swaps := &secondSwap{Memory: memory, end: func() {
				if c.end != nil {
					c.end(stop, memory)
				}
			}}
			s := serviceOn(swaps)
			mine, other := added(t, s, connector.Jira), added(t, s, connector.Confluence)
			d := replacement(t, mine, "two", "")
			d.Share(setup.Share{Entry: other, Report: c.share})
			out, err := s.Save(ctx, d, connector.RoleGlobalAdmin)
			var left []string
			for _, l := range out.LeftOut {
				left = append(left, l.Name)
			}
			if !errors.Is(err, c.err) || !slices.Equal(out.Took, c.took) || !slices.Equal(left, c.left) {
				t.Errorf("%v, took %v, left out %v", err, out.Took, left)
			}
			memory.Fail("Replace", nil)
			mustHave(t, memory, mine.ID, "two")
			mustHave(t, memory, other.ID, c.another)
		})
	}
}

// secondSwap is a store in memory in which something happens between the first swap and the second.
type secondSwap struct {
	*store.Memory
	end   func()
	swaps int
}

func (s *secondSwap) Replace(ctx context.Context, before, after connector.Connector, token atlassian.Token) (connector.Connector, error) {
	if s.swaps++; s.swaps == 2 {
		s.end()
	}
	return s.Memory.Replace(ctx, before, after, token)
}

// TestSaveTheSameToken replaces nothing, and sets a date that came with it; those that lack the
// token are completed.
func TestSaveTheSameToken(t *testing.T) {
	memory := inMemory()
	s := serviceOn(memory)
	mine := added(t, s, connector.Jira)
	out, err := s.Save(t.Context(), replacement(t, mine, "one", "90d"), connector.RoleGlobalAdmin)
	var safe *connector.SafeError
	if !errors.As(err, &safe) || safe.Why != connector.SafeWhySame || len(out.Took) != 0 || !slices.Equal(out.Same, []string{"acme-jira"}) {
		t.Errorf("%v, %+v", err, out)
	}
	if out.First.Expires.String() != "2027-02-21" {
		t.Errorf("the date is %s", out.First.Expires)
	}
	other := added(t, s, connector.Confluence)
	first, err := s.Save(t.Context(), replacement(t, connector.Entry{Connector: out.First}, "two", ""), connector.RoleGlobalAdmin)
	if err != nil {
		t.Fatal(err)
	}
	again := replacement(t, connector.Entry{Connector: first.First}, "two", "")
	again.Share(setup.Share{Entry: other, Report: good("mia")})
	out, err = s.Save(t.Context(), again, connector.RoleGlobalAdmin)
	if err != nil || !slices.Equal(out.InForce(), []string{"acme-confluence", "acme-jira"}) {
		t.Errorf("%v, in force in %v", err, out.InForce())
	}
	mustHave(t, memory, other.ID, "two")
}
