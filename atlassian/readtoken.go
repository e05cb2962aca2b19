package atlassian

// Reading what was pasted into the token field. The rules: nothing of the text is in the
// [Receipt]; what copying adds is removed, and the receipt says so; a text that can't be an API
// token is refused with a reason; a surprising length, between minToken and maxToken, or checksum
// is never one, since Atlassian says that the length varies
// (https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/).

import (
	"encoding/binary"
	"hash/crc32"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Receipt describes a pasted token without containing any of it.
type Receipt struct {
	Length   int          // characters, after trimming
	Trimmed  []string     // what was removed: "spaces", "a line break", "quotes", "invisible characters"
	Kind     TokenKind    // what it looks like
	Checksum ChecksumFit  // whether its checksum is right
	Wrong    TokenProblem // why it can't be an API token; "" where it may be one
	Doubled  bool         // the same text twice in a row: pasted twice
}

// TokenKind is what a pasted text looks like, by its prefix. A user's tokens with and without
// scopes look the same.
type TokenKind string

// The kinds of token.
const (
	KindUser      TokenKind = "user"            // ATATT3…
	KindService   TokenKind = "service-account" // ATSTT3…: accepted at the gateway only
	KindOrgKey    TokenKind = "organisation"    // ATCTT3…
	KindBitbucket TokenKind = "bitbucket"       // ATCT…, ATBB…
	KindTrello    TokenKind = "trello"          // ATTA…
	KindOAuth     TokenKind = "oauth"           // ATOA…
	KindOld       TokenKind = "old"             // 24 letters and digits, from before 2023: all of these have expired
	KindUnknown   TokenKind = "unknown"
)

// ChecksumFit says whether a token's checksum is right.
type ChecksumFit string

// The results of checking the checksum.
const (
	ChecksumFits   ChecksumFit = "fits"
	ChecksumBroken ChecksumFit = "broken" // probably cut off while copying
	ChecksumNone   ChecksumFit = "none"   // this kind of token has no checksum
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

// minToken and maxToken bound the length of a token. The shortest kind had 24 characters; 4096 is
// far more than any, and less than servers accept as a header.
const (
	minToken = 20
	maxToken = 4096
)

// ReadToken trims a pasted text and returns the token and its receipt. The token is zero unless
// Receipt.Wrong is TokenOK.
//
// A leading "Bearer " or "Basic " is not removed, so the text is refused for its space: "Bearer"
// may precede an OAuth access token, and "Basic" precedes base64 of email:token, so the rest would
// be the wrong thing to send.
func ReadToken(pasted string) (Token, Receipt) {
	if len(pasted) > 16*maxToken {
		return Token{}, Receipt{Length: utf8.RuneCountInString(pasted), Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenTooLong}
	}
	text, trimmed := trimPaste(DecodeUTF16(pasted))
	receipt := Receipt{
		Length:   utf8.RuneCountInString(text),
		Trimmed:  trimmed,
		Kind:     tokenKind(text),
		Checksum: tokenChecksum(text),
		Doubled:  doubled(text) && !isBullets(text),
	}
	if receipt.Wrong = tokenProblem(text, receipt.Kind); receipt.Wrong != TokenOK {
		return Token{}, receipt
	}
	return NewToken(text), receipt
}

// DecodeUTF16 is a text in UTF-8: as it is, or read from UTF-16 where it begins with the mark of that.
// Windows PowerShell's > and Notepad's "Unicode" write such files.
func DecodeUTF16(text string) string {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case strings.HasPrefix(text, "\xff\xfe"):
	case strings.HasPrefix(text, "\xfe\xff"):
		order = binary.BigEndian
	default:
		return text
	}
	units := make([]uint16, len(text)/2-1)
	for i := range units {
		units[i] = order.Uint16([]byte(text[2+2*i : 4+2*i]))
	}
	return string(utf16.Decode(units))
}

// tokenProblem returns why text can't be a token. Where several reasons apply, what the text is
// comes before what is wrong in it (bullets are not ASCII, a pair contains an "@"), and its kind
// before its length.
func tokenProblem(text string, kind TokenKind) TokenProblem {
	switch {
	case text == "":
		return TokenEmpty
	case isBullets(text):
		return TokenIsBullets
	case strings.Contains(text, "://") || strings.HasPrefix(strings.ToLower(text), "www."):
		return TokenIsURL
	case looksLikePair(text):
		return TokenIsPair
	case isKeyValue(text):
		return TokenIsKeyValue
	case strings.ContainsFunc(text, unicode.IsSpace):
		return TokenHasSpace
	case strings.ContainsFunc(text, func(r rune) bool { return r < 0x21 || r > 0x7e }):
		return TokenHasControl
	case emailProblem(text) == EmailOK:
		return TokenIsEmail
	case looksLikeHost(text):
		return TokenIsURL
	}
	switch kind {
	case KindOrgKey:
		return TokenIsOrgKey
	case KindBitbucket:
		return TokenIsBitb
	case KindTrello:
		return TokenIsTrello
	case KindOAuth:
		return TokenIsOAuth
	case KindUser, KindService, KindOld, KindUnknown:
	}
	switch {
	case len(text) < minToken:
		return TokenTooShort
	case len(text) > maxToken:
		return TokenTooLong
	}
	return TokenOK
}

// tokenKind goes by the prefixes known from secret scanners, the longest first: ATCTT3 is an
// organization's key or a Bitbucket access token (community.atlassian.com, question 3093481), any
// other ATCT is Bitbucket's (https://github.com/trufflesecurity/trufflehog,
// https://github.com/gitleaks/gitleaks).
func tokenKind(text string) TokenKind {
	for _, known := range tokenPrefixes {
		// The short prefixes are four letters that any unknown text could begin with.
		if strings.HasPrefix(text, known.prefix) && len(text) >= minToken {
			return known.kind
		}
	}
	if len(text) == 24 && strings.IndexFunc(text, func(r rune) bool { return !isAlnum(r) }) < 0 {
		return KindOld
	}
	return KindUnknown
}

var tokenPrefixes = []struct {
	prefix string
	kind   TokenKind
}{
	{"ATATT3", KindUser}, {"ATSTT3", KindService}, {"ATCTT3", KindOrgKey},
	{"ATCT", KindBitbucket}, {"ATBB", KindBitbucket}, {"ATTA", KindTrello}, {"ATOA", KindOAuth},
}

// tokenChecksum checks the last eight digits: the CRC-32 (IEEE) of everything before them, the "="
// included, in upper-case hexadecimal (https://github.com/DataDog/dd-sensitive-data-scanner,
// atlassian_token_checksum.rs). A token without them was cut off, or has a form that is not known
// yet, so ChecksumBroken is only a hint.
func tokenChecksum(text string) ChecksumFit {
	switch tokenKind(text) {
	case KindUser, KindService, KindOrgKey:
	default:
		return ChecksumNone
	}
	if len(text) < 9 || text[len(text)-9] != '=' {
		return ChecksumBroken
	}
	body, digits := text[:len(text)-8], text[len(text)-8:]
	sum, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || uint32(sum) != crc32.ChecksumIEEE([]byte(body)) || digits != strings.ToUpper(digits) {
		return ChecksumBroken
	}
	return ChecksumFits
}

// looksLikeToken reports whether a text typed into the field of a site or an email contains a
// token; then it must not be shown. Hosts are converted to lower case, so the prefixes of whole
// tokens count in any case. An old token of 24 characters doesn't count: it looks like a name, and
// all of these have expired.
func looksLikeToken(text string) bool {
	upper := strings.ToUpper(text)
	for _, prefix := range tokenMarks {
		if at := strings.Index(upper, prefix); at >= 0 && tokenRun(upper[at:]) >= minToken {
			return true
		}
	}
	// No site's name is longer than a DNS label of 63 (RFC 1035, section 2.3.4).
	return LooksSecret(text) || len(text) > 63 && !strings.ContainsAny(text, ".@/ ")
}

// looksLikePair reports whether text is "email:token".
func looksLikePair(text string) bool {
	before, after, found := strings.Cut(text, ":")
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	return found && after != "" && !strings.HasPrefix(after, "//") && strings.Count(before, "@") == 1 &&
		!strings.ContainsFunc(before, unicode.IsSpace)
}

// isKeyValue reports whether text is "TOKEN=…", "export TOKEN=…" or "token: …". A token itself
// contains an "=", nine characters before its end, so the part before the first one must be a name
// and must not begin like a token.
func isKeyValue(text string) bool {
	at := strings.IndexAny(text, "=:")
	if at <= 0 || at == len(text)-1 {
		return false
	}
	name := strings.TrimSpace(text[:at])
	name = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(name, "export "), "set "))
	name = strings.Trim(name, `"'`)
	if name == "" || looksLikeToken(name) || (name[0] >= '0' && name[0] <= '9') || len(name) > 40 {
		return false
	}
	if strings.ContainsFunc(name, func(r rune) bool { return !isAlnum(r) && r != '_' && r != '-' && r != ' ' }) {
		return false
	}
	// The value must be long enough to be one: "padding==" has none, and the eight digits of a
	// checksum are none either.
	return len(strings.TrimSpace(text[at+1:])) > 8
}

// isBullets reports whether the masked text was copied instead of the token.
func isBullets(text string) bool {
	return strings.Trim(text, "•*●∙·⦁◦○◉⚫⬤\uf09f.…") == "" && utf8.RuneCountInString(text) >= 3
}

// doubled reports whether text is the same text twice, with or without white space between.
func doubled(text string) bool {
	if n := len(text); n >= 2*minToken && n%2 == 0 && text[:n/2] == text[n/2:] {
		return true
	}
	parts := strings.Fields(text)
	return len(parts) == 2 && parts[0] == parts[1] && len(parts[0]) >= minToken
}

func isAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// trimPaste removes at both ends what copying from a page, an email or a terminal adds, and
// returns what it was. A one-line field has already turned line breaks into spaces, so "a line
// break" is returned only where one was still there.
func trimPaste(text string) (string, []string) {
	var breaks, blanks, quotes, unseen bool
	drop := func(r rune) bool {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			breaks = true
		case unicode.IsSpace(r):
			blanks = true
		case strings.ContainsRune("\"'`<>“”‘’„‚«»‹›", r):
			quotes = true
		case r != utf8.RuneError && (r == '\ufeff' || unicode.In(r, unicode.Cf)):
			unseen = true
		default:
			return false
		}
		return true
	}
	text = strings.TrimFunc(text, drop)
	var trimmed []string
	for _, added := range []struct {
		was  bool
		what string
	}{{blanks, "spaces"}, {breaks, "a line break"}, {quotes, "quotes"}, {unseen, "invisible characters"}} {
		if added.was {
			trimmed = append(trimmed, added.what)
		}
	}
	return text, trimmed
}

// tokenMarks are prefixes of Atlassian accounts' tokens that don't occur in names.
var tokenMarks = []string{"ATATT3", "ATSTT3", "ATCTT3"}

// LooksSecret reports whether text contains the beginning of an Atlassian token or key. It is for
// texts that are shown or saved unencrypted. The prefixes are those known from scanners
// (trufflehog, gitleaks). Names may begin with the short ones (ATTACHMENTS-OF-EUROPE), so these
// count only at the beginning of a word that is as long as a token and has a lower-case letter and
// a digit, as all but one in some hundred secrets have.
func LooksSecret(text string) bool {
	for _, prefix := range tokenMarks {
		if at := strings.Index(text, prefix); at >= 0 && len(text)-at > len(prefix)+1 {
			return true
		}
	}
	for at := range len(text) {
		if at > 0 && isAlnum(rune(text[at-1])) || !hasShortPrefix(text[at:]) {
			continue
		}
		word := text[at:min(len(text), at+2*minToken)]
		word = word[:tokenRun(word)]
		if len(word) >= minToken && strings.ContainsAny(word, "0123456789") && strings.ToUpper(word) != word {
			return true
		}
	}
	return false
}

func hasShortPrefix(word string) bool {
	for _, prefix := range []string{"ATBB", "ATCT", "ATOA", "ATTA"} {
		if strings.HasPrefix(word, prefix) {
			return true
		}
	}
	return false
}

// tokenRun returns how many bytes at the beginning of text are characters that tokens consist of.
func tokenRun(text string) int {
	return len(text) - len(strings.TrimLeftFunc(text, func(r rune) bool { return isAlnum(r) || strings.ContainsRune("_-=", r) }))
}
