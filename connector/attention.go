package connector

import (
	"strings"
	"time"
)

// What holds besides, of a connection that works.

// emailDiffers: the account has another e-mail than the typed one. Privacy settings may
// hide it; then nothing is known and nothing is said.
func (f *facts) emailDiffers() bool {
	p := f.person()
	return f.proven() && p.Email != "" && f.q.Email != "" && !strings.EqualFold(p.Email, f.q.Email)
}

// serviceAccount: not a person's account. Its tokens are normally made with scopes.
func (f *facts) serviceAccount() bool {
	p := f.person()
	return f.proven() && (p.Kind == "app" || p.App == "service" || p.App == "agent")
}

// defaultWarn is how long before its last day a token is worth a warning.
const defaultWarn = 30 * 24 * time.Hour

// expiresSoon: the recorded last day, or else the latest possible one, is near or past.
func (f *facts) expiresSoon() bool {
	day := f.lastDay()
	if !f.proven() || day.IsZero() {
		return false
	}
	warn := f.q.Warn
	if warn <= 0 {
		warn = defaultWarn
	}
	return day.DaysFrom(DateOf(f.q.Now)) <= int(warn.Hours()/24)
}

// lastDay is the recorded last day, else the latest possible one.
func (f *facts) lastDay() Date {
	if !f.q.Expires.IsZero() {
		return f.q.Expires
	}
	return f.q.ExpiresBy
}
