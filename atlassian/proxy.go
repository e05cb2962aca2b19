package atlassian

// This file chooses the proxy. The rule: an address that can't be read is said to be one. Go
// itself passes over it without a word and asks directly, which sends the credentials by
// another way than the admin set, and blames whatever lies there.

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

var errProxyAddress = errors.New("HTTPS_PROXY holds no address")

// ProxyFrom is the proxy that the environment names: http.ProxyFromEnvironment, but for an
// address that can't be read, with which every call fails.
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

// UnusedProxy tells, by a host, what of the environment would lead another program there
// through a proxy and is not read here ("ALL_PROXY"), or which entry keeps HTTPS_PROXY from
// being used ("NO_PROXY: .atlassian.net"); "" for neither. It never returns a proxy's address,
// which may hold a password.
// Source: golang.org/x/net/http/httpproxy, FromEnvironment and Config.
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

// first is the first of some variables that is set, "" for none.
func first(getenv func(string) string, names ...string) string {
	for _, name := range names {
		if getenv(name) != "" {
			return name
		}
	}
	return ""
}

// matches reports whether an entry of NO_PROXY is a host's: with a dot in front it is that of
// its subdomains alone.
func matches(pattern, host string) bool {
	pattern = strings.TrimPrefix(pattern, "*")
	suffix := "." + strings.TrimPrefix(pattern, ".")
	return pattern == host || strings.HasSuffix(host, suffix)
}

// ProxyAddress reads the value of HTTPS_PROXY in both of its forms, with a scheme and as a
// host alone, which is reached over http; nil where it holds no address.
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
