package atlassian

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// pretendToken returns a text in the form of a user's token, with a valid checksum.
func pretendToken() string {
	body := "ATATT3xFfGF0" + strings.Repeat("Canary-9_", 19) + "="
	return fmt.Sprintf("%s%08X", body, crc32.ChecksumIEEE([]byte(body)))
}

// utf16Text is a text in UTF-16 with its mark.
func utf16Text(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func TestReadToken(t *testing.T) {
	good := pretendToken()
	long := func(prefix string) string { return prefix + strings.Repeat("x", 60) }
	for _, c := range []struct {
		name, pasted string
		want         Receipt
	}{
		{"as it is", good, Receipt{Length: 192, Kind: KindUser, Checksum: ChecksumFits}},
		{"line break", good + "\r\n", Receipt{Length: 192, Kind: KindUser, Checksum: ChecksumFits, Trimmed: []string{"a line break"}}},
		{"line break turned blank", good + " ", Receipt{Length: 192, Kind: KindUser, Checksum: ChecksumFits, Trimmed: []string{"spaces"}}},
		{"everything", "\ufeff\u200b “" + good + "”\n", Receipt{Length: 192, Kind: KindUser, Checksum: ChecksumFits, Trimmed: []string{"spaces", "a line break", "quotes", "invisible characters"}}},
		{"a file of PowerShell's", utf16Text(binary.LittleEndian, good+"\r\n"), Receipt{Length: 192, Kind: KindUser, Checksum: ChecksumFits, Trimmed: []string{"a line break"}}},
		{"big-endian", utf16Text(binary.BigEndian, good), Receipt{Length: 192, Kind: KindUser, Checksum: ChecksumFits}},
		{"half a character", utf16Text(binary.LittleEndian, good) + "x", Receipt{Length: 192, Kind: KindUser, Checksum: ChecksumFits}},
		{"a mark alone", "\xff\xfe", Receipt{Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenEmpty}},
		{"cut off", good[:150], Receipt{Length: 150, Kind: KindUser, Checksum: ChecksumBroken}},
		{"one letter wrong", good[:50] + "x" + good[51:], Receipt{Length: 192, Kind: KindUser, Checksum: ChecksumBroken}},
		{"service", long("ATSTT3x"), Receipt{Length: 67, Kind: KindService, Checksum: ChecksumBroken}},
		{"old", "abcdefghij0123456789abcd", Receipt{Length: 24, Kind: KindOld, Checksum: ChecksumNone}},
		{"unknown", "Zz" + strings.Repeat("-y", 20), Receipt{Length: 42, Kind: KindUnknown, Checksum: ChecksumNone}},
		{"padding is not a key", strings.Repeat("y", 40) + "==", Receipt{Length: 42, Kind: KindUnknown, Checksum: ChecksumNone}},
		{"twice", good + good, Receipt{Length: 384, Kind: KindUser, Checksum: ChecksumBroken, Doubled: true}},

		{"empty", " \n", Receipt{Kind: KindUnknown, Checksum: ChecksumNone, Trimmed: []string{"spaces", "a line break"}, Wrong: TokenEmpty}},
		{"twice, blank between", good + " " + good, Receipt{Length: 385, Kind: KindUser, Checksum: ChecksumBroken, Doubled: true, Wrong: TokenHasSpace}},
		{"bearer", "Bearer " + good, Receipt{Length: 199, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenHasSpace}},
		{"basic", "Basic " + long("bWlhQ"), Receipt{Length: 71, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenHasSpace}},
		{"pair", "mia@example.com:" + good, Receipt{Length: 208, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsPair}},
		{"key=value", "JIRA_TOKEN=" + good, Receipt{Length: 203, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsKeyValue}},
		{"export", "export JIRA_TOKEN='" + good + "'", Receipt{Length: 211, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsKeyValue, Trimmed: []string{"quotes"}}},
		{"yaml", "token: " + good, Receipt{Length: 199, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsKeyValue}},
		{"url", "https://acme.atlassian.net", Receipt{Length: 26, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsURL}},
		{"host", "acme.atlassian.net", Receipt{Length: 18, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsURL}},
		{"email", "mia.krystof@example.com", Receipt{Length: 23, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsEmail}},
		{"bullets", strings.Repeat("•", 30), Receipt{Length: 30, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsBullets}},
		{"stars", strings.Repeat("*", 30), Receipt{Length: 30, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsBullets}},
		{"dots", strings.Repeat("●", 30), Receipt{Length: 30, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenIsBullets}},
		{"blank inside", good[:50] + " " + good[50:], Receipt{Length: 193, Kind: KindUser, Checksum: ChecksumFits, Wrong: TokenHasSpace}},
		{"zero-width inside", good[:50] + "\u200b" + good[50:], Receipt{Length: 193, Kind: KindUser, Checksum: ChecksumBroken, Wrong: TokenHasControl}},
		{"escape inside", good[:50] + "\x1b" + good[50:], Receipt{Length: 193, Kind: KindUser, Checksum: ChecksumBroken, Wrong: TokenHasControl}},
		{"organization", long("ATCTT3xFfGN0"), Receipt{Length: 72, Kind: KindOrgKey, Checksum: ChecksumBroken, Wrong: TokenIsOrgKey}},
		{"bitbucket", long("ATCTxx"), Receipt{Length: 66, Kind: KindBitbucket, Checksum: ChecksumNone, Wrong: TokenIsBitb}},
		{"app password", long("ATBB"), Receipt{Length: 64, Kind: KindBitbucket, Checksum: ChecksumNone, Wrong: TokenIsBitb}},
		{"trello", long("ATTA"), Receipt{Length: 64, Kind: KindTrello, Checksum: ChecksumNone, Wrong: TokenIsTrello}},
		{"oauth", long("ATOA"), Receipt{Length: 64, Kind: KindOAuth, Checksum: ChecksumNone, Wrong: TokenIsOAuth}},
		{"short", "hunter2", Receipt{Length: 7, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenTooShort}},
		{"long", strings.Repeat("y", 4097), Receipt{Length: 4097, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenTooLong}},
		{"huge", strings.Repeat("y", 1<<20), Receipt{Length: 1 << 20, Kind: KindUnknown, Checksum: ChecksumNone, Wrong: TokenTooLong}},
	} {
		t.Run(c.name, func(t *testing.T) {
			token, got := ReadToken(c.pasted)
			if c.name == "blank inside" { // the checksum is then of other bytes
				c.want.Checksum = ChecksumBroken
			}
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", c.want) {
				t.Errorf("receipt\n got %+v\nwant %+v", got, c.want)
			}
			if token.IsZero() != (got.Wrong != TokenOK) {
				t.Errorf("token is none: %v, wrong: %q", token.IsZero(), got.Wrong)
			}
		})
	}
	token, _ := ReadToken(" \"" + good + "\"\n")
	if token.Reveal() != good || token.Len() != 192 || !token.Equal(NewToken(good)) || token.Equal(NewToken(good[1:])) || token.Equal(Token{}) {
		t.Error("what was read is not the token")
	}
}

func TestChecksumOfOtherForms(t *testing.T) {
	if got := tokenChecksum("ATATT3xFfGF0123456789="); got != ChecksumBroken {
		t.Errorf("without digits: %s", got)
	}
	if got := tokenChecksum(strings.ToLower(pretendToken())); got != ChecksumNone {
		t.Errorf("lower case: %s", got)
	}
}

func TestTokenNeverShows(t *testing.T) {
	secret := pretendToken()
	token := NewToken(secret)
	type hidden struct{ inner Token }
	type open struct {
		Token Token
		P     *Token
	}
	type deep struct {
		m map[string]hidden
		s []any
		p **hidden
		E error
	}
	h := &hidden{token}
	values := map[string]any{
		"token": token, "pointer": &token, "hidden": hidden{token}, "hidden pointer": h, "open": open{token, &token},
		"map": map[string]Token{"a": token}, "slice": []Token{token}, "array": [1]any{token},
		"deep": deep{map[string]hidden{"a": *h}, []any{token, h}, &h, fmt.Errorf("with %v", token)},
		"func": token.reveal, "ask": struct {
			Target
			t Token
		}{Target{}, token},
	}
	var out bytes.Buffer
	for name, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%t", "%p", "%U", "% x", "%10.3s", "%c", "%w"} {
			out.WriteString(name + ": " + fmt.Sprintf(verb, v) + "\n")
		}
		out.WriteString(fmt.Sprint(v) + fmt.Sprintln(v))
		if data, err := json.Marshal(v); err == nil {
			out.Write(data)
		} else {
			out.WriteString(err.Error())
		}
		if data, err := xml.Marshal(v); err == nil {
			out.Write(data)
		} else {
			out.WriteString(err.Error())
		}
		if err := gob.NewEncoder(&out).Encode(v); err != nil {
			out.WriteString(err.Error())
		}
		for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(handler).Info("said", "v", v, slog.Group("g", "v", v))
		}
	}
	text := strings.ToLower(out.String())
	for _, leak := range []string{secret, secret[:12], "Canary", fmt.Sprintf("%x", "Canary"), strings.Trim(fmt.Sprintf("%d", []byte("Canary")), "[]")} {
		if strings.Contains(text, strings.ToLower(leak)) {
			t.Errorf("%.12q shows", leak)
		}
	}
	if n := strings.Count(text, "[redacted]"); n < 65 {
		t.Errorf("only %d values were printed as redacted: does this test print at all?", n)
	}
}

func TestCheckEmail(t *testing.T) {
	for _, c := range []struct {
		typed, email string
		problem      EmailProblem
	}{
		{"mia@example.com", "mia@example.com", EmailOK},
		{" <Mia.Krystof+jira@Example.co.uk>\n", "Mia.Krystof+jira@Example.co.uk", EmailOK},
		{"mailto:mia@example.com", "mia@example.com", EmailOK},
		{"mia@bücher.example", "mia@bücher.example", EmailOK},
		{"", "", EmailEmpty}, {" \u200b", "", EmailEmpty},
		{"mia", "", EmailNoAt}, {"mia@", "", EmailShape}, {"@example.com", "", EmailShape}, {"mia@example", "", EmailShape},
		{"mia@.com", "", EmailShape}, {"mia@example.com.", "", EmailShape}, {"mia@example,com", "", EmailShape},
		{"mia@a.com@b.com", "", EmailManyAt}, {"mi:a@example.com", "", EmailColon},
		{"mia k@example.com", "", EmailSpace}, {"mia@example.com, bob@example.com", "", EmailSpace},
		{"mi\x1ba@example.com", "", EmailControl}, {"mi\u200ba@example.com", "", EmailControl}, {"mi\xffa@example.com", "", EmailControl},
		{"https://acme.atlassian.net", "", EmailIsURL}, {"acme.atlassian.net", "", EmailIsURL},
		{pretendToken(), "", EmailIsToken}, {"mia@example.com:" + pretendToken(), "", EmailIsToken},
		{"mia@example.com:abcdefghijklmnopqrstuvwxyz", "", EmailIsToken},
		{strings.Repeat("a", 250) + "@example.com", "", EmailTooLong},
	} {
		if email, problem := CheckEmail(c.typed); email != c.email || problem != c.problem {
			t.Errorf("CheckEmail(%.40q) = %q, %q; want %q, %q", c.typed, email, problem, c.email, c.problem)
		}
	}
}

func FuzzReadToken(f *testing.F) {
	for _, seed := range []string{pretendToken(), "mia@example.com:x", "A=b", "•••", "\u200b\xff ", "Bearer x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		token, receipt := ReadToken(pasted)
		if token.IsZero() != (receipt.Wrong != TokenOK) {
			t.Fatalf("%+v with a token: %v", receipt, !token.IsZero())
		}
		for _, r := range token.Reveal() {
			if r < 0x21 || r > 0x7e {
				t.Fatalf("%q may be sent", r)
			}
		}
		if n := token.Len(); n != 0 && (n < minToken || n > maxToken) {
			t.Fatalf("length %d", n)
		}
		known := []string{"spaces", "a line break", "quotes", "invisible characters"}
		for _, what := range receipt.Trimmed {
			if !slices.Contains(known, what) {
				t.Fatalf("trimmed %q", what)
			}
		}
		CheckEmail(pasted)
	})
}

// The texts assembled here are not tokens.
func TestLooksSecret(t *testing.T) {
	const rest = "x7qa9_c0ffee-17b"
	for text, want := range map[string]bool{
		"ATAT" + "T3xFf": true, "see ATAT" + "T3xFf": true, "xATAT" + "T3xFf": true, "AT" + "BB" + rest: true, "mia@example.com:AT" + "BB" + rest: true,
		"KEY=AT" + "TA" + rest: true, "\"AT" + "OA_-" + rest: true, "first MANHATTAN, then AT" + "CT" + rest + "\u00e9": true, "ATTA ATTA AT" + "TA" + rest: true,
		"WATTA" + rest: false, "ATTA" + strings.ToUpper(rest): false, "ATTAC" + strings.Repeat("h", 40): false, "ATTA" + rest[:9]: false, strings.Repeat("ATTA-", 1<<16): false,
		"": false, "ATATT3": false, "MANHATTAN FOODS": false, "WATTAGE GMBH": false, "ATTACK LTD": false, "THATCTR": false, "ATTA & CO": false, "ATBB": false,
		"Manhattan": false, "acme-jira": false,
	} {
		if got := LooksSecret(text); got != want {
			t.Errorf("LooksSecret(%q) = %v", text, got)
		}
	}
}
