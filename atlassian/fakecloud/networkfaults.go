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

// Faults of connections. Their errors have the types that Go's own dialer returns.

// fault is a fault of the connections to a host; "" for none.
type fault string

const (
	faultName              fault = "name"          // no name can be looked up
	faultRefused           fault = "refused"       // nothing listens
	faultNoRoute           fault = "no route"      // the network is unreachable
	faultReset             fault = "reset"         // the connection is reset once something was sent
	faultClosed            fault = "closed"        // it is closed once something was sent
	faultDialSilence       fault = "dial silence"  // connecting never finishes
	faultSilence           fault = "silence"       // the connection is accepted, and no data is ever sent
	faultPlain             fault = "plain"         // the port answers with HTTP without TLS
	faultUntrusted         fault = "untrusted"     // the certificate's CA is unknown
	faultExpired           fault = "expired"       // the certificate has expired
	faultNotYet            fault = "not yet"       // the certificate isn't valid yet
	faultWrongHost         fault = "wrong host"    // the certificate is for another host
	faultOldTLS            fault = "old TLS"       // TLS 1.1 is the newest version supported
	faultClientCertificate fault = "client"        // the server asks for a client certificate
	faultProxyRefused      fault = "proxy refused" // the proxy does not listen
	faultProxyName         fault = "proxy name"    // its name is unknown
	faultProxySignIn       fault = "proxy sign-in" // it requires a sign-in: 407
	faultProxyForbids      fault = "proxy forbids" // it blocks Atlassian: 403
	faultProxySilence      fault = "proxy silence" // it never answers
)

const proxyHost = "proxy.example.com"

// Proxy returns the proxy for a request, for atlassian.ClientConfig; nil without a fault of the
// proxy. Its address contains a user and a password, which must never be shown.
func (c *Cloud) Proxy(*http.Request) (*url.URL, error) {
	switch c.place.faults.fault {
	case faultProxyRefused, faultProxyName, faultProxySignIn, faultProxyForbids, faultProxySilence:
		return &url.URL{Scheme: "http", Host: proxyHost + ":3128", User: url.UserPassword("mia", "not-for-screens")}, nil
	default:
		return nil, nil
	}
}

// dialFault returns how a dial to host ends because of a fault: with an error, or with a
// connection whose far end runs script. Both are nil where the dial reaches the cloud.
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

func noSuchHost(host string) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
}

func dialError(errno syscall.Errno) error {
	return &net.OpError{Op: "dial", Net: "tcp", Addr: serverAddress(), Err: os.NewSyscallError("connect", errno)}
}

// resetEnd is a connection whose reads end with a reset instead of EOF.
type resetEnd struct{ net.Conn }

func (e resetEnd) Read(p []byte) (int, error) {
	n, err := e.Conn.Read(p)
	if err == io.EOF {
		err = &net.OpError{Op: "read", Net: "tcp", Addr: serverAddress(), Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	return n, err
}

// drain reads and never answers, until the other end is closed.
func drain(far *end) { _, _ = io.Copy(io.Discard, far) }

// plainHTTP answers a TLS handshake as net/http's server without TLS does.
func plainHTTP(far *end) {
	_, _ = far.Read(make([]byte, 1024))
	_, _ = io.WriteString(far, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request")
}

// proxyAnswer returns a script that reads one request and answers it with head and body.
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
