package atlassian

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
)

// What the tests outside of the package need of those inside it.

// NewAuthority is an authority that signs certificates.
func NewAuthority(t testing.TB, name string) *authority { return newAuthority(t, name) }

// Pool holds the authority alone.
func (a *authority) Pool() *x509.CertPool { return a.pool }

// Issue signs a certificate for the names.
func (a *authority) Issue(t testing.TB, edit func(*x509.Certificate), names ...string) tls.Certificate {
	return a.issue(t, edit, names...)
}

// Certify signs a certificate for a key of its own.
func (a *authority) Certify(t testing.TB, key crypto.Signer, edit func(*x509.Certificate), names ...string) tls.Certificate {
	return a.certify(t, key, edit, names...)
}

// RawServer talks to every connection as given.
func RawServer(t *testing.T, talk func(net.Conn)) string { return rawServer(t, talk) }

// Reset ends a connection without a farewell.
func Reset(conn net.Conn) { reset(conn) }
