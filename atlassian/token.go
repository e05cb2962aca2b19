package atlassian

// This file holds the secret. The rules: its text is reachable by [Token.Reveal] only;
// every way of printing, logging or encoding gives [redacted], or nothing; comparing
// takes the same time whatever differs.

import (
	"crypto/subtle"
	"fmt"
	"io"
)

// Token is an API token: the secret. It holds the text in a closure, so that no way
// of printing, encoding or reflecting a value that contains it can show it; it prints
// as [redacted] everywhere. The zero Token is none.
type Token struct{ reveal func() string }

// NewToken wraps a text as it is. [ReadToken] is for what a person pasted.
func NewToken(text string) Token {
	if text == "" {
		return Token{}
	}
	return Token{reveal: func() string { return text }}
}

// Reveal is the token's text. Only this package's transport, the store, and the two
// hand-overs a person asks for by name (copy, exec) may call it; a test holds that.
func (t Token) Reveal() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.reveal == nil }

// redacted is what is shown instead of a token.
const redacted = "[redacted]"

// Len is how many bytes the token has, 0 for none.
func (t Token) Len() int { return len(t.Reveal()) }

// Equal reports whether both are the same text, in a time that depends on the lengths only.
func (t Token) Equal(other Token) bool {
	return subtle.ConstantTimeCompare([]byte(t.Reveal()), []byte(other.Reveal())) == 1
}

// String is "[redacted]", also for no token: whether there is one is no business of a log.
func (t Token) String() string { return redacted }

// GoString is "[redacted]".
func (t Token) GoString() string { return redacted }

// Format writes "[redacted]" whatever the verb. Methods alone would not do: fmt does not
// call them on unexported fields, which is what the closure is for.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText writes "[redacted]", so a token that strays into JSON, XML or a text file
// is lost rather than shown. The storages write Reveal's text, by name. Handlers of log/slog
// take this one, the next, or Format: no LogValue is needed, which would bring that package.
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON writes "[redacted]".
func (t Token) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
