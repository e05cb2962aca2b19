package fakecloud_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian/fakecloud"
)

// hangGuard bounds a test that would otherwise hang; no test waits for it.
const hangGuard = 30 * time.Second

// world is a running cloud and a plain client of net/http connected to it; it uses no code of
// package atlassian.
type world struct {
	*fakecloud.Cloud
	t      *testing.T
	seed   fakecloud.Seed
	client *http.Client
}

func open(t *testing.T, name string) *world {
	t.Helper()
	s, known := fakecloud.Find(name)
	if !known {
		t.Fatalf("no situation %q", name)
	}
	cloud := fakecloud.Open(s, time.Now, 0)
	transport := &http.Transport{
		DialContext: cloud.Dial, Proxy: cloud.Proxy, ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{RootCAs: cloud.Roots(), MinVersion: tls.VersionTLS12},
	}
	t.Cleanup(func() { transport.CloseIdleConnections(); cloud.Close() })
	return &world{cloud, t, s.Seed, &http.Client{
		Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a response that was read completely.
type answer struct {
	*http.Response
	body string
}

type option func(*http.Request)

func basic(email, token string) option {
	return func(r *http.Request) { r.SetBasicAuth(email, token) }
}

func header(name, value string) option {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func (w *world) try(ctx context.Context, address string, options ...option) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Accept", "application/json")
	for _, o := range options {
		o(r)
	}
	response, err := w.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response, string(body)}, err
}

func (w *world) get(address string, options ...option) answer {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), hangGuard)
	defer cancel()
	a, err := w.try(ctx, address, options...)
	if err != nil {
		w.t.Fatalf("GET %s: %v", address, err)
	}
	return a
}

func TestOneHandshakeForMany(t *testing.T) {
	w := open(t, "ok")
	for range 3 {
		a := w.get("https://acme.atlassian.net/_edge/tenant_info")
		if a.StatusCode != 200 || a.Proto != "HTTP/2.0" || a.TLS.Version != tls.VersionTLS13 {
			t.Fatalf("%s over %s", a.Status, a.Proto)
		}
	}
	w.get("https://acme.atlassian.net/rest/api/3/myself", basic(w.seed.Email, w.seed.Token))
	if n := w.Connections(); n != 1 {
		t.Errorf("%d handshakes", n)
	}
	seen := w.Requests()
	want := fakecloud.Request{Host: "acme.atlassian.net", Method: "GET", Path: "/rest/api/3/myself", Authorized: true, Proto: "HTTP/2.0"}
	if len(seen) != 4 || seen[3] != want || seen[0].Authorized {
		t.Errorf("requests %+v", seen)
	}
	w.get("https://api.atlassian.com/")
	if n := w.Connections(); n != 2 {
		t.Errorf("%d handshakes for two hosts", n)
	}
}

func TestHTTP1(t *testing.T) {
	w := open(t, "ok")
	w.client.Transport.(*http.Transport).ForceAttemptHTTP2 = false
	a := w.get("https://acme.atlassian.net/_edge/tenant_info")
	if a.Proto != "HTTP/1.1" || a.StatusCode != 200 {
		t.Errorf("%s over %s", a.Status, a.Proto)
	}
}

// Each fault of a connection returns the error that a real connection would.
func TestFaults(t *testing.T) {
	is := func(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }
	says := func(text string) func(error) bool {
		return func(err error) bool { return strings.Contains(err.Error(), text) }
	}
	invalid := func(why x509.InvalidReason) func(error) bool {
		return func(err error) bool {
			var e x509.CertificateInvalidError
			return errors.As(err, &e) && e.Reason == why
		}
	}
	faults := map[string]func(error) bool{
		"unreachable": func(err error) bool {
			var e *net.DNSError
			return errors.As(err, &e) && e.IsNotFound && e.Name == "acme.atlassian.net"
		},
		"connection-refused": func(err error) bool {
			var e *net.OpError
			return errors.As(err, &e) && e.Op == "dial" && errors.Is(err, syscall.ECONNREFUSED)
		},
		"no-route":         is(syscall.ENETUNREACH),
		"connection-reset": is(syscall.ECONNRESET),
		"closed-early":     is(io.EOF),
		"tls-untrusted": func(err error) bool {
			var e x509.UnknownAuthorityError
			return errors.As(err, &e) && strings.Contains(e.Cert.Issuer.String(), "Example Corp TLS Inspection")
		},
		"tls-expired": invalid(x509.Expired),
		"tls-invalid": invalid(x509.Expired), // x509 has no other reason for "not yet valid"
		"tls-wrong-host": func(err error) bool {
			var e x509.HostnameError
			return errors.As(err, &e) && e.Host == "acme.atlassian.net"
		},
		"tls-old":                says("protocol version not supported"),
		"tls-client-certificate": says("remote error: tls: handshake failure"),
		"plain-http": func(err error) bool {
			var e tls.RecordHeaderError
			return errors.As(err, &e) || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
		},
		"proxy-refused": func(err error) bool {
			var e *net.OpError
			return errors.As(err, &e) && e.Op == "proxyconnect" && errors.Is(err, syscall.ECONNREFUSED)
		},
		"proxy-unknown": func(err error) bool {
			var e *net.DNSError
			return errors.As(err, &e) && e.Name == "proxy.example.com"
		},
		"proxy-auth":    says("Proxy Authentication Required"),
		"proxy-forbids": says("Forbidden"),
	}
	for name, fits := range faults {
		t.Run(name, func(t *testing.T) {
			w := open(t, name)
			ctx, cancel := context.WithTimeout(t.Context(), hangGuard)
			defer cancel()
			_, err := w.try(ctx, "https://acme.atlassian.net/_edge/tenant_info")
			if err == nil || ctx.Err() != nil || !fits(err) {
				t.Errorf("%T %v", errors.Unwrap(err), err)
			}
			if n := w.Connections(); n != 0 {
				t.Errorf("%d handshakes", n)
			}
		})
	}
}

// A connection without an answer ends with the caller's limit, under a fake clock.
func TestSilenceEndsWithItsContext(t *testing.T) {
	for _, name := range []string{"timed-out", "timed-out-midway", "timed-out-connecting", "timed-out-silent", "proxy-silent"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := open(t, name)
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
				defer cancel()
				_, err := w.try(ctx, "https://acme.atlassian.net/wiki/rest/api/user/current", basic(w.seed.Email, w.seed.Token))
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 15*time.Second {
					t.Errorf("%v after %v", err, time.Since(began))
				}
			})
		})
	}
}

// Close ends everything: in a synctest bubble a leaked goroutine is a failure.
func TestCloseEndsEverything(t *testing.T) {
	for _, s := range fakecloud.Situations() {
		t.Run(s.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := open(t, s.Name)
				done := make(chan error, 2)
				for _, path := range []string{"/rest/api/3/myself", "/wiki/rest/api/user/current"} {
					go func() {
						_, err := w.try(t.Context(), "https://acme.atlassian.net"+path, basic(s.Seed.Email, s.Seed.Token))
						done <- err
					}()
				}
				synctest.Wait() // answered, refused, or waiting for an answer that never comes
				w.Close()
				w.Close()
				<-done
				<-done
				if _, err := w.try(t.Context(), "https://acme.atlassian.net/"); err == nil {
					t.Error("a closed cloud answers")
				}
			})
		})
	}
}

func TestCloseUnused(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		fakecloud.Open(fakecloud.Situations()[0], time.Now, 0).Close()
	})
}

func TestLatencyEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := fakecloud.Find("ok")
		cloud := fakecloud.Open(s, time.Now, time.Minute)
		defer cloud.Close()
		transport := &http.Transport{DialContext: cloud.Dial, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: cloud.Roots()}}
		defer transport.CloseIdleConnections()
		w := &world{cloud, t, s.Seed, &http.Client{Transport: transport}}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.try(ctx, "https://acme.atlassian.net/"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("given up after %v", took)
		}
		began = time.Now()
		if _, err := w.try(t.Context(), "https://acme.atlassian.net/_edge/tenant_info"); err != nil || time.Since(began) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestNames(t *testing.T) {
	w := open(t, "ok")
	for address, known := range map[string]bool{
		"acme.atlassian.net:443": true, "nobody-at-all.atlassian.net:443": true, "api.atlassian.com:443": true,
		"a.b.atlassian.net:443": false, "atlassian.net:443": false, "example.com:443": false, ".atlassian.net:443": false,
	} {
		conn, err := w.Dial(t.Context(), "tcp", address)
		var dns *net.DNSError
		if (err == nil) != known || err != nil && !errors.As(err, &dns) {
			t.Errorf("%s: %v", address, err)
		}
		if conn != nil {
			conn.Close()
		}
	}
	if _, err := w.Dial(t.Context(), "tcp", "acme.atlassian.net:8443"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("another port: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Dial(ctx, "tcp", "acme.atlassian.net:443"); !errors.Is(err, context.Canceled) {
		t.Errorf("a dial that was given up: %v", err)
	}
}

func TestProxyHoldsAPassword(t *testing.T) {
	w := open(t, "proxy-auth")
	u, err := w.Proxy(nil)
	if _, set := (&url.URL{User: u.User}).User.Password(); err != nil || !set {
		t.Errorf("%v, %v: nothing to hide", u, err)
	}
	if u, err := open(t, "ok").Proxy(nil); u != nil || err != nil {
		t.Errorf("a proxy on a good day: %v, %v", u, err)
	}
}
