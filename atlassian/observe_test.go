package atlassian

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestCallsAndRefusedSignIns(t *testing.T) {
	mustAuth := reply{401, map[string]string{"X-Seraph-Loginreason": "AUTHENTICATED_FAILED"}, "Client must be authenticated to access this resource."}
	tomcat := reply{401, map[string]string{"Content-Type": "text/html"}, "<!doctype html><title>HTTP Status 401 – Unauthorized</title>"}
	noConfluence := reply{403, nil, `{"message":"Current user not permitted to use Confluence","statusCode":403}`}
	gatewayJira, gatewayWiki := "/ex/jira/"+testCloudID+pathMyself, "/ex/confluence/"+testCloudID+pathCurrent
	for _, c := range []struct {
		name    string
		product Product
		cloud   replies
		calls   string
		signed  int // requests with credentials
		conns   int32
	}{
		{"jira", Jira, goodReplies(), "coverage identity listed permissions tenant", 4, 1},
		{"confluence", Confluence, goodReplies(), "coverage identity tenant", 2, 1},
		{"jira refused", Jira, goodReplies().with(pathMyself, mustAuth).with(gatewayJira, reply{401, nil, `{"code":401,"message":"Unauthorized"}`}), "gateway identity tenant", 2, 2},
		{"jira scoped", Jira, goodReplies().with(pathMyself, mustAuth).with(gatewayJira, reply{200, nil, `{"accountId":"5b10"}`}), "front gateway identity scopes tenant", 3, 2},
		{"jira silent anonymous", Jira, goodReplies().with(pathMyself, reply{200, map[string]string{"X-Seraph-Loginreason": "OUT, AUTHENTICATED_FAILED"}, `{"accountId":"5b10"}`}), "gateway identity tenant", 2, 2},
		{"jira refused, no cloud id", Jira, goodReplies().with(pathMyself, mustAuth).with(pathTenant, reply{200, nil, `{"cloudId":"../../evil"}`}), "identity tenant", 1, 1},
		{"jira captcha", Jira, goodReplies().with(pathMyself, reply{403, map[string]string{"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=x"}, ""}), "identity tenant", 1, 1},
		{"jira password", Jira, goodReplies().with(pathMyself, reply{401, nil, "Basic authentication with passwords is deprecated."}), "identity tenant", 1, 1},
		{"jira bearer", Jira, goodReplies().with(pathMyself, reply{403, nil, `{"error":"Failed to parse Connect Session Auth Token"}`}), "identity tenant", 1, 1},
		{"jira ip", Jira, goodReplies().with(pathMyself, reply{403, nil, `{"errorMessages":["The IP address has been rejected because it is not on the allowed list."]}`}), "identity tenant", 1, 1},
		{"no site", Jira, replies{}, "identity tenant", 1, 1},
		{"confluence refused", Confluence, goodReplies().with(pathCurrent, noConfluence).with(pathMyself, mustAuth), "identity jira-identity tenant", 2, 1},
		{"confluence no license", Confluence, goodReplies().with(pathCurrent, noConfluence), "identity jira-identity tenant", 2, 1},
		{"confluence anonymous", Confluence, goodReplies().with(pathCurrent, reply{200, nil, `{"type":"anonymous"}`}), "identity jira-identity tenant", 2, 1},
		{"confluence scoped", Confluence, goodReplies().with(pathCurrent, tomcat).with(gatewayWiki, reply{200, nil, `{"accountId":"5b10"}`}), "front gateway identity scopes tenant", 3, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			cloud := newCloud(t, c.cloud, nil)
			var emitted []Observation
			seen := cloud.client(t).Observe(t.Context(), askFor(t, c.product), NewToken(pretendToken()), func(o Observation) { emitted = append(emitted, o) })
			if got := calls(seen); got != c.calls {
				t.Errorf("calls %q; want %q", got, c.calls)
			}
			if !reflect.DeepEqual(seen, emitted) {
				t.Errorf("emitted %+v, returned %+v", emitted, seen)
			}
			if got := cloud.signedRequests(); got != c.signed {
				t.Errorf("%d requests with credentials; want %d: %+v", got, c.signed, cloud.seen())
			}
			if got := cloud.conns.Load(); got != c.conns {
				t.Errorf("%d connections; want %d", got, c.conns)
			}
			for _, o := range seen {
				if o.Fault != nil || o.Status == 0 || o.Attempts != 1 || !o.Edge {
					t.Errorf("%s: %+v, fault %+v", o.Call, o, o.Fault)
				}
			}
			for _, h := range cloud.seen() {
				if h.path == pathTenant && h.signed {
					t.Error("the tenant call carries credentials")
				}
			}
		})
	}
}

// round answers calls only once a number of them have arrived.
type round struct {
	of      int32
	arrived atomic.Int32
	all     chan struct{}
}

// met reports whether the other calls arrived before this one was canceled.
func (r *round) met(given context.Context) bool {
	if r.arrived.Add(1) == r.of {
		close(r.all)
	}
	select {
	case <-r.all:
		return true
	case <-given.Done():
		return false
	}
}

// inRounds answers only once the two calls of the first round, and the given number of the second,
// have arrived.
func inRounds(inSecond int32) http.HandlerFunc {
	first, second := &round{of: 2, all: make(chan struct{})}, &round{of: inSecond, all: make(chan struct{})}
	return func(w http.ResponseWriter, r *http.Request) {
		mine := second
		if r.URL.Path == pathTenant || r.URL.Path == pathMyself {
			mine = first
		}
		if mine.met(r.Context()) {
			goodReplies().ServeHTTP(w, r)
		}
	}
}

// TestTwoRounds: calls that can be made in parallel are. A client that made them one after the
// other would time out.
func TestTwoRounds(t *testing.T) {
	cloud := newCloud(t, inRounds(3), nil)
	seen := cloud.client(t).Observe(t.Context(), askFor(t, Jira), NewToken(pretendToken()), nil)
	if got := calls(seen); got != "coverage identity listed permissions tenant" || cloud.conns.Load() != 1 {
		t.Errorf("calls %q on %d connections", got, cloud.conns.Load())
	}
	if o := must(t, seen, CallIdentity); o.Person == nil || o.Person.Name != "Mia Krystof" || o.TraceID != "41aa" {
		t.Errorf("identity %+v", o)
	}
	if o := must(t, seen, CallPermissions); o.Admin == nil || !*o.Admin {
		t.Errorf("permissions %+v", o)
	}
	if o := must(t, seen, CallCoverage); o.Coverage == nil || o.Coverage.Count != 14 {
		t.Errorf("coverage %+v", o)
	}
}

func TestLookupWarmsTheConnection(t *testing.T) {
	cloud := newCloud(t, goodReplies(), nil)
	client := cloud.client(t)
	ask := askFor(t, Jira)
	if o := client.Lookup(t.Context(), ask.Site); o.CloudID != testCloudID || o.Fault != nil {
		t.Fatalf("lookup %+v, fault %+v", o, o.Fault)
	}
	client.Observe(t.Context(), ask, NewToken(pretendToken()), nil)
	if n := cloud.conns.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
	client.Observe(t.Context(), ask, NewToken(pretendToken()), nil)
	if n := cloud.conns.Load(); n != 2 {
		t.Errorf("%d connections: a check's end drops its own", n)
	}
}

// TestHoldSharesTheConnection: several connectors of one site need one handshake.
func TestHoldSharesTheConnection(t *testing.T) {
	cloud := newCloud(t, goodReplies(), nil)
	client := cloud.client(t)
	ask := askFor(t, Jira)
	release := client.Hold(ask.Site)
	for range 3 {
		client.Observe(t.Context(), ask, NewToken(pretendToken()), nil)
	}
	release()
	if n := cloud.conns.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
	client.Observe(t.Context(), ask, NewToken(pretendToken()), nil)
	if n := cloud.conns.Load(); n != 2 {
		t.Errorf("%d connections: a released one is dropped", n)
	}
}

func TestHTTP1ServesToo(t *testing.T) {
	cloud := newCloud(t, goodReplies(), nil)
	cloud.server.TLS.NextProtos = []string{"http/1.1"}
	seen := cloud.client(t).Observe(t.Context(), askFor(t, Confluence), NewToken(pretendToken()), nil)
	o := must(t, seen, CallCoverage)
	if o.Coverage == nil || *o.Coverage != (Coverage{3, true}) || cloud.conns.Load() > 2 {
		t.Errorf("%+v on %d connections", o, cloud.conns.Load())
	}
	if o := must(t, seen, CallIdentity); o.Admin == nil || !*o.Admin {
		t.Errorf("identity %+v", o)
	}
}

// TestTwoRoundsOnHTTP1 answers only once two calls of a round have arrived. On HTTP/1.1 that needs
// a second connection; there is never a third, so the third call of Jira's second round waits. It
// is repeated, since the order in which a round's two answers are read varies.
func TestTwoRoundsOnHTTP1(t *testing.T) {
	for range 50 {
		cloud := newCloud(t, inRounds(2), func(s *httptest.Server) { s.EnableHTTP2 = false })
		seen := cloud.client(t).Observe(t.Context(), askFor(t, Jira), NewToken(pretendToken()), nil)
		if got := calls(seen); got != "coverage identity listed permissions tenant" || cloud.conns.Load() != 2 {
			t.Fatalf("calls %q on %d connections", got, cloud.conns.Load())
		}
		for _, o := range seen {
			if o.Fault != nil {
				t.Fatalf("%s: %+v", o.Call, o.Fault)
			}
		}
	}
}

func TestRedirectsAreReportedAndNotFollowed(t *testing.T) {
	for _, c := range []struct {
		location, host, path string
	}{
		{"https://newacme.atlassian.net/rest/api/3/myself?x=1", "newacme.atlassian.net", "/rest/api/3/myself"},
		{"https://sub.acme.atlassian.net/x", "sub.acme.atlassian.net", "/x"},
		{"https://acme.atlassian.net:8443/x", "acme.atlassian.net:8443", "/x"},
		{"http://acme.atlassian.net/x", "", "/x"},
		{"/login.jsp?os_destination=x", "", "/login.jsp"},
		{"https://api.atlassian.com/y", "api.atlassian.com", "/y"},
		{"https://evil.com/\u202e", "evil.com", "/"},
		{"https://[", "", ""}, {"", "", ""},
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			cloud := newCloud(t, goodReplies().with(pathMyself, reply{status, map[string]string{"Location": c.location}, ""}), nil)
			seen := cloud.client(t).Observe(t.Context(), askFor(t, Jira), NewToken(pretendToken()), nil)
			o := must(t, seen, CallIdentity)
			if o.Status != status || o.Redirect != c.host || o.RedirectPath != c.path {
				t.Errorf("%d to %q: %+v, fault %+v", status, c.location, o, o.Fault)
			}
			if n := len(cloud.seen()); n != 2 {
				t.Errorf("%d to %q: %d requests", status, c.location, n)
			}
		}
	}
}

func TestCourierIsBound(t *testing.T) {
	ask := askFor(t, Jira)
	sent := ""
	c := authTransport{roundTrip(func(r *http.Request) { sent = r.Header.Get("Authorization") }), ask.Site, ask.Email, NewToken(pretendToken())}
	for address, bound := range map[string]bool{
		"https://acme.atlassian.net/x": true, "https://acme.atlassian.net:443/x": true, "https://api.atlassian.com/x": true,
		"http://acme.atlassian.net/x": false, "https://acme.atlassian.net:8443/x": false, "https://sub.acme.atlassian.net/x": false,
		"https://evil.com/x": false, "https://api.atlassian.com.evil.com/": false, "https://api.atlassian-us-gov-mod.com/": false,
	} {
		sent = ""
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.RoundTrip(r)
		if (err == nil) != bound || (sent != "") != bound || r.Header.Get("Authorization") != "" {
			t.Errorf("%s: error %v, sent %v", address, err, sent != "")
		}
	}
}

type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
}

func TestRetries(t *testing.T) {
	for _, c := range []struct {
		name     string
		first    reply
		attempts int
	}{
		{"503", reply{503, nil, ""}, 2}, {"502", reply{502, nil, "<html>"}, 2}, {"504", reply{504, nil, ""}, 2},
		{"503 later", reply{503, map[string]string{"Retry-After": "120"}, ""}, 1},
		{"503 no site", reply{503, map[string]string{"Atl-Missing-Tcs": "true"}, ""}, 1},
		{"429 soon", reply{429, map[string]string{"Retry-After": "0"}, ""}, 2},
		{"429 later", reply{429, map[string]string{"Retry-After": "1847"}, ""}, 1},
		{"429 unsaid", reply{429, nil, ""}, 1},
		{"500", reply{500, nil, ""}, 1}, {"401", reply{401, nil, ""}, 1}, {"403", reply{403, nil, ""}, 1}, {"404", reply{404, nil, ""}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			n := 0
			cloud := newCloud(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				n++
				first := n == 1
				mu.Unlock()
				if first {
					replies{pathTenant: c.first}.ServeHTTP(w, r)
					return
				}
				goodReplies().ServeHTTP(w, r)
			}), nil)
			o := cloud.client(t).Lookup(t.Context(), askFor(t, Jira).Site)
			if o.Attempts != c.attempts || n != c.attempts || (c.attempts == 2) != (o.Status == 200) {
				t.Errorf("%d requests; %+v, fault %+v", n, o, o.Fault)
			}
		})
	}
}

func TestCancelEndsAtOnce(t *testing.T) {
	release := make(chan struct{})
	arrived := make(chan struct{}, 8)
	cloud := newCloud(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == pathTenant {
			goodReplies().ServeHTTP(w, r)
			return
		}
		arrived <- struct{}{}
		<-release
	}), nil)
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	client := cloud.client(t)
	tenant := make(chan struct{})
	go func() { <-arrived; <-tenant; cancel() }()
	returned := false
	seen := client.Observe(ctx, askFor(t, Jira), NewToken(pretendToken()), func(o Observation) {
		if returned {
			t.Error("emitted after the return")
		}
		if o.Call == CallTenant {
			close(tenant)
		}
	})
	returned = true
	if o := must(t, seen, CallTenant); o.CloudID != testCloudID {
		t.Errorf("tenant %+v", o)
	}
	if o := must(t, seen, CallIdentity); o.Fault == nil || o.Fault.Kind != FaultCanceled || o.Status != 0 {
		t.Errorf("identity %+v, fault %+v", o, o.Fault)
	}
}

func TestLimitBoundsEndlessBodies(t *testing.T) {
	release := make(chan struct{})
	cloud := newCloud(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "{")
		w.(http.Flusher).Flush()
		<-release
	}), nil)
	defer close(release)
	line := cloud.line()
	line.Timeout = 300 * time.Millisecond
	client := NewClient(line)
	defer client.Close()
	for _, o := range client.Observe(t.Context(), askFor(t, Jira), NewToken(pretendToken()), nil) {
		if o.Fault == nil || o.Fault.Kind != FaultTimeout {
			t.Errorf("%+v, fault %+v", o, o.Fault)
		}
	}
}

func TestHostileBodies(t *testing.T) {
	for _, c := range []struct {
		name, body, kind string
		want             BodyKind
	}{
		{"huge", "{" + strings.Repeat(" ", maxBody), "application/json", BodyHuge},
		{"deep", strings.Repeat(`{"a":`, 100_000), "application/json", BodyBroken},
		{"cut", `{"accountId":"5b`, "application/json", BodyBroken},
		{"list", `[1,2]`, "application/json", BodyBroken},
		{"html", "<html>sign in", "text/html", BodyHTML},
		{"xml", `<?xml version="1.0"?><status/>`, "application/xml", BodyXML},
		{"none", "", "application/json", BodyNone},
		{"gzip", "\x1f\x8b\x08\x00", "application/json", BodyBroken},
		{"text", "hello", "text/plain", BodyText},
		{"types", `{"accountId":5,"displayName":null,"emailAddress":[],"active":"yes"}`, "application/json", BodyJSON},
	} {
		cloud := newCloud(t, goodReplies().with(pathMyself, reply{200, map[string]string{"Content-Type": c.kind}, c.body}), nil)
		o := must(t, cloud.client(t).Observe(t.Context(), askFor(t, Jira), NewToken(pretendToken()), nil), CallIdentity)
		if o.Body != c.want || o.Person != nil || o.Status != 200 {
			t.Errorf("%s: %+v, fault %+v", c.name, o, o.Fault)
		}
	}
}

func TestServerTextIsCleaned(t *testing.T) {
	cloud := newCloud(t, goodReplies().with(pathMyself, reply{200, nil, `{"accountId":"5b10","displayName":"M\u001b[31mi\u202ea\u0007"}`}), nil)
	o := must(t, cloud.client(t).Observe(t.Context(), askFor(t, Jira), NewToken(pretendToken()), nil), CallIdentity)
	if o.Person == nil || o.Person.Name != "Mia" {
		t.Errorf("%+v", o.Person)
	}
}

// TestHiddenProjects: an administrator to whom more is listed than it can open needs one more
// round, with only the pages that can have something; other accounts need none.
func TestHiddenProjects(t *testing.T) {
	page := func(total int, keys ...string) string {
		var values []string
		for _, key := range keys {
			values = append(values, fmt.Sprintf(`{"id":"1","key":%q}`, key))
		}
		return fmt.Sprintf(`{"total":%d,"values":[%s]}`, total, strings.Join(values, ","))
	}
	for name, c := range map[string]struct {
		opened, listed int
		admin          bool
		calls          string
	}{
		"all can be opened":  {14, 14, true, ""},
		"three can't":        {41, 44, true, "listed-keys-0 open-keys-0"},
		"none can":           {0, 3, true, "listed-keys-0"},
		"on the second page": {100, 101, true, "listed-keys-0 listed-keys-1 open-keys-0"},
		"far too many":       {900, 4000, true, "listed-keys-0 listed-keys-1 listed-keys-2 open-keys-0 open-keys-1 open-keys-2"},
		"no administrator":   {12, 44, false, ""},
		"fewer are listed":   {12, 4, true, ""},
	} {
		cloud := newCloud(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			switch {
			case r.URL.Path == "/rest/api/3/mypermissions":
				fmt.Fprintf(w, `{"permissions":{"ADMINISTER":{"havePermission":%v}}}`, c.admin)
			case r.URL.Path == projectSearch && q.Get("orderBy") == "key" && q.Get("maxResults") == "100":
				keys := []string{"A", "not a\tkey", "B"}
				if q.Get("action") == "view" {
					keys = append(keys, "HR", "P"+q.Get("startAt"))
				}
				_, _ = io.WriteString(w, page(1, keys...))
			case r.URL.Path == projectSearch && q.Get("action") == "browse":
				_, _ = io.WriteString(w, page(c.opened, "A"))
			case r.URL.Path == projectSearch && q.Get("action") == "view":
				_, _ = io.WriteString(w, page(c.listed, "A"))
			default:
				goodReplies().ServeHTTP(w, r)
			}
		}), nil)
		seen := cloud.client(t).Observe(t.Context(), askFor(t, Jira), NewToken(pretendToken()), nil)
		want := strings.TrimSpace(strings.Join(slices.Sorted(slices.Values(append(strings.Fields(c.calls), "coverage", "identity", "listed", "permissions", "tenant"))), " "))
		if got := calls(seen); got != want || cloud.conns.Load() != 1 {
			t.Errorf("%s: calls %q on %d connections, want %q", name, got, cloud.conns.Load(), want)
		}
		for _, o := range seen {
			_, number, isKeys := strings.Cut(string(o.Call), "-keys-")
			want := []string{"A", "B"}
			if page, _ := strconv.Atoi(number); !o.Call.IsOpenKeys() {
				want = append(want, "HR", fmt.Sprint("P", 100*page))
			}
			if isKeys && !slices.Equal(o.Keys, want) {
				t.Errorf("%s: %s has %q, want %q", name, o.Call, o.Keys, want)
			}
		}
	}
}
