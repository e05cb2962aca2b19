package atlassian

import (
	"context"
	"net/http"
	"sync"
)

// Choosing a connection for a call to the site:
//
//   - A call that starts while another one opens the connection waits until its handshake is done.
//   - On HTTP/2 all calls share that connection.
//   - On HTTP/1.1, where they would wait for each other's answers, a second connection is opened, but
//     never a third, and a call takes whichever of the two is free first.

// connGate is the connections to one site.
type connGate struct {
	first *http.Transport
	heard chan struct{} // closed once the protocol is known, or the first attempt has ended

	mu     sync.Mutex
	shared int                  // calls on the first connection that were started without waiting for it to be free
	second *http.Transport      // for HTTP/1.1; nil until that protocol is known
	free   chan *http.Transport // on HTTP/1.1: those of the two without a call; else nil
}

func newConnGate(first *http.Transport) *connGate {
	return &connGate{first: first, heard: make(chan struct{})}
}

// take returns the transport for a call. done must be called once its answer was read.
func (l *connGate) take(ctx context.Context) (through *http.Transport, done func()) {
	if l.opens() {
		return l.first, l.leave
	}
	select {
	case <-l.heard:
	case <-ctx.Done(): // the transport returns the error
	}
	free, shared := l.share()
	if shared {
		return l.first, l.leave
	}
	select {
	case through = <-free:
		return through, func() { free <- through }
	case <-ctx.Done():
		return l.first, func() {}
	}
}

// opens reports whether a call is the one that opens the first connection.
func (l *connGate) opens() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free != nil || l.shared > 0 {
		return false
	}
	l.shared++
	return true
}

// share reports whether a call may use the first connection at once. Otherwise the protocol is
// HTTP/1.1 and the call takes a transport from free.
func (l *connGate) share() (free chan *http.Transport, shared bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free == nil {
		l.shared++
	}
	return l.free, l.free == nil
}

// leave ends a call on the first connection. If the protocol is still unknown then, the connection
// failed, and each waiting call makes an attempt of its own.
func (l *connGate) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell()
	if l.shared--; l.shared == 0 && l.free != nil {
		l.free <- l.first
	}
}

// spoke records the protocol that a TLS handshake ended in.
func (l *connGate) spoke(protocol string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.tell()
	if protocol == "h2" || l.free != nil {
		return
	}
	l.second = l.first.Clone()
	l.free = make(chan *http.Transport, 2) // room for both, so that returning one never blocks
	l.free <- l.second
	if l.shared == 0 {
		l.free <- l.first
	}
}

// tell wakes the calls that wait for the protocol. l.mu must be held.
func (l *connGate) tell() {
	select {
	case <-l.heard:
	default:
		close(l.heard)
	}
}

func (l *connGate) closeIdle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.first.CloseIdleConnections()
	if l.second != nil {
		l.second.CloseIdleConnections()
	}
}
