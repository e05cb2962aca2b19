package cli

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/ui"
)

// pretended is an outside on the pretend Atlassian where all is well, with a new token to
// put in.
func pretended(t *testing.T, s *fakeStore) System {
	t.Helper()
	fine := fakecloud.Situations()[0]
	cloud := fakecloud.Open(fine, time.Now, 0)
	client := atlassian.NewClient(atlassian.ClientConfig{Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: 5 * time.Second})
	t.Cleanup(func() { client.Close(); cloud.Close() })
	out := testOutside(s)
	out.Open = func(Options) (ui.Deps, error) {
		return ui.Deps{Now: noon, Observer: client, Store: s, User: func() string { return "mia" }, Timeout: 5 * time.Second}, nil
	}
	out.Fetch = func(context.Context, connector.Reference) ([]byte, error) {
		return []byte(fakecloud.NewerToken(fine.Seed.Email)), nil
	}
	return out
}

// sharers are two connectors of one account on the site where all is well.
func sharers(t *testing.T) []connector.Entry {
	t.Helper()
	entries := savedEntries(t, "acme-jira", "acme-confluence")
	seed := fakecloud.Situations()[0].Seed
	site, _, err := atlassian.ParseSite(seed.Site)
	if err != nil {
		t.Fatal(err)
	}
	for i := range entries {
		entries[i].Site, entries[i].Email = site, seed.Email
	}
	entries[1].Product = connector.Confluence
	return entries
}

// Whatever ends a replacement that has begun, it is said which connectors have the new token.
func TestWhatIsInForceIsSaid(t *testing.T) {
	for name, end := range map[string]struct {
		exit int
		with func(stop func()) error // of the second swap
	}{
		"an error": {4, func(func()) error { return &connector.StoreError{Why: connector.StoreFull} }},
		"Ctrl+C":   {130, func(stop func()) error { stop(); return context.Canceled }},
	} {
		for _, form := range []string{"--json", "--plain"} {
			ctx, stop := context.WithCancel(t.Context())
			s := &fakeStore{entries: sharers(t), storages: ready(connector.StorageFile)}
			s.replace = func(name string) error {
				if name == "acme-confluence" {
					return end.with(stop)
				}
				return nil
			}
			got := playOn(ctx, pretended(t, s), "", "replace-token", "acme-jira", "--token-env", "T", "--shared", "--role", "global-admin", form)
			stop()
			if got.code != end.exit {
				t.Errorf("%s, %s: %+v", name, form, got)
			}
			if form == "--plain" {
				for _, words := range []string{"the new token is in use in acme-jira", "acme-confluence still has the old one"} {
					if !strings.Contains(got.err, words) {
						t.Errorf("%s: no %q in %s", name, words, got.err)
					}
				}
				continue
			}
			var said struct {
				InForce []string `json:"in_force"`
				Error   struct{ Message string }
			}
			if err := json.Unmarshal([]byte(got.out), &said); err != nil || strings.Join(said.InForce, " ") != "acme-jira" || !strings.Contains(said.Error.Message, "in use in acme-jira") {
				t.Errorf("%s: %v, %+v in %s", name, err, said, got.out)
			}
		}
	}
}

// Where nothing was swapped, that is said, too.
func TestNothingIsInForceIsSaid(t *testing.T) {
	s := &fakeStore{entries: sharers(t), storages: ready(connector.StorageFile)}
	s.replace = func(string) error { return &connector.StoreError{Why: connector.StoreFull} }
	got := playOn(t.Context(), pretended(t, s), "", "replace-token", "acme-jira", "--token-env", "T", "--role", "global-admin", "--json")
	if got.code != 4 || !strings.Contains(got.out, "nothing was replaced") || !strings.Contains(got.out, `"in_force": []`) {
		t.Errorf("%+v", got)
	}
}

// The same token with another day: no replacement, and the day is what is stored.
func TestSameTokenAnotherDay(t *testing.T) {
	s := &fakeStore{entries: sharers(t)[:1], storages: ready(connector.StorageFile)}
	s.replace = func(string) error {
		return &connector.StorageError{Kind: connector.StorageFile, Why: connector.StorageWhySame}
	}
	got := playOn(t.Context(), pretended(t, s), "", "replace-token", "acme-jira", "--token-env", "T", "--expires", "2027-03-31", "--role", "global-admin", "--json")
	if got.code != 0 || !strings.Contains(got.out, `"expires": "2027-03-31"`) || !strings.Contains(strings.Join(s.calls, " "), "edit acme-jira to 2027-03-31") {
		t.Errorf("%+v after %q", got, s.calls)
	}
	s.calls, s.entries[0].Expires = nil, connector.DateOf(noon().AddDate(0, 2, 0))
	got = playOn(t.Context(), pretended(t, s), "", "replace-token", "acme-jira", "--token-env", "T", "--role", "global-admin", "--json")
	if got.code != 0 || !strings.Contains(got.out, `"expires": "2027-01-23"`) || strings.Contains(strings.Join(s.calls, " "), "edit") {
		t.Errorf("no day given: %+v after %q", got, s.calls)
	}
}
