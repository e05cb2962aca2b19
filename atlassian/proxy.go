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
