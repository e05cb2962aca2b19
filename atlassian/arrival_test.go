package atlassian_test

import "net/http"

// This file holds what the world of the tests notes of each request: where it went, with
// what, and whether it was refused, which counts against an account.

// arrival is a request as a server saw it.
type arrival struct {
	host, path string
	signed     bool
	refused    bool // answered with 401 or 403, or as a stranger
}

// noted writes down whether an answer is a refusal, before the client can have read it.
type noted struct {
	http.ResponseWriter
	world *world
	of    *arrival
}

// WriteHeader notes the status and passes it on.
func (n *noted) WriteHeader(status int) {
	n.world.mu.Lock()
	n.of.refused = status == 401 || status == 403 || n.Header().Get("X-Seraph-LoginReason") == "AUTHENTICATED_FAILED"
	n.world.mu.Unlock()
	n.ResponseWriter.WriteHeader(status)
}

// Flush passes on, and Unwrap gives, what a test may need of the writer.
func (n *noted) Flush() { n.ResponseWriter.(http.Flusher).Flush() }

// Unwrap is the writer below.
func (n *noted) Unwrap() http.ResponseWriter { return n.ResponseWriter }
