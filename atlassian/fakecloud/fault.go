package fakecloud

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
)

// What can be wrong with the line. Errors are of the types Go's own dialer gives.

// fault is what is wrong with the line to every host.
type fault string

const (
	faultName              fault = "name"          // no name can be looked up
	faultRefused           fault = "refused"       // nothing listens
	faultNoRoute           fault = "no route"      // the network is unreachable
	faultReset             fault = "reset"         // the connection is reset once something was sent
	faultClosed            fault = "closed"        // it is closed once something was sent
	faultDialSilence       fault = "dial silence"  // a connection never comes about
	faultSilence           fault = "silence"       // a connection comes about, and nothing is ever said on it
	faultPlain             fault = "plain"         // the port speaks HTTP without TLS
	faultUntrusted         fault = "untrusted"     // the certificate's authority is unknown
	faultExpired           fault = "expired"       // its last day has passed
	faultNotYet            fault = "not yet"       // its first day lies ahead
	faultWrongHost         fault = "wrong host"    // it is for another host
	faultOldTLS            fault = "old TLS"       // nothing newer than TLS 1.1 is spoken
	faultClientCertificate fault = "client"        // a certificate is asked of the client
	faultProxyRefused      fault = "proxy refused" // the proxy does not listen
	faultProxyName         fault = "proxy name"    // its name is unknown
	faultProxySignIn       fault = "proxy sign-in" // it wants a sign-in: 407
	faultProxyForbids      fault = "proxy forbids" // it does not let Atlassian through: 403
	faultProxySilence      fault = "proxy silence" // it never answers
)

const proxyHost = "proxy.example.com"

// Proxy is the line's proxy choice. Where there is one, its address holds a user and a
// password, which must never be seen on a screen.
func (c *Cloud) Proxy(*http.Request) (*url.URL, error) {
	switch c.place.faults.fault {
	case faultProxyRefused, faultProxyName, faultProxySignIn, faultProxyForbids, faultProxySilence:
		return &url.URL{Scheme: "http", Host: proxyHost + ":3128", User: url.UserPassword("mia", "not-for-screens")}, nil
	default:
		return nil, nil
	}
}

// dialFault is how a dial ends with this fault, if it does not reach the cloud: with an
// error, or with a connection that is of no use. A nil script means that it does.
func (c *Cloud) dialFault(ctx context.Context, host string) (script func(far *end), err error) {
	switch c.placeAt(host).faults.fault {
	case faultName, faultProxyName:
		return nil, noSuchHost(host)
	case faultRefused, faultProxyRefused:
		return nil, dialError(syscall.ECONNREFUSED)
	case faultNoRoute:
		return nil, dialError(syscall.ENETUNREACH)
	case faultDialSilence:
		select {
		case <-ctx.Done():
			return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: serverAddress(), Err: ctx.Err()}
		case <-c.closed.Done():
			return nil, net.ErrClosed
		}
	case faultReset, faultClosed:
		return func(far *end) { _, _ = far.Read(make([]byte, 1)) }, nil
	case faultSilence, faultProxySilence:
		return drain, nil
	case faultPlain:
		return plainHTTP, nil
	case faultProxySignIn:
		return proxyAnswer("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"Example Corp\"", ""), nil
	case faultProxyForbids:
		return proxyAnswer("403 Forbidden\r\nContent-Type: text/html", "<html><body>Blocked by policy</body></html>"), nil
	default:
		return nil, nil
	}
}

// noSuchHost is what Go's resolver says of an unknown name.
func noSuchHost(host string) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
}

func dialError(errno syscall.Errno) error {
	return &net.OpError{Op: "dial", Net: "tcp", Addr: serverAddress(), Err: os.NewSyscallError("connect", errno)}
}

// resetEnd is a connection whose reads end in a reset instead of the other end's close.
type resetEnd struct{ net.Conn }

func (e resetEnd) Read(p []byte) (int, error) {
	n, err := e.Conn.Read(p)
	if err == io.EOF {
		err = &net.OpError{Op: "read", Net: "tcp", Addr: serverAddress(), Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	return n, err
}

// drain listens and says nothing, until the other end is closed.
func drain(far *end) { _, _ = io.Copy(io.Discard, far) }

// plainHTTP is how a web server without TLS answers a TLS greeting: net/http's own words.
func plainHTTP(far *end) {
	_, _ = far.Read(make([]byte, 1024))
	_, _ = io.WriteString(far, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request")
}

// proxyAnswer reads a request and answers it, whatever it was.
func proxyAnswer(head, body string) func(*end) {
	return func(far *end) {
		r, err := http.ReadRequest(bufio.NewReader(far))
		if err != nil {
			return
		}
		r.Body.Close()
		_, _ = io.WriteString(far, "HTTP/1.1 "+head+"\r\nConnection: close\r\n\r\n"+body)
	}
}
