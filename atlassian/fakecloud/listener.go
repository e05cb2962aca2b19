package fakecloud

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Connections to the cloud, in memory only.

// Dial opens a connection, for atlassian.ClientConfig. Only names below atlassian.net and the
// gateway resolve, and only port 443 accepts connections. It ends with its context and with Close.
func (c *Cloud) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	if err := context.Cause(ctx); err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	script, err := c.dialFault(ctx, host)
	switch {
	case err != nil:
		return nil, err
	case script != nil:
	case !resolves(host):
		return nil, noSuchHost(host)
	case port != "443":
		return nil, dialError(syscall.ECONNREFUSED)
	default:
		script = func(far *end) { c.shake(far, host) }
	}
	near, far := newPipe()
	if !c.plug(far, script) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: net.ErrClosed}
	}
	if c.placeAt(host).faults.fault == faultReset {
		return resetEnd{near}, nil
	}
	return near, nil
}

// plug runs script on the far end of a pipe; false where the cloud is closed.
func (c *Cloud) plug(far *end, script func(*end)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed.Err() != nil {
		return false
	}
	c.farEnds[far] = struct{}{}
	c.pipes.Go(func() {
		script(far)
		_ = far.Close() // closing an end of a pipe never fails
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.farEnds, far)
	})
	return true
}

// shake does the server's side of the TLS handshake, hands the connection to the HTTP server, and
// returns when that is done with it.
func (c *Cloud) shake(far *end, host string) {
	conn := tls.Server(far, c.tlsConfig(host))
	if conn.HandshakeContext(c.closed) != nil {
		// The alert with the reason is on its way. Closing now could overtake it, as on a real
		// connection, so the client closes first.
		drain(far)
		return
	}
	c.mu.Lock()
	c.handshook++
	c.mu.Unlock()
	c.start()
	select {
	case c.shaken <- conn: // unwrapped, since net/http speaks HTTP/2 on a *tls.Conn only
		<-far.gone
	case <-c.closed.Done():
	}
}

// newServer returns the HTTP server for the connections. It logs nothing, since a log line would
// garble the screen.
func newServer(c *Cloud) *http.Server {
	return &http.Server{
		Handler: c, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute,
		TLSConfig: &tls.Config{NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12},
	}
}

func (c *Cloud) serve() { _ = c.server.Serve(listener{c}) }

// listener accepts the connections whose handshake is done.
type listener struct{ *Cloud }

func (l listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.shaken:
		return conn, nil
	case <-l.closed.Done():
		return nil, net.ErrClosed
	}
}

func (l listener) Close() error   { return nil } // Cloud.Close ends Accept
func (l listener) Addr() net.Addr { return serverAddress() }
