package cli_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// This file holds hostile servers for the real program: a proxy on loopback behind which
// whatever the program asks for is answered as a test says. The rules: nothing here is
// Go's own HTTP server, which would correct what must be wrong; a talk that hangs says so
// first (hostile.hung), so that no test has to guess when; and every byte that a terminal
// would obey, and the credentials themselves, are sent back wherever there is room.

// hostile is such a proxy and what lies behind it.
type hostile struct {
	address   string
	authority *authority
	reached   chan struct{} // gets one for each connection that has come to its hang

	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// talk is what is said to one connection.
type talk func(h *hostile, conn net.Conn)

// openHostile opens the proxy. It and all its connections end with the test.
func openHostile(t *testing.T, say talk) *hostile {
	t.Helper()
	issuer, err := newAuthority()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hostile{address: listener.Addr().String(), authority: issuer, reached: make(chan struct{}, 100), conns: map[net.Conn]struct{}{}}
	var talks sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		h.mu.Lock()
		for conn := range h.conns {
			_ = conn.Close()
		}
		h.mu.Unlock()
		talks.Wait()
	})
	talks.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			h.mu.Lock()
			h.conns[conn] = struct{}{}
			h.mu.Unlock()
			talks.Go(func() { defer conn.Close(); say(h, conn) })
		}
	})
	return h
}

// hung tells the test that a talk has come to its hang, and waits for the program to go.
func (h *hostile) hung(conn net.Conn) {
	h.reached <- struct{}{}
	_, _ = io.Copy(io.Discard, conn) // it ends when the other side has gone, however it went
}

// proxied lets a program through to what is said in the tunnel.
func proxied(then talk) talk {
	return func(h *hostile, conn net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			return
		}
		if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err == nil {
			then(h, conn)
		}
	}
}

// answered lets a program through to a server of HTTP/1.1 under TLS, which answers each
// request in its own way. respond returns false to end the connection.
func answered(respond func(h *hostile, conn net.Conn, r *http.Request) bool) talk {
	return proxied(func(h *hostile, raw net.Conn) {
		conn := tls.Server(raw, &tls.Config{GetCertificate: h.authority.leaf, NextProtos: []string{"http/1.1"}})
		defer conn.Close()
		requests := bufio.NewReader(conn)
		for {
			r, err := http.ReadRequest(requests)
			if err != nil || !respond(h, conn, r) {
				return
			}
		}
	})
}

// says answers every request with the same bytes.
func says(text string) talk {
	return answered(func(_ *hostile, conn net.Conn, _ *http.Request) bool {
		_, err := io.WriteString(conn, text)
		return err == nil
	})
}

// hangs answers with the bytes, and then with nothing.
func hangs(text string) talk {
	return answered(func(h *hostile, conn net.Conn, _ *http.Request) bool {
		_, _ = io.WriteString(conn, text)
		h.hung(conn)
		return false
	})
}

// pours answers with the bytes, and then with more of the same until enough, or until
// the client has gone where enough is 0.
func pours(first, more string, enough int) talk {
	return answered(func(_ *hostile, conn net.Conn, _ *http.Request) bool {
		_, err := io.WriteString(conn, first)
		for sent := 0; err == nil && (enough == 0 || sent < enough); sent += len(more) {
			_, err = io.WriteString(conn, more)
		}
		return err == nil
	})
}

// drips answers with the bytes, and then with one more a second.
func drips(text string) talk {
	return answered(func(h *hostile, conn net.Conn, _ *http.Request) bool {
		gone := make(chan struct{})
		go func() { defer close(gone); _, _ = io.Copy(io.Discard, conn) }()
		_, err := io.WriteString(conn, text)
		h.reached <- struct{}{}
		for second := time.NewTicker(time.Second); err == nil; {
			select {
			case <-second.C:
				_, err = io.WriteString(conn, " ")
			case <-gone:
				second.Stop()
				return false
			}
		}
		return false
	})
}

// evil is what a terminal would obey: the clipboard, the title, a clear, a color, both
// kinds of controls, marks that turn the reading direction, and what is not seen at all.
const evil = "\x1b]52;c;ZXZpbA==\x07\x1b]0;pwned\x1b\\\x1b[2J\x1b[31m\x9b31m\u009b31m\u0085\x00\x07\x7f\u202egpj.exe\u2066\u200b\ufeff"

// inHeader is what of it may stand in a header at all: HTTP with more is no HTTP.
func inHeader(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return -1
		}
		return r
	}, text)
}
