package fakecloud

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// A pipe is a TCP connection simulated in memory. net.Pipe can't be used: its writes wait for the
// other end to read, which those of a real connection don't, so that two ends that write at once
// (a TLS alert and HTTP/2's preface) would wait forever.

type end struct {
	in, out       *queue
	local, remote net.Addr
	until         *deadline
	shut          func()
	gone          chan struct{} // closed by Close
}

func newPipe() (near, far *end) {
	there, back := newQueue(), newQueue()
	// Addresses reserved for documentation: RFC 5737.
	client := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 10), Port: 50000}
	server := serverAddress()
	return newEnd(back, there, client, server), newEnd(there, back, server, client)
}

func newEnd(in, out *queue, local, remote net.Addr) *end {
	e := &end{in: in, out: out, local: local, remote: remote, until: newDeadline(), gone: make(chan struct{})}
	e.shut = sync.OnceFunc(func() {
		in.end(true)
		out.end(false)
		e.until.set(time.Time{}) // stops its timer
		close(e.gone)
	})
	return e
}

func serverAddress() *net.TCPAddr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 80), Port: 443} }

func (e *end) Read(p []byte) (int, error) {
	for {
		n, changed, err := e.in.take(p)
		if n > 0 || err != nil {
			return n, err
		}
		passed := e.until.passed()
		select {
		case <-passed:
			return 0, os.ErrDeadlineExceeded
		default:
		}
		select {
		case <-changed:
		case <-passed:
			return 0, os.ErrDeadlineExceeded
		}
	}
}

func (e *end) Write(p []byte) (int, error) { return e.out.put(p) }

// Close closes both directions. What was written before still arrives at the other end.
func (e *end) Close() error {
	e.shut()
	return nil
}

func (e *end) LocalAddr() net.Addr  { return e.local }
func (e *end) RemoteAddr() net.Addr { return e.remote }

func (e *end) SetDeadline(t time.Time) error { return e.SetReadDeadline(t) }

func (e *end) SetReadDeadline(t time.Time) error {
	e.until.set(t)
	return nil
}

// SetWriteDeadline does nothing, since writes never wait.
func (e *end) SetWriteDeadline(time.Time) error { return nil }

type queue struct {
	mu      sync.Mutex
	bytes   []byte
	err     error         // what reading returns once bytes is empty
	changed chan struct{} // closed and replaced at each change
}

func newQueue() *queue { return &queue{changed: make(chan struct{})} }

// take reads what is available; where nothing is, the returned channel is closed at the next
// change.
func (q *queue) take(p []byte) (int, <-chan struct{}, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.bytes) > 0 || len(p) == 0 {
		n := copy(p, q.bytes)
		q.bytes = q.bytes[n:]
		return n, nil, nil
	}
	return 0, q.changed, q.err
}

func (q *queue) put(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil {
		return 0, io.ErrClosedPipe
	}
	q.bytes = append(q.bytes, p...)
	q.wake()
	return len(p), nil
}

// end closes the queue, from the reading or the writing side.
func (q *queue) end(reading bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case reading:
		q.bytes, q.err = nil, net.ErrClosed
	case q.err == nil:
		q.err = io.EOF
	}
	q.wake()
}

func (q *queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

type deadline struct {
	mu    sync.Mutex
	timer *time.Timer
	over  chan struct{} // closed once the time has come
}

func newDeadline() *deadline { return &deadline{over: make(chan struct{})} }

func (d *deadline) passed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.over
}

// set changes the time; the zero time means none. A waiting read must notice an earlier time, so
// the channel stays the same unless it was closed already.
func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	select {
	case <-d.over:
		d.over = make(chan struct{})
	default:
	}
	if t.IsZero() {
		return
	}
	over := d.over
	var mine *time.Timer
	mine = time.AfterFunc(time.Until(t), func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.timer == mine {
			close(over)
		}
	})
	d.timer = mine
}
