package atlassian

// This file holds the connections to one site and the way credentials take. The rules:
// an Authorization header is written in [courier.RoundTrip] and nowhere else; no redirect
// is followed, since Go keeps the header for subdomains, other ports and plain http
// (CVE-2024-45336 is about chains of them): there is no http.Client here, which follows
// them, and calls an answer whose Location can't be parsed a failure; everything has a
// bound.

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
	// maxHeader bounds an answer's header, the 1xx answers before it included.
	maxHeader = 64 << 10
	// maxBody bounds an answer's body. The longest one needed is a page of 250 spaces, a
	// few hundred kilobytes at worst.
	maxBody = 1 << 20
	// idleAfter is how long the connection that a Lookup opened waits for the Observe.
	idleAfter = time.Minute
)

// siteConn is the connections to one site and its gateway.
type siteConn struct {
	transport *http.Transport
	lanes     *connGate   // for calls to the site itself
	users     int         // guarded by Client.mu
	spoiled   atomic.Bool // a call on it brought no answer

	shaking          atomic.Bool // a TLS handshake was begun, and nothing has come since
	certificateAsked atomic.Bool // a server asked for a client certificate

	ctx  context.Context // ends attempts to connect that no one waits for any more
	stop context.CancelFunc

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]struct{}
}

func newSiteConn(line ClientConfig) *siteConn {
	w := &siteConn{conns: map[net.Conn]struct{}{}}
	w.ctx, w.stop = context.WithCancel(context.Background())
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: line.Roots}
	// There is none to give. That one was asked for is remembered, since under TLS 1.2 the
	// refusal that follows is any alert at all.
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
		// An own dial or TLS config switches HTTP/2 off unless it is asked for.
		ForceAttemptHTTP2: true,
		// Go opens a connection for every request that finds none ready: calls begun
		// side by side would cost a handshake each. One shared connection is cheaper on
		// HTTP/2, which Atlassian speaks; for HTTP/1.1 (a proxy that breaks TLS open) see
		// lanes.
		MaxConnsPerHost: 1,
		IdleConnTimeout: idleAfter,
		// Compressed answers are not asked for and not unpacked: a megabyte of zeros fits
		// in a kilobyte of gzip, and what is needed is small.
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
	}
	w.lanes = newConnGate(w.transport)
	return w
}

// dial records connections, so that close leaves none: Go's CloseIdleConnections passes
// over one whose last answer has only just been read, and finishes attempts to connect
// in the background after their request has gone.
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

// recorded is a connection that leaves the wire's list when it is closed.
type recorded struct {
	net.Conn
	wire *siteConn
}

// Read reads, and notes that something came.
func (r *recorded) Read(b []byte) (int, error) {
	n, err := r.Conn.Read(b)
	if n > 0 {
		r.wire.shaking.Store(false)
	}
	return n, err
}

// Close closes the connection once and forgets it.
func (r *recorded) Close() error {
	r.wire.mu.Lock()
	delete(r.wire.conns, r.Conn)
	r.wire.mu.Unlock()
	return r.Conn.Close()
}

// close ends the wire: its connections, and the attempts to make one.
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

// authTransport attaches the credentials, to requests for the bound site and its gateway only.
type authTransport struct {
	base  http.RoundTripper
	site  Site
	email string
	token Token
}

var errUnbound = errors.New("credentials are bound to another host")

// RoundTrip sends a copy of the request with Basic credentials (RFC 7617), or refuses.
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

// proxyRefusal is a proxy's answer to CONNECT other than 200.
type proxyRefusal struct{ status int }

// Error says that the proxy refused, without its words.
func (proxyRefusal) Error() string { return "the proxy refused the connection" }

func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return proxyRefusal{answer.StatusCode}
	}
	return nil
}
