package fakecloud_test

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
)

// codes are repeated here, so that a situation for an unknown code, or a code without a situation,
// is noticed.
var codes = strings.Fields(`ok expires-soon token-scoped email-differs service-account sees-nothing sees-part sees-less not-admin no-product-access
	product-missing scope-missing account-inactive token-refused token-expired not-an-api-token captcha ip-blocked
	no-such-site site-renamed admin-unknown rate-limited atlassian-trouble not-atlassian unreachable timed-out
	tls-untrusted tls-invalid proxy-refused token-missing token-locked unrecognised`)

func TestEveryCodeHasASituation(t *testing.T) {
	named, met := map[string]bool{}, map[string]bool{}
	for n, s := range fakecloud.Situations() {
		if n == 0 && s.Name != "ok" {
			t.Errorf("the first is %q", s.Name)
		}
		if named[s.Name] {
			t.Errorf("%q twice", s.Name)
		}
		named[s.Name], met[s.Code] = true, true
		if !slices.Contains(codes, s.Code) {
			t.Errorf("%q is for the unknown code %q", s.Name, s.Code)
		}
		if s.Product != "jira" && s.Product != "confluence" {
			t.Errorf("%q is for the product %q", s.Name, s.Product)
		}
		if len(s.Title) > 100 || !strings.HasSuffix(s.Title, ".") || strings.Count(s.Title, ". ") > 0 {
			t.Errorf("%q: its title is not one plain sentence: %q", s.Name, s.Title)
		}
		seed, cure := s.Seed, s.Seed.Cure
		if seed.Site == "" || seed.Email == "" || seed.Token == "" || cure.How == "" {
			t.Errorf("%q: incomplete: %+v", s.Name, seed)
		}
		if set := []bool{cure.Site != "", cure.Email != "", cure.Token != ""}; set[0] != set[1] || set[1] != set[2] {
			t.Errorf("%q: half a cure: %v", s.Name, set)
		}
		found, known := fakecloud.Find(s.Name)
		if !known || found.Name != s.Name || found.Seed != s.Seed {
			t.Errorf("%q is not found", s.Name)
		}
	}
	for _, code := range codes {
		if !met[code] || !named[code] {
			t.Errorf("no situation for %q, or none of that name", code)
		}
	}
	if _, known := fakecloud.Find("no such thing"); known {
		t.Error("found what is not there")
	}
}

// The fake tokens have the layout of real ones.
func TestTokens(t *testing.T) {
	seen := 0
	for _, s := range fakecloud.Situations() {
		for _, token := range []string{s.Seed.Token, s.Seed.Cure.Token} {
			if !strings.HasPrefix(token, "AT") {
				continue // none, or a password
			}
			seen++
			body, sum := token[:len(token)-8], token[len(token)-8:]
			if len(token) != 192 || sum != fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(body))) {
				t.Errorf("%s: %d characters, or the checksum does not fit", s.Name, len(token))
			}
			if _, err := base64.RawURLEncoding.DecodeString(strings.TrimSuffix(body[:len(body)-4], "=")); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
		}
	}
	if seen < 60 {
		t.Errorf("only %d tokens", seen)
	}
}

// typed is what is typed into the form.
type typed struct{ site, email, token string }

func check(t *testing.T, client *atlassian.Client, product string, in typed, expires string, saw int) connector.Report {
	t.Helper()
	site, _, err := atlassian.ParseSite(in.site)
	if err != nil {
		t.Fatal(err)
	}
	token, receipt := atlassian.ReadToken(in.token)
	if receipt.Wrong != atlassian.TokenOK {
		t.Fatalf("the form refuses the token: %s", receipt.Wrong)
	}
	q := connector.CheckRequest{Product: connector.Product(product), Site: site, Email: in.email, Receipt: receipt, Now: time.Now()}
	if expires != "" {
		var days int
		if _, err := fmt.Sscanf(expires, "%dd", &days); err != nil {
			t.Fatal(err)
		}
		q.Expires = connector.DateOf(time.Now().AddDate(0, 0, days))
	}
	if saw > 0 {
		q.Before = &connector.Coverage{Coverage: atlassian.Coverage{Count: saw}}
	}
	return connector.Check(t.Context(), client, time.Now, q, token, nil)
}

// Each situation's seed ends in its code, with the real client; its cure ends in "ok"; and where
// only time helps, a second check succeeds after the time that the cure names.
func TestSituationsEndInTheirCodes(t *testing.T) {
	for _, s := range fakecloud.Situations() {
		t.Run(s.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cloud := fakecloud.Open(s, time.Now, 0)
				defer cloud.Close()
				client := atlassian.NewClient(atlassian.ClientConfig{
					Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: 15 * time.Second,
				})
				defer client.Close()
				if s.Seed.StorageFault != "" {
					why := connector.StorageError{Kind: connector.StorageMemory, Why: connector.StorageWhy(s.Seed.StorageFault)}
					if r := connector.ConcludeStorage(connector.CheckRequest{}, &why); string(r.Code) != s.Code {
						t.Errorf("%s, not %s", r.Code, s.Code)
					}
					return
				}
				seed := typed{s.Seed.Site, s.Seed.Email, s.Seed.Token}
				r := check(t, client, s.Product, seed, s.Seed.Expires, s.Seed.Saw)
				if string(r.Code) != s.Code {
					t.Errorf("%s, not %s: %s %s", r.Code, s.Code, r.Title, r.Why)
				}
				cure := s.Seed.Cure
				if cure.Token != "" {
					r = check(t, client, s.Product, typed{cure.Site, cure.Email, cure.Token}, "", 0)
					if r.Code != connector.CodeOK {
						t.Errorf("%s after its cure: %s", r.Code, r.Why)
					}
				}
				if strings.Contains(cure.How, "seconds") {
					time.Sleep(20 * time.Second)
					if r = check(t, client, s.Product, seed, "", 0); r.Code != connector.CodeOK {
						t.Errorf("%s after a while: %s", r.Code, r.Why)
					}
				}
			})
		})
	}
}

// Every mistake that can be typed, in a cloud where everything works, ends in the right diagnosis.
func TestSlips(t *testing.T) {
	s, _ := fakecloud.Find("ok")
	good := typed{"acme", "mia@example.com", s.Seed.Token}
	samSeed, _ := fakecloud.Find("not-admin")
	sam := typed{"acme", "sam@example.com", samSeed.Seed.Token}
	slips := []struct {
		name             string
		in               typed
		jira, confluence string
	}{
		{"nothing", good, "ok", "ok"},
		{"email in capitals", typed{good.site, "MIA@Example.COM", good.token}, "ok", "ok"},
		{"another site", typed{"globex", good.email, good.token}, "no-such-site", "no-such-site"},
		{"an old name", typed{"acme-old", good.email, good.token}, "site-renamed", "site-renamed"},
		{"an unknown email", typed{good.site, "mai@example.com", good.token}, "token-refused", "token-refused"},
		{"another person's email", typed{good.site, sam.email, good.token}, "token-refused", "token-refused"},
		{"a token cut short", typed{good.site, good.email, good.token[:150]}, "token-refused", "token-refused"},
		{"a token in lower case", typed{good.site, good.email, "ATATT3" + strings.ToLower(good.token[6:])}, "token-refused", "token-refused"},
		{"another person's email and token", sam, "not-admin", "not-admin"},
		{"Confluence's site", typed{"acme-wiki", good.email, good.token}, "product-missing", "ok"},
		{"Jira's site", typed{"acme-desk", good.email, good.token}, "ok", "product-missing"},
		{"a site with a list", typed{"acme-vault", good.email, good.token}, "ip-blocked", "ip-blocked"},
	}
	cloud := fakecloud.Open(s, time.Now, 0)
	defer cloud.Close()
	client := atlassian.NewClient(atlassian.ClientConfig{Dial: cloud.Dial, Roots: cloud.Roots(), Now: time.Now})
	defer client.Close()
	for _, slip := range slips {
		for product, want := range map[string]string{"jira": slip.jira, "confluence": slip.confluence} {
			t.Run(slip.name+" "+product, func(t *testing.T) {
				if r := check(t, client, product, slip.in, "", 0); string(r.Code) != want {
					t.Errorf("%s, not %s: %s", r.Code, want, r.Why)
				}
			})
		}
	}
}
