package fakecloud

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Situation is one state of the pretend world.
type Situation struct {
	Name    string // "ok", "not-admin", "tls-untrusted": what `practice NAME` takes
	Code    string // the diagnosis a check of the seed ends in
	Product string // "jira" or "confluence"
	Title   string // what is pretended, one sentence
	Seed    Seed
}

// Seed is what to type in a situation, and what the rest of the program starts from.
type Seed struct {
	Site      string // "acme"
	Email     string
	Token     string // a pretend token with a checksum that fits, unless the situation is about that
	Expires   string // recorded last day, relative to today ("-3d", "20d"), "" for none
	SafeFault string // "": none; "missing", "locked": the practice safe's fault
}

// Situations lists all of them, "ok" first.
func Situations() []Situation { return nil }

// Find is the situation of that name.
func Find(name string) (Situation, bool) { return Situation{}, false }

// Cloud is a running pretend world.
type Cloud struct{}

// Open starts the pretend world of a situation. latency is added before each answer.
func Open(s Situation, now func() time.Time, latency time.Duration) *Cloud { return &Cloud{} }

// Dial is the line's dial, for every host there is.
func (c *Cloud) Dial(ctx context.Context, network, address string) (net.Conn, error) { return nil, nil }

// Proxy is the line's proxy choice.
func (c *Cloud) Proxy(*http.Request) (*url.URL, error) { return nil, nil }

// Roots is the line's own authority.
func (c *Cloud) Roots() *x509.CertPool { return nil }

// ServeHTTP is the pretend Atlassian alone, for tests that bring their own sockets.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

// Requests are the requests so far, for tests that count them; Connections the TLS
// handshakes that were completed.
func (c *Cloud) Requests() []Request { return nil }

// Connections is the number of completed TLS handshakes.
func (c *Cloud) Connections() int { return 0 }

// Request is one request that reached the pretend cloud. The Authorization header is
// kept as a fact, not as a value.
type Request struct {
	Host, Method, Path string
	Authorized         bool // it carried an Authorization header
	Proto              string
}

// Close ends every connection.
func (c *Cloud) Close() {}
