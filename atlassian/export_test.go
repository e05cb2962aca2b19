package atlassian

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
)

// What tests outside this package need of its tests.

// NewAuthority returns a CA that signs certificates.
func NewAuthority(t testing.TB, name string) *authority { return newAuthority(t, name) }

// Pool returns a pool with this CA alone.
func (a *authority) Pool() *x509.CertPool { return a.pool }

// Issue returns a certificate for the names.
func (a *authority) Issue(t testing.TB, edit func(*x509.Certificate), names ...string) tls.Certificate {
	return a.issue(t, edit, names...)
}

// Certify signs a certificate for a key of its own.
func (a *authority) Certify(t testing.TB, key crypto.Signer, edit func(*x509.Certificate), names ...string) tls.Certificate {
	return a.certify(t, key, edit, names...)
}

// RawServer handles every connection with the given function.
func RawServer(t *testing.T, talk func(net.Conn)) string { return rawServer(t, talk) }

// Reset closes a connection with a TCP reset.
func Reset(conn net.Conn) { reset(conn) }
