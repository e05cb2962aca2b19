package atlassian

import "time"

// Call names one call of a check.
type Call string

// The calls of a check, in the order in which they can be made.
const (
	// CallTenant is GET /_edge/tenant_info, without credentials. It tells whether the site exists,
	// and its cloud id.
	CallTenant Call = "tenant"
	// CallIdentity is the product's own identity call: Jira's /rest/api/3/myself, Confluence's
	// /wiki/rest/api/user/current?expand=operations (which also tells the admin right).
	CallIdentity Call = "identity"
	// CallPermissions is Jira's /rest/api/3/mypermissions. Confluence has no such call.
	CallPermissions Call = "permissions"
	// CallCoverage counts what the account can open: project/search with action=browse, or
	// Confluence's v2 spaces.
	CallCoverage Call = "coverage"
	// CallListed is Jira's project/search with action=view, which also lists to an administrator what
	// it can't open. Confluence has no such call.
	CallListed Call = "listed"
	// CallGateway is the identity call at the site's API gateway. It is made only after a refusal at
	// the site, since a token with scopes is accepted at the gateway only.
	CallGateway Call = "gateway"
	// CallScopes is a call at the gateway that needs a rarely granted scope: Jira's list of all
	// permissions. It is made only where the site refused and the gateway accepted the token. "scope
	// does not match" proves that the token has scopes; any other answer of Atlassian's that it has
	// none. It is no refused sign-in, since the gateway knows the account.
	CallScopes Call = "scopes"
	// CallFront is GET / without credentials, made together with CallScopes: the old name of a
	// renamed site may redirect browsers to the new one and answer API calls with 401.
	CallFront Call = "front"
	// CallJiraIdentity is Jira's /rest/api/3/myself during a check of Confluence. It is made only
	// after Confluence's 403, to tell a wrong token from a missing license.
	CallJiraIdentity Call = "jira-identity"
)

// Target is the connection to observe. It contains no secret.
type Target struct {
	Product Product
	Site    Site
	Email   string
}

// Observation is what one call showed. Either Fault is set (no usable HTTP answer came) or Status.
//
// Every string that came from the network is cleaned (see [Clean]).
type Observation struct {
	Call   Call
	Method string    // "GET"
	Host   string    // the host called, such as "acme.atlassian.net"
	Path   string    // the path called, without its query
	At     time.Time // when the call began
	Took   time.Duration
	// Attempts is how often it was sent: 2 after a retry.
	Attempts int
	// Again is true while the call is being repeated; the other fields are those of the first
	// attempt. It is never true in a result of Observe.
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
	// Challenge is the scheme of WWW-Authenticate in lower case: "oauth" is Atlassian's own,
	// "negotiate" and "ntlm" those of company gateways; "" without the header.
	Challenge string
	// MissingTenant is Atl-Missing-Tcs: true, with which Atlassian's edge says that there is no site
	// or product.
	MissingTenant bool
	// Edge is true where the answer bears a mark of Atlassian's own servers: Server: AtlassianEdge,
	// one of the trace headers, or a body that only Atlassian sends.
	Edge bool
	// Redirect is the host that a 3xx points to ("" for none or the same host); RedirectPath its
	// path.
	Redirect     string
	RedirectPath string
	// RetryAfter is how long the server asks to wait; negative where it doesn't.
	RetryAfter time.Duration
	// Date is the server's time; zero without the header.
	Date time.Time

	Body   BodyKind
	Phrase Phrase

	// Reason is the sentence in which an answer of 400 or above gives its reason, cleaned; "" where
	// it has none, or only repeats its status.
	Reason string

	// Decoded fields; zero where the answer doesn't have them.
	CloudID  string    // CallTenant; always a well-formed UUID
	Person   *Person   // the identity calls
	Admin    *bool     // CallPermissions, and Confluence's CallIdentity
	Coverage *Coverage // CallCoverage and CallListed
	Keys     []string  // the calls of KeyCalls: the keys on a page of projects, in the server's order
}

// BodyKind is the kind of an answer's body.
type BodyKind string

// The kinds of body. BodyJSON means that it is a JSON object; the decoded fields show what was in
// it.
const (
	BodyNone   BodyKind = "none"
	BodyJSON   BodyKind = "json"
	BodyText   BodyKind = "text"
	BodyHTML   BodyKind = "html"
	BodyXML    BodyKind = "xml"
	BodyBroken BodyKind = "broken" // announced or begun as JSON, but not valid
	BodyHuge   BodyKind = "huge"   // longer than the limit: the rest was not read
)

// Phrase is a sentence of Atlassian's that was recognized in an answer's body.
type Phrase string

// The phrases that matter for a diagnosis. Their sources are at the variable phrases.
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

// Person is the account that an identity call named.
type Person struct {
	ID     string // accountId; "" where the answer has none
	Name   string // displayName, or publicName
	Email  string // "" where the person's privacy settings hide it
	Kind   string // accountType: "atlassian", "app", "customer", "unknown", ""
	App    string // appType: "service", "agent", "unknown", ""
	Active *bool  // nil where the answer doesn't say
	// Anonymous is true for Confluence's type "anonymous".
	Anonymous bool
}

// Coverage is how many projects (Jira) or spaces (Confluence) a call counted.
type Coverage struct {
	Count   int
	AtLeast bool // there are more than were counted
}
