package atlassian

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"net"
	"testing"
)

// negative changes the serial number of a certificate from 2 to a negative one. That makes its
// signature invalid, but parsing doesn't verify it.
func negative(t *testing.T, der []byte) []byte {
	t.Helper()
	changed := bytes.Replace(der, []byte("\xa0\x03\x02\x01\x02\x02\x01\x02"), []byte("\xa0\x03\x02\x01\x02\x02\x01\x82"), 1)
	if bytes.Equal(changed, der) {
		t.Fatal("the serial number was not found")
	}
	return changed
}

// TestReport13ReadAuthorities: the certificate files that companies hand out are read, or their
// format is named.
func TestReport13ReadAuthorities(t *testing.T) {
	leaf := newAuthority(t, "Example Corp CA").issue(t, nil, "acme.atlassian.net")
	one, two := leaf.Certificate[0], leaf.Certificate[1]
	inPEM := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	good, bad := inPEM("CERTIFICATE", one), inPEM("CERTIFICATE", negative(t, one))
	for name, c := range map[string]struct {
		data             string
		read, un, negate int
		form             AuthorityForm
	}{
		"PEM":               {data: good + inPEM("CERTIFICATE", two), read: 2},
		"PEM behind a BOM":  {data: "\ufeff" + good, read: 1},
		"PEM behind words":  {data: "Subject: CN=x\r\n" + good, read: 1},
		"PEM, one negative": {data: good + bad, read: 1, un: 1, negate: 1},
		"PEM, one cut off":  {data: good + inPEM("CERTIFICATE", one[:40]), read: 1, un: 1},
		"DER":               {data: string(one), read: 1},
		"DER, two":          {data: string(one) + string(two), read: 2},
		"DER, negative":     {data: string(negative(t, one)), un: 1, negate: 1},
		"DER, cut off":      {data: string(one[:100]), un: 1},
		"a key":             {data: inPEM("PRIVATE KEY", one)},
		"PKCS#7 in PEM":     {data: inPEM("PKCS7", []byte("x")), form: FormPKCS7},
		"PKCS#7 in DER":     {data: "\x30\x82\x01\x00" + oidSignedData + "\xa0", form: FormPKCS7DER},
		"PKCS#12":           {data: "\x30\x82\x01\x00\x02\x01\x03\x30\x82\x01\x00" + oidData, form: FormPKCS12},
		"UTF-16":            {data: "\xff\xfe-\x00-\x00", form: FormUTF16},
		"UTF-16, no BOM":    {data: "-\x00-\x00-\x00", form: FormUTF16},
		"nothing":           {},
		"a web page":        {data: "<html>"},
	} {
		got := ReadAuthorities([]byte(c.data))
		if len(got.Certificates) != c.read || got.Unreadable != c.un || got.Negative != c.negate || got.Form != c.form {
			t.Errorf("%s: %d read, %d not, %d negative, %q", name, len(got.Certificates), got.Unreadable, got.Negative, got.Form)
		}
	}
}

// TestReport6NegativeSerial: a certificate of a company's TLS inspection that Go refuses to parse.
func TestReport6NegativeSerial(t *testing.T) {
	ca := newAuthority(t, "Test Authority")
	leaf := ca.issue(t, nil, "acme.atlassian.net")
	leaf.Certificate = [][]byte{negative(t, leaf.Certificate[0])}
	address := rawServer(t, func(conn net.Conn) {
		_ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{leaf}}).Handshake()
	})
	if f := lookupFault(t, lineTo(address, ca)); f.Kind != FaultSerial {
		t.Errorf("%+v", f)
	}
}
