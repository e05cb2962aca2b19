package atlassian

// Making text from a server safe to show on a terminal: no control characters, no escape
// sequences, nothing invisible, nothing that changes the reading direction, one line, limited
// length. Precedents of programs that showed a server's text unchanged: CVE-2024-50349 and
// CVE-2024-52005 (git), CVE-2024-50338 (Git Credential Manager).

import (
	"unicode"
	"unicode/utf8"
)

// Quoted is a text, cleaned and cut like Clean's, in quotation marks. Unlike %q it doubles no backslash
// of a Windows path.
func Quoted(s string, maxRunes int) string { return `"` + Clean(s, maxRunes) + `"` }

// Clean returns s as one line of at most maxRunes characters. It removes escape sequences (CSI,
// OSC, DCS, SOS, PM, APC), C0 and C1 controls, DEL, format characters (bidi marks, zero-width,
// tags) and invalid UTF-8, and collapses white space to single spaces. A cut is marked by a final
// "…". maxRunes <= 0 gives "".
func Clean(s string, maxRunes int) string {
	if maxRunes <= 0 {
		return ""
	}
	// Limits the work: what is removed may be longer than what stays, but a name of 80 characters
	// isn't worth going through a megabyte of escape sequences.
	if limit := 64*maxRunes + 4096; len(s) > limit {
		s = s[:limit]
	}
	var kept []rune
	gap, marks := false, 0
	for len(s) > 0 && len(kept) <= maxRunes {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 && s[0] < 0xa0 {
			r = rune(s[0]) // a C1 control, as a terminal that doesn't use UTF-8 reads it
		}
		if n := sequence(s, r, size); n > 0 {
			s = s[n:]
			continue
		}
		s = s[size:]
		if unicode.IsSpace(r) {
			gap = len(kept) > 0
			continue
		}
		if hidden(r) {
			continue // without resetting marks
		}
		if marks = stacked(r, marks); marks > 4 {
			continue
		}
		if gap {
			kept, gap = append(kept, ' '), false
		}
		kept = append(kept, r)
	}
	if len(kept) > maxRunes {
		kept = append(kept[:maxRunes-1:maxRunes-1], '…')
	}
	return string(kept)
}

// stacked counts consecutive combining marks. No script needs more than a few, and many of them
// draw over the lines above.
func stacked(r rune, before int) int {
	if unicode.Is(unicode.M, r) {
		return before + 1
	}
	return 0
}

// hidden reports whether r is drawn as nothing, or has an effect instead of being drawn.
func hidden(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) || !unicode.IsPrint(r) ||
		unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// sequence returns how many bytes of s the escape sequence takes that begins with its first rune
// r, which has size bytes; 0 where none begins. ECMA-48 has two forms of every introducer: ESC and
// a letter, or one C1 control. An unfinished sequence takes all of s, since a terminal would wait
// for its end too.
func sequence(s string, r rune, size int) int {
	kind, at := r, size
	if r == 0x1b {
		if len(s) == 1 {
			return 1
		}
		kind, at = rune(s[1])+0x40, 2
	}
	switch kind {
	case 0x9b: // CSI: parameters and intermediates, then one final byte
		for ; at < len(s); at++ {
			switch c := s[at]; {
			case c >= 0x40 && c <= 0x7e:
				return at + 1
			case c < 0x20 || c > 0x7e: // not part of a sequence: it is broken here
				return at
			}
		}
		return len(s)
	case 0x90, 0x98, 0x9d, 0x9e, 0x9f: // DCS, SOS, OSC, PM, APC: a string up to ST, or BEL
		for ; at < len(s); at++ {
			switch {
			case s[at] == 0x07, s[at] == 0x9c && !utf8.RuneStart(s[at]) && s[at-1] < 0x80:
				return at + 1
			case s[at] == 0xc2 && at+1 < len(s) && s[at+1] == 0x9c:
				return at + 2
			case s[at] == 0x1b && at+1 < len(s) && s[at+1] == '\\':
				return at + 2
			}
		}
		return len(s)
	}
	if r != 0x1b {
		return 0
	}
	// ESC, intermediates, one final byte: "ESC ( B" and the like.
	for at = 1; at < len(s) && s[at] >= 0x20 && s[at] <= 0x2f; at++ {
	}
	if at < len(s) && s[at] >= 0x30 && s[at] <= 0x7e {
		at++
	}
	return at
}
