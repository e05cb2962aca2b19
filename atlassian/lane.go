package atlassian

import (
	"context"
	"net/http"
	"sync"
)

// This file holds the choice of a connection for a call to the site. The rules: a call
// that comes while another opens the connection waits until that one has shaken hands; on
// HTTP/2 both share it; on HTTP/1.1, where they would wait for each other's answers, a
// second connection is opened, and never a third.

// lanes are the connections to one site.
type lanes struct {
	first *http.Transport

	mu     sync.Mutex
	busy   bool            // a call is on the first
	heard  chan struct{}   // closed once it is known what the server speaks
	plain  bool            // it speaks HTTP/1.1
	second *http.Transport // for that; nil until then
}

func newLanes(first *http.Transport) *lanes {
	return &lanes{first: first, heard: make(chan struct{})}
}

// take is the transport for a call; done must be called when its answer is read.
func (l *lanes) take(ctx context.Context) (through *http.Transport, done func()) {
	l.mu.Lock()
	if !l.busy {
		l.busy = true
		l.mu.Unlock()
		return l.first, l.leave
	}
	heard := l.heard
	l.mu.Unlock()
	select {
	case <-heard:
	case <-ctx.Done(): // the transport says so
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.plain:
		return l.first, func() {}
	case !l.busy:
		l.busy = true
		return l.first, l.leave
	case l.second == nil:
		l.second = l.first.Clone()
	}
	return l.second, func() {}
}

// leave frees the first connection. Where nothing was heard on it, nothing will be: who
// waits makes an attempt of its own.
func (l *lanes) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = false
	l.tell()
}

// spoke is told which protocol a handshake ended in.
func (l *lanes) spoke(protocol string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.plain = protocol != "h2"
	l.tell()
}

// tell lets those go who wait. It needs the lock.
func (l *lanes) tell() {
	select {
	case <-l.heard:
	default:
		close(l.heard)
	}
}

func (l *lanes) closeIdle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.first.CloseIdleConnections()
	if l.second != nil {
		l.second.CloseIdleConnections()
	}
}
