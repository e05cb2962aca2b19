package atlassian

import (
	"context"
	"net/http"
	"sync"
)

// This file holds the choice of a connection for a call to the site. The rules: a call
// that comes while another opens the connection waits until that one has shaken hands; on
// HTTP/2 all share it; on HTTP/1.1, where they would wait for each other's answers, a
// second connection is opened, and never a third, and a call takes whichever of the two is
// free first.

// connGate are the connections to one site.
type connGate struct {
	first *http.Transport
	heard chan struct{} // closed once it is known what the server speaks

	mu     sync.Mutex
	shared int                  // calls that went on the first without asking whether it is free
	second *http.Transport      // for HTTP/1.1; nil until that was heard
	free   chan *http.Transport // on HTTP/1.1: those of the two that no call is on
}

func newConnGate(first *http.Transport) *connGate {
	return &connGate{first: first, heard: make(chan struct{})}
}

// take is the transport for a call; done must be called once its answer is read.
func (l *connGate) take(ctx context.Context) (through *http.Transport, done func()) {
	if l.opens() {
		return l.first, l.leave
	}
	select {
	case <-l.heard:
	case <-ctx.Done(): // the transport says so
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

// opens says whether a call is the one that opens the first connection.
func (l *connGate) opens() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free != nil || l.shared > 0 {
		return false
	}
	l.shared++
	return true
}

// share lets a call on the first connection, unless the server speaks HTTP/1.1: then it is
// to wait for one that is free.
func (l *connGate) share() (free chan *http.Transport, shared bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free == nil {
		l.shared++
	}
	return l.free, l.free == nil
}

// leave takes a call off the first connection. Where nothing was heard on it, nothing will
// be: who waits makes an attempt of its own.
func (l *connGate) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell()
	if l.shared--; l.shared == 0 && l.free != nil {
		l.free <- l.first
	}
}

// spoke is told which protocol a handshake ended in.
func (l *connGate) spoke(protocol string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.tell()
	if protocol == "h2" || l.free != nil {
		return
	}
	l.second = l.first.Clone()
	l.free = make(chan *http.Transport, 2) // as many as there are: no one waits to give one back
	l.free <- l.second
	if l.shared == 0 {
		l.free <- l.first
	}
}

// tell lets those go who wait to hear. It needs the lock.
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
