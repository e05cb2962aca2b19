package atlassian

// The secret. Its text is returned by [Token.Reveal] only; printing, logging and encoding give
// [redacted], or nothing; comparing takes the same time whatever differs.

import (
	"crypto/subtle"
	"fmt"
	"io"
)

// Token is an API token. Its text is held in a closure, so that printing, encoding or reflecting a
// value that contains a Token can't show it; it prints as [redacted] everywhere. The zero Token
// means none.
type Token struct{ reveal func() string }

// NewToken returns a token with this text, unchanged. [ReadToken] is for pasted text.
func NewToken(text string) Token {
	if text == "" {
		return Token{}
	}
	return Token{reveal: func() string { return text }}
}

// Reveal returns the token's text; "" for none. Only this package's transport, the store, and the
// two hand-overs that a person asks for (copy, exec) may call it; a test checks that.
func (t Token) Reveal() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.reveal == nil }

// redacted is shown instead of a token.
const redacted = "[redacted]"

// Len returns the number of bytes of the token; 0 for none.
func (t Token) Len() int { return len(t.Reveal()) }

// Kind returns what kind of token it is, by its prefix; KindUnknown for none.
func (t Token) Kind() TokenKind { return tokenKind(t.Reveal()) }

// Equal reports whether both have the same text, in a time that depends on the lengths only.
func (t Token) Equal(other Token) bool {
	return subtle.ConstantTimeCompare([]byte(t.Reveal()), []byte(other.Reveal())) == 1
}

// String returns "[redacted]", also for the zero Token, so that a log doesn't tell whether there
// is one.
func (t Token) String() string { return redacted }

// GoString returns "[redacted]".
func (t Token) GoString() string { return redacted }

// Format writes "[redacted]" for every verb. The closure is still needed: fmt doesn't call methods
// of unexported fields.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText returns "[redacted]", so that a token encoded as JSON, XML or text by mistake is
// lost, not shown. Storages write Reveal's text explicitly. Handlers of log/slog use this,
// MarshalJSON or Format, so no LogValue is needed, which would import that package.
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON returns "[redacted]" as JSON.
func (t Token) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
