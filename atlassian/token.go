package atlassian

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

// Receipt says what arrived in the token field without showing any of it.
type Receipt struct {
	Length   int          // characters, after trimming
	Trimmed  []string     // what copying had added: "spaces", "a line break", "quotes", "invisible characters"
	Kind     TokenKind    // what it looks like
	Checksum ChecksumFit  // whether the characters fit the checksum they end in
	Wrong    TokenProblem // "" where it can be tried
	Doubled  bool         // the same text twice in a row: pasted twice
}

// TokenKind is what a pasted text looks like, by its prefix. A user's token with
// scopes and one without look alike.
type TokenKind string

// The kinds of token.
const (
	KindUser      TokenKind = "user"            // ATATT3…
	KindService   TokenKind = "service-account" // ATSTT3…: gateway only
	KindOrgKey    TokenKind = "organisation"    // ATCTT3…
	KindBitbucket TokenKind = "bitbucket"       // ATCT…, ATBB…
	KindTrello    TokenKind = "trello"          // ATTA…
	KindOAuth     TokenKind = "oauth"           // ATOA…
	KindOld       TokenKind = "old"             // 24 letters and digits, from before 2023: all ended by now
	KindUnknown   TokenKind = "unknown"
)

// ChecksumFit says whether a token's checksum fits.
type ChecksumFit string

// The outcomes of looking at the checksum.
const (
	ChecksumFits   ChecksumFit = "fits"
	ChecksumBroken ChecksumFit = "broken" // cut off while copying?
	ChecksumNone   ChecksumFit = "none"   // this kind has none to look at
)

// TokenProblem is why a pasted text can't be an API token.
type TokenProblem string

// The reasons. Package connector has the words.
const (
	TokenOK         TokenProblem = ""
	TokenEmpty      TokenProblem = "empty"
	TokenIsEmail    TokenProblem = "email"
	TokenIsURL      TokenProblem = "url"
	TokenIsPair     TokenProblem = "pair"      // email:token
	TokenIsKeyValue TokenProblem = "key-value" // TOKEN=…
	TokenIsBullets  TokenProblem = "bullets"   // ••••: the masked text was copied
	TokenHasSpace   TokenProblem = "white-space"
	TokenHasControl TokenProblem = "control" // control or non-ASCII characters inside
	TokenTooShort   TokenProblem = "too-short"
	TokenTooLong    TokenProblem = "too-long"
	TokenIsOrgKey   TokenProblem = "organisation"
	TokenIsBitb     TokenProblem = "bitbucket"
	TokenIsTrello   TokenProblem = "trello"
	TokenIsOAuth    TokenProblem = "oauth"
)

// ReadToken trims what copying adds, and says what was received.
func ReadToken(pasted string) (Token, Receipt) { return NewToken(pasted), Receipt{} } // replaced below
