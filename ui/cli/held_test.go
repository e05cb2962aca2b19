package cli

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"saasconnect/connector"
	"saasconnect/ui"
)

// What a check of many holds on to: a place for each, and neither its report nor its past.

// deep is a fakeStore whose connectors have been checked thirty times each.
type deep struct {
	*fakeStore
	landed int
	at     int // measured when so many have landed
	held   uint64
	asked  int // pasts asked for
}

func (d *deep) Load(context.Context) ([]connector.Entry, error) { return d.entries, nil }

// Reports returns new reports each time, as if they were read from a disk.
func (d *deep) Reports(_ context.Context, id string) []connector.Report {
	d.asked++
	all := make([]connector.Report, 30)
	for i := range all {
		all[i] = connector.Report{Code: connector.CodeNotAdmin, Verdict: connector.Failing, Title: strings.Repeat("Told of "+id, 3), At: noon().AddDate(0, 0, -i-1)}
	}
	return all
}

func (d *deep) Remember(context.Context, string, connector.Report) error {
	if d.landed++; d.landed == d.at {
		d.held = live()
	}
	return nil
}

func (d *deep) outside() System {
	out := testOutside(d.fakeStore)
	open := out.Open
	out.Open = func(o Options) (w ui.Deps, err error) {
		w, err = open(o)
		w.Store = d
		return w, err
	}
	return out
}

// live is how much is in use, once what is not was collected.
func live() uint64 {
	runtime.GC()
	runtime.GC() // what the first one found in pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestManyChecksHoldLittle(t *testing.T) {
	const many = 2000
	most := map[string]int64{"--jsonl": 1500, "--plain": 1500, "--json": 4000} // bytes; a past is some 15,000
	names := make([]string, many)
	for i := range names {
		names[i] = fmt.Sprintf("customer-%04d", i)
	}
	for form, each := range most {
		s := &deep{fakeStore: &fakeStore{entries: savedEntries(t, names...)}, at: many}
		before := live()
		Run(t.Context(), []string{"check", "--all", form}, Stdio{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, s.outside())
		if s.landed != many || s.asked != many {
			t.Fatalf("%s: %d landed, %d pasts asked for", form, s.landed, s.asked)
		}
		got := (int64(s.held) - int64(before)) / many
		t.Logf("%s: %d bytes for each", form, got)
		if got > each {
			t.Errorf("%s holds %d bytes for each connector, want %d at most", form, got, each)
		}
	}
}

// What changed is said by the past that was read when the report landed.
func TestAPastThatIsReadLateIsTold(t *testing.T) {
	s := &deep{fakeStore: &fakeStore{entries: savedEntries(t, "a", "b")}}
	for _, form := range []string{"--json", "--jsonl"} {
		got := playOn(t.Context(), s.outside(), "", "check", "--all", form)
		if n := strings.Count(strings.ReplaceAll(got.out, " ", ""), `"from":"not-admin"`); n != 2 {
			t.Errorf("%s: %d changes told in %+v", form, n, got)
		}
	}
}
