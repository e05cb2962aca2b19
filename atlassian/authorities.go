package atlassian

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// Authorities are the CA certificates of a file, and what could not be read in it.
type Authorities struct {
	Certificates []*x509.Certificate
	// Unreadable is how many certificates could not be read; Negative how many of these have a
	// negative serial number.
	Unreadable, Negative int
	// Form is the format of a file without any readable certificate, where it is recognized.
	Form AuthorityForm
}

// AuthorityForm is a format of certificates that is recognized but not read.
type AuthorityForm string

// The forms.
const (
	FormUnknown  AuthorityForm = ""
	FormUTF16    AuthorityForm = "utf-16"     // text in UTF-16, as Notepad's "Unicode" and older PowerShells write it
	FormPKCS7    AuthorityForm = "pkcs7"      // .p7b in PEM, RFC 7468, section 8
	FormPKCS7DER AuthorityForm = "pkcs7-der"  // .p7b, .p7c in DER
	FormPKCS12   AuthorityForm = "pkcs12-der" // .pfx, .p12
)

// The object identifiers, in DER, at the start of a PKCS #7 and a PKCS #12 file. Sources: RFC
// 5652, section 5.1 (signedData, 1.2.840.113549.1.7.2); RFC 7292, section 4, which wraps a PFX's
// content in data, 1.2.840.113549.1.7.1.
const (
	oidSignedData = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	oidData       = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
)

// ReadAuthorities reads CA certificates in PEM, or in DER (RFC 5280).
func ReadAuthorities(data []byte) Authorities {
	var a Authorities
	blocks := 0
	for rest := bytes.TrimPrefix(data, []byte("\ufeff")); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch blocks++; block.Type {
		case "CERTIFICATE":
			a.take(block.Bytes)
		case "PKCS7", "CMS":
			a.Form = FormPKCS7
		}
	}
	start := string(data[:min(len(data), 64)])
	switch {
	case blocks > 0:
	case strings.HasPrefix(start, "\xff\xfe"), strings.HasPrefix(start, "\xfe\xff"), strings.HasPrefix(start, "-\x00-"), strings.HasPrefix(start, "\x00-\x00-"):
		a.Form = FormUTF16
	case !strings.HasPrefix(start, "\x30"): // not a DER SEQUENCE, as the rest are
	case strings.Contains(start, oidSignedData):
		a.Form = FormPKCS7DER
	case strings.Contains(start, oidData):
		a.Form = FormPKCS12
	default:
		a.take(data)
	}
	return a
}

// Pool is the system's authorities and these; nil, which means the system's alone, where there are none.
func (a Authorities) Pool() *x509.CertPool {
	if len(a.Certificates) == 0 {
		return nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	for _, certificate := range a.Certificates {
		pool.AddCert(certificate)
	}
	return pool
}

// take reads one or several concatenated certificates in DER.
func (a *Authorities) take(der []byte) {
	read, err := x509.ParseCertificates(der)
	if err != nil {
		a.Unreadable++
		if negativeSerial(err) {
			a.Negative++
		}
		return
	}
	a.Certificates = append(a.Certificates, read...)
}

// negativeSerial reports whether err is about a certificate with a negative serial number;
// crypto/x509 has no error type for it. RFC 5280, section 4.1.2.2, requires a positive one, but
// CAs of companies don't always follow. Source: go.dev/doc/godebug, x509negativeserial, since Go
// 1.23.
func negativeSerial(err error) bool { return strings.Contains(err.Error(), "negative serial number") }
