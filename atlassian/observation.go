package atlassian

import "time"

// Call names one question put to Atlassian during a check.
type Call string

// The calls of a check, in the order in which they can be asked.
const (
	// CallTenant is GET /_edge/tenant_info, without credentials: does the site exist,
	// and under which cloud id?
	CallTenant Call = "tenant"
	// CallIdentity is the product's own identity call: Jira's /rest/api/3/myself,
	// Confluence's /wiki/rest/api/user/current?expand=operations (which also answers
	// the question after the admin right).
	CallIdentity Call = "identity"
	// CallPermissions is Jira's /rest/api/3/mypermissions. Confluence has none.
	CallPermissions Call = "permissions"
	// CallCoverage asks what the account can open: project/search with action=browse, or v2
	// spaces.
	CallCoverage Call = "coverage"
	// CallListed is Jira's project/search with action=view, which lists to an administrator
	// what it can't open as well. Confluence has no such pair of calls.
	CallListed Call = "listed"
	// CallGateway is the identity call again, at the site's API gateway: only asked
	// after a refusal, since that is where a scoped token is accepted.
	CallGateway Call = "gateway"
	// CallScopes is a call at the gateway that needs a scope which hardly anybody grants: Jira's
	// list of all permissions. Only asked where the site refused and the gateway did not: "scope
	// does not match" proves that the token has scopes, anything else of Atlassian's that it
	// has none. It is no refused sign-in, since the gateway knows who is asking.
	CallScopes Call = "scopes"
	// CallFront is GET / without credentials: asked beside CallScopes, since the old name of a
	// renamed site sends browsers to the new one and answers API calls with 401.
	CallFront Call = "front"
	// CallJiraIdentity is Jira's /rest/api/3/myself during a Confluence check: only
	// asked after Confluence's 403, to tell a wrong token from a missing license.
	CallJiraIdentity Call = "jira-identity"
)

// Target says which connection is to be observed. It holds no secret.
type Target struct {
	Product Product
	Site    Site
	Email   string
}

// Observation is what one call showed. Exactly one of these holds: Fault is set
// (no usable HTTP answer came), or Status is set (one came).
//
// Every string that came from the network is already cleaned (see [Clean]).
type Observation struct {
	Call   Call
	Method string    // "GET"
	Host   string    // the host asked, e.g. "acme.atlassian.net"
	Path   string    // the path asked, without its query
	At     time.Time // when the call was begun
	Took   time.Duration
	// Attempts is how often it was sent: 2 after a retry.
	Attempts int
	// Again is true while a call is under way for the second time: the rest says what the
	// first attempt met. Never true of what Observe returns.
	Again bool

	Fault  *Fault
	Status int

	// LoginReason is X-Seraph-LoginReason, DeniedReason X-Authentication-Denied-Reason,
	// FailureCategory the gateway's X-Failure-Category, TraceID the first of Atl-Traceid,
	// X-Arequestid and Atl-Request-Id.
	LoginReason     string
	DeniedReason    string
	FailureCategory string
	TraceID         string
	// Challenge is how WWW-Authenticate asks to sign in, in small letters: "oauth" is
	// Atlassian's own, "negotiate" and "ntlm" a company's gate; "" where it does not ask.
	Challenge string
	// MissingTenant is Atl-Missing-Tcs: true, the mark of Atlassian's edge for "nothing here".
	MissingTenant bool
	// Edge is true where the answer bears a mark of Atlassian's own servers (Server:
	// AtlassianEdge, one of the trace headers, or a shape only Atlassian gives).
	Edge bool
	// Redirect is the host a 3xx points at ("" for none or the same host); RedirectPath its path.
	Redirect     string
	RedirectPath string
	// RetryAfter is how long the server asks to wait; negative where it did not say.
	RetryAfter time.Duration
	// Date is the answer's own clock; zero where it did not say.
	Date time.Time

	Body   BodyKind
	Phrase Phrase

	// Reason is the sentence in which an answer of 400 or above says why, cleaned; "" where it
	// has none, or only a word that its status says as well.
	Reason string

	// What was decoded, nil where the answer did not hold it.
	CloudID  string    // CallTenant; only ever a well-formed UUID
	Person   *Person   // the identity calls
	Admin    *bool     // CallPermissions, and Confluence's CallIdentity
	Coverage *Coverage // CallCoverage and CallListed
	Keys     []string  // the calls of KeyCalls: the keys of a page of projects, in the server's order
}

// BodyKind is what kind of body came with an answer.
type BodyKind string

// The kinds of body. BodyJSON means it parsed as a JSON object; whether the
// fields needed were in it is said by the decoded fields.
const (
	BodyNone   BodyKind = "none"
	BodyJSON   BodyKind = "json"
	BodyText   BodyKind = "text"
	BodyHTML   BodyKind = "html"
	BodyXML    BodyKind = "xml"
	BodyBroken BodyKind = "broken" // announced or begun as JSON, and is not
	BodyHuge   BodyKind = "huge"   // longer than the limit: the rest was not read
)

// Phrase is a sentence of Atlassian's that was recognized in an answer's body.
type Phrase string

// The phrases that decide something. Their sources stand beside the recognizer.
const (
	PhraseNone             Phrase = ""
	PhraseMustAuthenticate Phrase = "must-authenticate"   // "Client must be authenticated to access this resource."
	PhrasePassword         Phrase = "password"            // "Basic authentication with passwords is deprecated."
	PhraseBearer           Phrase = "bearer"              // "Failed to parse Connect Session Auth Token"
	PhraseIPRejected       Phrase = "ip-rejected"         // "The IP address has been rejected …"
	PhraseScope            Phrase = "scope"               // "Unauthorized; scope does not match"
	PhraseUnauthorized     Phrase = "unauthorized"        // the gateway's bare "Unauthorized"
	PhraseUnavailable      Phrase = "site-unavailable"    // "Site temporarily unavailable", "Page Unavailable"
	PhraseNoConfluence     Phrase = "no-confluence"       // "… cannot access Confluence", "not permitted to use Confluence"
	PhraseFront            Phrase = "front"               // CloudFront's "The request could not be satisfied"
	PhraseTomcat401        Phrase = "tomcat-unauthorized" // Tomcat's "HTTP Status 401 – Unauthorized" page
)

// Person is the account an identity call named.
type Person struct {
	ID     string // accountId; "" where the answer had none
	Name   string // displayName, or publicName
	Email  string // "" where the person's privacy settings hide it
	Kind   string // accountType: "atlassian", "app", "customer", "unknown", ""
	App    string // appType: "service", "agent", "unknown", ""
	Active *bool  // nil where the answer does not say
	// Anonymous is true for Confluence's type "anonymous".
	Anonymous bool
}

// Coverage is how many projects (Jira) or spaces (Confluence) a call counted.
type Coverage struct {
	Count   int
	AtLeast bool // there are more than were counted
}
