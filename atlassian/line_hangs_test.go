package atlassian_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// lulls returns connections on which nothing ever ends, each in another way.
func lulls(t *testing.T, w *world) map[string]func(net.Conn) {
	h1, h2 := []string{"http/1.1"}, []string{"h2"}
	const dot = 40 * time.Millisecond
	hush := func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
	ok := "HTTP/1.1 200 OK\r\nServer: AtlassianEdge\r\n"
	then := func(text string) func(net.Conn, net.Conn) {
		return func(conn, _ net.Conn) { _, _ = io.WriteString(conn, text); hush(conn) }
	}
	return map[string]func(net.Conn){
		"silence from the start":           hush,
		"silence after the first words":    func(conn net.Conn) { _, _ = conn.Write([]byte{22, 3, 3, 0, 80, 2, 0, 0, 76}); hush(conn) },
		"a handshake, byte by byte":        dribbled(t, w, dot),
		"silence after the handshake":      inTLS(t, w, h1, then("")),
		"silence within the status":        inTLS(t, w, h1, then("HTTP/1.1 2")),
		"silence within the header":        inTLS(t, w, h1, then(ok+"X: y")),
		"silence before the body":          inTLS(t, w, h1, then(ok+"Content-Length: 99\r\n\r\n")),
		"silence within the body":          inTLS(t, w, h1, then(ok+"Content-Length: 99\r\n\r\n{")),
		"silence within a chunk":           inTLS(t, w, h1, then(ok+"Transfer-Encoding: chunked\r\n\r\n5\r\n{")),
		"a header, byte by byte":           inTLS(t, w, h1, repeats(ok+"X: ", "y", dot)),
		"headers, one after the other":     inTLS(t, w, h1, repeats(ok, "X: y\r\n", dot)),
		"a body, byte by byte":             inTLS(t, w, h1, repeats(ok+"Content-Length: 99999\r\n\r\n{", " ", dot)),
		"a body without an end":            inTLS(t, w, h1, repeats(ok+"\r\n{", " ", dot)),
		"1xx, one after the other":         inTLS(t, w, h1, repeats("", "HTTP/1.1 102 Processing\r\n\r\n", dot)),
		"HTTP/2: silence":                  inTLS(t, w, h2, then("")),
		"HTTP/2: settings and silence":     inTLS(t, w, h2, then(h2Settings)),
		"HTTP/2: pings without an end":     inTLS(t, w, h2, repeats(h2Settings, frame(6, 0, 0, "12345678"), dot/8)),
		"HTTP/2: settings without an end":  inTLS(t, w, h2, repeats(h2Settings, h2Settings, dot/8)),
		"HTTP/2: headers without a body":   onEach(w, t, func(s uint32) string { return frame(1, 4, s, h2Status200) }),
		"HTTP/2: empty data without end":   onEach(w, t, func(s uint32) string { return frame(1, 4, s, h2Status200) + frame(0, 0, s, "") }),
		"HTTP/2: a window that stays shut": inTLS(t, w, h2, then(frame(4, 0, 0, "\x00\x04\x00\x00\x00\x00"))),
	}
}

// dribbled passes a valid handshake on, one byte at a time.
func dribbled(t *testing.T, w *world, pause time.Duration) func(net.Conn) {
	config := &tls.Config{Certificates: []tls.Certificate{w.authority.Issue(t, nil, siteHost)}}
	return func(raw net.Conn) {
		near, far := net.Pipe()
		defer func() { _ = near.Close() }()
		go func() { _ = tls.Server(far, config).HandshakeContext(context.Background()); _ = far.Close() }()
		go func() { _, _ = io.Copy(near, raw) }()
		for one := make([]byte, 1); ; time.Sleep(pause) {
			if _, err := near.Read(one); err != nil {
				return
			}
			if _, err := raw.Write(one); err != nil {
				return
			}
		}
	}
}

// TestLulls: the timeout works where nothing ever ends, and the report says which call it was.
func TestLulls(t *testing.T) {
	for name := range lulls(t, newWorld(t, nil)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.limit = 700 * time.Millisecond
			w.raw = lulls(t, w)[name]
			if r := w.check(t, confluence, who(t, good)); r.Code != "timed-out" || r.Evidence == nil || r.Evidence.Call != "GET /wiki/rest/api/user/current" {
				t.Errorf("%s: %s, %+v", r.Code, r.Why, r.Evidence)
			}
		})
	}
}

// TestNoStreamsAllowed is apart from the lulls, since the result depends on which side sends
// first. If the request comes first, it waits forever; if the server's setting does, Go takes the
// connection for unusable and opens others, which is stopped at the third. In both cases nothing
// is said about the token.
func TestNoStreamsAllowed(t *testing.T) {
	w := newWorld(t, nil)
	w.limit = 700 * time.Millisecond
	w.raw = inTLS(t, w, []string{"h2"}, func(conn, _ net.Conn) {
		_, _ = io.WriteString(conn, frame(4, 0, 0, "\x00\x03\x00\x00\x00\x00"))
		_, _ = io.Copy(io.Discard, conn)
	})
	if r := w.check(t, confluence, who(t, good)); r.Code != "timed-out" && r.Code != "unreachable" {
		t.Errorf("%s: %s", r.Code, r.Why)
	}
}

// promptly is how soon a canceled check must be over: with it Esc and Ctrl+C work.
const promptly = 100 * time.Millisecond

// TestGivingUpIsPrompt cancels each of them while it hangs. A machine under load may be late once;
// late three times in a row is the program's fault.
func TestGivingUpIsPrompt(t *testing.T) {
	worst := map[string]time.Duration{}
	names := slices.Sorted(maps.Keys(lulls(t, newWorld(t, nil))))
	for _, name := range names {
		took := time.Hour
		for attempt := 0; attempt < 3 && took > promptly; attempt++ {
			took = min(took, givenUp(t, name))
		}
		if worst[name] = took; took > promptly {
			t.Errorf("%s: over after %v", name, took)
		}
	}
	t.Logf("given up at %d points, the slowest over after %v", len(names), slices.Max(slices.Collect(maps.Values(worst))))
}

// givenUp returns how long a hanging check takes to be over after it was canceled.
func givenUp(t *testing.T, name string) time.Duration {
	t.Helper()
	w := newWorld(t, nil)
	w.limit = 30 * time.Second
	w.raw = lulls(t, w)[name]
	client := w.client(t)
	seed := who(t, good)
	token, _ := atlassian.ReadToken(seed.Token)
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var at atomic.Int64
	time.AfterFunc(60*time.Millisecond, func() { at.Store(time.Now().UnixNano()); cancel() })
	seen := client.Observe(ctx, atlassian.Target{Product: jira, Site: site, Email: seed.Email}, token, nil)
	took := time.Duration(time.Now().UnixNano() - at.Load())
	for _, o := range seen {
		if o.Fault == nil || o.Fault.Kind != atlassian.FaultCanceled {
			t.Errorf("%s: %+v, fault %+v", name, o, o.Fault)
		}
	}
	return took
}

// TestCutAnywhere cuts a good check after each number of bytes from the server, with and without
// an orderly close: in the handshake, between answers and inside them.
func TestCutAnywhere(t *testing.T) {
	whole := func() int {
		w := newWorld(t, nil)
		total := cut(w, 1<<30, false)
		if r := w.check(t, jira, who(t, good)); r.Code != "ok" {
			t.Fatalf("%s", r.Code)
		}
		return int(total.Load())
	}()
	if whole < 1500 {
		t.Fatalf("a whole conversation has %d bytes", whole)
	}
	codes := map[connector.Code]int{}
	results := make(chan connector.Code)
	step := max(1, whole/150)
	count := 0
	slots := make(chan struct{}, 16)
	for after := 0; after <= whole; after += step {
		for _, hard := range []bool{false, true} {
			count++
			go func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				w := newWorld(t, nil)
				w.limit = 20 * time.Second
				cut(w, after, hard)
				results <- w.check(t, jira, who(t, good)).Code
			}()
		}
	}
	for range count {
		codes[<-results]++
	}
	for code := range codes {
		// Cut right after the last answer that matters, everything is known.
		if code != "unreachable" && code != "ok" {
			t.Errorf("%s, %d times", code, codes[code])
		}
	}
	if codes["unreachable"] < count*2/3 {
		t.Errorf("%v", codes)
	}
	t.Logf("%d conversations of up to %d bytes were cut: %v", count, whole, codes)
}

// cut puts a relay between client and server that closes each connection after a number of bytes
// from the server. It returns the number of bytes that passed.
func cut(w *world, after int, hard bool) *atomic.Int64 {
	passed := &atomic.Int64{}
	server := w.server.Listener.Addr().String()
	w.raw = func(near net.Conn) {
		far, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", server)
		if err != nil {
			return
		}
		defer func() { _ = far.Close() }()
		go func() { _, _ = io.Copy(far, near) }()
		_, err = io.CopyN(io.MultiWriter(near, counter{passed}), far, int64(after))
		if hard && !errors.Is(err, io.EOF) {
			atlassian.Reset(near)
		}
	}
	return passed
}

// counter counts the bytes written to it.
type counter struct{ n *atomic.Int64 }

// Write counts b and discards it.
func (c counter) Write(p []byte) (int, error) { c.n.Add(int64(len(p))); return len(p), nil }

// TestProxies uses proxies that are down, require a sign-in, or send invalid answers.
func TestProxies(t *testing.T) {
	says := func(text string) func(net.Conn) {
		return func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)); _, _ = io.WriteString(conn, text) }
	}
	tunnel := func(then func(net.Conn)) func(net.Conn) {
		return func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
			then(conn)
		}
	}
	for _, c := range []struct {
		name   string
		scheme string
		talk   func(t *testing.T, w *world) func(net.Conn)
		code   connector.Code
		says   string
	}{
		{"wants a sign-in", "http", nil, "proxy-refused", "requires a sign-in"},
		{"forbids", "http", func(*testing.T, *world) func(net.Conn) {
			return says("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
		}, "proxy-refused", "(403)"},
		{"has a bad gateway", "http", func(*testing.T, *world) func(net.Conn) {
			return says("HTTP/1.1 502 Bad Gateway\r\n\r\n<html>no")
		}, "proxy-refused", "(502)"},
		{"redirects", "http", func(*testing.T, *world) func(net.Conn) {
			return says("HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/\r\n\r\n")
		}, "proxy-refused", "(302)"},
		{"talks nonsense", "http", func(*testing.T, *world) func(net.Conn) { return says("\x1b[31mwhat?\r\n\r\n") }, "proxy-refused", "without a valid answer"},
		{"hangs up", "http", func(*testing.T, *world) func(net.Conn) { return says("") }, "proxy-refused", "without a valid answer"},
		{"has a header without an end", "http", func(*testing.T, *world) func(net.Conn) {
			return says("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 3<<20))
		}, "proxy-refused", "without a valid answer"},
		{"is silent", "http", func(*testing.T, *world) func(net.Conn) {
			return func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
		}, "timed-out", "The proxy http://127.0.0.1:3128 was used"},
		{"lets through and is silent", "http", func(*testing.T, *world) func(net.Conn) {
			return tunnel(func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
		}, "timed-out", "The proxy http://127.0.0.1:3128 was used"},
		{"lets through to plain HTTP", "http", func(*testing.T, *world) func(net.Conn) {
			return tunnel(says("HTTP/1.1 200 OK\r\n\r\n"))
		}, "tls-invalid", "unencrypted response"},
		{"lets through and hangs up", "http", func(*testing.T, *world) func(net.Conn) { return tunnel(func(net.Conn) {}) }, "unreachable", "The proxy http://127.0.0.1:3128 was used"},
		{"opens what is encrypted", "http", func(t *testing.T, _ *world) func(net.Conn) {
			config := &tls.Config{Certificates: []tls.Certificate{atlassian.NewAuthority(t, "Example Corp TLS Inspection").Issue(t, nil, siteHost)}}
			return tunnel(func(conn net.Conn) { _ = tls.Server(conn, config).HandshakeContext(context.Background()) })
		}, "tls-untrusted", "Example Corp TLS Inspection"},
		{"is itself not to be trusted", "https", func(t *testing.T, _ *world) func(net.Conn) {
			config := &tls.Config{Certificates: []tls.Certificate{atlassian.NewAuthority(t, "Example Corp Proxies").Issue(t, nil, "127.0.0.1")}}
			return func(conn net.Conn) { _ = tls.Server(conn, config).HandshakeContext(context.Background()) }
		}, "proxy-refused", `"Example Corp Proxies"`},
		{"speaks no TLS, and should", "https", func(*testing.T, *world) func(net.Conn) { return says("HTTP/1.1 400 Bad Request\r\n\r\n") }, "proxy-refused", "encrypted connection to the proxy failed"},
		{"speaks no SOCKS, and should", "socks5", func(*testing.T, *world) func(net.Conn) { return says("HTTP/1.1 400 Bad Request\r\n\r\n") }, "proxy-refused", "without a valid answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.limit = 2 * time.Second
			talk := says("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"\u202ecorp\"\r\nContent-Length: 0\r\n\r\n")
			if c.talk != nil {
				talk = c.talk(t, w)
			}
			w.raw = talk
			w.proxy = c.scheme + "://me:PROXYSECRET@127.0.0.1:3128"
			r := w.check(t, jira, who(t, good))
			if r.Code != c.code || !strings.Contains(r.Title+" "+r.Why, c.says) {
				t.Errorf("%s: %s. %s\nwant %s with %q", r.Code, r.Title, r.Why, c.code, c.says)
			}
		})
	}
	t.Run("is down", func(t *testing.T) {
		w := newWorld(t, nil)
		w.proxy = "http://me:PROXYSECRET@127.0.0.1:3128"
		w.server.Close()
		if r := w.check(t, jira, who(t, good)); r.Code != "proxy-refused" || !strings.Contains(r.Why, "http://127.0.0.1:3128, which doesn't answer") {
			t.Errorf("%s: %s", r.Code, r.Why)
		}
	})
}

// TestNamesAndPorts uses Go's real resolver with a name server that answers wrongly in every way,
// and a port where nothing listens.
func TestNamesAndPorts(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(query []byte) []byte // nil: no answer
		code   connector.Code
		says   string
	}{
		"no such name":       {func(q []byte) []byte { return dnsAnswer(q, 3) }, "unreachable", "be resolved"},
		"the server fails":   {func(q []byte) []byte { return dnsAnswer(q, 2) }, "unreachable", "be resolved"},
		"the server refuses": {func(q []byte) []byte { return dnsAnswer(q, 5) }, "unreachable", "be resolved"},
		"no address":         {func(q []byte) []byte { return dnsAnswer(q, 0) }, "unreachable", "be resolved"},
		"nonsense":           {func([]byte) []byte { return []byte("\xff\xff") }, "timed-out", "no complete answer"},
		"silence":            {nil, "timed-out", "no complete answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.limit = 1500 * time.Millisecond
			w.through = resolvedBy(t, c.answer)
			if r := w.check(t, jira, who(t, good)); r.Code != c.code || !strings.Contains(r.Why, c.says) {
				t.Errorf("%s: %s", r.Code, r.Why)
			}
		})
	}
	t.Run("a port where nothing listens", func(t *testing.T) {
		w := newWorld(t, nil)
		w.server.Close()
		if r := w.check(t, jira, who(t, good)); r.Code != "unreachable" || !strings.Contains(r.Why, "was refused") {
			t.Errorf("%s: %s", r.Code, r.Why)
		}
	})
}

// dnsAnswer turns a query into an answer without records.
func dnsAnswer(query []byte, code byte) []byte {
	answer := slices.Clone(query)
	if len(answer) < 12 {
		return nil
	}
	answer[2] |= 0x80
	answer[3] = 0x80 | code
	binary.BigEndian.PutUint16(answer[10:], 0) // without the query's additional record
	end := 12
	for end < len(answer) && answer[end] != 0 {
		end += int(answer[end]) + 1
	}
	return answer[:min(len(answer), end+5)]
}

// resolvedBy returns a dialer that uses a name server on the loopback interface.
func resolvedBy(t *testing.T, answer func([]byte) []byte) func(context.Context, string, string) (net.Conn, error) {
	t.Helper()
	server, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil { // as under Wine 8
		t.Skip("nothing can listen on UDP: ", err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go func() {
		for packet := make([]byte, 4096); ; {
			n, from, err := server.ReadFrom(packet)
			if err != nil {
				return
			}
			if answer != nil {
				_, _ = server.WriteTo(answer(packet[:n]), from)
			}
		}
	}()
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
	return (&net.Dialer{Resolver: resolver}).DialContext
}

// TestHostileMemory watches the heap while connections send data without end.
func TestHostileMemory(t *testing.T) {
	for name, talk := range map[string]func(*testing.T, *world) func(net.Conn){
		"headers": func(t *testing.T, w *world) func(net.Conn) {
			return inTLS(t, w, []string{"http/1.1"}, repeats("HTTP/1.1 200 OK\r\n", "X: "+strings.Repeat("y", 1<<16)+"\r\n", 0))
		},
		"one header": func(t *testing.T, w *world) func(net.Conn) {
			return inTLS(t, w, []string{"http/1.1"}, repeats("HTTP/1.1 200 OK\r\nX: ", strings.Repeat("y", 1<<16), 0))
		},
		"1xx": func(t *testing.T, w *world) func(net.Conn) {
			return inTLS(t, w, []string{"http/1.1"}, repeats("", strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n", 1000), 0))
		},
		"chunk sizes": func(t *testing.T, w *world) func(net.Conn) {
			return inTLS(t, w, []string{"http/1.1"}, repeats("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", strings.Repeat("0", 1<<16), 0))
		},
		"trailers": func(t *testing.T, w *world) func(net.Conn) {
			return inTLS(t, w, []string{"http/1.1"}, repeats("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: "+strings.Repeat("y", 1<<16)+"\r\n", 0))
		},
		"frames": func(t *testing.T, w *world) func(net.Conn) {
			return inTLS(t, w, []string{"h2"}, repeats(h2Settings, strings.Repeat(frame(0xfa, 0, 0, strings.Repeat("y", 1<<14)), 4), 0))
		},
		"headers, 2": func(t *testing.T, w *world) func(net.Conn) {
			return onEach(w, t, func(s uint32) string {
				return frame(1, 0, s, h2Status200) + strings.Repeat(frame(9, 0, s, strings.Repeat("\x88", 1<<14)), 200)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.limit = 2 * time.Second
			w.raw = talk(t, w)
			var r connector.Report
			grown := peak(func() { r = w.check(t, jira, who(t, good)) })
			if r.Code != "not-atlassian" && r.Code != "timed-out" && r.Code != "unreachable" {
				t.Errorf("%s: %s", r.Code, r.Why)
			}
			if grown > heap {
				t.Errorf("the heap grew by %d MB", grown>>20)
			}
			t.Logf("%s; the heap grew by %d KB at most", r.Code, grown>>10)
		})
	}
}
