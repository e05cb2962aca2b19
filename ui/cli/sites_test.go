package cli_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
)

// A world of any number of sites on the loopback: a proxy that takes CONNECT for every
// name, and behind it one server that is all of them, by the name of the handshake. It
// counts, and answers after a latency what the pretend Atlassian answers on a good day.

type sites struct {
	proxy, ca string // for HTTPS_PROXY and --ca-file
	latency   time.Duration
	answers   map[string]*httptest.ResponseRecorder // by path
	busy      func(host string) bool                // answers 429 where it is true; may be nil
	conns     chan net.Conn

	mu         sync.Mutex
	tunnels    map[string]int // by host: each is a handshake
	asking     map[string]int // requests going on, by host
	mostSites  int
	mostAtOnce int // requests of one site
	requests   int
}

// openSites opens it for as long as the test lasts.
func openSites(tb testing.TB, latency time.Duration, protocols ...string) *sites {
	tb.Helper()
	w := &sites{latency: latency, tunnels: map[string]int{}, asking: map[string]int{}, conns: make(chan net.Conn)}
	w.record(tb)
	front, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	certificate, authority := wildcard(tb)
	w.ca = filepath.Join(tb.TempDir(), "ca.pem")
	if err := os.WriteFile(w.ca, authority, 0o600); err != nil {
		tb.Fatal(err)
	}
	quiet := log.New(io.Discard, "", 0)
	inner := &http.Server{
		Handler: w, ErrorLog: quiet, ReadHeaderTimeout: time.Minute,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: protocols, MinVersion: tls.VersionTLS12},
	}
	outer := &http.Server{Handler: http.HandlerFunc(w.tunnel), ErrorLog: quiet, ReadHeaderTimeout: time.Minute}
	w.proxy = "http://" + front.Addr().String()
	ended := make(chan struct{})
	behind := handed{front.Addr(), w.conns, ended, sync.OnceFunc(func() { close(ended) })}
	go func() { _ = inner.ServeTLS(behind, "", "") }()
	go func() { _ = outer.Serve(front) }()
	tb.Cleanup(func() { _ = outer.Close(); _ = inner.Close() })
	return w
}

// handed is a listener for connections that come out of the proxy.
type handed struct {
	at    net.Addr
	conns chan net.Conn
	ended chan struct{}
	end   func()
}

func (h handed) Accept() (net.Conn, error) {
	select {
	case conn := <-h.conns:
		return conn, nil
	case <-h.ended:
		return nil, net.ErrClosed
	}
}
func (h handed) Addr() net.Addr { return h.at }
func (h handed) Close() error   { h.end(); return nil }

// record asks the pretend Atlassian once for each answer.
func (w *sites) record(tb testing.TB) {
	tb.Helper()
	good, _ := fakecloud.Find("ok")
	cloud := fakecloud.Open(good, time.Now, 0)
	defer cloud.Close()
	w.answers = map[string]*httptest.ResponseRecorder{}
	for _, path := range []string{"/_edge/tenant_info", "/rest/api/3/myself", "/rest/api/3/mypermissions?permissions=ADMINISTER,SYSTEM_ADMIN", "/rest/api/3/project/search?maxResults=1"} {
		r := httptest.NewRequest(http.MethodGet, "https://acme.atlassian.net"+path, nil)
		r.TLS = &tls.ConnectionState{}
		if !strings.Contains(path, "_edge") {
			r.SetBasicAuth(good.Seed.Email, good.Seed.Token)
		}
		w.answers[r.URL.Path] = httptest.NewRecorder()
		cloud.ServeHTTP(w.answers[r.URL.Path], r)
	}
}

// tunnel answers CONNECT and hands the connection to the server behind.
func (w *sites) tunnel(out http.ResponseWriter, r *http.Request) {
	hijacker, ok := out.(http.Hijacker)
	if r.Method != http.MethodConnect || !ok {
		http.Error(out, "CONNECT only", http.StatusMethodNotAllowed)
		return
	}
	host, _, _ := net.SplitHostPort(r.Host)
	w.mu.Lock()
	w.tunnels[host]++
	w.mu.Unlock()
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	w.conns <- conn
}

// ServeHTTP is every site.
func (w *sites) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.requests++
	w.asking[r.Host]++
	w.mostSites, w.mostAtOnce = max(w.mostSites, len(w.asking)), max(w.mostAtOnce, w.asking[r.Host])
	busy := w.busy != nil && w.busy(r.Host)
	w.mu.Unlock()
	time.Sleep(w.latency)
	w.mu.Lock()
	if w.asking[r.Host]--; w.asking[r.Host] == 0 {
		delete(w.asking, r.Host)
	}
	w.mu.Unlock()
	answer := w.answers[r.URL.Path]
	switch {
	case answer == nil:
		http.NotFound(out, r)
		return
	case busy && r.Header.Get("Authorization") != "":
		out.Header().Set("Retry-After", "3")
		out.Header().Set("Atl-Traceid", "41aa")
		out.WriteHeader(http.StatusTooManyRequests)
		return
	}
	for name, values := range answer.Header() {
		out.Header()[name] = values
	}
	out.WriteHeader(answer.Code)
	_, _ = out.Write(answer.Body.Bytes())
}

// handshakes are the tunnels of all sites, and of how many there were more than one.
func (w *sites) handshakes() (all, twice int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.tunnels {
		all += n
		if n > 1 {
			twice++
		}
	}
	return all, twice
}

// wildcard is a certificate for every site, and the authority that signed it, as PEM.
func wildcard(tb testing.TB) (tls.Certificate, []byte) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	self := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, DNSNames: []string{"*.atlassian.net", "api.atlassian.com"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, self, self, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// fill writes a home with connectors, one for each of the names; each reads its token from
// the variable TOKEN. It returns the folder.
func fill(tb testing.TB, names []string) string {
	tb.Helper()
	type record struct {
		connector.Connector
		Ref string `json:"ref,omitempty"`
	}
	var content struct {
		Version    int      `json:"version"`
		Revision   int      `json:"revision"`
		Connectors []record `json:"connectors"`
		Loose      []string `json:"loose"`
	}
	content.Version, content.Revision = 2, 1
	for i, name := range names {
		site, _, err := atlassian.ParseSite(name)
		if err != nil {
			tb.Fatal(err)
		}
		content.Connectors = append(content.Connectors, record{Connector: connector.Connector{
			ID: fmt.Sprintf("%08x-0000-4000-8000-000000000000", i), Name: fmt.Sprintf("%s-%d", name, i), Product: connector.Jira, Site: site,
			Email: "mia@example.com", KeptIn: connector.StorageReference, Reference: &connector.Reference{Env: "TOKEN"}, TokenSince: time.Now(),
			Added: connector.Stamp{By: "mia", Role: connector.RoleGlobalAdmin, At: time.Now()},
		}})
	}
	data, err := json.Marshal(content)
	if err != nil {
		tb.Fatal(err)
	}
	home := filepath.Join(tb.TempDir(), "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "connectors.json"), data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return home
}

func siteNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("customer-%d", i)
	}
	return names
}

// checkAllOf runs `check --all --jsonl` in the world and returns its lines.
func (w *sites) checkAllOf(tb testing.TB, home string, more ...string) [][]byte {
	tb.Helper()
	good, _ := fakecloud.Find("ok")
	cmd := programFor(tb, append([]string{"check", "--all", "--jsonl", "--ca-file", w.ca, "--home", home}, more...)...)
	cmd.Env = append(cmd.Env, "HTTPS_PROXY="+w.proxy, "TOKEN="+good.Seed.Token)
	out, _ := cmd.Output() // the exit code says what the lines say
	return bytes.Split(bytes.TrimSpace(out), []byte("\n"))
}

// A check of many: one handshake a site, no more sites at once than asked for, and never
// more than one check's requests at a site.
func TestCheckAllOfManySites(t *testing.T) {
	w := openSites(t, 20*time.Millisecond, "h2", "http/1.1")
	home := fill(t, append(siteNames(40), siteNames(10)...))
	lines := w.checkAllOf(t, home, "--parallel", "6")
	for _, line := range lines {
		if !bytes.Contains(line, []byte(`"code":"ok"`)) {
			t.Fatalf("a result: %s", line)
		}
	}
	all, twice := w.handshakes()
	if len(lines) != 50 || all != 40 || twice != 0 || w.requests != 250 {
		t.Errorf("%d results, %d handshakes (%d sites had two), %d requests", len(lines), all, twice, w.requests)
	}
	if w.mostSites > 6 || w.mostAtOnce > 4 {
		t.Errorf("%d sites at once, %d requests of one", w.mostSites, w.mostAtOnce)
	}
}

// A site that has had too much slows its own connectors and no others.
func TestCheckAllWithABusySite(t *testing.T) {
	t.Parallel()
	w := openSites(t, time.Millisecond, "h2")
	first := time.Time{}
	w.busy = func(host string) bool {
		if first.IsZero() && strings.HasPrefix(host, "busy") {
			first = time.Now()
		}
		return strings.HasPrefix(host, "busy") && time.Since(first) < 2*time.Second
	}
	lines := w.checkAllOf(t, fill(t, append([]string{"busy", "busy"}, siteNames(20)...)), "--parallel", "2")
	if len(lines) != 22 || !bytes.Contains(lines[21], []byte(`"name":"busy-1"`)) || !bytes.Contains(lines[21], []byte(`"code":"ok"`)) {
		t.Errorf("%d results; the last: %s", len(lines), lines[len(lines)-1])
	}
}
