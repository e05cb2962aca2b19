package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// This file looks for the canary: servers send back the credentials that they were given,
// and all that a terminal obeys, wherever there is room for it in an answer, and neither may
// be in a stream of the program's.

// echoes answers every request with a status, with what is to be looked for in every header
// that is read, and a body in which it stands for %[1]s. It is either what terminals obey, or
// the credentials: together the second would hide the first, since a text that holds some is
// shown as none.
func echoes(status int, body string, secrets bool) talk {
	return answered(func(_ *hostile, conn net.Conn, r *http.Request) bool {
		_, pair, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		both, _ := base64.StdEncoding.DecodeString(pair) // none with the first call, which is not signed
		_, token, _ := strings.Cut(string(both), ":")
		shown := evil + "x"
		if secrets {
			shown = token + " " + pair
		}
		quoted, err := json.Marshal(shown)
		if err != nil {
			return false
		}
		text := strings.ReplaceAll(body, "%[1]s", string(quoted))
		head := inHeader(shown)
		_, err = fmt.Fprintf(conn, "HTTP/1.1 %d %[2]s\r\nServer: AtlassianEdge\r\nContent-Type: application/json\r\nAtl-Traceid: %[2]s\r\nX-Seraph-LoginReason: %[2]s\r\n"+
			"X-Authentication-Denied-Reason: %[2]s\r\nX-Failure-Category: %[2]s\r\nRetry-After: %[2]s\r\nWWW-Authenticate: Basic realm=%[2]s\r\n"+
			"Location: https://sign-in.example/%[3]s\r\nContent-Length: %[4]d\r\n\r\n%[5]s",
			status, head, url.PathEscape(shown), len(text), text)
		return err == nil
	})
}

// strangers signs for the site with an unknown CA whose name contains control sequences.
func strangers(t *testing.T) talk {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(7), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		Subject: pkix.Name{CommonName: strings.ToValidUTF8(evil, "") + "site"}, DNSNames: []string{"acme.atlassian.net"},
	}
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: strings.ToValidUTF8(evil, "") + "CA"}, PublicKey: key.Public()}
	der, err := x509.CreateCertificate(rand.Reader, leaf, issuer, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return proxied(func(_ *hostile, conn net.Conn) {
		config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
		_ = tls.Server(conn, config).HandshakeContext(t.Context()) // the program breaks it off
	})
}

// TestNothingOfAServersIsObeyed runs each of them in every form of output. What is looked for
// is in fit, which every run goes through.
func TestNothingOfAServersIsObeyed(t *testing.T) {
	t.Parallel()
	const person = `{"cloudId":"2f4c7a10-6d1e-4b8a-9c35-7e1d20b94a63","accountId":"5b10","displayName":%[1]s,"publicName":%[1]s,"emailAddress":%[1]s,"email":%[1]s,` +
		`"accountType":%[1]s,"appType":%[1]s,"active":true,"operations":[{"operation":"administer","targetType":"application"}],` +
		`"permissions":{"ADMINISTER":{"havePermission":true}},"total":3,"results":[],"message":%[1]s}`
	proxy := func(answer string) talk {
		return func(_ *hostile, conn net.Conn) {
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, answer)
		}
	}
	type hearing struct {
		name string
		talk talk
		code string
		exit int
	}
	var hearings []hearing
	for what, secrets := range map[string]bool{"evil": false, "secrets": true} {
		hearings = append(hearings, []hearing{
			{"a person made of " + what, echoes(200, person, secrets), "email-differs", 0},
			{"a page with " + what, echoes(200, "<html><head><title>"+evil+"%[1]s</title></head></html>", secrets), "not-atlassian", 3},
			{"a refusal with " + what, echoes(401, `{"message":%[1]s}`, secrets), "token-refused", 1},
			{"a refusal by rule, with " + what, echoes(403, `{"errorMessages":[%[1]s]}`, secrets), "unrecognised", 3},
			{"a redirect to " + what, echoes(302, "", secrets), "not-atlassian", 3},
			{"a wait with " + what, echoes(429, `{"message":%[1]s}`, secrets), "rate-limited", 3},
			{"trouble with " + what, echoes(500, "%[1]s", secrets), "atlassian-trouble", 3},
		}...)
	}
	for _, c := range append(hearings, []hearing{
		{"an account that is the token", echoes(200, strings.Replace(person, `"5b10"`, `%[1]s`, 1), true), "unrecognised", 3},
		{"controls in a header", says("HTTP/1.1 200 OK\r\nAtl-Traceid: " + evil + "\r\nContent-Length: 0\r\n\r\n"), "not-atlassian", 3},
		{"controls in the status line", says("HTTP/1.1 2\x1b[31m00 " + evil + "\r\nContent-Length: 0\r\n\r\n"), "not-atlassian", 3},
		{"controls in place of HTTP", says(evil + "\r\n\r\n"), "not-atlassian", 3},
		{"an authority's name", strangers(t), "tls-untrusted", 3},
		{"a proxy that wants a sign-in", proxy("HTTP/1.1 407 " + evil + "\r\nProxy-Authenticate: Basic realm=\"" + inHeader(evil) + "\"\r\nContent-Length: 0\r\n\r\n"), "proxy-refused", 3},
		{"a proxy that talks to terminals", proxy(evil + "\r\n\r\n"), "proxy-refused", 3},
	}...) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := openHostile(t, c.talk)
			for _, form := range []string{"jira --json", "jira --jsonl", "jira --plain", "confluence --json"} {
				product, flag, _ := strings.Cut(form, " ")
				end := runs(t, checks(t, h, product, flag, "--timeout", "10s"))
				if end.exit != c.exit || flag == "--json" && end.code() != c.code {
					t.Errorf("%s: want %s with exit %d: %s", form, c.code, c.exit, end)
				}
			}
		})
	}
}

// TestProxyAddresses: what HTTPS_PROXY may hold by mistake is a cause of its own, and its
// password is not shown.
func TestProxyAddresses(t *testing.T) {
	h := openHostile(t, says("HTTP/1.1 404 Not Found\r\n\r\n"))
	for _, value := range []string{
		"http://me:PROXYSECRET%zz@127.0.0.1:1", "http://me:PROXY/SECRET@127.0.0.1:1", "http://me:PROXYSECRET#@127.0.0.1:1", "http://127.0.0.1:PROXYSECRET", "http://[::1", "http://a b:3128",
	} {
		t.Run(value, func(t *testing.T) {
			cmd := checks(t, h, "jira", "--json", "--timeout", "5s")
			cmd.Env = append(cmd.Env, "HTTPS_PROXY="+value)
			end := runs(t, cmd)
			if end.exit != 3 || end.code() != "proxy-refused" {
				t.Errorf("%s", end)
			}
			if !strings.Contains(end.out, "address") || strings.Contains(end.out, "SECRET") {
				t.Errorf("the cause is not said, or too much of it: %s", end)
			}
		})
	}
}
