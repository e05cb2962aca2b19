package atlassian

// The calls: their addresses and parameters, whether they carry credentials, and when they are
// repeated.

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Product is one of the two Atlassian Cloud products a connector can be for.
// Its text is what the command line, the files and the JSON use.
type Product string

// The two products, as SaaSAssure offers connectors for them.
const (
	Jira       Product = "jira"
	Confluence Product = "confluence"
)

// request is one call, ready to be sent.
type request struct {
	call   Call
	host   string
	path   string
	query  string
	signed bool // with credentials
}

// requestFor returns the request of a call. cloudID is needed for calls to the gateway only.
// Sources:
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/,
// https://developer.atlassian.com/cloud/confluence/rest/v1/ and v2; for tenant_info
// https://support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id/.
func requestFor(ask Target, call Call, cloudID string) request {
	q := request{call: call, host: ask.Site.Host(), signed: true}
	switch call {
	case CallTenant:
		q.path, q.signed = "/_edge/tenant_info", false
	case CallIdentity:
		q.path, q.query = identityPath(ask.Product)
	case CallPermissions:
		// The parameter is mandatory:
		// https://developer.atlassian.com/cloud/jira/platform/change-notice-get-my-permissions-requires-permissions-query-parameter/
		q.path, q.query = "/rest/api/3/mypermissions", "permissions=ADMINISTER,SYSTEM_ADMIN"
	case CallCoverage:
		q.path, q.query = projectSearch, "maxResults=1&action=browse"
		if ask.Product == Confluence {
			q.path, q.query = "/wiki/api/v2/spaces", "limit=250"
		}
	case CallListed:
		q.path, q.query = projectSearch, "maxResults=1&action=view"
	case CallGateway:
		q.host = ask.Site.Gateway()
		path, query := identityPath(ask.Product)
		q.path, q.query = "/ex/"+string(ask.Product)+"/"+cloudID+path, query
	case CallScopes:
		// needs the scope manage:jira-configuration, or read:permission:jira:
		// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/#api-rest-api-3-permissions-get
		q.host, q.path = ask.Site.Gateway(), "/ex/jira/"+cloudID+"/rest/api/3/permissions"
	case CallFront:
		q.path, q.signed = "/", false
	case CallJiraIdentity:
		q.path, q.query = identityPath(Jira)
	default:
		if action, page, ok := keysOf(call); ok {
			q.path = projectSearch
			q.query = fmt.Sprintf("maxResults=%d&startAt=%d&orderBy=key&action=%s", keysPerPage, page*keysPerPage, action)
		}
	}
	return q
}

// projectSearch counts and lists projects. action=browse returns those for which the account has
// Browse projects; action=view those for which it has that, Administer projects or Administer
// Jira, so it returns all projects to an administrator:
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-search-get
const projectSearch = "/rest/api/3/project/search"

// Hidden projects are looked for in the first keyPages pages of each list, of keysPerPage projects
// each, which is the most that a page can have.
const (
	keyPages    = 3
	keysPerPage = 100
)

const openKeys, listedKeys = "open-keys-", "listed-keys-"

// OpenKeys returns the call for a page, counted from 0, of the keys of projects that the account
// can open.
func OpenKeys(page int) Call { return Call(openKeys + strconv.Itoa(page)) }

// ListedKeys returns the call for a page, counted from 0, of the keys of projects that are listed
// to an administrator.
func ListedKeys(page int) Call { return Call(listedKeys + strconv.Itoa(page)) }

// IsOpenKeys reports whether c is a call of [OpenKeys].
func (c Call) IsOpenKeys() bool { return strings.HasPrefix(string(c), openKeys) }

// KeyCalls returns all calls for keys that Observe can make, page by page of both lists.
func KeyCalls() []Call {
	var calls []Call
	for page := range keyPages {
		calls = append(calls, OpenKeys(page), ListedKeys(page))
	}
	return calls
}

// keysOf returns the action and the page of a call for keys; ok is false for any other call.
func keysOf(call Call) (action string, page int, ok bool) {
	number, isOpen := strings.CutPrefix(string(call), openKeys)
	action = "browse"
	if !isOpen {
		number, ok = strings.CutPrefix(string(call), listedKeys)
		if action = "view"; !ok {
			return "", 0, false
		}
	}
	page, err := strconv.Atoi(number)
	return action, page, err == nil
}

// identityPath returns the path and query of the product's identity call. Without
// expand=operations, Confluence's answer doesn't contain the admin right.
func identityPath(p Product) (path, query string) {
	if p == Confluence {
		return "/wiki/rest/api/user/current", "expand=operations"
	}
	return "/rest/api/3/myself", ""
}

// begun returns an observation of q without an answer yet.
func (q request) begun(now time.Time) Observation {
	return Observation{Call: q.call, Method: http.MethodGet, Host: q.host, Path: q.path, At: now, RetryAfter: -1}
}

// The pause before the one retry: at least retryPause. A call whose Retry-After is longer than
// longestWait isn't repeated.
const (
	retryPause  = 250 * time.Millisecond
	longestWait = 2 * time.Second
)

// put sends a call, and repeats it once where that may help and until leaves time for it. It ends
// with ctx. landed gets the last answer, and before a repetition the first one, with
// [Observation.Again] set.
func (c *Client) put(ctx context.Context, until time.Time, landed chan<- Observation, send func() Observation) {
	begun := c.line.Now()
	first := send()
	first.At, first.Took = begun, c.line.Now().Sub(begun)
	pause, again := worthAnother(first)
	// Go's transport itself repeats a GET that failed on a reused connection before any answer.
	// Attempts counts that, and then it was the one retry.
	if !again || first.Attempts > 1 || c.line.Now().Add(pause).After(until) {
		landed <- first
		return
	}
	meanwhile := first
	meanwhile.Again = true
	landed <- meanwhile
	if !wait(ctx, pause) {
		landed <- first
		return
	}
	second := send()
	second.At, second.Took = begun, c.line.Now().Sub(begun)
	second.Attempts++
	landed <- second
}

// worthAnother reports whether a call is worth repeating, and after which pause. A refusal is
// never repeated, since each counts against the account.
func worthAnother(o Observation) (time.Duration, bool) {
	if o.Fault != nil {
		return retryPause, o.Fault.Kind == FaultReset
	}
	switch o.Status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		// The page for a site that doesn't exist comes with 503 as well, and is permanent.
		if o.MissingTenant || o.Phrase == PhraseUnavailable {
			return 0, false
		}
		return max(o.RetryAfter, retryPause), o.RetryAfter <= longestWait
	case http.StatusTooManyRequests:
		return max(o.RetryAfter, retryPause), o.RetryAfter >= 0 && o.RetryAfter <= longestWait
	}
	return 0, false
}

// wait waits, and returns false where ctx ended before.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// send makes the request of q once and returns what it showed, with credentials removed.
func (c *Client) send(ctx context.Context, w *siteConn, ask Target, token Token, q request) (o Observation) {
	o = q.begun(time.Time{})
	o.Attempts = 1
	defer func() { o.redact(ask.Email, token) }()
	var sent, secured, taken atomic.Int32
	asked := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	trace := &httptrace.ClientTrace{
		// Go's HTTP/2 repeats a request up to seven times, seconds apart, where a server refuses the
		// stream or sends GOAWAY: https://pkg.go.dev/golang.org/x/net/http2, Transport.RoundTripOpt.
		// Twice is enough here.
		GetConn: func(string) {
			if taken.Add(1) > 2 {
				cancel()
			}
		},
		WroteHeaders:      func() { sent.Add(1) },
		TLSHandshakeStart: func() { secured.Add(1); w.shaking.Store(true) },
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			if err == nil && state.ServerName == ask.Site.Host() { // not the handshake with the proxy
				w.lanes.spoke(state.NegotiatedProtocol)
			}
		},
		GotConn: func(httptrace.GotConnInfo) { secured.Add(1) },
	}
	address := url.URL{Scheme: "https", Host: q.host, Path: q.path, RawQuery: q.query}
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodGet, address.String(), nil)
	if err != nil {
		o.Fault = &Fault{Kind: FaultUnspecified}
		return o
	}
	request.Header.Set("Accept", "application/json")
	// Without this header a server may compress (RFC 9110, section 12.5.3), and nothing is
	// decompressed here: see newSiteConn.
	request.Header.Set("Accept-Encoding", "identity")
	if c.line.UserAgent != "" {
		request.Header.Set("User-Agent", c.line.UserAgent)
	}
	lane := w.transport
	if q.host == ask.Site.Host() {
		var done func()
		lane, done = w.lanes.take(ctx)
		defer done()
	}
	var through http.RoundTripper = lane
	if q.signed {
		through = authTransport{lane, ask.Site, ask.Email, token}
	}
	answer, err := through.RoundTrip(request)
	if err == nil {
		var stage readFault
		if stage = o.read(answer, c.line.Now()); stage.err == nil {
			o.Attempts = max(1, int(sent.Load()))
			return o
		}
		err = stage
	}
	o = q.begun(time.Time{})
	o.Attempts = max(1, int(sent.Load()))
	w.spoiled.Store(true)
	if taken.Load() > 2 && asked.Err() == nil {
		err = io.EOF
	}
	proxy, unused := c.proxyTo(q.host)
	o.Fault = faultOf(asked, err, recognizeFault{
		proxy: proxy, unused: unused, tunnelled: secured.Load() > 0, certificateAsked: w.certificateAsked.Load(), now: c.line.Now(),
	})
	o.Fault.Unshaken = w.shaking.Load() && (o.Fault.Kind == FaultTimeout || o.Fault.Kind == FaultReset)
	return o
}

// proxyTo returns the proxy for calls to a host, nil for none; unused is then what [UnusedProxy]
// returns.
func (c *Client) proxyTo(host string) (proxy *url.URL, unused string) {
	if c.line.Proxy != nil {
		var err error
		proxy, err = c.line.Proxy(&http.Request{URL: &url.URL{Scheme: "https", Host: host}})
		if err != nil {
			return nil, "" // the call itself fails with this error
		}
	}
	if proxy == nil && c.line.Unused != nil {
		unused = c.line.Unused(host)
	}
	return proxy, unused
}
