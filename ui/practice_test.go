package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/store"
	"saasconnect/ui"
	"saasconnect/ui/practice"
)

// TestPracticeOffersWhatFits: what is typed for a person is of the account that the task is about,
// and nothing is offered where nothing fits.
func TestPracticeOffersWhatFits(t *testing.T) {
	values := func(email string) ui.PracticeValues {
		return ui.PracticeValues{Site: "acme", Email: email, Token: atlassian.NewToken("of " + email)}
	}
	p := ui.Practice{Seed: values("mia@example.com"), Newer: func(email string) (atlassian.Token, atlassian.Receipt) {
		return atlassian.NewToken("newer of " + email), atlassian.Receipt{}
	}}
	cured := p
	cured.Fixed = values("olga@example.com")
	saved := connector.Entry{Connector: connector.Connector{ID: "1", Product: connector.Jira, Email: "tomas@example.com"}}
	add, replace, edit := setup.New(connector.Jira), setup.For(setup.Replace, saved), setup.For(setup.Edit, saved)
	for name, c := range map[string]struct {
		p     ui.Practice
		d     setup.Draft
		tries int
		other bool
		email string // whose token is typed; "" for none
		hint  bool
	}{
		"a new one":                            {cured, add, 0, false, "mia@example.com", true},
		"after a failure":                      {cured, add, 1, false, "olga@example.com", true},
		"another token":                        {cured, replace, 0, false, "newer of tomas@example.com", true},
		"another account's":                    {cured, replace, 0, true, "olga@example.com", true},
		"another account's, and there is none": {p, replace, 0, true, "", false},
		"other facts":                          {cured, edit, 0, false, "mia@example.com", false},
	} {
		want := atlassian.Token{}
		if c.email != "" {
			want = atlassian.NewToken(map[bool]string{false: "of "}[strings.HasPrefix(c.email, "newer")] + c.email)
		}
		if got := c.p.ToType(c.d, c.tries, c.other); !got.Token.Equal(want) {
			t.Errorf("%s: another token is typed", name)
		}
		if hint := c.p.Hint(c.d, c.tries, c.other, "KEY"); (hint != "") != c.hint || c.hint && !strings.Contains(hint, "KEY") {
			t.Errorf("%s: %q", name, hint)
		}
	}
}

// TestStoredTokenFaultsCanBePracticed: the situations of a stored token begin with a saved connector. A
// check shows the fault, and what is to be done first about it works.
func TestStoredTokenFaultsCanBePracticed(t *testing.T) {
	for name, c := range map[string]struct{ diagnosed, said, cure string }{
		"token-locked": {"press enter", "The encrypted file is locked", "press enter\ntype anything at all\npress enter\nwait 2s"},
		"token-missing": {"press enter r\nwait 2s", "The token is no longer in memory",
			"press enter\npress down enter\npress enter s ctrl+t enter enter\nwait 3s\npress esc\nwait 1s\npress r\nwait 2s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				s := stageAt(t, settingsOf(t, ""), practiceWorld(t, name), ui.Start{})
				defer s.end()
				s.follow(c.diagnosed, nil)
				s.has(c.said)
				s.follow(c.cure, nil)
				s.has("Jira connection verified")
			})
		})
	}
}

// TestPracticeSaysWhatIsNotSimulated: a step that takes a browser can't be done in practice, and what
// would fix the situation is said instead.
func TestPracticeSaysWhatIsNotSimulated(t *testing.T) {
	for situation, how := range map[string]string{"captcha": "wait 10 seconds", "not-admin": "token of Olga"} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(storyTime))
			s := stageAt(t, settingsOf(t, ""), practiceWorld(t, situation), ui.Start{})
			defer s.end()
			s.follow("press s enter enter s ctrl+t enter ctrl+t enter ctrl+t enter enter\nwait 3s\npress enter", nil)
			s.has("In practice this step can't be done.", how)
		})
	}
}

// practiceWorld is the world of a situation, put together as main does.
func practiceWorld(t *testing.T, situation string) testWorld {
	t.Helper()
	pretend, err := practice.Open(practice.Options{Situation: situation, Timeout: 15 * time.Second, User: func() string { return "mia" }, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	memory := store.OpenMemory(store.MemoryOptions{Now: time.Now, Storages: pretend.Storages})
	for _, saved := range pretend.Saved {
		if err := memory.Add(t.Context(), saved.Entry, saved.Token); err != nil {
			t.Fatal(err)
		}
	}
	if err := memory.Fail(t.Context(), pretend.Fault); err != nil {
		t.Fatal(err)
	}
	return testWorld{store: memory, close: pretend.Close, world: ui.Deps{
		Version: "test", Now: time.Now, Observer: pretend.Client, Store: memory, User: func() string { return "mia" }, Timeout: 15 * time.Second, Practice: pretend.Values,
	}}
}
