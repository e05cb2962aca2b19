package fakecloud

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"
)

// ca is a certificate authority that signs the cloud's certificates. It exists in memory only, and
// only the cloud's own clients trust it.
type ca struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	err  error // why it could not be created; then every handshake fails
}

const day = 24 * time.Hour

func newCA(name string, now time.Time) *ca {
	a := &ca{}
	a.key, a.err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if a.err != nil {
		return a
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name, Organization: []string{name}},
		NotBefore: now.Add(-3650 * day), NotAfter: now.Add(3650 * day),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	var der []byte
	if der, a.err = x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key); a.err != nil {
		return a
	}
	a.cert, a.err = x509.ParseCertificate(der)
	return a
}

// leaf returns a new certificate for a host, valid from from to to. It uses the CA's own key,
// which saves generating another.
func (a *ca) leaf(host string, from, to time.Time) (*tls.Certificate, error) {
	if a.err != nil {
		return nil, a.err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(from.UnixNano()), Subject: pkix.Name{CommonName: host},
		DNSNames: []string{host}, NotBefore: from, NotAfter: to,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, a.key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("sign a pretend certificate: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}, nil
}

// Roots returns the cloud's own CA, for atlassian.ClientConfig.
func (c *Cloud) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	if a := c.trusted(); a.err == nil {
		pool.AddCert(a.cert)
	}
	return pool
}

// tlsConfig returns the server's side of a handshake, with the faults of the host.
func (c *Cloud) tlsConfig(host string) *tls.Config {
	now := c.now()
	signer, from, to := c.trusted, now.Add(-day), now.Add(90*day)
	name := host
	config := &tls.Config{NextProtos: []string{"h2", "http/1.1"}, Time: c.now, MinVersion: tls.VersionTLS12}
	switch c.placeAt(host).faults.fault {
	case faultUntrusted:
		signer = c.intruder
	case faultExpired:
		from, to = now.Add(-93*day), now.Add(-3*day)
	case faultNotYet:
		from, to = now.Add(2*day), now.Add(92*day)
	case faultWrongHost:
		name = "login.hotel.example"
	case faultOldTLS:
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	case faultClientCertificate:
		// In TLS 1.3 the refusal comes after the client's first data, and Go's HTTP/2 may report either;
		// in TLS 1.2 it is part of the handshake.
		config.ClientAuth, config.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
	default:
	}
	config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return signer().leaf(name, from, to) }
	return config
}
