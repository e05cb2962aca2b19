package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"saasconnect/atlassian/fakecloud"
)

// line is a proxy on loopback behind which every host is the pretend Atlassian, under a
// real TLS certificate of an authority of its own: https://acme.atlassian.net works for
// the real program.
type line struct {
	address   string
	authority []byte // PEM
	seed      fakecloud.Seed
	cloud     *fakecloud.Cloud
	taken     chan struct{} // "hang": gets one for each connection
	tunnels   *atomic.Int64 // CONNECTs so far
	close     func()
}

// newLine opens the line of a situation; "cut" takes every connection and drops it,
// "hang" takes it and says nothing.
func newLine(situation string) (*line, error) {
	name := situation
	if situation == "cut" || situation == "hang" {
		name = "ok"
	}
	s, known := fakecloud.Find(name)
	if !known {
		return nil, fmt.Errorf("no situation %q", situation)
	}
	return lineTo(fakecloud.Open(s, time.Now, 0), situation, s.Seed)
}

// lineTo opens the line to a pretend cloud.
func lineTo(cloud *fakecloud.Cloud, situation string, seed fakecloud.Seed) (*line, error) {
	issuer, err := newAuthority()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	taken, count := make(chan struct{}, 100), &atomic.Int64{}
	quiet := log.New(io.Discard, "", 0)
	inside := &tunnels{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: cloud, TLSConfig: &tls.Config{GetCertificate: issuer.leaf}, ErrorLog: quiet, ReadHeaderTimeout: time.Minute}
	proxy := &http.Server{ErrorLog: quiet, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "CONNECT only", http.StatusMethodNotAllowed)
			return
		}
		count.Add(1)
		if situation == "hang" {
			taken <- struct{}{}
			<-r.Context().Done()
			return
		}
		// Answered after the hijack: before it, net/http may take the first byte of the
		// client's handshake into a buffer of its own.
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, err = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
		switch {
		case err != nil:
			conn.Close()
		case situation == "cut":
			conn.Close()
		default:
			inside.give(conn)
		}
	})}
	go proxy.Serve(listener)
	go server.ServeTLS(inside, "", "")
	return &line{
		address: listener.Addr().String(), authority: issuer.pem, seed: seed, cloud: cloud, taken: taken, tunnels: count,
		close: func() { proxy.Close(); server.Close(); inside.Close(); cloud.Close() },
	}, nil
}

// tunnels is a listener whose connections come out of the proxy.
type tunnels struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (t *tunnels) give(c net.Conn) {
	select {
	case t.conns <- c:
	case <-t.closed:
		c.Close()
	}
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-t.conns:
		return c, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.closed) })
	return nil
}

func (t *tunnels) Addr() net.Addr { return &net.TCPAddr{} }

// authority signs a certificate for any host that prompted for.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "saasconnect test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &authority{cert, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}, err
}

func (a *authority) leaf(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: hello.ServerName},
		DNSNames: []string{hello.ServerName}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(12 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
