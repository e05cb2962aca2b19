package atlassian

// The tests' servers: real TLS on the loopback interface, with their own CA, reached under every
// name by the client's Dial.

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const testCloudID = "11111111-2222-3333-4444-555555555555"

// authority is the CA of the tests' certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t testing.TB, name string) *authority {
	t.Helper()
	a := &authority{pool: x509.NewCertPool()}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-9000 * time.Hour), NotAfter: time.Now().Add(9000 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.cert)
	return a
}

func (a *authority) issue(t testing.TB, edit func(*x509.Certificate), names ...string) tls.Certificate {
	t.Helper()
	return a.certify(t, a.key, edit, names...)
}

// certify signs a certificate for a key of its own.
func (a *authority) certify(t testing.TB, key crypto.Signer, edit func(*x509.Certificate), names ...string) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if edit != nil {
		edit(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key}
}

// hit is one request as a server received it.
type hit struct {
	host, path, query string
	signed            bool
}

// cloud is a server under test.
type cloud struct {
	server *httptest.Server
	ca     *authority
	conns  atomic.Int32

	mu   sync.Mutex
	hits []hit
}

func newCloud(t testing.TB, h http.Handler, edit func(*httptest.Server)) *cloud {
	t.Helper()
	c := &cloud{ca: newAuthority(t, "Test Authority")}
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.hits = append(c.hits, hit{r.Host, r.URL.Path, r.URL.RawQuery, r.Header.Get("Authorization") != ""})
		c.mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	c.server.EnableHTTP2 = true
	c.server.TLS = &tls.Config{Certificates: []tls.Certificate{c.ca.issue(t, nil, "acme.atlassian.net", "api.atlassian.com")}}
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	c.server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			c.conns.Add(1)
		}
	}
	if edit != nil {
		edit(c.server)
	}
	c.server.StartTLS()
	t.Cleanup(func() { c.server.CloseClientConnections(); c.server.Close() })
	return c
}

func (c *cloud) line() ClientConfig {
	return ClientConfig{
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, c.server.Listener.Addr().String())
		},
		Roots: c.ca.pool, Now: time.Now, Timeout: 10 * time.Second, UserAgent: "saasconnect/test",
	}
}

func (c *cloud) client(t testing.TB) *Client {
	client := NewClient(c.line())
	t.Cleanup(client.Close)
	return client
}

func (c *cloud) seen() []hit {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.hits)
}

func (c *cloud) signedRequests() int {
	n := 0
	for _, h := range c.seen() {
		if h.signed {
			n++
		}
	}
	return n
}

// reply is the answer for a path.
type reply struct {
	status int
	header map[string]string
	body   string
}

// replies serves answers by path; for the gateway the path's prefix is ignored.
type replies map[string]reply

func (rs replies) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, ok := rs[r.URL.Path]
	if !ok {
		answer = reply{status: 404, body: `{"errorMessages":[],"errors":{}}`}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Server", "AtlassianEdge")
	for k, v := range answer.header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(answer.status)
	_, _ = io.WriteString(w, answer.body)
}

const (
	pathTenant     = "/_edge/tenant_info"
	pathMyself     = "/rest/api/3/myself"
	pathPermission = "/rest/api/3/mypermissions"
	pathProjects   = "/rest/api/3/project/search"
	pathCurrent    = "/wiki/rest/api/user/current"
	pathSpaces     = "/wiki/api/v2/spaces"
)

func goodReplies() replies {
	return replies{
		pathTenant:     {200, nil, `{"cloudId":"` + testCloudID + `"}`},
		pathMyself:     {200, map[string]string{"Atl-Traceid": "41aa"}, `{"accountId":"5b10","accountType":"atlassian","active":true,"displayName":"Mia Krystof","emailAddress":"mia@example.com"}`},
		pathPermission: {200, nil, `{"permissions":{"ADMINISTER":{"havePermission":true},"SYSTEM_ADMIN":{"havePermission":false}}}`},
		pathProjects:   {200, nil, `{"total":14,"values":[{}]}`},
		pathCurrent:    {200, nil, `{"type":"known","accountId":"5b10","operations":[{"operation":"use","targetType":"application"},{"operation":"administer","targetType":"application"}]}`},
		pathSpaces:     {200, nil, `{"results":[{},{},{}],"_links":{"next":"/wiki/api/v2/spaces?cursor=x"}}`},
	}
}

func (rs replies) with(path string, r reply) replies { rs[path] = r; return rs }

func askFor(t testing.TB, p Product) Target {
	t.Helper()
	site, _, err := ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	return Target{Product: p, Site: site, Email: "mia@example.com"}
}

func must(t testing.TB, seen []Observation, call Call) Observation {
	t.Helper()
	o, ok := find(seen, call)
	if !ok {
		t.Fatalf("no %s among %+v", call, seen)
	}
	return o
}

func calls(seen []Observation) string {
	var names []string
	for _, o := range seen {
		names = append(names, string(o.Call))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func proxyAt(address string) func(*http.Request) (*url.URL, error) {
	return http.ProxyURL(&url.URL{Scheme: "http", Host: address, User: url.UserPassword("me", "PROXYSECRET")})
}
