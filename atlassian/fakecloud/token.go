package fakecloud

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/crc32"
)

// The fake tokens. They are computed at run time, so that nothing in the source looks like a token
// to a scanner.
//
// The layout of a real one: a header of 12 characters, URL-safe base64, "=", and the CRC32 (IEEE)
// of everything before it as 8 upper-case hexadecimal digits; 192 characters in all. Source:
// github.com/DataDog/dd-sensitive-data-scanner,
// sds/src/secondary_validation/atlassian_token_checksum.rs.
const (
	tokenLength = 192
	sumLength   = 8
)

// userToken returns a person's token. Tokens with and without scopes look the same.
func userToken(label string) string { return pretendToken("ATATT3xFf"+"GF0", label) }

// serviceToken returns a service account's token; the characters after ATSTT3x are invented.
func serviceToken(label string) string { return pretendToken("ATSTT3xFf"+"GF0", label) }

// pretendToken returns a token that depends on header and label only.
func pretendToken(header, label string) string {
	body := []byte(header)
	for n := 0; len(body) < tokenLength-sumLength-1; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "pretend %s %d", label, n))
		body = base64.RawURLEncoding.AppendEncode(body, sum[:])
	}
	body = append(body[:tokenLength-sumLength-1], '=')
	return fmt.Sprintf("%s%08X", body, crc32.ChecksumIEEE(body))
}

func newerToken(email string) string { return userToken(email + ", newer") }

// Account returns the id and the name of the account with an email; "" for none.
func Account(email string) (id, name string) {
	if p := personOf(email); p != nil {
		return p.id, p.name
	}
	return "", ""
}

// NewerToken returns another token of the account that works, for practicing a replacement; ""
// where the account has none.
func NewerToken(email string) string {
	p := personOf(email)
	if p == nil {
		return ""
	}
	for _, t := range p.tokens {
		if t.text == newerToken(p.email) {
			return t.text
		}
	}
	return ""
}
