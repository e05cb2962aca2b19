package atlassian

// This file keeps the credentials out of what is observed. A server, or a proxy that opens
// TLS, can send back what it was given: in a trace id, a name, an address to go to. It knows
// the token anyway; the terminal, the logs, the history and the report that goes into a
// ticket must not learn it from there.

import (
	"encoding/base64"
	"strings"
)

// telling is how many characters in a row of a secret are too many to show. The twelve that
// all tokens begin with are not.
const telling = 16

// redact replaces every text in which a part of the token stands, as itself or as the
// header carries it. It goes over cleaned texts, since what cleaning drops could part it.
func (o *Observation) redact(email string, token Token) {
	if token.IsZero() {
		return
	}
	secrets := []string{
		strings.ToLower(token.Reveal()), // hosts are lowered
		strings.ToLower(basic(email, token)),
	}
	for _, text := range o.received() {
		for _, secret := range secrets {
			if shares(strings.ToLower(*text), secret) {
				*text = redacted
			}
		}
	}
	if o.Person != nil && o.Person.ID == redacted {
		o.Person.ID = "" // that is no one's
	}
}

// basic is what stands behind "Basic " in the header (RFC 7617).
func basic(email string, token Token) string {
	return base64.StdEncoding.EncodeToString([]byte(email + ":" + token.Reveal()))
}

// received are the texts of an observation that came from the network.
func (o *Observation) received() []*string {
	texts := []*string{&o.LoginReason, &o.DeniedReason, &o.FailureCategory, &o.TraceID, &o.Challenge, &o.Reason, &o.Redirect, &o.RedirectPath}
	if p := o.Person; p != nil {
		texts = append(texts, &p.ID, &p.Name, &p.Email, &p.Kind, &p.App)
	}
	for i := range o.Keys {
		texts = append(texts, &o.Keys[i])
	}
	if f := o.Fault; f != nil {
		texts = append(texts, &f.Issuer, &f.Subject)
	}
	return texts
}

// shares reports whether a text holds so much of a secret that it tells.
func shares(text, secret string) bool {
	n := min(telling, len(secret))
	for at := 0; n > 0 && at+n <= len(text); at++ {
		if strings.Contains(secret, text[at:at+n]) {
			return true
		}
	}
	return false
}
