package atlassian_test

import "net/http"

// What the tests' servers record of each request: its host and path, its credentials, and whether
// it was refused, which counts against an account.

// arrival is a request as a server received it.
type arrival struct {
	host, path string
	signed     bool
	refused    bool // answered with 401 or 403, or as if no one were signed in
}

// noted records whether an answer is a refusal, before the client can have read it.
type noted struct {
	http.ResponseWriter
	world *world
	of    *arrival
}

// WriteHeader records the status and passes it on.
func (n *noted) WriteHeader(status int) {
	n.world.mu.Lock()
	n.of.refused = status == 401 || status == 403 || n.Header().Get("X-Seraph-LoginReason") == "AUTHENTICATED_FAILED"
	n.world.mu.Unlock()
	n.ResponseWriter.WriteHeader(status)
}

// Flush passes the call on.
func (n *noted) Flush() { n.ResponseWriter.(http.Flusher).Flush() }

// Unwrap returns the wrapped writer.
func (n *noted) Unwrap() http.ResponseWriter { return n.ResponseWriter }
