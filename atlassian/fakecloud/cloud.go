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

// Cloud is a running pretend world. It is safe for concurrent use.
type Cloud struct {
	place   tenant             // for every host that has no place of its own
	places  map[string]*tenant // by host
	now     func() time.Time
	latency time.Duration

	closed    context.Context // done once the cloud is closed
	cancel    context.CancelFunc
	trusted   func() *ca
	intruder  func() *ca // whom no one trusts
	start     func()
	server    *http.Server
	shaken    chan net.Conn // connections whose handshake is done
	pipes     sync.WaitGroup
	farEnds   map[*end]struct{}
	mu        sync.Mutex
	requests  []Request
	handshook int
}

// Request is one request that reached the pretend cloud. The Authorization header is
// kept as a fact, not as a value.
type Request struct {
	Host, Method, Path string
	Authorized         bool // it carried an Authorization header
	Proto              string
}

// Open starts the pretend world of a situation. latency is added before each answer.
// Nothing costs anything before the first Roots, Dial or request.
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

// Requests are the requests so far, in the order in which they arrived.
func (c *Cloud) Requests() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests)
}

// Connections is the number of completed TLS handshakes.
func (c *Cloud) Connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.handshook
}

// Close ends every connection and everything that is still being answered on them. A
// second Close does nothing.
func (c *Cloud) Close() {
	c.cancel()
	c.mu.Lock()
	for far := range c.farEnds {
		_ = far.Close() // the end of a pipe can always be closed
	}
	c.mu.Unlock()
	_ = c.server.Close() // likewise
	c.pipes.Wait()
}

// note remembers a request and says how many there were for its host and path.
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

// pause lets time pass; false means that no one waits for the answer any more.
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

// ruleFor is the rule that answers a request instead of the cloud itself, nil for none.
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

// cleared reports whether the faults have passed, and starts its time the first time it
// is asked.
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
