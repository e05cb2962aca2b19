package atlassian_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Servers that send wrong answers over working connections. Broken connections are in
// line_test.go.

// place is a call that can be answered wrongly, with the diagnosis for an unusable answer and the
// one for a web page.
type place struct {
	call       string
	product    connector.Product
	typed      string
	odd, paged connector.Code
}

func places() []place {
	return []place{
		{tenantCall, jira, good, "ok", "ok"},
		{jiraCall, jira, good, "unrecognised", "not-atlassian"},
		{permissionsCall, jira, good, "admin-unknown", "not-atlassian"},
		{projectsCall, jira, good, "ok", "ok"},
		{confluenceCall, confluence, good, "unrecognised", "not-atlassian"},
		{spacesCall, confluence, good, "ok", "ok"},
		{jiraGateway, jira, wrongToken, "token-refused", "token-refused"},
		{confluenceGateway, confluence, scopedWiki, "token-refused", "token-refused"},
		{jiraCall, confluence, noLicense, "unrecognised", "not-atlassian"},
	}
}

// TestWrongBodies answers each call with 200 and a wrong body.
func TestWrongBodies(t *testing.T) {
	utf16 := "\xff\xfe{\x00\"\x00a\x00\"\x00:\x001\x00}\x00"
	person := func(id string) string { return `{"accountId":` + id + `,"displayName":"Mia","operations":[]}` }
	bodies := []string{
		"", " ", "\x00", "null", "true", "17", `"text"`, "[]", `[{"accountId":"5b10"}]`, "{}", "{", "}", `{"accountId"`, `{"accountId":`, `{"accountId":"5b10"`,
		person("null"), person("{}"), person(`["5b10"]`), person("17"), person("true"), person(`""`), person(`"   "`), person(`"\u0000"`), person(`"\u202e"`),
		person(`"` + strings.Repeat("x", 900<<10) + `"`), person("\"5b10\x1b[31m\""), person(`"5b 10"`), person("\"\xff\xfe\""), person("1e999999"),
		`{"accountid":"5b10","ACCOUNTID":"5b10"}`, `{'accountId':'5b10'}`, `{"accountId":"5b10",}`, `{"accountId":"5b10"} and more`, `{"accountId":"5b10"}{"accountId":"5b10"}`,
		`/* hello */ {"accountId":"5b10"}`, `{"accountId":NaN}`, `{accountId:"5b10"}`, ")]}'\n{\"accountId\":\"5b10\"}", utf16,
		strings.Repeat(`{"accountId":`, 50_000), strings.Repeat("[", 500_000), `{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
		`{"cloudId":"../../../evil"}`, `{"cloudId":"` + fakeCloudID + `/../x"}`, `{"cloudId":["` + fakeCloudID + `"]}`,
		`{"permissions":null}`, `{"permissions":[]}`, `{"permissions":{"ADMINISTER":true}}`, `{"permissions":{"ADMINISTER":{"havePermission":"true"}}}`,
		`{"permissions":{"administer":{"havePermission":true}}}`, `{"operations":[{"operation":"administer","targetType":"application"}]}`,
		`{"total":-1}`, `{"total":1e400}`, `{"values":{}}`, `{"results":7}`, "\x1f\x8b\x08\x00\x00\x00\x00\x00", "\x89PNG\r\n\x1a\n", "\xff\xff\xff\xff",
		"<?xml version=\"1.0\"?><user><accountId>5b10</accountId></user>", "Client must be authenticated to access this resource.", `{"code":401,"message":"Unauthorized; scope does not match"}`,
	}
	pages := []string{
		"<!DOCTYPE html><html><title>Sign in</title></html>", "\ufeff\n <HTML><body>x", "<html>" + strings.Repeat("<div>", 50_000), "<script>location='https://evil.example'</script>",
	}
	for _, p := range places() {
		t.Run(string(p.product)+p.call, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			seed := who(t, p.typed)
			meet := func(body string, want connector.Code, marked bool) {
				t.Helper()
				header := map[string]string{}
				if !marked {
					header["Server"] = ""
				}
				w.answer(p.call, reply(200, header, body))
				if got := w.check(t, p.product, seed); got.Code != want {
					t.Errorf("%.60q of %d bytes, marked %v: %s; want %s", body, len(body), marked, got.Code, want)
				}
			}
			for _, body := range bodies {
				meet(body, p.odd, true)
			}
			for _, body := range pages {
				meet(body, p.paged, true)
				meet(body, p.paged, false)
			}
		})
	}
}

// TestEveryStatus answers each call with every status from 200 to 999; calls that seldom decide
// only with statuses that have a name.
func TestEveryStatus(t *testing.T) {
	named := func(status int) bool { return http.StatusText(status) != "" || status%13 == 0 }
	all := func(status int) bool { return status <= 620 || status%40 == 0 || status == 999 }
	sweep := func(name string, product connector.Product, which func(int) bool, bend func(*world, http.HandlerFunc), server string, want func(status int) connector.Code) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			seed := who(t, good)
			for status := 200; status <= 999; status++ {
				if !which(status) {
					continue
				}
				bend(w, reply(status, map[string]string{"Server": server, "Retry-After": "60"}, `{}`))
				if got := w.check(t, product, seed); got.Code != want(status) {
					t.Errorf("%d: %s; want %s", status, got.Code, want(status))
				}
			}
		})
	}
	one := func(call string) func(*world, http.HandlerFunc) {
		return func(w *world, h http.HandlerFunc) { w.answer(call, h) }
	}
	usual := func(status int, special map[int]connector.Code) connector.Code {
		if code, ok := special[status]; ok {
			return code
		}
		switch {
		case status == 429:
			return "rate-limited"
		case status >= 500 && status <= 599:
			return "atlassian-trouble"
		}
		return "unrecognised"
	}
	// After a 401 the gateway is called, which accepts the good token and CallScopes: so the token
	// has no scopes and the site is at fault. After Confluence's 403 Jira is called, which knows the
	// account.
	sweep("Jira's identity", jira, all, one(jiraCall), "AtlassianEdge", func(s int) connector.Code {
		return usual(s, map[int]connector.Code{401: "unrecognised"})
	})
	sweep("Jira's identity, without a mark", jira, all, one(jiraCall), "", func(s int) connector.Code {
		return usual(s, map[int]connector.Code{200: "not-atlassian", 401: "unrecognised"})
	})
	sweep("Confluence's identity", confluence, all, one(confluenceCall), "AtlassianEdge", func(s int) connector.Code {
		return usual(s, map[int]connector.Code{401: "unrecognised", 403: "no-product-access"})
	})
	sweep("Jira's permissions", jira, named, one(permissionsCall), "AtlassianEdge", func(s int) connector.Code {
		if code := usual(s, nil); code != "unrecognised" {
			return code
		}
		return "admin-unknown"
	})
	sweep("the site's look-up", jira, named, one(tenantCall), "AtlassianEdge", func(int) connector.Code { return "ok" })
	sweep("the coverage", confluence, named, one(spacesCall), "", func(int) connector.Code { return "ok" })
	sweep("all by something else", jira, all, func(w *world, h http.HandlerFunc) { w.answer(tenantCall, h); w.answer(jiraCall, h) }, "squid", func(int) connector.Code { return "not-atlassian" })
}

// TestRetryAfter sends Retry-After in every form. It is limited, and never waited for beyond the
// check's limit.
func TestRetryAfter(t *testing.T) {
	for text, c := range map[string]struct {
		least, most time.Duration
		asked       int
	}{
		"": {0, 0, 1}, "0": {0, 0, 2}, "1": {time.Second, time.Second, 2}, "2": {2 * time.Second, 2 * time.Second, 2}, "3": {3 * time.Second, 3 * time.Second, 1},
		"1847": {1847 * time.Second, 1847 * time.Second, 1}, "2147483647": {720 * time.Hour, 720 * time.Hour, 1},
		"99999999999999999999999999": {0, 0, 1}, "-5": {0, 0, 1}, "1.5": {0, 0, 1}, "soon": {0, 0, 1}, "1e3": {0, 0, 1}, "60, 70": {0, 0, 1}, "\t7 ": {7 * time.Second, 7 * time.Second, 1},
		time.Now().Add(30 * time.Second).UTC().Format(http.TimeFormat): {20 * time.Second, 30 * time.Second, 1},
		"Fri, 31 Dec 9999 23:59:59 GMT":                                {720 * time.Hour, 720 * time.Hour, 1}, "Thu, 01 Jan 1970 00:00:00 GMT": {0, 0, 2},
		"2026-11-23T10:00:00Z": {0, 0, 1},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.answer(jiraCall, reply(429, map[string]string{"Retry-After": text}, ""))
			r := w.check(t, jira, who(t, good))
			if r.Code != "rate-limited" || r.RetryAfter < c.least || r.RetryAfter > c.most || r.Evidence.Attempts != c.asked {
				t.Errorf("%s, wait %v, asked %d times; want a wait of %v to %v, asked %d times", r.Code, r.RetryAfter, r.Evidence.Attempts, c.least, c.most, c.asked)
			}
		})
	}
	t.Run("longer than the limit", func(t *testing.T) {
		w := newWorld(t, nil)
		w.limit = time.Second
		w.answer(jiraCall, reply(429, map[string]string{"Retry-After": "2"}, ""))
		if r := w.check(t, jira, who(t, good)); r.Code != "rate-limited" || r.Evidence.Attempts != 1 {
			t.Errorf("%s, asked %d times", r.Code, r.Evidence.Attempts)
		}
	})
}

// TestElsewhere redirects every call to every kind of target. No redirect is followed: the test
// fails for any request or dial to a host that is not the site's or its gateway's.
func TestElsewhere(t *testing.T) {
	locations := map[string]connector.Code{
		"https://acme-new.atlassian.net/x": "site-renamed", "https://ACME-NEW.atlassian.net:443": "site-renamed",
		"http://acme-new.atlassian.net/x":  "site-renamed", // named, never asked in clear
		"https://acme.atlassian.net/again": "unrecognised", "/rest/api/3/myself": "unrecognised", "?again": "unrecognised", "": "unrecognised", "https://[": "unrecognised",
		"http://acme.atlassian.net/x": "unrecognised", "https://id.atlassian.com/login": "unrecognised", "https://api.atlassian.com/x": "unrecognised",
		"https://acme.atlassian.net:8443/x": "not-atlassian", "https://sub.acme.atlassian.net/x": "not-atlassian", "https://acme.atlassian.net.evil.example/": "not-atlassian",
		"https://evil.example/acme.atlassian.net": "not-atlassian", "//evil.example/x": "not-atlassian", `/\evil.example`: "unrecognised", "https://acme.atlassian.net@evil.example/": "not-atlassian",
		"http://login.hotel.example/welcome": "not-atlassian", "https://sso.example.com/saml?relay=x": "not-atlassian", "https://127.0.0.1/": "not-atlassian", "https://[::1]/": "not-atlassian",
		"https://xn--cme-5cd.atlassian.net/": "not-atlassian", "ftp://evil.example/": "not-atlassian", "file:///etc/passwd": "unrecognised", "javascript:alert(1)": "unrecognised", "data:text/html,x": "unrecognised",
		"https://evil.example/\u202e": "not-atlassian", "https://" + strings.Repeat("a", 9000) + ".example/": "unrecognised",
	}
	for _, at := range []place{{call: jiraCall, product: jira}, {call: confluenceCall, product: confluence}} {
		t.Run(string(at.product), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			for location, want := range locations {
				for _, status := range []int{300, 301, 302, 303, 305, 307, 308} {
					w.answer(at.call, reply(status, map[string]string{"Location": location}, ""))
					if got := w.check(t, at.product, who(t, good)); got.Code != want {
						t.Errorf("%d to %.60q: %s; want %s", status, location, got.Code, want)
					}
				}
			}
		})
	}
	t.Run("where it does not decide", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, nil)
		for location := range locations {
			for _, p := range places() {
				delete(w.bent, jiraCall)
				clear(w.bent)
				w.answer(p.call, reply(302, map[string]string{"Location": location}, ""))
				w.check(t, p.product, who(t, p.typed))
			}
		}
	})
}

// TestHostileTexts puts terminal control sequences into every text that is shown.
func TestHostileTexts(t *testing.T) {
	evil := "\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u202emia\u200b\u0085\u009b31m" + strings.Repeat("Zalgo\u0315\u0300", 200)
	data, err := json.Marshal(evil)
	if err != nil {
		t.Fatal(err)
	}
	quoted := string(data)
	// A header can't contain control characters; servers that send them are in line_test.go.
	evil = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, evil)
	for _, at := range []place{{call: jiraCall, product: jira}, {call: confluenceCall, product: confluence}} {
		w := newWorld(t, nil)
		w.answer(at.call, reply(200, map[string]string{"Atl-Traceid": evil},
			`{"accountId":"5b10","displayName":`+quoted+`,"publicName":`+quoted+`,"emailAddress":`+quoted+`,"email":`+quoted+`,"accountType":`+quoted+`,"active":true,
			"operations":[{"operation":"administer","targetType":"application"}]}`))
		if got := w.check(t, at.product, who(t, good)); got.Code != "email-differs" {
			t.Errorf("%s", got.Code)
		}
		for _, status := range []int{401, 403, 404, 418, 429, 500, 302} {
			w.answer(at.call, reply(status, map[string]string{
				"Atl-Traceid": evil, "X-Seraph-LoginReason": evil, "X-Authentication-Denied-Reason": evil, "X-Failure-Category": evil, "Location": "https://evil.example/" + evil, "WWW-Authenticate": evil,
			}, `{"message":`+quoted+`,"errorMessages":[`+quoted+`]}`))
			w.check(t, at.product, who(t, good))
		}
	}
}

// heap is the limit, in bytes, for the growth of the heap.
const heap = 64 << 20

// peak returns the greatest growth of the heap, garbage included, while f ran.
func peak(f func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, m.HeapAlloc
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	for ticks := time.NewTicker(2 * time.Millisecond); ; {
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
		select {
		case <-ticks.C:
		case <-done:
			ticks.Stop()
			return most - before
		}
	}
}

// TestMemoryStaysSmall sends far more than fits. The servers' own memory counts as well.
func TestMemoryStaysSmall(t *testing.T) {
	block := make([]byte, 64<<10)
	for i := range block {
		block[i] = ' '
	}
	pour := func(out io.Writer, bytes int) {
		for sent := 0; sent < bytes; sent += len(block) {
			if _, err := out.Write(block); err != nil {
				return
			}
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	pour(z, 1<<20)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]http.HandlerFunc{
		"a hundred megabytes": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Server", "AtlassianEdge")
			w.Header().Set("Content-Length", fmt.Sprint(100<<20))
			pour(w, 100<<20)
		},
		"a body without an end": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Server", "AtlassianEdge")
			for r.Context().Err() == nil {
				pour(w, 1<<20)
			}
		},
		"a hundred megabytes of gzip, not asked for": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Server", "AtlassianEdge")
			w.Header().Set("Content-Encoding", "gzip")
			for range 100 { // gzip streams may be concatenated
				if _, err := w.Write(packed.Bytes()); err != nil {
					return
				}
			}
		},
		"a length that is a lie": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Server", "AtlassianEdge")
			w.Header().Set("Content-Length", "9223372036854775807")
			pour(w, 3<<20)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.answer(jiraCall, h)
			w.answer(tenantCall, h)
			var r connector.Report
			grown := peak(func() { r = w.check(t, jira, who(t, good)) })
			if grown > heap {
				t.Errorf("the heap grew by %d MB", grown>>20)
			}
			if r.Code != "unrecognised" {
				t.Errorf("%s: %s", r.Code, r.Why)
			}
			t.Logf("the heap grew by %d KB at most", grown>>10)
		})
	}
}

// TestOneRetry counts how often a call is sent, by the result of the first attempt. A refusal is
// never sent again.
func TestOneRetry(t *testing.T) {
	for _, c := range []struct {
		name  string
		first http.HandlerFunc
		asked int
		code  connector.Code
	}{
		{"502", reply(502, nil, ""), 2, "ok"}, {"503", reply(503, nil, ""), 2, "ok"}, {"504", reply(504, nil, ""), 2, "ok"},
		{"503 with a short wait", reply(503, map[string]string{"Retry-After": "1"}, ""), 2, "ok"},
		{"429 with a short wait", reply(429, map[string]string{"Retry-After": "1"}, ""), 2, "ok"},
		{"503 with a long wait", reply(503, map[string]string{"Retry-After": "120"}, ""), 1, "atlassian-trouble"},
		{"429 with a long wait", reply(429, map[string]string{"Retry-After": "120"}, ""), 1, "rate-limited"},
		{"429 without a word", reply(429, nil, ""), 1, "rate-limited"}, {"500", reply(500, nil, ""), 1, "atlassian-trouble"},
		{"401", reply(401, nil, mustSignIn), 1, "unrecognised"}, {"403", reply(403, nil, ""), 1, "unrecognised"}, {"404", reply(404, nil, ""), 1, "unrecognised"},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, 1, "unreachable"},
		{"closed before an answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 2, "ok"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			times := 0
			first := c.first
			then := reply(200, nil, `{"accountId":"5b10","displayName":"Mia Krystof","active":true}`)
			w.answer(jiraCall, func(out http.ResponseWriter, r *http.Request) {
				w.mu.Lock()
				times++
				nth := times
				w.mu.Unlock()
				if nth == 1 {
					first(out, r)
					return
				}
				then(out, r)
			})
			r := w.check(t, jira, who(t, good))
			if r.Code != c.code || times != c.asked {
				t.Errorf("%s, asked %d times; want %s, %d times", r.Code, times, c.code, c.asked)
			}
			told := strings.Contains(fmt.Sprintf("%+v", r.Stages), "second attempt")
			if told != (c.asked == 2) {
				t.Errorf("asked %d times, and the checklist says: %+v", times, r.Stages)
			}
		})
	}
	t.Run("shown while it runs", func(t *testing.T) {
		w := newWorld(t, nil)
		w.answer(permissionsCall, reply(503, nil, ""))
		seed := who(t, good)
		token, _ := atlassian.ReadToken(seed.Token)
		site, _, _ := atlassian.ParseSite("acme")
		shown := false
		r := connector.Check(t.Context(), w.client(t), time.Now, connector.CheckRequest{Product: jira, Site: site, Email: seed.Email}, token, func(p connector.Progress) {
			for _, f := range p {
				shown = shown || f.Stage == connector.StageAdmin && f.Verdict == connector.Waiting && strings.Contains(f.Detail, "again after a 503")
			}
		})
		if !shown || r.Evidence.Attempts != 2 || !strings.Contains(r.Why, "on both attempts") {
			t.Errorf("shown %v; seen %+v; %s", shown, r.Evidence, r.Why)
		}
	})
}
