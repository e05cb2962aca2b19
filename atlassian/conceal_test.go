package atlassian

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// TestCredentialsSentBack sends the credentials back in every part of an answer that is read: no
// observation contains them, and an account id made of them counts as none.
func TestCredentialsSentBack(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"as they are":                   func(s string) string { return s },
		"in lower case":                 strings.ToLower,
		"in the middle":                 func(s string) string { return "trace-" + s[8:60] + "-end" },
		"split by invisible characters": func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
		"the last of them":              func(s string) string { return s[len(s)-20:] },
		"more than is shown of a text":  func(s string) string { return strings.Repeat(s, 40) },
		"behind as much as is let pass": func(s string) string { return strings.Repeat("x", 40) + s },
	} {
		t.Run(name, func(t *testing.T) {
			ask, token := askFor(t, Confluence), NewToken(pretendToken())
			for _, secret := range []string{token.Reveal(), basic(ask.Email, token)} {
				back := change(secret)
				cloud := newCloud(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					for _, header := range []string{"Atl-Traceid", "X-Failure-Category"} {
						w.Header().Set(header, back)
					}
					_, _ = fmt.Fprintf(w, `{"accountId":%q,"displayName":%[1]q,"email":%[1]q,"accountType":%[1]q,"appType":%[1]q}`, back)
				}), nil)
				for _, o := range cloud.client(t).Observe(t.Context(), ask, token, nil) {
					for _, text := range o.received() {
						if *text != "" && *text != redacted {
							t.Errorf("%s: %q", o.Call, *text)
						}
					}
					if o.Person != nil && o.Person.ID != "" {
						t.Errorf("the account %q", o.Person.ID)
					}
				}
			}
		})
	}
}

// TestRedirectsSentBack does the same in the target of a redirect.
func TestRedirectsSentBack(t *testing.T) {
	ask, token := askFor(t, Jira), NewToken(pretendToken())
	cloud := newCloud(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://"+token.Reveal()[20:60]+".example/"+basic(ask.Email, token))
		w.Header().Set("X-Seraph-LoginReason", token.Reveal())
		w.WriteHeader(http.StatusFound)
		_, _ = io.WriteString(w, "moved")
	}), nil)
	for _, o := range cloud.client(t).Observe(t.Context(), ask, token, nil) {
		if o.Redirect != redacted || o.RedirectPath != redacted || o.LoginReason != redacted {
			t.Errorf("%+v", o)
		}
	}
}

// TestReceivedIsAll: received returns every text of an observation, except those that the program
// itself sets. So a new field can't be forgotten.
func TestReceivedIsAll(t *testing.T) {
	own := []string{"Call", "Method", "Host", "Path", "Body", "Phrase", "CloudID", "Kind", "Proxy", "Unused"}
	count := 0
	for _, of := range []reflect.Type{reflect.TypeFor[Observation](), reflect.TypeFor[Person](), reflect.TypeFor[Fault]()} {
		for i := range of.NumField() {
			f := of.Field(i)
			made := strings.Contains(" "+strings.Join(own, " ")+" ", " "+f.Name+" ") && (f.Name != "Kind" || of != reflect.TypeFor[Person]())
			if f.Type.Kind() == reflect.String && !made {
				count++
			}
		}
	}
	o := Observation{Person: &Person{}, Fault: &Fault{}}
	if got := len(o.received()); got != count {
		t.Errorf("%d texts are looked at, of %d", got, count)
	}
}
