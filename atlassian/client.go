package atlassian

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Line is what a Client needs from outside. Every field but Now may be nil, which
// means the system's own.
type Line struct {
	// Dial opens a TCP connection (or a pretended one).
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Proxy says which proxy a request goes through.
	Proxy func(*http.Request) (*url.URL, error)
	// Roots are the authorities to trust instead of the system's.
	Roots *x509.CertPool
	// Now is the clock.
	Now func() time.Time
	// Timeout bounds one whole Observe or Lookup; 0 means 15 s.
	Timeout time.Duration
	// UserAgent is sent with every request.
	UserAgent string
}

// Client asks Atlassian. It is safe for concurrent use.
type Client struct{ line Line }

// NewClient makes a client on the line.
func NewClient(line Line) *Client { return &Client{line: line} }

// Lookup asks, without credentials, whether the site exists (CallTenant).
func (c *Client) Lookup(ctx context.Context, site Site) Observation { return Observation{} }

// Observe makes the calls of one check, in as few rounds as can be, and returns what
// they showed in the order in which they landed; emit (which may be nil) gets each as it
// lands, never two at once. It ends at once with its context, and within the line's limit.
func (c *Client) Observe(ctx context.Context, ask Ask, token Token, emit func(Observation)) []Observation {
	return nil
}

// Close drops the connections that are kept.
func (c *Client) Close() {}
