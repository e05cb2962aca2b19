package atlassian

// The connections to one site, and how credentials are sent. The rules: only
// [authTransport.RoundTrip] writes an Authorization header; no redirect is followed, since Go
// keeps that header for subdomains, other ports and plain http (CVE-2024-45336 is about chains of
// them); everything has a limit. http.Client is not used: it follows redirects, and treats an
// answer whose Location can't be parsed as an error.

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxHeader bounds the header of an answer in bytes, including 1xx answers before it.
	maxHeader = 64 << 10
	// maxBody bounds the body of an answer in bytes. The longest one needed is a page of 250 spaces,
	// at most a few hundred kilobytes.
	maxBody = 1 << 20
	// idleAfter is how long the connection opened by Lookup is kept for Observe.
	idleAfter = time.Minute
)

// siteConn is the connections to one site and its gateway.
type siteConn struct {
	transport *http.Transport
	lanes     *connGate   // for calls to the site itself
	users     int         // number of takes without a give; guarded by Client.mu
	spoiled   atomic.Bool // a call on it got no answer

	shaking          atomic.Bool // a TLS handshake has begun and no byte has arrived since
	certificateAsked atomic.Bool // a server asked for a client certificate

	ctx  context.Context // ends connection attempts that no one waits for
	stop context.CancelFunc

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]struct{}
}

func newSiteConn(line ClientConfig) *siteConn {
	w := &siteConn{conns: map[net.Conn]struct{}{}}
	w.ctx, w.stop = context.WithCancel(context.Background())
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: line.Roots}
	// No client certificate is sent. That one was requested is remembered, since with TLS 1.2 the
	// server's refusal can be any alert.
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		w.certificateAsked.Store(true)
		return &tls.Certificate{}, nil
	}
	if now := line.Now(); !now.IsZero() {
		config.Time = line.Now
	}
	w.transport = &http.Transport{
		Proxy:                  line.Proxy,
		OnProxyConnectResponse: refusedByProxy,
		DialContext:            w.dial(line),
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    line.Timeout,
		// With DialContext or TLSClientConfig set, HTTP/2 is off by default.
		ForceAttemptHTTP2: true,
		// Go opens a connection for every request that finds none ready, so calls started in parallel
		// would need a handshake each. On HTTP/2, which Atlassian supports, one shared connection is
		// cheaper; for HTTP/1.1 (a proxy that inspects TLS) see connGate.
		MaxConnsPerHost: 1,
		IdleConnTimeout: idleAfter,
		// Compressed answers are not requested and not decompressed: a megabyte of zeros fits into a
		// kilobyte of gzip, and the answers needed are small.
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
	}
	w.lanes = newConnGate(w.transport)
	return w
}

// dial returns a dial function that records connections, so that close can close all of them: Go's
// CloseIdleConnections skips one whose last answer was only just read, and lets connection
// attempts finish in the background after their request was canceled.
func (w *siteConn) dial(line ClientConfig) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, line.Timeout)
		defer cancel()
		defer context.AfterFunc(w.ctx, cancel)()
		conn, err := line.Dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.closed {
			_ = conn.Close()
			return nil, net.ErrClosed
		}
		w.conns[conn] = struct{}{}
		return &recorded{Conn: conn, wire: w}, nil
	}
}

// recorded is a connection that is removed from siteConn.conns when it is closed.
type recorded struct {
	net.Conn
	wire *siteConn
}

// Read reads, and clears shaking when bytes arrive.
func (r *recorded) Read(b []byte) (int, error) {
	n, err := r.Conn.Read(b)
	if n > 0 {
		r.wire.shaking.Store(false)
	}
	return n, err
}

// Close closes the connection and removes it from the record.
func (r *recorded) Close() error {
	r.wire.mu.Lock()
	delete(r.wire.conns, r.Conn)
	r.wire.mu.Unlock()
	return r.Conn.Close()
}

func (w *siteConn) close() {
	w.stop()
	w.lanes.closeIdle()
	w.mu.Lock()
	w.closed = true
	conns := w.conns
	w.conns = map[net.Conn]struct{}{}
	w.mu.Unlock()
	for conn := range conns {
		_ = conn.Close()
	}
}

// authTransport adds the credentials to requests for one site and its gateway, and refuses any
// other.
type authTransport struct {
	base  http.RoundTripper
	site  Site
	email string
	token Token
}

var errUnbound = errors.New("credentials are bound to another host")

// RoundTrip sends a copy of the request with Basic credentials (RFC 7617). A request to another
// host, port or scheme is not sent and returns errUnbound.
func (c authTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	host, port := r.URL.Hostname(), r.URL.Port()
	bound := !c.site.IsZero() && (host == c.site.Host() || host == c.site.Gateway())
	if !bound || r.URL.Scheme != "https" || (port != "" && port != "443") || (r.Host != "" && r.Host != r.URL.Host) {
		return nil, errUnbound
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Basic "+basic(c.email, c.token))
	return c.base.RoundTrip(r)
}

// proxyRefusal is a proxy's answer to CONNECT with another status than 200.
type proxyRefusal struct{ status int }

func (proxyRefusal) Error() string { return "the proxy refused the connection" }

func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return proxyRefusal{answer.StatusCode}
	}
	return nil
}
