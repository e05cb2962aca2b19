package atlassian_test

// The hosts that a check may call, on real sockets and with real TLS, answered by package
// fakecloud except for the answers that a test replaces; and the promises that hold for any check,
// whatever the servers do.

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
)

const (
	siteHost    = "acme.atlassian.net"
	gatewayHost = "api.atlassian.com"
)

// TestMain discards what Go's HTTP/2 logs about servers, as main does, and lets more tests run in
// parallel than there are processors.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// world is the network between a client and Atlassian, and Atlassian itself.
type world struct {
	authority interface {
		Pool() *x509.CertPool
		Issue(t testing.TB, edit func(*x509.Certificate), names ...string) tls.Certificate
		Certify(t testing.TB, key crypto.Signer, edit func(*x509.Certificate), names ...string) tls.Certificate
	}
	bent   map[string]http.HandlerFunc // replaced answers, by host and path
	server *httptest.Server
	raw    func(net.Conn) // handles every connection instead of the server
	proxy  string         // the value of HTTPS_PROXY
	limit  time.Duration
	unused func(host string) string // as in ClientConfig
	// through dials instead of the world itself.
	through func(context.Context, string, string) (net.Conn, error)

	mu       sync.Mutex
	requests []*arrival
	dialed   []string
}

// newWorld returns a world where everything works; edit may change the servers' TLS.
func newWorld(t testing.TB, edit func(*tls.Config)) *world {
	t.Helper()
	w := &world{bent: map[string]http.HandlerFunc{}, limit: 5 * time.Second, authority: atlassian.NewAuthority(t, "Test Authority")}
	good, _ := fakecloud.Find("ok")
	cloud := fakecloud.Open(good, time.Now, 0)
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		seen := &arrival{host: r.Host, path: r.URL.Path, signed: r.Header.Get("Authorization") != ""}
		w.requests = append(w.requests, seen)
		w.mu.Unlock()
		out = &noted{out, w, seen}
		if bent, ok := w.bent[r.Host+r.URL.Path]; ok {
			bent(out, r)
			return
		}
		cloud.ServeHTTP(out, r)
	}))
	w.server.EnableHTTP2 = true
	w.server.TLS = &tls.Config{Certificates: []tls.Certificate{w.authority.Issue(t, nil, siteHost, gatewayHost)}}
	w.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if edit != nil {
		edit(w.server.TLS)
	}
	w.server.StartTLS()
	t.Cleanup(func() { w.server.CloseClientConnections(); w.server.Close(); cloud.Close() })
	return w
}

// client returns a client in this world, which every host name leads to.
func (w *world) client(t testing.TB) *atlassian.Client {
	t.Helper()
	line := atlassian.ClientConfig{Roots: w.authority.Pool(), Now: time.Now, Timeout: w.limit, UserAgent: "saasconnect/test", Dial: w.dial(t), Unused: w.unused}
	if w.proxy != "" {
		address, err := url.Parse(w.proxy)
		if err != nil {
			t.Fatal(err)
		}
		line.Proxy = http.ProxyURL(address)
	}
	client := atlassian.NewClient(line)
	t.Cleanup(client.Close)
	return client
}

func (w *world) dial(t testing.TB) func(context.Context, string, string) (net.Conn, error) {
	address := w.server.Listener.Addr().String()
	if w.raw != nil {
		address = atlassian.RawServer(t.(*testing.T), w.raw)
	}
	return func(ctx context.Context, network, asked string) (net.Conn, error) {
		w.mu.Lock()
		w.dialed = append(w.dialed, asked)
		w.mu.Unlock()
		if w.through != nil {
			return w.through(ctx, network, asked)
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
}

// answer replaces the answer to one call.
func (w *world) answer(call string, h http.HandlerFunc) { w.bent[call] = h }

// reply returns an answer with Atlassian's mark, unless the header says otherwise.
func reply(status int, header map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server", "AtlassianEdge")
		w.Header().Set("Content-Type", "application/json")
		for name, value := range header {
			if w.Header().Set(name, value); value == "" {
				w.Header().Del(name)
			}
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// The calls, as host and path, with fakecloud's cloud id.
const (
	fakeCloudID       = "2f4c7a10-6d1e-4b8a-9c35-7e1d20b94a63"
	tenantCall        = siteHost + "/_edge/tenant_info"
	jiraCall          = siteHost + "/rest/api/3/myself"
	permissionsCall   = siteHost + "/rest/api/3/mypermissions"
	projectsCall      = siteHost + "/rest/api/3/project/search"
	confluenceCall    = siteHost + "/wiki/rest/api/user/current"
	spacesCall        = siteHost + "/wiki/api/v2/spaces"
	jiraGateway       = gatewayHost + "/ex/jira/" + fakeCloudID + "/rest/api/3/myself"
	confluenceGateway = gatewayHost + "/ex/confluence/" + fakeCloudID + "/wiki/rest/api/user/current"
)

// who returns what is typed: the seed of a situation of fakecloud.
func who(t testing.TB, situation string) fakecloud.Seed {
	t.Helper()
	s, known := fakecloud.Find(situation)
	if !known {
		t.Fatalf("no situation %q", situation)
	}
	return s.Seed
}

// check runs one check with a seed, and verifies every promise that holds for any check.
func (w *world) check(t testing.TB, product connector.Product, seed fakecloud.Seed) connector.Report {
	t.Helper()
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	token, receipt := atlassian.ReadToken(seed.Token)
	q := connector.CheckRequest{Product: product, Site: site, Email: seed.Email, Receipt: receipt}
	w.mu.Lock()
	w.requests, w.dialed = nil, nil
	w.mu.Unlock()
	begun := time.Now()
	var progress []connector.Progress
	r := connector.Check(t.Context(), w.client(t), time.Now, q, token, func(p connector.Progress) { progress = append(progress, p) })
	if took := time.Since(begun); took > w.limit+10*time.Second { // the margin is for a machine under load
		t.Errorf("%s: the check took %v with a limit of %v", r.Code, took, w.limit)
	}
	w.holds(t, r, progress, seed)
	return r
}

// holds verifies the promises.
func (w *world) holds(t testing.TB, r connector.Report, progress []connector.Progress, seed fakecloud.Seed) {
	t.Helper()
	if r.Code == "" || r.Title == "" || r.Why == "" || (r.Verdict != connector.Working && len(r.Remedies) == 0) {
		t.Errorf("an incomplete report: %+v", r)
	}
	if r.Good() && (r.Identity == nil || r.Admin == nil || !*r.Admin) {
		t.Errorf("%s without identity or admin right: %+v", r.Code, r)
	}
	ends := 0
	for _, s := range r.Stages {
		if s.Verdict == connector.Failing || s.Verdict == connector.Unknown {
			ends++
		}
	}
	if (ends != 0) == r.Good() || ends > 1 {
		t.Errorf("%s: %d stages end the check: %+v", r.Code, ends, r.Stages)
	}
	w.credentials(t, r)
	said := append([]string{connector.Message(r), connector.RedactedReport(r), fmt.Sprintf("%+v", r)}, texts(t, r)...)
	for _, p := range progress {
		said = append(said, texts(t, p)...)
	}
	for _, text := range said {
		clean(t, text, seed.Token)
	}
}

// credentials verifies that they were sent to the site and its gateway only, and refused at most
// twice.
func (w *world) credentials(t testing.TB, r connector.Report) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	refused := 0
	for _, a := range w.requests {
		if a.host != siteHost && a.host != gatewayHost {
			t.Errorf("a request reached %s", a.host)
		}
		if a.signed && a.refused {
			refused++
		}
	}
	if refused > 2 {
		t.Errorf("%s: %d refused sign-ins", r.Code, refused)
	}
	for _, asked := range w.dialed {
		if asked != siteHost+":443" && asked != gatewayHost+":443" && w.proxy == "" {
			t.Errorf("%s was dialed", asked)
		}
	}
}

// clean verifies that a text has no terminal control characters, no text of a library or a server,
// and no token.
func clean(t testing.TB, text, token string) {
	t.Helper()
	obeyed := func(r rune) bool {
		return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0xfeff
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, obeyed) {
		t.Errorf("not clean: %q", text)
	}
	for _, never := range []string{"dial tcp", "x509:", "tls: ", "http2:", "EOF", "net/http", "com.atlassian", "<html", "PROXYSECRET", "read tcp", "%!"} {
		if strings.Contains(text, never) {
			t.Errorf("%q is in what a person reads: %q", never, text)
		}
	}
	for at := 12; at+16 < len(token); at += 8 {
		if strings.Contains(text, token[at:at+16]) {
			t.Error("a part of the token is in what a person reads")
			break
		}
	}
}

// texts returns all strings of a value that is encoded as JSON.
func texts(t testing.TB, v any) []string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(data, &decoded); err != nil {
		t.Fatal(err)
	}
	return strands(decoded)
}

// strands returns the strings within a decoded value.
func strands(v any) (found []string) {
	switch v := v.(type) {
	case string:
		found = append(found, v)
	case []any:
		for _, one := range v {
			found = append(found, strands(one)...)
		}
	case map[string]any:
		for _, one := range v {
			found = append(found, strands(one)...)
		}
	}
	return found
}
