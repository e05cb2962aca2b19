package atlassian

// This file holds the calls: what is asked, where, and with which credentials.

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// question is one call, ready to be sent.
type question struct {
	call   Call
	host   string
	path   string
	query  string
	signed bool // with credentials
}

// questionFor is how a call is asked. Sources:
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/,
// https://developer.atlassian.com/cloud/confluence/rest/v1/ and v2; for tenant_info
// https://support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id/.
func questionFor(ask Ask, call Call, cloudID string) question {
	q := question{call: call, host: ask.Site.Host(), signed: true}
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
		q.path, q.query = "/rest/api/3/project/search", "maxResults=1"
		if ask.Product == Confluence {
			q.path, q.query = "/wiki/api/v2/spaces", "limit=250"
		}
	case CallGateway:
		q.host = ask.Site.Gateway()
		path, query := identityPath(ask.Product)
		q.path, q.query = "/ex/"+string(ask.Product)+"/"+cloudID+path, query
	case CallJiraIdentity:
		q.path, q.query = identityPath(Jira)
	}
	return q
}

// identityPath is the product's identity call. Without expand=operations every user of
// Confluence looks like one without the admin right.
func identityPath(p Product) (path, query string) {
	if p == Confluence {
		return "/wiki/rest/api/user/current", "expand=operations"
	}
	return "/rest/api/3/myself", ""
}

// begun is an observation of q from which an answer is still missing.
func (q question) begun(now time.Time) Observation {
	return Observation{Call: q.call, Method: http.MethodGet, Host: q.host, Path: q.path, At: now, RetryAfter: -1}
}

// What is waited for before the one retry.
const (
	retryPause  = 250 * time.Millisecond
	longestWait = 2 * time.Second
)

// put sends a question, once more where that may help, and ends with its context.
func (c *Client) put(ctx context.Context, w *wire, ask Ask, token Token, q question) Observation {
	begun := c.line.Now()
	for attempt := 1; ; attempt++ {
		o := c.send(ctx, w, ask, token, q)
		o.At, o.Took = begun, c.line.Now().Sub(begun)
		// Go's transport itself repeats a GET that died on a kept connection before
		// any answer, and o.Attempts already counts that: then it was the retry.
		o.Attempts += attempt - 1
		pause, again := worthAnother(o)
		if !again || attempt > 1 || o.Attempts > 1 || !wait(ctx, pause) {
			return o
		}
	}
}

// worthAnother says whether a call should be put once more, and after which pause.
// Never after a refusal: each counts against the account.
func worthAnother(o Observation) (time.Duration, bool) {
	if o.Fault != nil {
		return retryPause, o.Fault.Kind == FaultReset
	}
	switch o.Status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		// The page of a site that is not there comes with 503 too, and stays.
		if o.MissingTenant || o.Phrase == PhraseUnavailable {
			return 0, false
		}
		return max(o.RetryAfter, retryPause), o.RetryAfter <= longestWait
	case http.StatusTooManyRequests:
		return max(o.RetryAfter, retryPause), o.RetryAfter >= 0 && o.RetryAfter <= longestWait
	}
	return 0, false
}

// wait waits, and reports whether there is time left for another attempt after it.
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

// send makes the request once.
func (c *Client) send(ctx context.Context, w *wire, ask Ask, token Token, q question) (o Observation) {
	o = q.begun(time.Time{})
	o.Attempts = 1
	var sent, secured atomic.Int32
	trace := &httptrace.ClientTrace{
		WroteHeaders:      func() { sent.Add(1) },
		TLSHandshakeStart: func() { secured.Add(1) },
		GotConn:           func(httptrace.GotConnInfo) { secured.Add(1) },
	}
	address := url.URL{Scheme: "https", Host: q.host, Path: q.path, RawQuery: q.query}
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodGet, address.String(), nil)
	if err != nil {
		o.Fault = &Fault{Kind: FaultUnspecified}
		return o
	}
	request.Header.Set("Accept", "application/json")
	if c.line.UserAgent != "" {
		request.Header.Set("User-Agent", c.line.UserAgent)
	}
	var proxy *url.URL
	if c.line.Proxy != nil {
		proxy, _ = c.line.Proxy(request)
	}
	var through http.RoundTripper = w.transport
	if q.signed {
		through = courier{w.transport, ask.Site, ask.Email, token}
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
	o.Fault = faultOf(ctx, err, circumstances{
		proxy: proxy, tunnelled: secured.Load() > 0, certificateAsked: w.certificateAsked.Load(), now: c.line.Now(),
	})
	return o
}
