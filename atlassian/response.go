package atlassian

// Reading an HTTP answer. Every header and body may be hostile, so it is bounded and cleaned. The
// status and the headers are trusted more than the body, whose announced type is often wrong
// (Jira's 401 is plain text under application/json).

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// readFault is an error while reading a body, which means that the answer was cut off.
type readFault struct{ err error }

func (f readFault) Error() string { return f.err.Error() }

func (f readFault) Unwrap() error { return f.err }

// read takes what is needed from an answer into o and closes its body. The fault's err is nil
// where the body could be read.
func (o *Observation) read(answer *http.Response, now time.Time) readFault {
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if err != nil {
		return readFault{err}
	}
	o.Status = answer.StatusCode
	o.readHeader(answer, now)
	if len(body) > maxBody {
		o.Body = BodyHuge
		return readFault{}
	}
	o.readBody(body, answer.Header)
	return readFault{}
}

func (o *Observation) readHeader(answer *http.Response, now time.Time) {
	h := answer.Header
	o.LoginReason = Clean(strings.Join(h.Values("X-Seraph-Loginreason"), ", "), 200)
	o.DeniedReason = Clean(h.Get("X-Authentication-Denied-Reason"), 200)
	o.Challenge = challenge(h.Values("Www-Authenticate"))
	o.FailureCategory = Clean(h.Get("X-Failure-Category"), 100)
	for _, name := range []string{"Atl-Traceid", "X-Arequestid", "Atl-Request-Id"} {
		if o.TraceID == "" {
			o.TraceID = Clean(h.Get(name), 80)
		}
	}
	o.MissingTenant = strings.EqualFold(strings.TrimSpace(h.Get("Atl-Missing-Tcs")), "true")
	o.RetryAfter = retryAfter(h.Get("Retry-After"), now)
	o.Date, _ = http.ParseTime(h.Get("Date")) // zero where it is missing or invalid
	o.Edge = o.TraceID != "" || o.MissingTenant || o.LoginReason != "" || o.FailureCategory != "" ||
		strings.Contains(strings.ToLower(h.Get("Server")), "atlassianedge")
	if answer.StatusCode >= 300 && answer.StatusCode < 400 {
		o.Redirect, o.RedirectPath = redirect(answer.Request.URL, h.Get("Location"))
	}
}

// challenge returns the scheme of WWW-Authenticate: Atlassian's own (oauth) where there are
// several.
func challenge(headers []string) string {
	first := ""
	for _, header := range headers {
		scheme, _, _ := strings.Cut(strings.TrimSpace(header), " ")
		scheme = strings.ToLower(Clean(scheme, 40))
		if scheme == "oauth" {
			return scheme
		}
		if first == "" {
			first = scheme
		}
	}
	return first
}

// redirect returns the target of a 3xx: the host, "" where it is the same, with its port unless
// that is 443, and the path. The query is dropped, since it may contain what was sent.
func redirect(from *url.URL, location string) (host, path string) {
	if location == "" || len(location) > 8<<10 {
		return "", ""
	}
	to, err := from.Parse(location)
	if err != nil {
		return "", ""
	}
	host = strings.ToLower(to.Hostname())
	if port := to.Port(); port != "" && port != "443" {
		host += ":" + port
	}
	if host == from.Host {
		host = ""
	}
	return Clean(host, 253), Clean(to.Path, 200)
}

// retryAfter parses both forms of Retry-After (RFC 9110, section 10.2.3); negative where there is
// none.
func retryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	const longest = 30 * 24 * time.Hour
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, longest)
	}
	if at, err := http.ParseTime(text); err == nil && !now.IsZero() {
		return min(max(at.Sub(now), 0), longest)
	}
	return -1
}

func (o *Observation) readBody(body []byte, h http.Header) {
	body = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\ufeff")))
	var object map[string]json.RawMessage
	o.Body, object = bodyKind(body, strings.ToLower(h.Get("Content-Type")))
	if o.Status >= 400 {
		o.Phrase = phraseOf(body, object, o.Body)
		o.Reason = reasonOf(body, object, o.Body)
	}
	if o.Body == BodyBroken && o.Phrase != PhraseNone {
		o.Body = BodyText
	}
	switch o.Phrase {
	case PhraseNone, PhraseTomcat401, PhraseUnauthorized:
	default:
		o.Edge = true
	}
	if object == nil || o.Status != http.StatusOK {
		return
	}
	switch o.Call {
	case CallTenant:
		if o.CloudID = cloudID(object); o.CloudID != "" {
			o.Edge = true
		}
	case CallIdentity, CallGateway, CallJiraIdentity:
		o.Person = person(object)
		o.Admin = operationsAdmin(object)
	case CallPermissions:
		o.Admin = permissionsAdmin(object)
	case CallCoverage, CallListed:
		o.Coverage = coverage(object, h)
	default:
		if _, _, isKeys := keysOf(o.Call); isKeys {
			o.Keys = projectKeys(object)
		}
	}
}

// bodyKind returns the kind of a body, and the object of JSON, from how it begins; the announced
// type is used where that doesn't tell.
func bodyKind(body []byte, announced string) (BodyKind, map[string]json.RawMessage) {
	if len(body) == 0 {
		return BodyNone, nil
	}
	switch body[0] {
	case '{':
		var object map[string]json.RawMessage
		if json.Unmarshal(body, &object) != nil {
			return BodyBroken, nil
		}
		return BodyJSON, object
	case '<':
		start := strings.ToLower(string(body[:min(len(body), 2048)]))
		switch {
		case strings.Contains(start, "<html"), strings.Contains(start, "<!doctype html"):
			return BodyHTML, nil
		case strings.HasPrefix(start, "<?xml"), strings.Contains(announced, "xml"):
			return BodyXML, nil
		}
		return BodyHTML, nil
	}
	if strings.Contains(announced, "json") || body[0] == '[' {
		return BodyBroken, nil
	}
	return BodyText, nil
}

// phrases are sentences of Atlassian's in lower case, the more specific first. Sources: measured
// by https://github.com/brekkylab/backlot (must-authenticate, bearer, no-confluence) and
// https://github.com/mozilla/markfluence (no-confluence, scope, Tomcat); for the site that doesn't
// exist https://github.com/prometheus/alertmanager/issues/4609; for passwords
// https://developer.atlassian.com/cloud/confluence/deprecation-notice-basic-auth/; for the
// allow-list Atlassian's knowledge base, page 1384133808; for CloudFront in front of the services
// https://github.com/n8n-io/n8n/issues/14153.
var phrases = []struct {
	text   string
	phrase Phrase
}{
	{"basic authentication with passwords is deprecated", PhrasePassword},
	{"failed to parse connect session auth token", PhraseBearer},
	{"ip address has been rejected", PhraseIPRejected},
	{"scope does not match", PhraseScope},
	{"error: the request could not be satisfied", PhraseFront},
	{"site temporarily unavailable", PhraseUnavailable},
	{"atlassian cloud site is currently unavailable", PhraseUnavailable},
	{"atlassian cloud notifications - page unavailable", PhraseUnavailable},
	{"cannot access confluence", PhraseNoConfluence},
	{"not permitted to use confluence", PhraseNoConfluence},
	{"client must be authenticated to access this resource", PhraseMustAuthenticate},
}

// longestReason is the largest number of characters of a reason: a sentence or two.
const longestReason = 200

// reasonOf returns the sentence in which an answer gives its reason: Jira's errorMessages, the
// gateway's and Confluence's message, the edge's errorMessage, or a short text. "" for a single
// word, a program's exception, or a sentence that only says that no one is signed in.
func reasonOf(body []byte, object map[string]json.RawMessage, kind BodyKind) string {
	text := ""
	switch kind {
	case BodyJSON:
		if messages, ok := listField(object, "errorMessages"); ok && len(messages) > 0 {
			_ = json.Unmarshal(messages[0], &text) // text stays "" where it isn't a string
		}
		for _, name := range []string{"message", "errorMessage", "detail"} {
			if text == "" {
				text = rawText(object, name)
			}
		}
	case BodyText:
		if len(body) <= 2*longestReason {
			text = string(body)
		}
	case BodyNone, BodyHTML, BodyXML, BodyBroken, BodyHuge:
	}
	text = Clean(text, longestReason)
	switch lower := strings.ToLower(text); {
	case strings.Count(text, " ") < 2, strings.Contains(lower, "exception"), strings.Contains(lower, "com.atlassian"), strings.HasPrefix(lower, "client must be authenticated"), lower == "no message available":
		return ""
	}
	return text
}

// phraseOf recognizes a phrase in the first 64 KiB of a refusal's body.
func phraseOf(body []byte, object map[string]json.RawMessage, kind BodyKind) Phrase {
	text := strings.ToLower(string(body[:min(len(body), 64<<10)]))
	for _, known := range phrases {
		if strings.Contains(text, known.text) {
			return known.phrase
		}
	}
	switch {
	case kind == BodyHTML && strings.Contains(text, "http status 401"):
		return PhraseTomcat401
	case strings.EqualFold(textField(object, "message"), "Unauthorized"):
		return PhraseUnauthorized
	}
	return PhraseNone
}
