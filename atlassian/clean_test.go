package atlassian

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		in, want string
		limit    int
	}{
		{"Mia Krystof", "Mia Krystof", 80},
		{"  Mia \t\r\n Krystof ", "Mia Krystof", 80},
		{"Zoë 漢字 👍", "Zoë 漢字 👍", 80},
		{"a\x1b[31mb\x1b[0m", "ab", 80}, {"a\x1b]0;title\x07b", "ab", 80}, {"a\x1b]8;;http://x\x1b\\b", "ab", 80},
		{"a\x1bPq#0\x1b\\b", "ab", 80}, {"a\x1b(Bb", "ab", 80}, {"a\x1b", "a", 80}, {"a\x1b[31", "a", 80}, {"a\x1b]never ended", "a", 80},
		{"a\u009b31mb", "ab", 80}, {"a\x9b31mb", "ab", 80}, {"a\u009d0;t\u009cb", "ab", 80},
		{"a\x08\x7f\x00b", "ab", 80}, {"a\u202eb\u2066c\u200bd\ufeffe\u00adf", "abcdef", 80}, {"a\xff\xfeb\ufffd", "ab", 80},
		{"a\U000e0041b", "ab", 80}, {"e" + strings.Repeat("\u0301", 50), "e" + strings.Repeat("\u0301", 4), 80},
		{"e" + strings.Repeat("\u0301\xb7\u200b\x1b[m", 50), "e" + strings.Repeat("\u0301", 4), 80}, // found by fuzzing
		{"abcdef", "abcdef", 6}, {"abcdefg", "abcde…", 6}, {"ab \x1b[0m ", "ab", 2}, {"ab", "…", 1}, {"ab", "", 0}, {"", "", 9},
	} {
		if got := Clean(c.in, c.limit); got != c.want {
			t.Errorf("Clean(%q, %d) = %q; want %q", c.in, c.limit, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"Mia", "\x1b[31m", "\u009b\x9b", "\x1b]\xc2\x9c", "\u202e\xff", "e\u0301\u0301"} {
		f.Add(seed, 20)
	}
	f.Fuzz(func(t *testing.T, in string, limit int) {
		got := Clean(in, limit)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > max(limit, 0) {
			t.Fatalf("Clean(%q, %d) = %q", in, limit, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError {
				t.Fatalf("Clean(%q, %d) = %q holds %U", in, limit, got, r)
			}
		}
		if again := Clean(got, limit); again != got {
			t.Fatalf("Clean(%q) = %q: no fixed point", got, again)
		}
	})
}
