package atlassian

// Turning the Go error of a call into a [Fault]. The rules: the context comes first, since a
// canceled call can fail with any error; typed errors come before error texts; texts are compared
// only where Go exports no type (TLS alerts, HTTP/2 streams).

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// recognizeFault is what an error itself doesn't tell.
type recognizeFault struct {
	proxy     *url.URL // the proxy that was used; nil for none
	unused    string   // what UnusedProxy returns, without a proxy
	tunnelled bool     // the connection to Atlassian's host was established, so the proxy is not at fault
	now       time.Time

	certificateAsked bool // a server on this siteConn asked for a client certificate
}

// ended returns the kind of fault of a call whose context has ended.
func ended(ctx context.Context) FaultKind {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return FaultTimeout
	}
	return FaultCanceled
}

// faultOf returns the fault of a call that ended with err.
func faultOf(ctx context.Context, err error, c recognizeFault) *Fault {
	f := &Fault{Kind: FaultUnspecified, Proxy: proxyName(c.proxy), Unused: c.unused}
	if ctx.Err() != nil {
		f.Kind = ended(ctx)
		return f
	}
	if kind := proxyFault(err, c, f); kind != "" {
		f.Kind = kind
		return f
	}
	for _, recognize := range []func(error, recognizeFault, *Fault) FaultKind{certificateFault, tlsFault, connectionFault, httpFault} {
		if kind := recognize(err, c, f); kind != "" {
			f.Kind = kind
			if kind == FaultReset && c.certificateAsked {
				// In TLS 1.3 the alert comes after the handshake, and the reset may overtake it.
				f.Kind = FaultClientCert
			}
			return f
		}
	}
	return f
}

// proxyName returns a proxy's address without user and password; "" for none.
func proxyName(proxy *url.URL) string {
	if proxy == nil {
		return ""
	}
	return Clean(proxy.Scheme+"://"+proxy.Host, 200)
}

// proxyFault recognizes a fault of the proxy. net/http wraps a failed dial to it as "proxyconnect"
// (https://pkg.go.dev/net/http, Transport.dialConn), and any SOCKS error as "socks".
func proxyFault(err error, c recognizeFault, f *Fault) FaultKind {
	if errors.Is(err, errProxyAddress) {
		return FaultProxyAddress
	}
	var refusal proxyRefusal
	if errors.As(err, &refusal) {
		f.ProxyStatus = refusal.status
		if refusal.status == http.StatusProxyAuthRequired {
			return FaultProxyAuth
		}
		return FaultProxyRefused
	}
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "proxyconnect" || strings.HasPrefix(op.Op, "socks")) {
		if certificateFault(err, c, f) != "" || tlsFault(err, c, f) != "" {
			return FaultProxyTLS
		}
		switch kind := connectionFault(err, c, f); {
		case kind == FaultName:
			return FaultProxyName
		case op.Op != "proxyconnect" && (kind == "" || kind == FaultReset):
			return FaultProxyRefused // an answer that isn't SOCKS, or a refusal
		}
		return FaultProxyUnreach
	}
	if c.proxy != nil && !c.tunnelled {
		return FaultProxyRefused // an invalid answer to CONNECT, or the connection was closed
	}
	return ""
}

func certificateFault(err error, c recognizeFault, f *Fault) FaultKind {
	var verification *tls.CertificateVerificationError
	isVerification := errors.As(err, &verification)
	if isVerification && len(verification.UnverifiedCertificates) > 0 {
		f.describe(verification.UnverifiedCertificates[0])
	}
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	var roots x509.SystemRootsError
	var constraint x509.ConstraintViolationError
	var algorithm x509.InsecureAlgorithmError
	var extension x509.UnhandledCriticalExtension
	switch {
	case errors.As(err, &invalid):
		if invalid.Cert != nil {
			f.describe(invalid.Cert)
		}
		switch {
		case invalid.Reason != x509.Expired:
			return FaultWeak
		case invalid.Cert != nil && c.now.Before(invalid.Cert.NotBefore):
			return FaultNotYet
		}
		return FaultExpired
	case errors.As(err, &host):
		return FaultWrongHost
	case errors.As(err, &constraint), errors.As(err, &algorithm), errors.As(err, &extension):
		return FaultWeak
	case errors.As(err, &authority) && isVerification && weaklySigned(verification.UnverifiedCertificates):
		return FaultWeak // which Go reports as an unknown authority
	case errors.As(err, &authority):
		if !isVerification && authority.Cert != nil {
			f.describe(authority.Cert)
		}
		return FaultUntrusted
	case errors.As(err, &roots), isVerification:
		return FaultUntrusted
	}
	return ""
}

// weaklySigned reports whether a chain can't be verified since it contains a signature with a
// broken hash (crypto/x509 has not accepted SHA-1 since Go 1.18).
func weaklySigned(chain []*x509.Certificate) bool {
	for _, cert := range chain {
		if bytes.Equal(cert.RawIssuer, cert.RawSubject) {
			continue // a root's own signature is not verified
		}
		switch cert.SignatureAlgorithm {
		case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
			return true
		}
	}
	return false
}

// describe copies a certificate's names and validity.
func (f *Fault) describe(cert *x509.Certificate) {
	f.Issuer = nameOf(cert.Issuer.CommonName, cert.Issuer.Organization)
	f.Subject = nameOf(cert.Subject.CommonName, cert.DNSNames)
	f.NotBefore, f.NotAfter = cert.NotBefore, cert.NotAfter
}

func nameOf(name string, others []string) string {
	if name == "" && len(others) > 0 {
		name = others[0]
	}
	return Clean(name, 100)
}

// tlsFault recognizes a failed handshake. The alert type that crypto/tls returns over TCP is not
// exported, so its texts are compared (RFC 8446, section 6.2).
func tlsFault(err error, c recognizeFault, _ *Fault) FaultKind {
	var header tls.RecordHeaderError
	if errors.As(err, &header) || errors.Is(err, http.ErrSchemeMismatch) {
		return FaultNotTLS
	}
	text := err.Error()
	var op *net.OpError
	remote := errors.As(err, &op) && op.Op == "remote error"
	switch {
	case negativeSerial(err):
		return FaultSerial
	case strings.Contains(text, "containing RSA key larger"), strings.Contains(text, "keys are insecure"):
		return FaultWeak // crypto/tls accepts 1024 to 8192 bits
	case !strings.Contains(text, "tls: "):
		return ""
	case remote && (c.certificateAsked || strings.Contains(text, "certificate required")):
		return FaultClientCert
	case strings.Contains(text, "protocol version"), strings.Contains(text, "unsupported version"),
		strings.Contains(text, "insufficient security"), strings.Contains(text, "cipher suite"):
		return FaultProtocol
	}
	return FaultHandshake
}

// connectionFault recognizes faults of name resolution and of connections.
func connectionFault(err error, _ recognizeFault, _ *Fault) FaultKind {
	var dns *net.DNSError
	var timeout net.Error
	var broken readFault
	atEnd := errors.As(err, &broken)
	switch {
	case errors.As(err, &dns) && !dns.IsTimeout:
		return FaultName
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		// The call's own context has not ended: another call, which opened the same connection, gave up.
		return FaultTimeout
	}
	kind := errnoFault(err)
	switch {
	case kind == FaultReset && atEnd:
		return FaultCutOff
	case kind != "":
		return kind
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		if atEnd {
			return FaultCutOff
		}
		return FaultReset
	}
	return ""
}

// errnoFault recognizes system errors. On Windows these are the numbers of winsock2.h; the names
// of package syscall have other values there.
func errnoFault(err error) FaultKind {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return ""
	}
	switch errno {
	case syscall.ECONNREFUSED, 10061:
		return FaultRefusedConn
	case syscall.EHOSTUNREACH, syscall.ENETUNREACH, 10050, 10051, 10064, 10065:
		return FaultUnreachable
	case syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, 10053, 10054:
		return FaultReset
	case syscall.ETIMEDOUT, 10060:
		return FaultTimeout
	}
	return ""
}

// httpFault recognizes malformed HTTP by the error texts of net/http and its HTTP/2, which export
// no types for most of them.
func httpFault(err error, _ recognizeFault, _ *Fault) FaultKind {
	var broken readFault
	text := strings.ToLower(err.Error())
	for _, mark := range []string{
		"malformed", "protocol_error", "compression_error", "frame_size_error", "flow_control_error", "frame too large",
		"transfer encoding", "content-length", "headers exceeded", "header list", "line too long", "1xx", "chunk", "invalid header", "invalid byte",
	} {
		if strings.Contains(text, mark) {
			return FaultMalformed
		}
	}
	for _, mark := range []string{"stream error", "goaway", "http2:", "connection error", "closed", "connection broken"} {
		if strings.Contains(text, mark) {
			if errors.As(err, &broken) {
				return FaultCutOff
			}
			return FaultReset
		}
	}
	return ""
}
