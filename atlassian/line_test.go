package atlassian_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Broken connections: names, dials, handshakes, HTTP framing and proxies. Wrong answers over
// working connections are in hostile_test.go.

// TestHandshakes has a server for every kind of failing handshake.
func TestHandshakes(t *testing.T) {
	days := func(from, to int) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().AddDate(0, 0, from), time.Now().AddDate(0, 0, to)
		}
	}
	type bend func(t *testing.T, w *world, c *tls.Config)
	issued := func(edit func(*x509.Certificate), names ...string) bend {
		return func(t *testing.T, w *world, c *tls.Config) {
			c.Certificates = []tls.Certificate{w.authority.Issue(t, edit, names...)}
		}
	}
	by := func(name string) bend {
		return func(t *testing.T, _ *world, c *tls.Config) {
			c.Certificates = []tls.Certificate{atlassian.NewAuthority(t, name).Issue(t, nil, siteHost, gatewayHost)}
		}
	}
	keyed := func(bits int) bend {
		return func(t *testing.T, w *world, c *tls.Config) {
			c.Certificates = []tls.Certificate{w.authority.Certify(t, smallKey(t, bits), nil, siteHost)}
			c.MaxVersion = tls.VersionTLS12
		}
	}
	for _, c := range []struct {
		name string
		bend bend
		code connector.Code
		says string
	}{
		{"expired", issued(days(-9, -3), siteHost), "tls-invalid", "has expired"},
		{"of the future", issued(days(3, 9), siteHost), "tls-invalid", "isn't valid yet"},
		{"for another host", issued(nil, "login.hotel.example"), "tls-invalid", `is for "login.hotel.example"`},
		{"for a subdomain only", issued(nil, "*.acme.atlassian.net"), "tls-invalid", "belongs to another host"},
		{"for no purpose of a server's", issued(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, siteHost), "tls-invalid", "too weak, or isn't a server certificate"},
		{"with an unknown critical extension", issued(func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
		}, siteHost), "tls-invalid", "too weak, or isn't a server certificate"},
		{"of an unknown authority", by("Example Corp TLS Inspection"), "tls-untrusted", `"Example Corp TLS Inspection"`},
		{"of an authority with a hostile name", by("Corp\x1b]52;c;x\x07\u202e CA"), "tls-untrusted", `CA"`},
		{"of an authority without a name", by(""), "tls-untrusted", "an unnamed CA"},
		{"self-signed", func(t *testing.T, w *world, c *tls.Config) {
			self := atlassian.NewAuthority(t, siteHost).Issue(t, nil, siteHost)
			self.Certificate = self.Certificate[:1]
			c.Certificates = []tls.Certificate{self}
		}, "tls-untrusted", `"acme.atlassian.net"`},
		{"with a hash that is broken", issued(func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }, siteHost), "tls-invalid", "too weak, or isn't a server certificate"},
		{"with a key that is too short", keyed(768), "tls-invalid", "too weak, or isn't a server certificate"},
		{"with a key that is absurdly long", keyed(16384), "tls-invalid", "too weak, or isn't a server certificate"},
		{"with ten thousand names", func(t *testing.T, w *world, c *tls.Config) {
			names := make([]string, 10_000)
			for i := range names {
				names[i] = fmt.Sprintf("host-number-%d.of.a.very.long.list.example.com", i)
			}
			c.Certificates = []tls.Certificate{w.authority.Issue(t, nil, names...)}
		}, "tls-invalid", "failed"},
		{"TLS 1.0", func(_ *testing.T, _ *world, c *tls.Config) {
			c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
		}, "tls-invalid", "support TLS 1.2 or later"},
		{"TLS 1.1", func(_ *testing.T, _ *world, c *tls.Config) {
			c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		}, "tls-invalid", "support TLS 1.2 or later"},
		{"no cipher in common", func(_ *testing.T, _ *world, c *tls.Config) {
			c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}
		}, "tls-invalid", "failed"},
		{"wants a certificate", func(_ *testing.T, _ *world, c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }, "tls-invalid", "asked for a client certificate"},
		{"wants a certificate, TLS 1.2", func(_ *testing.T, _ *world, c *tls.Config) {
			c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
		}, "tls-invalid", "asked for a client certificate"},
		{"breaks off with an alert", func(_ *testing.T, _ *world, c *tls.Config) {
			c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("no") }
		}, "tls-invalid", "failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			c.bend(t, w, w.server.TLS)
			r := w.check(t, jira, who(t, good))
			if r.Code != c.code || !strings.Contains(r.Title+" "+r.Why, c.says) {
				t.Errorf("%s: %s. %s\nwant %s with %q", r.Code, r.Title, r.Why, c.code, c.says)
			}
			if len(w.requests) != 0 {
				t.Errorf("something was sent: %+v", w.requests)
			}
		})
	}
}

// smallKey is an RSA key that is too short to be accepted. Its signatures are invalid, which a
// client that checks the length first doesn't notice.
func smallKey(t *testing.T, bits int) crypto.Signer {
	t.Helper()
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return nonsense{&rsa.PublicKey{N: n.Add(n, big.NewInt(12345)), E: 65537}}
}

type nonsense struct{ key *rsa.PublicKey }

// Public returns the key.
func (n nonsense) Public() crypto.PublicKey { return n.key }

// Sign returns as many bytes as a signature has.
func (n nonsense) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return make([]byte, n.key.Size()), nil
}

// TestTheResetOvertakesTheAlert: a server that asks for a client certificate may reset the
// connection before its alert is read.
func TestTheResetOvertakesTheAlert(t *testing.T) {
	w := newWorld(t, nil)
	config := &tls.Config{
		Certificates: []tls.Certificate{w.authority.Issue(t, nil, siteHost)}, NextProtos: []string{"h2"}, ClientAuth: tls.RequestClientCert,
	}
	w.raw = func(raw net.Conn) {
		_, _ = tls.Server(raw, config).Read(make([]byte, 1)) // the handshake, and the first byte after it
		if tcp, ok := raw.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = raw.Close()
	}
	if r := w.check(t, jira, who(t, good)); r.Code != "tls-invalid" || !strings.Contains(r.Why, "asked for a client certificate") {
		t.Errorf("%s: %s", r.Code, r.Why)
	}
}

// inTLS sends HTTP/1.1, valid or not, after a good handshake and the first bytes of a request.
func inTLS(t *testing.T, w *world, protocols []string, talk func(conn net.Conn, raw net.Conn)) func(net.Conn) {
	config := &tls.Config{Certificates: []tls.Certificate{w.authority.Issue(t, nil, siteHost, gatewayHost)}, NextProtos: protocols}
	return func(raw net.Conn) {
		conn := tls.Server(raw, config)
		if _, err := conn.Read(make([]byte, 4096)); err != nil {
			return
		}
		talk(conn, raw)
		_ = conn.Close() // the test checks what the client made of it
	}
}

func says(text string) func(net.Conn, net.Conn) {
	return func(conn, _ net.Conn) { _, _ = io.WriteString(conn, text) }
}

// repeats sends the same bytes until the client has gone.
func repeats(first, text string, pause time.Duration) func(net.Conn, net.Conn) {
	return func(conn, _ net.Conn) {
		_, err := io.WriteString(conn, first)
		for err == nil {
			time.Sleep(pause)
			_, err = io.WriteString(conn, text)
		}
	}
}

// frame returns a frame of HTTP/2 (RFC 9113, section 4.1).
func frame(kind, flags byte, stream uint32, payload string) string {
	head := make([]byte, 9)
	binary.BigEndian.PutUint32(head, uint32(len(payload))<<8)
	head[3], head[4] = kind, flags
	binary.BigEndian.PutUint32(head[5:], stream)
	return string(head) + payload
}

const (
	h2Settings   = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	h2Accepted   = "\x00\x00\x00\x00"
	h2Refused    = "\x00\x00\x00\x07" // REFUSED_STREAM
	h2Internal   = "\x00\x00\x00\x02" // INTERNAL_ERROR
	h2Calm       = "\x00\x00\x00\x0b" // ENHANCE_YOUR_CALM
	h2Status200  = "\x88"             // the entry in the static table (RFC 7541, appendix A)
	h2Literal103 = "\x08\x03103"      // the name :status and a literal value
)

// onEach answers each stream of an HTTP/2 connection as it is opened, until the client has gone.
func onEach(w *world, t *testing.T, answer func(stream uint32) string) func(net.Conn) {
	config := &tls.Config{Certificates: []tls.Certificate{w.authority.Issue(t, nil, siteHost, gatewayHost)}, NextProtos: []string{"h2"}}
	return func(raw net.Conn) {
		conn := tls.Server(raw, config)
		if _, err := io.ReadFull(conn, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
			return
		}
		_, err := io.WriteString(conn, h2Settings)
		for head := make([]byte, 9); err == nil; {
			if _, err = io.ReadFull(conn, head); err != nil {
				return
			}
			if _, err = io.CopyN(io.Discard, conn, int64(head[0])<<16|int64(head[1])<<8|int64(head[2])); err == nil && head[3] == 1 {
				_, err = io.WriteString(conn, answer(binary.BigEndian.Uint32(head[5:])))
			}
		}
	}
}

// TestBrokenHTTP sends invalid HTTP.
func TestBrokenHTTP(t *testing.T) {
	h1, h2 := []string{"http/1.1"}, []string{"h2"}
	long := strings.Repeat("x", 3<<20)
	ok := "HTTP/1.1 200 OK\r\nServer: AtlassianEdge\r\nContent-Type: application/json\r\n"
	plain := func(text string) func(*testing.T, *world) func(net.Conn) {
		return func(*testing.T, *world) func(net.Conn) {
			return func(conn net.Conn) { _, _ = conn.Read(make([]byte, 512)); _, _ = io.WriteString(conn, text) }
		}
	}
	talk := func(protocols []string, f func(net.Conn, net.Conn)) func(*testing.T, *world) func(net.Conn) {
		return func(t *testing.T, w *world) func(net.Conn) { return inTLS(t, w, protocols, f) }
	}
	each := func(f func(uint32) string) func(*testing.T, *world) func(net.Conn) {
		return func(t *testing.T, w *world) func(net.Conn) { return onEach(w, t, f) }
	}
	for _, c := range []struct {
		name string
		talk func(*testing.T, *world) func(net.Conn)
		code connector.Code
	}{
		{"plain HTTP on the TLS port", plain("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), "tls-invalid"},
		{"SSH on the TLS port", plain("SSH-2.0-OpenSSH_9.2\r\n"), "tls-invalid"},
		{"nonsense on the TLS port", plain(strings.Repeat("\x00\xff", 400)), "tls-invalid"},
		{"closed at once", plain(""), "unreachable"},

		{"no HTTP", talk(h1, says("hello, world\r\n\r\n")), "not-atlassian"},
		{"HTTP 0.9", talk(h1, says("<html>hello")), "not-atlassian"},
		{"another version", talk(h1, says("HTTP/9.9 200 OK\r\n\r\n")), "not-atlassian"},
		{"no status", talk(h1, says("HTTP/1.1 OK\r\n\r\n")), "not-atlassian"},
		{"a status of two digits", talk(h1, says("HTTP/1.1 20 OK\r\n\r\n")), "not-atlassian"},
		{"a status below zero", talk(h1, says("HTTP/1.1 -20 OK\r\n\r\n")), "not-atlassian"},
		{"switching protocols", talk(h1, says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")), "not-atlassian"},
		{"a negative length", talk(h1, says(ok+"Content-Length: -1\r\n\r\n")), "not-atlassian"},
		{"two lengths", talk(h1, says(ok+"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}")), "not-atlassian"},
		{"a length that is no number", talk(h1, says(ok+"Content-Length: lots\r\n\r\n")), "not-atlassian"},
		{"an unknown transfer", talk(h1, says(ok+"Transfer-Encoding: rot13\r\n\r\n")), "not-atlassian"},
		{"chunks without a size", talk(h1, says(ok+"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")), "not-atlassian"},
		{"a chunk of more than there is", talk(h1, says(ok+"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n")), "not-atlassian"},
		{"a header without a colon", talk(h1, says("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n{}")), "not-atlassian"},
		{"a header with controls", talk(h1, says("HTTP/1.1 401 No\r\nAtl-Traceid: \x1b]52;c;x\x07\x00\x1b[2J\r\nServer: AtlassianEdge\r\nContent-Length: 0\r\n\r\n")), "not-atlassian"},
		{"a header of bytes that are no text", talk(h1, says("HTTP/1.1 401 No\r\nAtl-Traceid: \xff\xfe\x9b31m\x80\r\nServer: AtlassianEdge\r\nContent-Length: 0\r\n\r\n")), "token-refused"},
		{"headers of megabytes", talk(h1, says("HTTP/1.1 200 OK\r\nX: "+long+"\r\n\r\n")), "not-atlassian"},
		{"a hundred thousand headers", talk(h1, says("HTTP/1.1 200 OK\r\n"+strings.Repeat("X: y\r\n", 100_000)+"\r\n")), "not-atlassian"},
		{"a status line of megabytes", talk(h1, says("HTTP/1.1 200 "+long)), "not-atlassian"},
		{"empty lines without an end", talk(h1, repeats("", "\r\n", time.Millisecond)), "not-atlassian"},
		{"a flood of 1xx", talk(h1, says(strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+strings.Repeat("x", 1000)+"\r\n\r\n", 3000))), "not-atlassian"},
		{"a flood of empty 1xx", talk(h1, repeats("", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100), 0)), "not-atlassian"},
		{"cut off in the body", talk(h1, says(ok+"Content-Length: 99\r\n\r\n{")), "unreachable"},
		{"reset in the body", talk(h1, func(conn, raw net.Conn) {
			_, _ = io.WriteString(conn, ok+"Content-Length: 99\r\n\r\n{")
			atlassian.Reset(raw)
		}), "unreachable"},
		{"reset before an answer", talk(h1, func(_, raw net.Conn) { atlassian.Reset(raw) }), "unreachable"},

		{"HTTP/1 where HTTP/2 was agreed", talk(h2, says("HTTP/1.1 200 OK\r\n\r\n")), "not-atlassian"},
		{"nonsense where HTTP/2 was agreed", talk(h2, says(strings.Repeat("\xff", 4000))), "not-atlassian"},
		{"HTTP/2: a frame that is too large", talk(h2, says(h2Settings+"\xff\xff\xff\x00\x00\x00\x00\x00\x01")), "not-atlassian"},
		{"HTTP/2: data before headers", each(func(s uint32) string { return frame(0, 1, s, "{}") }), "not-atlassian"},
		{"HTTP/2: headers that can't be read", each(func(s uint32) string { return frame(1, 5, s, "\xff\xff\xff\xff\xff") }), "not-atlassian"},
		{"HTTP/2: no status", each(func(s uint32) string { return frame(1, 5, s, "") }), "not-atlassian"},
		{"HTTP/2: something pushed", each(func(s uint32) string { return frame(5, 4, s, "\x00\x00\x00\x02\x88") }), "not-atlassian"},
		{"HTTP/2: endless headers", each(func(s uint32) string {
			return frame(1, 0, s, h2Status200) + strings.Repeat(frame(9, 0, s, strings.Repeat("\x00\x01x\x7f\x81\x7e"+strings.Repeat("y", 253), 60)), 400)
		}), "not-atlassian"},
		{"HTTP/2: headers that are not continued", each(func(s uint32) string { return frame(1, 0, s, h2Status200) + h2Settings }), "not-atlassian"},
		{"HTTP/2: a flood of 1xx", each(func(s uint32) string { return strings.Repeat(frame(1, 4, s, h2Literal103), 20_000) }), "not-atlassian"},
		{"HTTP/2: every stream refused", each(func(s uint32) string { return frame(3, 0, s, h2Refused) }), "unreachable"},
		{"HTTP/2: every stream ended by a fault", each(func(s uint32) string { return frame(3, 0, s, h2Internal) }), "unreachable"},
		{"HTTP/2: told to go away", each(func(uint32) string { return frame(7, 0, 0, h2Accepted+h2Accepted) }), "unreachable"},
		{"HTTP/2: told to calm down", each(func(uint32) string { return frame(7, 0, 0, h2Accepted+h2Calm) }), "unreachable"},
		{"HTTP/2: cut off in the body", each(func(s uint32) string {
			return frame(1, 4, s, h2Status200) + frame(0, 0, s, "{") + frame(3, 0, s, h2Internal)
		}), "unreachable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.limit = 20 * time.Second
			w.raw = c.talk(t, w)
			begun := time.Now()
			r := w.check(t, jira, who(t, good))
			if r.Code != c.code {
				t.Errorf("%s: %s; want %s", r.Code, r.Why, c.code)
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("%v, although the answer was no answer long before", took)
			}
		})
	}
}

// TestReport4UnusedProxyIsNamed: a proxy in the environment that other programs use and this one
// doesn't is named before the network is blamed.
func TestReport4UnusedProxyIsNamed(t *testing.T) {
	for unused, want := range map[string]string{
		"": "only HTTPS_PROXY is read", "ALL_PROXY": "ALL_PROXY is set, but only HTTPS_PROXY is read",
		"NO_PROXY: .atlassian.net": `the entry ".atlassian.net" in NO_PROXY`,
	} {
		for code, err := range map[connector.Code]error{
			"unreachable": &net.DNSError{Err: "no such host", Name: siteHost, IsNotFound: true}, "timed-out": &net.DNSError{Err: "i/o timeout", IsTimeout: true},
		} {
			w := newWorld(t, nil)
			w.unused = func(string) string { return unused }
			w.through = func(context.Context, string, string) (net.Conn, error) { return nil, err }
			if r := w.check(t, jira, who(t, good)); r.Code != code || !strings.Contains(r.Why, want) {
				t.Errorf("%q: %s: %s\nwant %s with %q", unused, r.Code, r.Why, code, want)
			}
		}
	}
}

// TestReport5HelloIsNotAnswered: a firewall drops or resets the large first message of a handshake
// with ML-KEM. A server that answered the handshake is not reported like that.
func TestReport5HelloIsNotAnswered(t *testing.T) {
	hello := func(raw net.Conn) { _, _ = raw.Read(make([]byte, 4096)) }
	for name, c := range map[string]struct {
		raw  func(net.Conn)
		code connector.Code
		says bool
	}{
		"dropped": {func(raw net.Conn) { hello(raw); _, _ = io.Copy(io.Discard, raw) }, "timed-out", true},
		"reset":   {func(raw net.Conn) { hello(raw); atlassian.Reset(raw) }, "unreachable", true},
		"begun":   {func(raw net.Conn) { hello(raw); _, _ = raw.Write([]byte{22, 3, 3}); _, _ = io.Copy(io.Discard, raw) }, "timed-out", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.raw, w.limit = c.raw, time.Second
			r := w.check(t, jira, who(t, good))
			said := strings.Contains(r.Why, "TLS handshake") && strings.Contains(r.Remedies[0].Do, "GODEBUG=tlsmlkem=0")
			if r.Code != c.code || said != c.says {
				t.Errorf("%s: %s\n%+v", r.Code, r.Why, r.Remedies)
			}
		})
	}
}
