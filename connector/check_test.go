package connector_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// CheckAll under a fake clock: how many sites are called at a time, how many checks a site has at
// a time, and which checks wait.

// crowd is an observer of many sites. Each check takes a second.
type crowd struct {
	mu     sync.Mutex
	at     map[string]int // running checks, by site
	most   int            // the most sites called at once
	crowds []string       // sites that had two checks at once
	held   map[string]int // calls of Hold, by site
	answer func(host string, nth int) atlassian.Observation
	asked  map[string]int
}

func (c *crowd) Lookup(context.Context, atlassian.Site) atlassian.Observation { panic("not asked") }

func (c *crowd) Hold(site atlassian.Site) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[site.Host()]++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.held[site.Host()] -= 100
	}
}

func (c *crowd) Observe(ctx context.Context, ask atlassian.Target, _ atlassian.Token, _ func(atlassian.Observation)) []atlassian.Observation {
	host := ask.Site.Host()
	c.mu.Lock()
	c.at[host]++
	c.asked[host]++
	nth := c.asked[host]
	if c.at[host] > 1 {
		c.crowds = append(c.crowds, host)
	}
	c.most = max(c.most, len(c.at))
	c.mu.Unlock()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at[host]--; c.at[host] == 0 {
		delete(c.at, host)
	}
	if c.answer == nil {
		return nil
	}
	return []atlassian.Observation{c.answer(host, nth)}
}

func newCrowd() *crowd {
	return &crowd{at: map[string]int{}, held: map[string]int{}, asked: map[string]int{}}
}

// askedOf returns checks of the sites, in this order.
func askedOf(t *testing.T, sites ...string) []connector.QueuedCheck {
	t.Helper()
	all := make([]connector.QueuedCheck, len(sites))
	for i, name := range sites {
		site, _, err := atlassian.ParseSite(name)
		if err != nil {
			t.Fatal(err)
		}
		token, _ := atlassian.ReadToken("ATATT3x" + strings.Repeat("a", 180))
		all[i] = connector.QueuedCheck{
			Request: connector.CheckRequest{Product: connector.Jira, Site: site, Email: "mia@example.com"},
			Token:   func(context.Context) (atlassian.Token, error) { return token, nil },
		}
	}
	return all
}

func namesOf(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("site-%d", i)
	}
	return names
}

func TestCheckAllIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := newCrowd(), time.Now()
		names := append(namesOf(100), namesOf(20)...) // twenty sites have two connectors
		var order []int
		connector.CheckAll(t.Context(), c, time.Now, connector.Bounds{Sites: 8, Limit: time.Minute}, askedOf(t, names...),
			func(i int, _ connector.Report) { order = append(order, i) })
		if c.most != 8 || len(c.crowds) > 0 {
			t.Errorf("%d sites at once, and two checks at once at %v", c.most, c.crowds)
		}
		slices.Sort(order)
		if len(slices.Compact(order)) != 120 {
			t.Errorf("%d of 120 landed", len(order))
		}
		if took := time.Since(began); took > 17*time.Second { // 120 seconds of answers by 8, and the last round
			t.Errorf("took %v", took)
		}
		for host, n := range c.held {
			if n != -99 {
				t.Errorf("the connections of %s were held %d times", host, n)
			}
		}
		if len(c.held) != 20 {
			t.Errorf("%d sites were held, want the 20 with two connectors", len(c.held))
		}
	})
}

// A rate-limited site delays only its own next connector.
func TestCheckAllLeavesAlone(t *testing.T) {
	for pause, waits := range map[time.Duration]bool{20 * time.Second: true, 10 * time.Minute: false, 0: false} {
		synctest.Test(t, func(t *testing.T) {
			c, began := newCrowd(), time.Now()
			c.answer = func(host string, nth int) atlassian.Observation {
				o := atlassian.Observation{Call: atlassian.CallIdentity, Host: host, Status: 200, RetryAfter: -1, Edge: true, TraceID: "41aa", Body: atlassian.BodyJSON}
				if strings.HasPrefix(host, "busy") && nth == 1 {
					o.Status, o.RetryAfter = 429, pause
				}
				return o
			}
			names := append([]string{"busy", "busy", "busy"}, namesOf(8)...)
			landed := map[int]time.Duration{}
			connector.CheckAll(t.Context(), c, time.Now, connector.Bounds{Sites: 2, Limit: time.Minute}, askedOf(t, names...),
				func(i int, _ connector.Report) { landed[i] = time.Since(began) })
			if took := landed[1] >= pause; len(landed) != 11 || pause > 0 && took != waits {
				t.Errorf("pause %v: %d landed, the second of the busy site after %v", pause, len(landed), landed[1])
			}
			for i := 3; i < 11; i++ {
				if landed[i] > 6*time.Second {
					t.Errorf("pause %v: %s landed after %v", pause, names[i], landed[i])
				}
			}
		})
	}
}

// When the context ends, the reports so far are kept, and no goroutine is left.
func TestCheckAllEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		n, began := 0, time.Now()
		connector.CheckAll(ctx, newCrowd(), time.Now, connector.Bounds{Sites: 3, Limit: time.Minute}, askedOf(t, namesOf(50)...),
			func(int, connector.Report) { n++ })
		if n != 6 || time.Since(began) != 2500*time.Millisecond {
			t.Errorf("%d landed within %v", n, time.Since(began))
		}
	})
}

// A token that can't be read gives a report. A panic in a check ends the others and is raised
// again in the caller's goroutine, and its text doesn't contain the panic's value.
func TestCheckAllThrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := askedOf(t, namesOf(20)...)
		all[0].Token = func(context.Context) (atlassian.Token, error) {
			return atlassian.Token{}, &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhyMissing}
		}
		all[5].Token = func(context.Context) (atlassian.Token, error) { panic("ATATT3x-thrown") }
		var codes []connector.Code
		defer func() {
			thrown, _ := recover().(*connector.PanicError)
			if thrown == nil || !strings.Contains(string(thrown.Stack), "goroutine") || strings.Contains(thrown.Error()+string(thrown.Stack), "ATATT3x") {
				t.Errorf("thrown: %v", thrown)
			}
			if !slices.Contains(codes, connector.CodeTokenMissing) {
				t.Errorf("codes %v", codes)
			}
		}()
		connector.CheckAll(t.Context(), newCrowd(), time.Now, connector.Bounds{Sites: 2, Limit: time.Minute}, all,
			func(_ int, r connector.Report) { codes = append(codes, r.Code) })
	})
}

// A panic in landed ends the running checks.
func TestCheckAllSurvivesItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer func() {
			if err, _ := recover().(error); !errors.Is(err, context.Canceled) {
				t.Errorf("thrown: %v", err)
			}
		}()
		connector.CheckAll(t.Context(), newCrowd(), time.Now, connector.Bounds{Sites: 2, Limit: time.Minute}, askedOf(t, namesOf(20)...),
			func(int, connector.Report) { panic(context.Canceled) })
	})
}
