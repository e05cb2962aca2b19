package fakecloud

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Cloud is a running fake cloud. It is safe for concurrent use.
type Cloud struct {
	place   tenant             // for every host without an entry in places
	places  map[string]*tenant // by host
	now     func() time.Time
	latency time.Duration

	closed    context.Context // done once the cloud is closed
	cancel    context.CancelFunc
	trusted   func() *ca
	intruder  func() *ca // a CA that no client trusts
	start     func()
	server    *http.Server
	shaken    chan net.Conn // connections whose handshake is done
	pipes     sync.WaitGroup
	farEnds   map[*end]struct{}
	mu        sync.Mutex
	requests  []Request
	handshook int
}

// Request is one request that reached the cloud. Of the Authorization header only its presence is
// recorded.
type Request struct {
	Host, Method, Path string
	Authorized         bool // it carried an Authorization header
	Proto              string
}

// Open starts the cloud of a situation. latency is added before each answer. Keys, certificates
// and goroutines are created with the first Roots, Dial or request.
func Open(s Situation, now func() time.Time, latency time.Duration) *Cloud {
	c := &Cloud{
		place: tenant{faults: s.faults}, now: now, latency: latency,
		shaken: make(chan net.Conn), farEnds: map[*end]struct{}{},
	}
	c.closed, c.cancel = context.WithCancel(context.Background())
	c.trusted = sync.OnceValue(func() *ca { return newCA("Pretend Authority for Practice", now()) })
	c.intruder = sync.OnceValue(func() *ca { return newCA("Example Corp TLS Inspection", now()) })
	c.server = newServer(c)
	c.start = sync.OnceFunc(func() { c.pipes.Go(c.serve) })
	return c
}

// Requests returns the requests so far, in the order of arrival.
func (c *Cloud) Requests() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests)
}

// Connections returns the number of completed TLS handshakes.
func (c *Cloud) Connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.handshook
}

// Close ends every connection and every answer in progress. A second Close does nothing.
func (c *Cloud) Close() {
	c.cancel()
	c.mu.Lock()
	for far := range c.farEnds {
		_ = far.Close() // closing an end of a pipe never fails
	}
	c.mu.Unlock()
	_ = c.server.Close() // its listener's Close never fails
	c.pipes.Wait()
}

// note records a request and returns how many there were for its host and path so far.
func (c *Cloud) note(r *http.Request, host string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := Request{Host: host, Method: r.Method, Path: r.URL.Path, Authorized: r.Header.Get("Authorization") != "", Proto: r.Proto}
	c.requests = append(c.requests, n)
	nth := 0
	for _, one := range c.requests {
		if one.Host == n.Host && one.Path == n.Path {
			nth++
		}
	}
	return nth
}

// pause waits for d. It returns false where ctx has ended or the cloud was closed.
func (c *Cloud) pause(ctx context.Context, d time.Duration) bool {
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		case <-c.closed.Done():
		}
	}
	return ctx.Err() == nil && c.closed.Err() == nil
}

// ruleFor returns the rule that answers a request instead of the cloud itself; nil for none.
func (c *Cloud) ruleFor(r *http.Request, host string) *rule {
	at := c.placeOf(r, host)
	for _, rule := range at.faults.rules {
		if rule.signedIn && r.Header.Get("Authorization") == "" || !strings.HasSuffix(r.URL.Path, rule.path) || rule.site && host == gatewayHost {
			continue
		}
		if c.cleared(at) {
			return nil
		}
		return &rule
	}
	return nil
}

// cleared reports whether the tenant's temporary faults have ended. Their time begins with the
// first call, which is for the first request that a rule applies to.
func (c *Cloud) cleared(at *tenant) bool {
	if at.faults.clearsAfter == 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.metAt.IsZero() {
		at.metAt = c.now()
	}
	return c.now().Sub(at.metAt) >= at.faults.clearsAfter
}
