package atlassian

// Choosing the proxy. A proxy address that can't be parsed is an error here. Go's own function
// ignores it silently and connects directly, so that the credentials would bypass the proxy that
// the admin set, and later errors would be blamed on something else.

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

var errProxyAddress = errors.New("HTTPS_PROXY holds no address")

// ProxyFrom returns the proxy function for the environment: http.ProxyFromEnvironment, except that
// with an invalid HTTPS_PROXY every call fails.
func ProxyFrom(getenv func(string) string) func(*http.Request) (*url.URL, error) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		if value := getenv(name); value != "" {
			if ProxyAddress(value) != nil {
				break
			}
			return func(*http.Request) (*url.URL, error) { return nil, errProxyAddress }
		}
	}
	return http.ProxyFromEnvironment
}

// UnusedProxy returns a function that tells for a host why no proxy is used: the name of a
// variable that other programs use as a proxy and this one doesn't ("ALL_PROXY"), or the entry
// that excludes the host ("NO_PROXY: .atlassian.net"); "" for neither. It never returns a proxy's
// address, which may contain a password. Source: golang.org/x/net/http/httpproxy, FromEnvironment
// and Config.
func UnusedProxy(getenv func(string) string) func(host string) string {
	return func(host string) string {
		if first(getenv, "HTTPS_PROXY", "https_proxy") == "" {
			return first(getenv, "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy")
		}
		name := first(getenv, "NO_PROXY", "no_proxy")
		for entry := range strings.SplitSeq(getenv(name), ",") {
			entry = strings.TrimSpace(entry)
			if pattern := strings.TrimSuffix(strings.ToLower(entry), ":443"); pattern == "*" || pattern != "" && matches(pattern, host) {
				return name + ": " + Clean(entry, 100)
			}
		}
		return ""
	}
}

// first returns the first of names that is set; "" for none.
func first(getenv func(string) string, names ...string) string {
	for _, name := range names {
		if getenv(name) != "" {
			return name
		}
	}
	return ""
}

// matches reports whether an entry of NO_PROXY covers host. With a leading dot it covers
// subdomains only.
func matches(pattern, host string) bool {
	pattern = strings.TrimPrefix(pattern, "*")
	suffix := "." + strings.TrimPrefix(pattern, ".")
	return pattern == host || strings.HasSuffix(host, suffix)
}

// ProxyAddress parses the value of HTTPS_PROXY: a URL, or a host alone, which means http; nil
// where it is neither.
func ProxyAddress(value string) *url.URL {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	address, err := url.Parse(value)
	if err != nil || address.Hostname() == "" {
		return nil
	}
	return address
}
