package atlassian

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// lookupFault returns the fault of a Lookup with this configuration.
func lookupFault(t *testing.T, line ClientConfig) *Fault {
	t.Helper()
	client := NewClient(line)
	defer client.Close()
	o := client.Lookup(t.Context(), askFor(t, Jira).Site)
	if o.Fault == nil {
		t.Fatalf("no fault: %+v", o)
	}
	if o.Status != 0 || o.Attempts < 1 || o.Attempts > 2 || o.RetryAfter >= 0 {
		t.Errorf("%+v", o)
	}
	return o.Fault
}

func TestCertificateFaults(t *testing.T) {
	for _, c := range []struct {
		kind  FaultKind
		edit  func(*x509.Certificate)
		other bool // signed by a CA that is not trusted
		name  string
	}{
		{kind: FaultExpired, name: "acme.atlassian.net", edit: func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
		}},
		{kind: FaultNotYet, name: "acme.atlassian.net", edit: func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(24*time.Hour), time.Now().Add(48*time.Hour)
		}},
		{kind: FaultWrongHost, name: "other.example.com"},
		{kind: FaultWeak, name: "acme.atlassian.net", edit: func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }},
		{kind: FaultUntrusted, name: "acme.atlassian.net", other: true},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			cloud := newCloud(t, goodReplies(), nil)
			signer := cloud.ca
			if c.other {
				signer = newAuthority(t, "Corp\x1b[31m Proxy CA")
			}
			cloud.server.TLS.Certificates = []tls.Certificate{signer.issue(t, c.edit, c.name)}
			f := lookupFault(t, cloud.line())
			issuer := "Test Authority"
			if c.other {
				issuer = "Corp Proxy CA"
			}
			if f.Kind != c.kind || f.Issuer != issuer || f.Subject != c.name || f.NotAfter.IsZero() {
				t.Errorf("%+v", f)
			}
			if cloud.signedRequests() != 0 {
				t.Error("credentials were sent")
			}
		})
	}
}

// rawServer handles every connection with the given function, before or instead of TLS.
func rawServer(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { defer func() { _ = conn.Close() }(); talk(conn) }()
		}
	}()
	return listener.Addr().String()
}

func lineTo(address string, ca *authority) ClientConfig {
	return ClientConfig{
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		Roots: ca.pool, Now: time.Now, Timeout: 5 * time.Second,
	}
}

func reset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

func TestBrokenTalk(t *testing.T) {
	ca := newAuthority(t, "Test Authority")
	cert := ca.issue(t, nil, "acme.atlassian.net")
	// inTLS answers one HTTP/1.1 request with the bytes, then closes the connection as given.
	inTLS := func(answer string, end func(raw net.Conn)) func(net.Conn) {
		return func(raw net.Conn) {
			conn := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{cert}})
			if _, err := conn.Read(make([]byte, 4096)); err != nil {
				return
			}
			_, _ = io.WriteString(conn, answer)
			if end != nil {
				end(raw)
				return
			}
			_ = conn.Close()
		}
	}
	// plain reads before it answers: what is left unread makes closing a reset, and that can
	// overtake the text.
	plain := func(text string) func(net.Conn) {
		return func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, text)
		}
	}
	for _, c := range []struct {
		name string
		kind FaultKind
		talk func(net.Conn)
	}{
		{"closed at once", FaultReset, func(net.Conn) {}},
		{"reset at once", FaultReset, reset},
		{"reset in the handshake", FaultReset, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 5)); reset(conn) }},
		{"plain HTTP", FaultNotTLS, plain("HTTP/1.1 400 Bad Request\r\n\r\n")},
		{"other plain text", FaultNotTLS, plain("SSH-2.0-OpenSSH_9.2\r\n")},
		{"old TLS", FaultProtocol, func(conn net.Conn) {
			_ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS11}).HandshakeContext(context.Background())
		}},
		{"client certificate", FaultClientCert, func(conn net.Conn) {
			s := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert})
			_ = s.HandshakeContext(context.Background())
		}},
		{"client certificate, TLS 1.2", FaultClientCert, func(conn net.Conn) {
			s := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12})
			_ = s.HandshakeContext(context.Background())
		}},
		{"closed before an answer", FaultReset, inTLS("", nil)},
		{"reset before an answer", FaultReset, inTLS("", reset)},
		{"closed within the header", FaultReset, inTLS("HTTP/1.1 200 OK\r\nServer: x", nil)},
		{"closed within the body", FaultCutOff, inTLS("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", nil)},
		{"reset within the body", FaultCutOff, inTLS("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", reset)},
		{"no HTTP", FaultMalformed, inTLS("hello, world\r\n\r\n", nil)},
		{"bad length", FaultMalformed, inTLS("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", nil)},
		{"endless header", FaultMalformed, inTLS("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 2*maxHeader)+"\r\n\r\n", nil)},
		{"a flood of 1xx", FaultMalformed, inTLS(strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+strings.Repeat("x", 1000)+"\r\n\r\n", 200), nil)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if f := lookupFault(t, lineTo(rawServer(t, c.talk), ca)); f.Kind != c.kind {
				t.Errorf("%s; want %s", f.Kind, c.kind)
			}
		})
	}
}

func TestDialFaults(t *testing.T) {
	for _, c := range []struct {
		err  error
		kind FaultKind
	}{
		{&net.DNSError{Err: "no such host", IsNotFound: true}, FaultName},
		{&net.DNSError{Err: "server misbehaving", IsTemporary: true}, FaultName},
		{&net.DNSError{Err: "i/o timeout", IsTimeout: true}, FaultTimeout},
		{syscall.ECONNREFUSED, FaultRefusedConn}, {syscall.Errno(10061), FaultRefusedConn},
		{syscall.EHOSTUNREACH, FaultUnreachable}, {syscall.ENETUNREACH, FaultUnreachable}, {syscall.Errno(10065), FaultUnreachable},
		{syscall.ECONNRESET, FaultReset}, {syscall.Errno(10054), FaultReset}, {syscall.ETIMEDOUT, FaultTimeout},
		{errors.New("gremlins"), FaultUnspecified},
	} {
		line := ClientConfig{Now: time.Now, Timeout: 5 * time.Second, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: c.err}
		}}
		if f := lookupFault(t, line); f.Kind != c.kind {
			t.Errorf("%v: %s; want %s", c.err, f.Kind, c.kind)
		}
		line.Proxy = proxyAt("proxy.corp:3128")
		f := lookupFault(t, line)
		want := FaultProxyUnreach
		if c.kind == FaultName {
			want = FaultProxyName
		}
		if f.Kind != want || f.Proxy != "http://proxy.corp:3128" {
			t.Errorf("%v at the proxy: %+v", c.err, f)
		}
	}
}

func TestProxyAnswers(t *testing.T) {
	ca := newAuthority(t, "Test Authority")
	for _, c := range []struct {
		answer string
		kind   FaultKind
		status int
	}{
		{"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", FaultProxyAuth, 407},
		{"HTTP/1.1 403 Forbidden\r\n\r\n<html>no", FaultProxyRefused, 403},
		{"HTTP/1.1 502 Bad Gateway\r\n\r\n", FaultProxyRefused, 502},
		{"what?\r\n\r\n", FaultProxyRefused, 0},
		{"", FaultProxyRefused, 0},
	} {
		line := lineTo(rawServer(t, func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, c.answer)
		}), ca)
		line.Proxy = proxyAt("proxy.corp:3128")
		f := lookupFault(t, line)
		if f.Kind != c.kind || f.ProxyStatus != c.status || strings.Contains(fmt.Sprintf("%+v", *f), "PROXYSECRET") {
			t.Errorf("%q: %+v", c.answer, f)
		}
	}
}

// TestThroughAProxy sends a whole check through one CONNECT.
func TestThroughAProxy(t *testing.T) {
	cloud := newCloud(t, goodReplies(), nil)
	connects := 0
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connects++
		if r.Method != http.MethodConnect || r.Header.Get("Authorization") != "" || r.Host != "acme.atlassian.net:443" {
			t.Errorf("the proxy saw %s %s %v", r.Method, r.Host, r.Header)
		}
		up, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", cloud.server.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		down, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(down, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(up, down); _ = up.Close() }()
		_, _ = io.Copy(down, up)
		_ = down.Close()
	}))
	defer proxy.Close()
	line := lineTo(proxy.Listener.Addr().String(), cloud.ca)
	line.Proxy = proxyAt("proxy.corp:3128")
	client := NewClient(line)
	defer client.Close()
	seen := client.Observe(t.Context(), askFor(t, Jira), NewToken(pretendToken()), nil)
	if got := calls(seen); got != "coverage identity listed permissions tenant" || connects != 1 {
		t.Errorf("%s over %d CONNECTs: %+v", got, connects, seen)
	}
}

// TestSilentLine: timeout and cancellation work where nothing ever answers, under a fake clock: a
// dial that hangs, and a server that accepts and sends nothing.
func TestSilentLine(t *testing.T) {
	for name, dial := range map[string]func(context.Context, string, string) (net.Conn, error){
		"dial hangs":   func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() },
		"server hangs": func(context.Context, string, string) (net.Conn, error) { a, _ := net.Pipe(); return a, nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := NewClient(ClientConfig{Dial: dial, Now: time.Now})
				defer client.Close()
				ask, begun := askFor(t, Jira), time.Now()
				check := func(ctx context.Context, kind FaultKind, took time.Duration) {
					begun = time.Now()
					seen := client.Observe(ctx, ask, NewToken(pretendToken()), nil)
					if len(seen) != 2 || time.Since(begun) != took {
						t.Errorf("%d observations after %v; want 2 after %v", len(seen), time.Since(begun), took)
					}
					for _, o := range seen {
						if o.Fault == nil || o.Fault.Kind != kind || o.Took != took {
							t.Errorf("%+v, fault %+v", o, o.Fault)
						}
					}
				}
				check(t.Context(), FaultTimeout, 15*time.Second)
				// Repeated, since a call's own end and the cancellation happen at the same instant, in either
				// order: each call is reported once in both cases.
				for range 100 {
					ctx, cancel := context.WithCancel(t.Context())
					time.AfterFunc(time.Second, cancel)
					check(ctx, FaultCanceled, time.Second)
					check(ctx, FaultCanceled, 0)
					ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
					check(ctx, FaultTimeout, 2*time.Second)
					cancel()
				}
			})
		})
	}
}

// TestGzipIsNotUnpacked sends a gzip bomb that was not asked for.
func TestGzipIsNotUnpacked(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(make([]byte, 64<<20))
	_ = z.Close()
	cloud := newCloud(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("asked for %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(bomb.Bytes())
	}), nil)
	if o := cloud.client(t).Lookup(t.Context(), askFor(t, Jira).Site); o.Status != 200 || o.Body != BodyBroken || o.CloudID != "" {
		t.Errorf("%+v, fault %+v", o, o.Fault)
	}
}
