package atlassian

// Removing credentials from observations. A server, or a proxy that inspects TLS, can send back
// what it received: in a trace id, a name, or a redirect. It knows the token anyway, but the
// terminal, the logs, the history and the report for a ticket must not contain it.

import (
	"encoding/base64"
	"strings"
)

// telling is how many consecutive characters of a secret are too many to show. All tokens begin
// with the same twelve, so these may be shown.
const telling = 16

// redact replaces every text that contains a part of the token, as it is or encoded as in the
// header. It works on cleaned texts, since characters that cleaning removes could split the token.
func (o *Observation) redact(email string, token Token) {
	if token.IsZero() {
		return
	}
	secrets := []string{
		strings.ToLower(token.Reveal()), // hosts are converted to lower case
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
		o.Person.ID = "" // "[redacted]" is no one's id
	}
}

// basic returns the credentials of the header, the part after "Basic " (RFC 7617).
func basic(email string, token Token) string {
	return base64.StdEncoding.EncodeToString([]byte(email + ":" + token.Reveal()))
}

// received returns the texts of an observation that came from the network.
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

// shares reports whether text contains too many consecutive characters of secret; both are in
// lower case.
func shares(text, secret string) bool {
	n := min(telling, len(secret))
	for at := 0; n > 0 && at+n <= len(text); at++ {
		if strings.Contains(secret, text[at:at+n]) {
			return true
		}
	}
	return false
}
