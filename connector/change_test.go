package connector_test

import (
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func report(on string, code connector.Code, verdict connector.Verdict) connector.Report {
	return connector.Report{Product: connector.Jira, Code: code, Verdict: verdict, Title: "Title of " + string(code), At: day(on)}
}

func TestChangeOf(t *testing.T) {
	ok := func(on string) connector.Report { return report(on, connector.CodeOK, connector.Working) }
	failing := func(on string, code connector.Code) connector.Report { return report(on, code, connector.Failing) }
	unknown := func(on string) connector.Report { return report(on, connector.CodeTimedOut, connector.Unknown) }
	soon := func(on string) connector.Report { return report(on, connector.CodeExpiresSoon, connector.Attention) }
	tests := map[string]struct {
		reports []connector.Report
		words   string
		latest  bool
	}{
		"none":            {nil, "", false},
		"first":           {[]connector.Report{ok("2026-11-23")}, "", false},
		"the same":        {[]connector.Report{ok("2026-11-23"), ok("2026-11-03")}, "", false},
		"lost the right":  {[]connector.Report{failing("2026-11-23", connector.CodeNotAdmin), ok("2026-11-03")}, "lost the admin right after 3 Nov 2026", true},
		"still lost":      {[]connector.Report{failing("2026-11-23", connector.CodeNotAdmin), failing("2026-11-20", connector.CodeNotAdmin), ok("2026-11-03")}, "lost the admin right after 3 Nov 2026", false},
		"lost behind it":  {[]connector.Report{failing("2026-11-23", connector.CodeNotAdmin), unknown("2026-11-20"), ok("2026-11-03")}, "lost the admin right after 3 Nov 2026", true},
		"token refused":   {[]connector.Report{failing("2026-11-23", connector.CodeTokenRefused), soon("2026-11-03")}, "its token stopped working after 3 Nov 2026", true},
		"silent":          {[]connector.Report{unknown("2026-11-23"), ok("2026-11-03")}, "couldn't be checked after 3 Nov 2026", true},
		"never worked":    {[]connector.Report{failing("2026-11-23", connector.CodeNotAdmin), unknown("2026-11-20")}, "another cause on 20 Nov 2026: title of timed-out", true},
		"got the right":   {[]connector.Report{ok("2026-11-23"), failing("2026-11-03", connector.CodeNotAdmin)}, "has the admin right again, missing on 3 Nov 2026", true},
		"works again":     {[]connector.Report{ok("2026-11-23"), unknown("2026-11-03")}, "works again; on 3 Nov 2026: title of timed-out", true},
		"needs attention": {[]connector.Report{soon("2026-11-23"), ok("2026-11-03")}, "needs attention since 3 Nov 2026", true},
	}
	for name, test := range tests {
		got := connector.ChangeOf(test.reports)
		if got == nil {
			got = &connector.Change{}
		}
		if got.Words != test.words || got.Latest != test.latest {
			t.Errorf("%s: %q, latest %v; want %q, %v", name, got.Words, got.Latest, test.words, test.latest)
		}
	}
}

// Every code has words for "worse than before" that name a day.
func TestChangeNamesADayForEveryCode(t *testing.T) {
	for _, code := range connector.Codes() {
		if code == connector.CodeOK {
			continue
		}
		got := connector.ChangeOf([]connector.Report{report("2026-11-23", code, connector.Failing), report("2026-11-03", connector.CodeOK, connector.Working)})
		if got == nil || !strings.Contains(got.Words, "3 Nov 2026") {
			t.Errorf("%s: %+v", code, got)
		}
	}
}

func TestSightChange(t *testing.T) {
	sees := func(on string, n int, who string) connector.Report {
		r := report(on, connector.CodeOK, connector.Working)
		r.Coverage = &connector.Coverage{Coverage: atlassian.Coverage{Count: n}}
		r.Identity = &connector.Identity{ID: who, Name: who}
		return r
	}
	for want, reports := range map[string][]connector.Report{
		"": {sees("2026-11-23", 41, "Mia"), sees("2026-11-03", 41, "Mia")},
		"sees 3 spaces (projects), 41 on 3 Nov 2026": {sees("2026-11-23", 3, "Mia"), sees("2026-11-03", 41, "Mia")},
		"signs in as Olga, on 3 Nov 2026 as Mia":     {sees("2026-11-23", 41, "Olga"), sees("2026-11-03", 41, "Mia")},
	} {
		if got := connector.SightChange(reports); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestEnds(t *testing.T) {
	today := connector.DateOf(day("2026-11-23"))
	on := func(text string) connector.Connector {
		d, err := connector.ParseExpiry(text, today, connector.Date{})
		if err != nil {
			t.Fatal(err)
		}
		return connector.Connector{Expires: d}
	}
	since := func(text string) connector.Connector { return connector.Connector{TokenSince: day(text)} }
	tests := []struct {
		c     connector.Connector
		near  connector.ExpiryLevel
		words string
	}{
		{connector.Connector{}, connector.ExpiresLater, ""},
		{on("31d"), connector.ExpiresLater, "24 Dec 2026"},
		{on("30d"), connector.ExpiresSoon, "! in 30 days"},
		{on("8d"), connector.ExpiresSoon, "! in 8 days"},
		{on("7d"), connector.ExpiresVerySoon, "!! in 7 days"},
		{on("1d"), connector.ExpiresVerySoon, "!! tomorrow"},
		{on("0d"), connector.ExpiresVerySoon, "!! today"},
		{on("2026-11-22"), connector.Expired, "!! expired 22 Nov"},
		{since("2026-11-23"), connector.ExpiresLater, "by Nov 2027"},
		{since("2025-12-10"), connector.ExpiresSoon, "! by 10 Dec 2026"},
		{since("2025-11-25"), connector.ExpiresVerySoon, "!! by 25 Nov 2026"},
		{since("2025-11-01"), connector.Expired, "!! by 1 Nov 2026"},
	}
	for _, test := range tests {
		if near, words := test.c.ExpiryLevel(today), test.c.ExpiryShort(today); near != test.near || words != test.words {
			t.Errorf("%v since %v: %d %q, want %d %q", test.c.Expires, test.c.TokenSince, near, words, test.near, test.words)
		}
	}
}

func TestUrgency(t *testing.T) {
	today := connector.DateOf(day("2026-11-23"))
	entry := func(verdict connector.Verdict, expires string) connector.Entry {
		var e connector.Entry
		if verdict != "" {
			e.Last = &connector.Outcome{Verdict: verdict}
		}
		if expires != "" {
			e.Expires, _ = connector.ParseExpiry(expires, today, connector.Date{})
		}
		return e
	}
	order := []connector.Entry{
		entry(connector.Failing, ""), entry(connector.Working, "3d"), entry(connector.Attention, ""), entry(connector.Unknown, ""), entry("", ""),
		entry(connector.Working, "1y"),
	}
	for i := 1; i < len(order); i++ {
		if order[i-1].Urgency(today) >= order[i].Urgency(today) {
			t.Errorf("%d does not come before %d", i-1, i)
		}
	}
	if entry(connector.Working, "30d").Urgency(today) != entry(connector.Attention, "").Urgency(today) {
		t.Error("a token that ends within thirty days does not count as attention")
	}
}

func TestSharingAndTwin(t *testing.T) {
	acme, _, _ := atlassian.ParseSite("acme")
	beta, _, _ := atlassian.ParseSite("beta")
	entry := func(id string, p connector.Product, s atlassian.Site, email, account string) connector.Entry {
		return connector.Entry{Connector: connector.Connector{ID: id, Name: id, Product: p, Site: s, Email: email, Account: account}}
	}
	all := []connector.Entry{
		entry("a", connector.Jira, acme, "mia@example.com", "Acme"), entry("b", connector.Confluence, acme, "Mia@Example.com", "Acme"),
		entry("c", connector.Jira, acme, "olga@example.com", ""), entry("d", connector.Jira, beta, "mia@example.com", "acme "),
		entry("e", connector.Jira, acme, "mia@example.com", ""),
	}
	all[4].KeptIn = connector.StorageReference
	var ids []string
	for _, e := range connector.Sharing(all[0].Connector, all, nil) {
		ids = append(ids, e.ID)
	}
	if strings.Join(ids, " ") != "b" {
		t.Errorf("a shares its token with %v", ids)
	}
	for id, want := range map[string]string{"a": "d", "b": "", "c": "e", "d": "a", "e": "c"} {
		got := ""
		for _, e := range all {
			if e.ID == id {
				if twin := connector.SameAccountAs(e.Connector, all); twin != nil {
					got = twin.ID
				}
			}
		}
		if got != want {
			t.Errorf("the twin of %s is %q, want %q", id, got, want)
		}
	}
}

func TestCalendar(t *testing.T) {
	acme, _, _ := atlassian.ParseSite("acme")
	now := day("2026-11-23")
	long := connector.Connector{ID: "1", Name: "acme-jira", Product: connector.Jira, Site: acme, Email: "mia@example.com",
		Account: "Ünder, Söhne; & Co\\", TokenSince: now}
	exact := connector.Connector{ID: "2", Name: "acme-confluence", Product: connector.Confluence, Site: acme, Expires: connector.DateOf(day("2027-02-21"))}
	unknown := connector.Connector{ID: "3", Name: "old"}
	got := connector.Calendar([]connector.Connector{long, exact, unknown}, now)
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\n", "UID:1@saasconnect\r\n", "DTSTART;VALUE=DATE:20271123\r\n", "DTEND;VALUE=DATE:20271124\r\n",
		"SUMMARY:API token of acme-jira expires (latest possible date)\r\n", "SUMMARY:API token of acme-confluence expires\r\n",
		"DTSTART;VALUE=DATE:20270221\r\n", "TRIGGER:-P30D\r\n", "TRIGGER:-P7D\r\n", "END:VCALENDAR\r\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the calendar lacks %q:\n%s", want, got)
		}
	}
	if strings.Count(got, "BEGIN:VEVENT") != 2 {
		t.Errorf("what has no day has an event:\n%s", got)
	}
	for _, line := range strings.Split(strings.TrimSuffix(got, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	unfolded := strings.ReplaceAll(got, "\r\n ", "")
	if !strings.Contains(unfolded, `SaaSAssure account: Ünder\, Söhne\; & Co\\.\nReplace it: saasconnect replace-token acme-jira`) {
		t.Errorf("the description is not escaped:\n%s", unfolded)
	}
}
