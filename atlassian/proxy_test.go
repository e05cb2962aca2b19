package atlassian

import (
	"net/http"
	"testing"
	"time"
)

// TestProxyFrom: what can't be read is a fault of its own, and nothing is dialled.
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
				continue // Go's own then reads what the environment of this test holds
			}
			if _, err := proxy(&http.Request{}); err == nil {
				t.Errorf("%s=%q was taken", name, value)
			}
			if f := lookupFault(t, Line{Now: time.Now, Timeout: time.Second, Proxy: proxy}); f.Kind != FaultProxyAddress || f.Proxy != "" {
				t.Errorf("%q: %+v", value, f)
			}
		}
		if got := value == "" || ProxyAddress(value) != nil; got != readable {
			t.Errorf("%q: readable %v", value, got)
		}
	}
}
