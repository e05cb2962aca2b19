package atlassian

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// ClientConfig is what a [Client] needs. Every field but Now may be zero, which means the system's
// own.
type ClientConfig struct {
	// Dial opens a TCP connection, or a simulated one.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Proxy returns the proxy for a request, nil for none.
	Proxy func(*http.Request) (*url.URL, error)
	// Unused returns what part of the environment is not used as a proxy to a host; see
	// [UnusedProxy].
	Unused func(host string) string
	// Roots are the CAs to trust instead of the system's.
	Roots *x509.CertPool
	// Now returns the current time.
	Now func() time.Time
	// Timeout bounds one whole Observe or Lookup; 0 means 15 s.
	Timeout time.Duration
	// UserAgent is sent with every request.
	UserAgent string
}

// Client makes the calls to Atlassian. It is safe for concurrent use.
type Client struct {
	line ClientConfig

	mu    sync.Mutex
	wires map[string]*siteConn // by the site's host
}

// NewClient returns a client with the given configuration.
func NewClient(line ClientConfig) *Client {
	if line.Timeout <= 0 {
		line.Timeout = 15 * time.Second
	}
	if line.Dial == nil {
		line.Dial = (&net.Dialer{Timeout: line.Timeout}).DialContext
	}
	if line.Now == nil {
		line.Now = func() time.Time { return time.Time{} }
	}
	return &Client{line: line, wires: map[string]*siteConn{}}
}

// Close closes the open connections. The client can be used again.
func (c *Client) Close() {
	c.mu.Lock()
	wires := c.wires
	c.wires = map[string]*siteConn{}
	c.mu.Unlock()
	for _, w := range wires {
		w.close()
	}
}

// take returns the connections to a site, created on first use. Each take needs one give.
func (c *Client) take(site Site) *siteConn {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.wires[site.Host()]
	if w == nil {
		w = newSiteConn(c.line)
		c.wires[site.Host()] = w
	}
	w.users++
	return w
}

// Hold keeps the connections to a site open until release is called, so that several checks of one
// site need one handshake.
func (c *Client) Hold(site Site) (release func()) {
	w := c.take(site)
	return func() { c.give(site, w, false) }
}

// give releases what take returned. The connections are kept for the next check only if keep is
// set and no call on them failed: a connection attempt that hangs would block the next check,
// which waits for the same connection (see newSiteConn).
func (c *Client) give(site Site, w *siteConn, keep bool) {
	c.mu.Lock()
	w.users--
	if !keep && (w.users == 0 || w.spoiled.Load()) && c.wires[site.Host()] == w {
		delete(c.wires, site.Host())
	}
	last := w.users == 0 && c.wires[site.Host()] != w
	c.mu.Unlock()
	if last {
		w.close()
	}
}
