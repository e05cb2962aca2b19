package connector_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The laws, checked by enumeration: every combination of the classes of answers that each call can
// have goes through Conclude, for both products, with and without an expiry date. Of the answers
// of the gateway and of the coverage only those are used that Conclude distinguishes; see seldom.

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const cloudID = "6f1c1b9e-0d5b-4d3a-9a57-3f2f6b0c8a11"

func acme(t testing.TB) atlassian.Site {
	t.Helper()
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// pathOf returns a call's path, as in atlassian's requestFor.
func pathOf(call atlassian.Call, product connector.Product) string {
	confluence := product == connector.Confluence
	switch call {
	case atlassian.CallTenant:
		return "/_edge/tenant_info"
	case atlassian.CallPermissions:
		return "/rest/api/3/mypermissions"
	case atlassian.CallCoverage:
		if confluence {
			return "/wiki/api/v2/spaces"
		}
		return "/rest/api/3/project/search"
	case atlassian.CallIdentity, atlassian.CallGateway:
		path := "/rest/api/3/myself"
		if confluence {
			path = "/wiki/rest/api/user/current"
		}
		if call == atlassian.CallGateway {
			path = "/ex/" + string(product) + "/" + cloudID + path
		}
		return path
	case atlassian.CallJiraIdentity:
		return "/rest/api/3/myself"
	}
	return ""
}

// answers returns the answers that each call can have, by name; nil means that it was not made.
func answers(call atlassian.Call) map[string]*atlassian.Observation {
	o := func(status int, change func(*atlassian.Observation)) *atlassian.Observation {
		one := &atlassian.Observation{
			Call: call, Method: "GET", Host: "acme.atlassian.net", Path: pathOf(call, connector.Jira), Status: status, At: noon,
			Took: 80 * time.Millisecond, Attempts: 1, Edge: true, Body: atlassian.BodyJSON, RetryAfter: -1, TraceID: "41aa",
		}
		if change != nil {
			change(one)
		}
		return one
	}
	fault := func(kind atlassian.FaultKind) *atlassian.Observation {
		one := o(0, nil)
		one.Edge, one.TraceID, one.Fault = false, "", &atlassian.Fault{Kind: kind, Issuer: "Example Corp TLS Inspection", Proxy: "http://proxy.example.com:3128"}
		return one
	}
	all := map[string]*atlassian.Observation{
		"none": nil, "timeout": fault(atlassian.FaultTimeout), "canceled": fault(atlassian.FaultCanceled),
		"throttled": o(429, func(o *atlassian.Observation) { o.RetryAfter = 20 * time.Second }),
		"trouble":   o(500, nil), "odd": o(418, nil),
		"page":    o(200, func(o *atlassian.Observation) { o.Edge, o.Body = false, atlassian.BodyHTML }),
		"missing": o(404, func(o *atlassian.Observation) { o.MissingTenant = true; o.Body = atlassian.BodyNone }),
	}
	if call == atlassian.CallTenant {
		all["there"] = o(200, func(o *atlassian.Observation) { o.CloudID = cloudID })
		all["moved"] = o(302, func(o *atlassian.Observation) { o.Redirect = "acme-new.atlassian.net" })
		all["untrusted"] = fault(atlassian.FaultUntrusted)
		return all
	}
	switch call {
	case atlassian.CallPermissions:
		for name, has := range map[string]bool{"admin": true, "no-admin": false} {
			all[name] = o(200, func(o *atlassian.Observation) { o.Admin = &has })
		}
		all["anonymous"] = o(200, func(o *atlassian.Observation) { o.LoginReason = "AUTHENTICATED_FAILED"; no := false; o.Admin = &no })
		all["empty"] = o(200, nil)
	case atlassian.CallCoverage:
		all["some"] = o(200, func(o *atlassian.Observation) { o.Coverage = &atlassian.Coverage{Count: 41} })
		all["anonymous"] = o(200, func(o *atlassian.Observation) { o.LoginReason = "AUTHENTICATED_FAILED" })
	default:
		identities(all, o)
	}
	return all
}

// identities adds the answers that only an identity call can have.
func identities(all map[string]*atlassian.Observation, o func(int, func(*atlassian.Observation)) *atlassian.Observation) {
	yes, no := true, false
	person := func(admin *bool, change func(*atlassian.Person)) *atlassian.Observation {
		return o(200, func(o *atlassian.Observation) {
			o.Person = &atlassian.Person{ID: "5b10", Name: "Mia Krystof", Email: "mia@example.com", Kind: "atlassian", Active: &yes}
			o.Admin = admin
			if change != nil {
				change(o.Person)
			}
		})
	}
	all["mia"] = person(&yes, nil)
	all["no-admin"] = person(&no, nil)
	all["unsaid"] = person(nil, nil)
	all["inactive"] = person(&yes, func(p *atlassian.Person) { p.Active = &no })
	all["service"] = person(&yes, func(p *atlassian.Person) { p.Kind = "app" })
	all["other-email"] = person(&yes, func(p *atlassian.Person) { p.Email = "other@example.com" })
	all["anonymous-user"] = o(200, func(o *atlassian.Observation) { o.Person = &atlassian.Person{Anonymous: true} })
	all["failed-login"] = o(200, func(o *atlassian.Observation) {
		o.LoginReason = "AUTHENTICATED_FAILED"
		o.Person = &atlassian.Person{ID: "5b10"}
	})
	all["not-here"] = o(404, func(o *atlassian.Observation) { o.FailureCategory = "FAILURE_CLIENT_TCS" })
	all["refused"] = o(401, func(o *atlassian.Observation) { o.Phrase = atlassian.PhraseMustAuthenticate })
	all["forbidden"] = o(403, func(o *atlassian.Observation) { o.Phrase = atlassian.PhraseNoConfluence })
	all["scope"] = o(401, func(o *atlassian.Observation) { o.Phrase = atlassian.PhraseScope })
	all["captcha"] = o(403, func(o *atlassian.Observation) { o.LoginReason = "AUTHENTICATION_DENIED" })
	all["ip"] = o(403, func(o *atlassian.Observation) { o.Phrase = atlassian.PhraseIPRejected })
	all["password"] = o(401, func(o *atlassian.Observation) { o.Phrase = atlassian.PhrasePassword })
	all["moved"] = o(302, func(o *atlassian.Observation) { o.Redirect = "acme-new.atlassian.net" })
	all["portal"] = o(302, func(o *atlassian.Observation) { o.Redirect, o.Edge = "login.hotel.example", false })
	all["front"] = o(403, func(o *atlassian.Observation) { o.Phrase, o.Body = atlassian.PhraseFront, atlassian.BodyHTML })
	all["gate"] = o(401, func(o *atlassian.Observation) { o.Edge, o.Body, o.Challenge = false, atlassian.BodyNone, "negotiate" })
	all["authorization-failed"] = o(200, func(o *atlassian.Observation) {
		o.LoginReason, o.Admin, o.Person = "AUTHORISATION_FAILED", &yes, &atlassian.Person{ID: "5b10"}
	})
	all["proxy-401"] = o(401, func(o *atlassian.Observation) { o.Edge, o.Body = false, atlassian.BodyHTML })
	all["bearer"] = o(403, func(o *atlassian.Observation) { o.Phrase = atlassian.PhraseBearer })
	all["unauthorized"] = o(401, func(o *atlassian.Observation) { o.Phrase = atlassian.PhraseUnauthorized })
	all["unavailable"] = o(503, func(o *atlassian.Observation) { o.Phrase = atlassian.PhraseUnavailable })
	for _, kind := range atlassian.FaultKinds() {
		all["fault-"+string(kind)] = o(0, func(o *atlassian.Observation) {
			o.Edge, o.Fault = false, &atlassian.Fault{Kind: kind, Issuer: "Example Corp", Proxy: "http://proxy.example.com:3128"}
		})
	}
}

// seldom returns the identity call's answers that end a check whatever else is answered. They are
// combined with the answers of the site and of one more sign-in only.
func seldom() []string {
	names := []string{"bearer", "unauthorized", "unavailable"}
	for _, kind := range atlassian.FaultKinds() {
		switch kind {
		case atlassian.FaultName, atlassian.FaultReset, atlassian.FaultUntrusted, atlassian.FaultExpired, atlassian.FaultNotTLS,
			atlassian.FaultProxyAuth, atlassian.FaultProxyUnreach, atlassian.FaultMalformed, atlassian.FaultUnspecified:
		default:
			names = append(names, "fault-"+string(kind))
		}
	}
	return names
}

// some returns the part of a call's answers that is combined with everything else.
func some(call atlassian.Call, names ...string) []string {
	all := answers(call)
	if len(names) > 0 {
		return names
	}
	rare := seldom()
	for name := range all {
		if !slices.Contains(rare, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// combination is one set of answers.
type combination struct {
	q     connector.CheckRequest
	names map[atlassian.Call]string
	seen  []atlassian.Observation
}

func (c combination) String() string {
	return fmt.Sprintf("%s %v expires=%s", c.q.Product, c.names, c.q.Expires)
}

// enumerate calls visit with every combination.
func enumerate(t *testing.T, visit func(combination)) int {
	t.Helper()
	past, soon := connector.DateOf(noon.AddDate(0, 0, -3)), connector.DateOf(noon.AddDate(0, 0, 20))
	count := 0
	for _, product := range connector.Products() {
		calls := []atlassian.Call{atlassian.CallTenant, atlassian.CallIdentity, atlassian.CallCoverage, atlassian.CallGateway, atlassian.CallPermissions}
		choices := [][]string{some(calls[0]), some(calls[1]), some(calls[2], "none", "some", "anonymous"),
			some(calls[3], "none", "mia", "refused", "scope", "not-here"), some(calls[4])}
		if product == connector.Confluence {
			calls[4] = atlassian.CallJiraIdentity
			choices[4] = some(calls[4])
		}
		for _, expires := range []connector.Date{{}, past, soon} {
			if expires == soon { // matters only for a connector that works
				choices[0] = []string{"there"}
			}
			q := connector.CheckRequest{Product: product, Site: acme(t), Email: "mia@example.com", Expires: expires, Now: noon}
			each := func(names map[atlassian.Call]string) {
				if count++; count%every != 0 {
					return
				}
				c := combination{q: q, names: names}
				for _, call := range calls {
					if o := table[call][names[call]]; o != nil {
						c.seen = append(c.seen, *o)
						c.seen[len(c.seen)-1].Path = pathOf(call, product)
					}
				}
				visit(c)
			}
			combine(calls, choices, map[atlassian.Call]string{}, each)
			last := []string{"none", "timeout", "odd"}
			if product == connector.Confluence {
				last = append(last, "mia", "refused")
			}
			combine(calls, [][]string{choices[0], seldom(), {"none"}, {"none", "mia", "refused", "scope"}, last}, map[atlassian.Call]string{}, each)
		}
	}
	return count
}

// table has every call's answers, built once.
var table = func() map[atlassian.Call]map[string]*atlassian.Observation {
	all := map[atlassian.Call]map[string]*atlassian.Observation{}
	for _, call := range []atlassian.Call{atlassian.CallTenant, atlassian.CallIdentity, atlassian.CallPermissions, atlassian.CallCoverage, atlassian.CallGateway, atlassian.CallJiraIdentity} {
		all[call] = answers(call)
	}
	return all
}()

func combine(calls []atlassian.Call, choices [][]string, names map[atlassian.Call]string, visit func(map[atlassian.Call]string)) {
	if len(calls) == 0 {
		visit(names)
		return
	}
	for _, name := range choices[0] {
		names[calls[0]] = name
		combine(calls[1:], choices[1:], names, visit)
	}
}

func TestLaws(t *testing.T) {
	reached := map[connector.Code]int{}
	broken, n, codes := 0, 0, connector.Codes()
	count := enumerate(t, func(c combination) {
		r := connector.Conclude(c.q, c.seen)
		reached[r.Code]++
		if n++; n%7 == 0 && !reflect.DeepEqual(r, connector.Conclude(c.q, c.seen)) {
			t.Fatalf("%s: the same question and answers gave two reports", c)
		}
		if !slices.Contains(codes, r.Code) {
			t.Fatalf("%s: %q is no diagnosis of the table", c, r.Code)
		}
		for _, law := range lawsBroken(c, r) {
			if broken++; broken < 20 {
				t.Errorf("%s: %s: %s", c, r.Code, law)
			}
		}
	})
	t.Logf("%d combinations, of which every %d. was looked at", count, every)
	if every > 1 {
		return // too few to tell whether a row is shadowed
	}
	for _, code := range connector.Codes() {
		if reached[code] == 0 && code != connector.CodeTokenMissing && code != connector.CodeTokenLocked && !strings.HasPrefix(string(code), "sees-") {
			t.Errorf("no combination ends in %s: its row is shadowed", code)
		}
	}
}

// lawsBroken returns the laws that a report breaks.
func lawsBroken(c combination, r connector.Report) (laws []string) {
	broken := func(when bool, law string) {
		if when {
			laws = append(laws, law)
		}
	}
	identity, permissions := c.names[atlassian.CallIdentity], c.names[atlassian.CallPermissions]
	person := slices.Contains([]string{"mia", "service", "other-email", "no-admin", "unsaid", "inactive"}, identity)
	admin := permissions == "admin"
	if c.q.Product == connector.Confluence {
		admin = slices.Contains([]string{"mia", "service", "other-email"}, identity)
	}
	broken(r.Good() && !(person && admin && identity != "inactive"), "good without identity, access and admin right proven")
	broken(r.Good() && c.names[atlassian.CallCoverage] == "anonymous", "good although a later answer was anonymous")
	broken(r.Code == "" || r.Title == "" || r.Why == "", "no diagnosis, or none in words")
	broken(r.Verdict != connector.Working && len(r.Remedies) == 0, "no remedy")
	broken(r.Code == connector.CodeOK && r.Verdict != connector.Working, "ok does not work")
	first := slices.IndexFunc(r.Remedies, func(m connector.Remedy) bool { return m.Action != connector.ActNone })
	broken(first > 0 && r.Remedies[first].Action == connector.ActRetry, "the first thing to choose is checking again, where something else comes first")
	blamed := r.Code == connector.CodeTokenRefused || r.Code == connector.CodeTokenExpired
	broken(blamed && !refusedByAtlassian(c), "the token is blamed for what Atlassian did not say")
	broken(r.Code == connector.CodeTokenExpired && !c.q.Expires.Before(connector.DateOf(noon)), "expired before its day")
	broken(slices.Contains(r.Also, r.Code), "the diagnosis is also in also")
	broken(len(r.Stages) != len(connector.Stages()), "a stage is missing")
	for _, s := range r.Stages {
		broken(s.Verdict == connector.Waiting, "a finished report still waits")
		broken(s.Stage == connector.StageExpiry && s.Verdict == connector.Working && !c.q.Expires.IsZero() && c.q.Expires.Before(connector.DateOf(noon)), "a date that has passed is fine")
		broken(r.Verdict == connector.Working && s.Verdict != connector.Working && s.Verdict != connector.Skipped, "working, and a stage is not: "+string(s.Stage))
	}
	bad := 0
	for _, s := range r.Stages {
		if s.Verdict == connector.Failing || s.Verdict == connector.Unknown {
			bad++
		}
	}
	broken(r.Good() && bad > 0, "good, and a stage is not")
	broken(!r.Good() && bad != 1, fmt.Sprintf("%d stages end the check", bad))
	for _, text := range textsOf(r) {
		broken(strings.ContainsFunc(text, unicode.IsControl), "a control character")
		broken(strings.Contains(text, "%!"), "a format went wrong: "+text)
		broken(strings.Contains(text, "  "), "two blanks: "+text)
	}
	return laws
}

// refusedByAtlassian reports whether one of the answers is a refusal with a mark of Atlassian's.
func refusedByAtlassian(c combination) bool {
	for call, name := range c.names {
		switch name {
		case "refused", "failed-login", "anonymous-user", "anonymous", "unauthorized":
			return true
		case "forbidden":
			if call == atlassian.CallIdentity && c.q.Product == connector.Confluence {
				return true
			}
		}
	}
	return false
}

func textsOf(r connector.Report) []string {
	texts := []string{r.Title, r.Why}
	for _, m := range r.Remedies {
		texts = append(texts, m.Do)
	}
	for _, s := range r.Stages {
		texts = append(texts, s.Detail)
	}
	return texts
}

// TestCoverageRaisesAttentionOnly combines what the account can open, what is listed to it, which
// keys were named and what it saw before, with each kind of connection. What it can see turns
// Working into Attention, comes after another cause of Attention, and changes nothing else.
func TestCoverageRaisesAttentionOnly(t *testing.T) {
	count := func(call atlassian.Call, n int, more bool) []atlassian.Observation {
		o := *table[atlassian.CallCoverage]["some"]
		o.Call, o.Coverage = call, &atlassian.Coverage{Count: n, AtLeast: more}
		return []atlassian.Observation{o}
	}
	keys := func(call atlassian.Call, names ...string) atlassian.Observation {
		o := *table[atlassian.CallCoverage]["some"]
		o.Call, o.Coverage, o.Keys = call, nil, names
		return o
	}
	fault := *table[atlassian.CallCoverage]["some"]
	fault.Call, fault.Coverage, fault.Status, fault.Fault = atlassian.CallListed, nil, 0, &atlassian.Fault{Kind: atlassian.FaultTimeout}
	before := func(n int, more bool) *connector.Coverage {
		return &connector.Coverage{Coverage: atlassian.Coverage{Count: n, AtLeast: more}}
	}
	reached, combinations := map[connector.Code]int{}, 0
	for _, product := range connector.Products() {
		for _, basis := range []string{"mia", "no-admin", "service", "other-email", "refused", "inactive", "unsaid"} {
			for _, permissions := range []string{"admin", "no-admin", "none"} {
				for _, expires := range []connector.Date{{}, connector.DateOf(noon.AddDate(0, 0, 20))} {
					q := connector.CheckRequest{Product: product, Site: acme(t), Email: "mia@example.com", Expires: expires, Now: noon, BeforeAt: connector.DateOf(noon.AddDate(0, 0, -3))}
					base := []atlassian.Observation{*table[atlassian.CallTenant]["there"], *table[atlassian.CallIdentity][basis]}
					if o := table[atlassian.CallPermissions][permissions]; o != nil && product == connector.Jira {
						base = append(base, *o)
					}
					without := connector.Conclude(q, base)
					for _, opened := range [][]atlassian.Observation{nil, count(atlassian.CallCoverage, 0, false), count(atlassian.CallCoverage, 4, false), count(atlassian.CallCoverage, 250, true)} {
						for _, listed := range [][]atlassian.Observation{nil, {fault}, count(atlassian.CallListed, 0, false), count(atlassian.CallListed, 4, false), count(atlassian.CallListed, 6, false)} {
							for _, named := range [][]atlassian.Observation{nil, {keys(atlassian.OpenKeys(0), "A", "B", "C", "D"), keys(atlassian.ListedKeys(0), "A", "B", "C", "D", "HR", "LEGAL")},
								{keys(atlassian.ListedKeys(0), "A", "B", "C", "D", "HR", "LEGAL")}} {
								for _, seenBefore := range []*connector.Coverage{nil, before(4, false), before(8, false), before(9, false), before(250, true)} {
									combinations++
									q.Before = seenBefore
									r := connector.Conclude(q, slices.Concat(base, opened, listed, named))
									reached[r.Code]++
									what := fmt.Sprintf("%s %s %s, opened %v, listed %v, named %d, before %v: %s %v, %s without", product, basis, permissions, opened, listed, len(named), seenBefore, r.Code, r.Also, without.Code)
									switch sees := strings.HasPrefix(string(r.Code), "sees-"); {
									case sees && (r.Verdict != connector.Attention || !without.Good()):
										t.Fatalf("%s: what can be seen changed more than attention", what)
									case !sees && (r.Code != without.Code || r.Verdict != without.Verdict):
										t.Fatalf("%s: what can be seen changed the verdict", what)
									case sees && without.Code != connector.CodeOK && !slices.Contains(r.Also, without.Code):
										t.Fatalf("%s: the other attention is gone", what)
									}
									for _, law := range lawsBroken(combination{q: q, names: map[atlassian.Call]string{atlassian.CallIdentity: basis, atlassian.CallPermissions: permissions}}, r) {
										t.Fatalf("%s: %s", what, law)
									}
									if c := r.Coverage; c != nil && (len(c.HiddenKeys) > c.Hidden() || c.Count == 4 && len(c.HiddenKeys) > 0 && strings.Join(c.HiddenKeys, " ") != "HR LEGAL") {
										t.Fatalf("%s: hidden keys %v of %d", what, c.HiddenKeys, c.Hidden())
									}
								}
							}
						}
					}
				}
			}
		}
	}
	for _, code := range []connector.Code{connector.CodeSeesNothing, connector.CodeSeesPart, connector.CodeSeesLess, connector.CodeOK} {
		if reached[code] == 0 {
			t.Errorf("no combination ends in %s", code)
		}
	}
	t.Logf("%d combinations: %v", combinations, reached)
}

// TestReport3SeesLess: fewer than half of what the last good check saw, or fewer than its minimum.
func TestReport3SeesLess(t *testing.T) {
	for _, c := range []struct {
		now, before   int
		more, hadMore bool
		less          bool
	}{
		{now: 20, before: 41, less: true}, {now: 21, before: 41}, {now: 4, before: 8}, {now: 4, before: 9, less: true}, {now: 50, before: 41},
		{now: 249, before: 250, hadMore: true, less: true}, {now: 250, before: 250, hadMore: true}, {now: 250, before: 250, more: true, hadMore: true},
		{now: 250, before: 600, more: true},
	} {
		coverage := *table[atlassian.CallCoverage]["some"]
		coverage.Coverage = &atlassian.Coverage{Count: c.now, AtLeast: c.more}
		q := connector.CheckRequest{Product: connector.Confluence, Site: acme(t), Email: "mia@example.com", Now: noon, BeforeAt: connector.DateOf(noon.AddDate(0, 0, -3)),
			Before: &connector.Coverage{Coverage: atlassian.Coverage{Count: c.before, AtLeast: c.hadMore}}}
		r := connector.Conclude(q, []atlassian.Observation{*table[atlassian.CallTenant]["there"], *table[atlassian.CallIdentity]["mia"], coverage})
		if got := r.Code == connector.CodeSeesLess; got != c.less || got && (!strings.Contains(r.Title, "20 Nov 2026") || !strings.Contains(r.Title, fmt.Sprint(c.before))) {
			t.Errorf("%+v: %s, %q", c, r.Code, r.Title)
		}
	}
}

// TestReport1ScopesAreSaidAsTheyAreKnown: for a token refused at the site and accepted at the
// gateway, what is said, and how surely, depends on CallScopes' answer, on the site's front page,
// and on earlier checks.
func TestReport1ScopesAreSaidAsTheyAreKnown(t *testing.T) {
	made := func(call atlassian.Call, name string) atlassian.Observation {
		o := *table[atlassian.CallGateway][name]
		o.Call = call
		return o
	}
	noRight := made(atlassian.CallScopes, "refused")
	noRight.Status, noRight.Phrase = 403, atlassian.PhraseNone
	allowed := made(atlassian.CallScopes, "refused")
	allowed.Status, allowed.Phrase, allowed.Body = 200, atlassian.PhraseNone, atlassian.BodyJSON
	for name, c := range map[string]struct {
		proven bool
		more   []atlassian.Observation
		code   connector.Code
		title  string
	}{
		"not asked":                    {false, nil, connector.CodeTokenScoped, "most likely has scopes"},
		"not answered":                 {false, []atlassian.Observation{made(atlassian.CallScopes, "timeout")}, connector.CodeTokenScoped, "most likely has scopes"},
		"scopes proven":                {false, []atlassian.Observation{made(atlassian.CallScopes, "scope")}, connector.CodeTokenScoped, "This token has scopes"},
		"no scopes, an administrator":  {false, []atlassian.Observation{allowed}, connector.CodeUnrecognized, "refuses a token that Atlassian accepts"},
		"no scopes, no administrator":  {false, []atlassian.Observation{noRight}, connector.CodeUnrecognized, "refuses a token that Atlassian accepts"},
		"proven before":                {true, nil, connector.CodeUnrecognized, "refuses a token that Atlassian accepts"},
		"proven before, and contrary":  {true, []atlassian.Observation{made(atlassian.CallScopes, "scope")}, connector.CodeUnrecognized, "refuses a token that Atlassian accepts"},
		"another name":                 {false, []atlassian.Observation{allowed, made(atlassian.CallFront, "moved")}, connector.CodeSiteRenamed, "renamed: acme-new.atlassian.net"},
		"another name, proven before":  {true, []atlassian.Observation{made(atlassian.CallFront, "moved")}, connector.CodeSiteRenamed, "renamed: acme-new.atlassian.net"},
		"another name, and has scopes": {false, []atlassian.Observation{made(atlassian.CallScopes, "scope"), made(atlassian.CallFront, "moved")}, connector.CodeSiteRenamed, "renamed: acme-new.atlassian.net"},
		"a login page":                 {false, []atlassian.Observation{made(atlassian.CallScopes, "scope"), made(atlassian.CallFront, "portal")}, connector.CodeTokenScoped, "This token has scopes"},
	} {
		q := connector.CheckRequest{Product: connector.Jira, Site: acme(t), Email: "mia@example.com", Now: noon, AcceptedHere: c.proven}
		base := []atlassian.Observation{*table[atlassian.CallTenant]["there"], *table[atlassian.CallIdentity]["refused"], *table[atlassian.CallGateway]["mia"]}
		r := connector.Conclude(q, append(base, c.more...))
		if r.Code != c.code || !strings.Contains(r.Title, c.title) || len(r.Remedies) == 0 {
			t.Errorf("%s: %s, %q", name, r.Code, r.Title)
		}
		for _, law := range lawsBroken(combination{q: q, names: map[atlassian.Call]string{atlassian.CallIdentity: "refused"}}, r) {
			t.Errorf("%s: %s", name, law)
		}
	}
}

// TestOrderDoesNotMatter reverses the observations.
func TestOrderDoesNotMatter(t *testing.T) {
	n := 0
	enumerate(t, func(c combination) {
		if n++; n%23 != 0 {
			return
		}
		turned := slices.Clone(c.seen)
		slices.Reverse(turned)
		if a, b := connector.Conclude(c.q, c.seen), connector.Conclude(c.q, turned); !reflect.DeepEqual(a, b) {
			t.Fatalf("%s: the order of landing changed the report:\n%+v\n%+v", c, a, b)
		}
	})
}

// TestProgressIsNotAhead: a running checklist never shows the admin right before it is known.
func TestProgressIsNotAhead(t *testing.T) {
	n := 0
	enumerate(t, func(c combination) {
		if n++; n%23 != 0 {
			return
		}
		for i := range c.seen {
			for _, f := range connector.ProgressOf(c.q, c.seen[:i]) {
				if f.Verdict == connector.Working && f.Stage == connector.StageAdmin && connector.Conclude(c.q, c.seen[:i]).Admin == nil {
					t.Fatalf("%s: the admin right is shown before it is known", c)
				}
			}
		}
	})
}
