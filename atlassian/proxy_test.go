package atlassian

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestProxyFrom: a proxy address that can't be parsed is a fault of its own, and nothing is
// dialed.
func TestProxyFrom(t *testing.T) {
	for value, readable := range map[string]bool{
		"": true, "http://proxy.corp:3128": true, "proxy.corp:3128": true, "proxy.corp": true, "https://me:p%40ss@proxy.corp": true, "socks5://127.0.0.1:1080": true, "http://[::1]:3128": true,
		"http://me:p%zz@proxy.corp:3128": false, "http://me:p/ss@proxy.corp:3128": false, "http://me:p#ss@proxy.corp:3128": false, "http://proxy.corp:port": false, "http://": false, "http://[::1": false, "a b:3128": false, ":3128": false,
	} {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
			proxy := ProxyFrom(func(asked string) string {
				if asked == name {
					return value
				}
				return ""
			})
			if readable {
				continue // Go's function then reads this test's environment
			}
			if _, err := proxy(&http.Request{}); err == nil {
				t.Errorf("%s=%q was taken", name, value)
			}
			if f := lookupFault(t, ClientConfig{Now: time.Now, Timeout: time.Second, Proxy: proxy}); f.Kind != FaultProxyAddress || f.Proxy != "" {
				t.Errorf("%q: %+v", value, f)
			}
		}
		if got := value == "" || ProxyAddress(value) != nil; got != readable {
			t.Errorf("%q: readable %v", value, got)
		}
	}
}

// TestUnusedProxy: the variable or entry because of which no proxy is used is named, and never
// with its value.
func TestUnusedProxy(t *testing.T) {
	for _, c := range []struct{ env, want string }{
		{"", ""},
		{"ALL_PROXY=socks5://me:secret@127.0.0.1:1080", "ALL_PROXY"},
		{"all_proxy=socks5://127.0.0.1:1080", "all_proxy"},
		{"http_proxy=http://me:secret@proxy.corp:3128", "http_proxy"},
		{"HTTP_PROXY=http://proxy.corp:3128", "HTTP_PROXY"},
		{"NO_PROXY=*", ""},
		{"HTTPS_PROXY=http://proxy.corp:3128", ""},
		{"HTTPS_PROXY=http://proxy.corp:3128 ALL_PROXY=socks5://127.0.0.1:1080", ""},
		{"HTTPS_PROXY=http://proxy.corp:3128 NO_PROXY=localhost,.atlassian.net", "NO_PROXY: .atlassian.net"},
		{"https_proxy=proxy.corp:3128 no_proxy=localhost,Atlassian.NET", "no_proxy: Atlassian.NET"},
		{"HTTPS_PROXY=http://proxy.corp:3128 NO_PROXY=*.atlassian.net", "NO_PROXY: *.atlassian.net"},
		{"HTTPS_PROXY=http://proxy.corp:3128 NO_PROXY=acme.atlassian.net:443", "NO_PROXY: acme.atlassian.net:443"},
		{"HTTPS_PROXY=http://proxy.corp:3128 NO_PROXY=acme.atlassian.net:8443,.acme.atlassian.net,tlassian.net,10.0.0.0/8", ""},
		{"HTTPS_PROXY=http://proxy.corp:3128 NO_PROXY=*", "NO_PROXY: *"},
	} {
		getenv := func(name string) string {
			for pair := range strings.FieldsSeq(c.env) {
				if k, v, _ := strings.Cut(pair, "="); k == name {
					return v
				}
			}
			return ""
		}
		if got := UnusedProxy(getenv)("acme.atlassian.net"); got != c.want {
			t.Errorf("%q: %q, want %q", c.env, got, c.want)
		}
	}
}
