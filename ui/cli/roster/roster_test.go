package roster

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

func now() time.Time { return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) }

func read(text string, format Format) ([]Row, []Problem) {
	return Read([]byte(text), Options{Format: format, Now: now()})
}

// said is all problems, a line each.
func said(problems []Problem) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%s: %s\n", p.Where(), p.Words)
	}
	return b.String()
}

// tokenText looks like a token and is none; it is put together so that no scanner stops at it.
func tokenText() string { return "ATATT3xFf" + "GF0" + strings.Repeat("Canary9-", 22) + "=ABCDEF01" }

// What spreadsheets make of one and the same file.
func TestSpreadsheets(t *testing.T) {
	want := []Row{
		{Line: 2, Name: "acme-jira", Product: connector.Jira, Site: site(t, "acme"), Email: "mia@example.com", Account: "Acme, Ltd", Expires: day(t, "2027-03-31"), Source: &connector.Reference{Env: "ACME_TOKEN"}},
		{Line: 3, Product: connector.Confluence, Site: site(t, "beta"), Email: "olga@example.com", Account: "Beta"},
	}
	plainText := "name,product,site,email,account,expires,token_env\n" +
		"acme-jira,jira,acme,mia@example.com,\"Acme, Ltd\",2027-03-31,ACME_TOKEN\n" +
		",Confluence,https://beta.atlassian.net/wiki/spaces/X,olga@example.com,Beta,,\n"
	semicolons := strings.NewReplacer("\"Acme, Ltd\"", "Acme\x00 Ltd", ",", ";").Replace(plainText)
	semicolons = strings.ReplaceAll(semicolons, "\x00", ",")
	for name, text := range map[string]string{
		"plain":                 text(plainText),
		"byte order mark":       "\ufeff" + plainText,
		"CRLF":                  strings.ReplaceAll(plainText, "\n", "\r\n"),
		"no last line feed":     strings.TrimSuffix(plainText, "\n"),
		"semicolons":            semicolons,
		"empty rows":            plainText + ",,,,,,\n\n,,,\n",
		"named as people do":    strings.Replace(plainText, "name,product,site,email,account,expires,token_env", "Name,PRODUCT,Site,E-Mail,Account,Expires,Token Env", 1),
		"empty columns behind":  strings.ReplaceAll(plainText, "\n", ",,\n"),
		"days of a spreadsheet": strings.Replace(plainText, "2027-03-31", "31.03.2027", 1),
		"quoted everything":     `"name","product","site","email","account","expires","token_env"` + "\n" + `"acme-jira","jira","acme","mia@example.com","Acme, Ltd","2027-03-31","ACME_TOKEN"` + "\n" + `"","confluence","beta","olga@example.com","Beta","",""`,
	} {
		rows, problems := read(text, CSV)
		if len(problems) > 0 || !reflect.DeepEqual(rows, want) {
			t.Errorf("%s: %+v\n%s", name, rows, said(problems))
		}
	}
	rows, problems := read("sep=;\r\n"+strings.ReplaceAll(semicolons, "\n", "\r\n"), CSV)
	if len(problems) > 0 || len(rows) != 2 || rows[0].Line != 3 || rows[1].Line != 4 {
		t.Errorf("sep=: %+v\n%s", rows, said(problems))
	}
	tabs := "site\temail\tproduct\nacme\tmia@example.com\tjira\n"
	if rows, problems := read(tabs, CSV); len(problems) > 0 || len(rows) != 1 || rows[0].Site.Name() != "acme" {
		t.Errorf("tabs: %+v\n%s", rows, said(problems))
	}
}

func text(s string) string { return s }

// Each way of being wrong: where it is, and in which words.
func TestProblemsSayWhere(t *testing.T) {
	head := "name,product,site,email,account,expires,token_env,token_command,token_file\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":          {"", "line 1: There are no connectors in this file.\n"},
		"only a header":  {head, "line 1: There are no connectors in this file.\n"},
		"no header":      {"acme-jira,jira,acme,mia@example.com\n", "line 1: The first line must name the columns: name, product, site, email, account, expires, token_env, token_command, token_file.\n"},
		"no site":        {"product,email\njira,mia@example.com\n", "line 1, site: This column is required.\n"},
		"unknown column": {"product,site,emial,custommer\njira,acme,mia@example.com,x\n", "line 1, email: This column is required.\nline 1, column 14: Unknown column \"emial\"; did you mean email?\n"},
		"twice a column": {"product,site,email,E-Mail\njira,acme,mia@example.com,x\n", "line 1, column 20, email: Duplicate column.\nline 2, column 27, email: The \"@\" is missing: name@example.com.\n"},
		"fields": {head + "a b,teams,https://evil.example/,nobody,x,soon,A B,'open,\n", strings.Join([]string{
			"line 2, column 1, name: Use only a-z, 0-9, \"-\", \"_\" and \".\"; no spaces.",
			"line 2, column 5, product: \"teams\" is not a product. Use jira or confluence.",
			"line 2, column 11, site: evil.example is not on atlassian.net. Tokens work only at the site's default address, NAME.atlassian.net, not at a custom domain or your own server. Find NAME at home.atlassian.com, or at admin.atlassian.com > Apps > App URLs > Custom domains > Show details.",
			"line 2, column 33, email: The \"@\" is missing: name@example.com.",
			"line 2, column 42, expires: Invalid date \"soon\": use 2027-11-23 or none.",
			"line 2, column 47, token_env: Enter only the variable's name, without $ or its value: ACME_TOKEN.",
			"line 2, column 51, token_command: This command can't be parsed: a quotation mark isn't closed.",
		}, "\n") + "\n"},
		"days":              {head + ",jira,acme,a@b.example,,3/4/2027\n,jira,beta,a@b.example,,90d\n,jira,core,a@b.example,,2031-01-01\n", "line 2, column 25, expires: \"3/4/2027\" is 3 Apr 2027 or 4 Mar 2027: use 2027-04-03 or 2027-03-04.\nline 3, column 25, expires: Invalid date \"90d\": use 2027-11-23 or none. A period like 90d would mean a different date each time the file is read.\nline 4, column 25, expires: Tokens expire after one year at most: this one by 24 Nov 2027.\n"},
		"two sources":       {head + ",jira,acme,a@b.example,,,A,,b\n", "line 2, column 29, token_file: More than one source for this token: fill in only one of token_env, token_command and token_file.\n"},
		"nothing in a row":  {"product,site,email\njira,,\n", "line 2, column 6, site: Enter the site's name or address: https://NAME.atlassian.net.\nline 2, column 7, email: Enter the email of the Atlassian account that created the token.\n"},
		"too few cells":     {"product,site,email\njira\n", "line 2, site: Enter the site's name or address: https://NAME.atlassian.net.\nline 2, email: Enter the email of the Atlassian account that created the token.\n"},
		"a cell too many":   {"product,site,email,account\njira,acme,a@b.example,Acme, Ltd\n", "line 2, column 28: This cell has no column in the first line. Put cells that contain the separator in quotation marks.\n"},
		"the same name":     {head + "n,jira,acme,a@b.example\nN,jira,beta,a@b.example\n", "line 3, name: N is already used: line 2.\n"},
		"the same twice":    {head + ",jira,acme,a@b.example,Acme\n,jira,acme.atlassian.net,c@b.example,ACME\n", "line 3: Same product, site and account as line 2. To have two connectors for them, give each a name.\n"},
		"quotes":            {"product,site,email,account\njira,acme,a@b.example,\"Acme\nLtd\njira,beta,a@b.example,x\n", "line 2, column 1: A quotation mark is not closed, or there is text after the closing one. Double the quotation marks inside a cell.\n"},
		"a quote inside":    {"product,site,email,account\njira,acme,a@b.example,Ac\"me\n", "line 2, column 25: A quotation mark inside a cell: put the whole cell in quotation marks, and double those inside it.\n"},
		"behind a long one": {"account,product,site,email\n\"Müller\nund Söhne\",jira,acme,nobody\n", "line 2, column 1, account: The name contains invisible characters.\nline 3, column 22, email: The \"@\" is missing: name@example.com.\n"},
		"half of UTF-16":    {"\xff\xfep\x00\n\x00\x00\xd8", "line 2: This line contains characters that are not valid UTF-16. Save the file as \"CSV UTF-8\".\n"},
		"broken UTF-8":      {"product\nMüller\nM\xfcller\n", "line 3: This line contains characters that are not valid UTF-8. Save the file as \"CSV UTF-8\".\n"},
		"no letters":        {"product\nM\x81\n", "line 2: This line contains characters that are not valid UTF-8 or Windows-1252. Save the file as \"CSV UTF-8\".\n"},
		"a token in notes":  {"product,site,email,Notes\njira,acme,a@b.example,x " + tokenText() + "\n", "line 2, column 23: This looks like an API token; " + revoke + nameWhere + "\n"},
		"NUL":               {"product\n\x00\n", "line 2: This line contains a NUL character: it's not a text file.\n"},
		"a long cell":       {"product,site,email\njira," + strings.Repeat("x", 5000) + ",a@b.example\n", "line 2, column 6, site: This is longer than 4096 characters.\n"},
	} {
		if _, problems := read(c.text, CSV); said(problems) != c.want {
			t.Errorf("%s:\n%swant:\n%s", name, said(problems), c.want)
		}
	}
	for name, c := range map[string]struct{ text, want string }{
		"not JSON":        {"[{\"product\": \"jira\",\n oops}]", "line 2: This is not valid JSON.\n"},
		"no list":         {`{"version":1}`, "line 1: This file has no list \"connectors\".\n"},
		"newer":           {`{"version":2,"connectors":[]}`, "line 1: This file was written by a newer saasconnect.\n"},
		"something else":  {`"jira"`, "line 1: This is neither a list of connectors nor an object with a list \"connectors\".\n"},
		"a text in it":    {`["jira"]`, "connector 1 (line 1): This is not a connector: {\"product\": …, \"site\": …, \"email\": …}.\n"},
		"behind the end":  {`[{"product":"jira","site":"a","email":"a@b.example"}] x`, "line 1: There is text after the end of the list.\n"},
		"fields":          {"[\n {\"product\":\"jira\",\"site\":\"acme\",\"email\":\"a@b.example\"},\n {\"product\": 1,\n  \"site\":\"acme\", \"site\":\"beta\", \"emial\": \"x\"}]", "connector 2 (line 3), product: This must be a string or null.\nconnector 2 (line 3), email: Enter the email of the Atlassian account that created the token.\nconnector 2 (line 4), site: Duplicate field.\nconnector 2 (line 4): Unknown column \"emial\"; did you mean email?\n"},
		"the same twice":  {`[{"product":"jira","site":"a","email":"a@b.example"},{"product":"jira","site":"a","email":"a@b.example"}]`, "connector 2 (line 1): Same product, site and account as connector 1. To have two connectors for them, give each a name.\n"},
		"other beside it": {`{"results":[]}`, "line 1: Only \"version\" and \"connectors\" are allowed here.\n"},
	} {
		if _, problems := read(c.text, JSON); said(problems) != c.want {
			t.Errorf("JSON, %s:\n%swant:\n%s", name, said(problems), c.want)
		}
	}
}

// A token in the file is refused wherever it stands, and nothing of it is repeated.
func TestTokensAreRefusedUnsaid(t *testing.T) {
	token := tokenText()
	for name, text := range map[string]string{
		"a column":          "product,site,email,token\njira,acme,a@b.example," + token + "\n",
		"API Token":         "product,site,email,API Token\njira,acme,a@b.example," + token + "\n",
		"a needed cell":     "product,site,email\njira," + token + ",a@b.example\n",
		"the email":         "product,site,email\njira,acme,a@b.example:" + token + "\n",
		"the account":       "product,site,email,account\njira,acme,a@b.example," + token + "\n",
		"the variable":      "product,site,email,token_env\njira,acme,a@b.example," + token + "\n",
		"the command":       "product,site,email,token_command\njira,acme,a@b.example,echo " + token + "\n",
		"the day":           "product,site,email,expires\njira,acme,a@b.example," + token + "\n",
		"the product":       "product,site,email\n" + token + ",acme,a@b.example\n",
		"a cell too many":   "product,site,email\njira,acme,a@b.example," + token + "\n",
		"a header":          "product,site,email," + token + "\njira,acme,a@b.example,x\n",
		"no header":         token + "\n",
		"only a token head": "token\n" + token + "\n",
		"JSON":              `[{"product":"jira","site":"acme","email":"a@b.example","token":"` + token + `"}]`,
		"JSON, in the site": `[{"product":"jira","site":"` + token + `","email":"a@b.example"}]`,
		"JSON, a name":      `[{"product":"jira","site":"a","email":"a@b.example","` + token + `":1}]`,
		"JSON, ignored":     `[{"product":"jira","site":"a","email":"a@b.example","last":{"x":["` + token + `"]}}]`,
	} {
		_, problems := read(text, FormatOf("-", []byte(text)))
		all := said(problems)
		if !strings.Contains(all, "revoke it: it is in this file as plain text") {
			t.Errorf("%s: %s", name, all)
		}
		if strings.Contains(all, "Canary9") {
			t.Errorf("%s: the token is repeated: %s", name, all)
		}
	}
}

func TestBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("product,site,email\n")
	for i := range maxRows + 5 {
		fmt.Fprintf(&b, "jira,site%d,a@b.example\n", i)
	}
	if _, problems := read(b.String(), CSV); len(problems) != 1 || !strings.Contains(problems[0].Words, "more than 20000 connectors") {
		t.Errorf("%d problems: %.200s", len(problems), said(problems))
	}
	if _, problems := Read(make([]byte, MaxBytes+1), Options{}); len(problems) != 1 || !strings.Contains(problems[0].Words, "larger than 16 MiB") {
		t.Error(said(problems))
	}
	if rows, problems := read(strings.Join(strings.SplitAfterN(b.String(), "\n", maxRows+2)[:maxRows+1], ""), CSV); len(rows) != maxRows || len(problems) > 0 {
		t.Errorf("%d rows, %.200s", len(rows), said(problems))
	}
}

// What list --json prints is read: what it says besides is left alone.
func TestReadsWhatListPrints(t *testing.T) {
	text := `{"version":1,"connectors":[{"id":"x","name":"acme-jira","product":"jira","site":"https://acme.atlassian.net","email":"mia@example.com",
 "account":"","kept_in":"keyring","expires":null,"expires_by":"2027-11-23","days_left":null,"added":{"by":"mia","role":"global-admin","at":"2026-11-23T10:00:00Z"},
 "edited":null,"replaced":null,"entered":null,"entered_state":"not-entered","last":{"verdict":"working","code":"ok","at":"2026-11-23T10:00:00Z"}}]}`
	rows, problems := read(text, JSON)
	if len(problems) > 0 || len(rows) != 1 || rows[0].Name != "acme-jira" || !rows[0].Expires.IsZero() {
		t.Errorf("%+v\n%s", rows, said(problems))
	}
}

// A saved value is right as it stands: a rule that came after it does not refuse it.
func TestWhatIsSavedIsRight(t *testing.T) {
	long := strings.Repeat("a", 70)
	text := "name,product,site,email\n" + long + ",jira,acme,mia@example.com\n"
	rows, problems := Read([]byte(text), Options{Now: now(), Known: func(field, text string) bool { return field == "name" && text == long }})
	if len(problems) > 0 || len(rows) != 1 || rows[0].Name != long {
		t.Errorf("%+v\n%s", rows, said(problems))
	}
	if _, problems = read(text, CSV); len(problems) != 1 {
		t.Error(said(problems))
	}
}

// No cell that is written makes a spreadsheet calculate, and all come back.
func TestNoFormulas(t *testing.T) {
	for _, account := range []string{"=1+1", "+49 30", "-2", "@SUM(A1)", "'=1", "''=1", "'quoted'", "'", "plain", "=", "-"} {
		row := Row{Product: connector.Jira, Site: site(t, "acme"), Email: "mia@example.com", Account: account}
		data, err := Write([]Row{row}, CSV)
		if err != nil {
			t.Fatal(err)
		}
		for cell := range strings.SplitSeq(strings.ReplaceAll(string(data), "\n", ","), ",") {
			if cell != "" && strings.Contains(formulaStarts, cell[:1]) {
				t.Errorf("%q is written as a formula: %s", account, data)
			}
		}
		rows, problems := Read(data, Options{Now: now()})
		if len(problems) > 0 || rows[0].Account != account {
			t.Errorf("%q came back as %+v\n%s", account, rows, said(problems))
		}
	}
	if _, err := Write([]Row{{Account: "a\r\nb"}}, CSV); err == nil {
		t.Error("a carriage return was written, which would not come back")
	}
}

func site(t testing.TB, name string) atlassian.Site {
	t.Helper()
	s, _, err := atlassian.ParseSite(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func day(t testing.TB, text string) (d connector.Date) {
	t.Helper()
	if err := d.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return d
}

// What is written is read as the same, in both formats, whatever a person typed.
func TestWrittenIsRead(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 11))
	word := func(of string, most int) string {
		letters := []rune(of)
		b := make([]rune, chance.IntN(most+1))
		for i := range b {
			b[i] = letters[chance.IntN(len(letters))]
		}
		return string(b)
	}
	anything := "abcXYZ019 ,;\"'=+-@|\\$äé√\u202e日\t\n"
	shown := "abcXYZ019 ,;\"'=+-@|\\$äé√日" // what a place may hold
	for round := range 500 {
		var rows []Row
		for n := range 1 + chance.IntN(6) {
			row := Row{
				Name:    fmt.Sprintf("n%d-%s", n, word("abZ09-_.", 12)),
				Product: connector.Products()[chance.IntN(2)], Site: site(t, fmt.Sprintf("site%d", chance.IntN(5))),
				Email: "a" + word("bcd+=-'", 6) + "@example.com", Account: strings.TrimSpace(word(strings.TrimRight(anything, "\t\n"), 20)),
			}
			if chance.IntN(2) == 0 {
				row.Expires = connector.DateOf(time.Date(2027, time.Month(1+chance.IntN(10)), 1+chance.IntN(28), 0, 0, 0, 0, time.UTC))
			}
			switch chance.IntN(4) {
			case 0:
				row.Source = &connector.Reference{Env: "V" + word("ABC_019", 9)}
			case 1:
				row.Source = &connector.Reference{File: "/" + strings.TrimSpace(word(shown, 12)) + "x"}
			case 2:
				row.Source = &connector.Reference{Command: []string{"op" + word(shown, 4), word(shown, 9), word(shown, 3)}}
			}
			rows = append(rows, row)
		}
		for _, format := range []Format{CSV, JSON} {
			data, err := Write(rows, format)
			if err != nil {
				t.Fatal(err)
			}
			got, problems := Read(data, Options{Format: format, Now: now()})
			for i := range got {
				got[i].Line, got[i].Index = 0, 0
			}
			if len(problems) > 0 || !reflect.DeepEqual(got, rows) {
				t.Fatalf("round %d, %s:\n%s\n%+v\n%+v\n%s", round, format, data, rows, got, said(problems))
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	head := "name,product,site,email,account,expires,token_env,token_command,token_file\n"
	for _, seed := range []string{
		"", head, head + "a,jira,acme,mia@example.com,Acme,2027-03-31,T,,\n", "sep=;\nproduct;site;email\njira;acme;a@b.example\n",
		"\ufeffsite\temail\tproduct\r\nacme\ta@b.example\tjira\r\n", "product,site,email,account\njira,acme,a@b.example,\"'=1\n\"\"+2\"\n",
		"[]", `{"version":1,"connectors":[{"product":"jira","site":"acme","email":"a@b.example","last":{"at":[1]}}]}`,
		"[{\"product\":\"jira\"},\n{\"site\":1", "sep=\"\n", "\"", "product\n\"\n\n\"x",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []Format{CSV, JSON, FormatOf("-", data)} {
			rows, problems := Read(data, Options{Format: format, Now: now()})
			if len(rows) == 0 && len(problems) == 0 {
				t.Fatal("neither a row nor a problem")
			}
			for _, p := range problems {
				if p.Words == "" || p.Line < 0 || p.Column < 0 || p.Line > 1+strings.Count(string(data), "\n") {
					t.Fatalf("%+v", p)
				}
			}
			if len(problems) > 0 {
				continue
			}
			for _, again := range []Format{CSV, JSON} {
				written, err := Write(rows, again)
				if err != nil {
					continue // a carriage return
				}
				back, problems := Read(written, Options{Format: again, Now: now()})
				if len(problems) > 0 || len(back) != len(rows) {
					t.Fatalf("%s\n%s", written, said(problems))
				}
				for i := range back {
					back[i].Line, back[i].Index = rows[i].Line, rows[i].Index
					if !reflect.DeepEqual(back[i], rows[i]) {
						t.Fatalf("%+v\n%+v\n%q", back[i], rows[i], written)
					}
				}
			}
		}
	})
}

// A token anywhere in a file is never repeated by what is said about the file.
func FuzzReadIsSilent(f *testing.F) {
	f.Add("product,site,email\njira,", ",a@b.example\n")
	f.Add(`[{"product":"jira","site":"`, `"}]`)
	f.Add("", "")
	f.Fuzz(func(t *testing.T, before, after string) {
		secret := "ATATT3xFf" + "GF0" + base64.RawURLEncoding.EncodeToString([]byte("a canary that must not be seen"))
		for _, format := range []Format{CSV, JSON} {
			rows, problems := read(before+secret+after, format)
			if all := said(problems) + fmt.Sprintf("%+v", rows); len(problems) > 0 && strings.Contains(all, secret[12:40]) {
				t.Fatalf("the secret is in %s", all)
			}
			if len(problems) == 0 {
				t.Fatal("a file with a token in it was taken")
			}
		}
	})
}

// What is far too wide is refused in time that grows with the file, not with its square.
func TestWideFiles(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		format Format
	}{
		"columns":  {strings.Repeat("column,", 200_000) + "\n", CSV},
		"cells":    {"product,site,email\n" + strings.Repeat("x,", 1_000_000) + "\n", CSV},
		"a cell":   {"product,site,email\njira," + strings.Repeat("\u00e9", 2_000_000) + "," + strings.Repeat("x,", 500_000) + "\n", CSV},
		"fields":   {"[{" + strings.Repeat(`"column":1,`, 200_000) + `"x":1}]`, JSON},
		"few rows": {"product,site,email\n" + strings.Repeat(strings.Repeat(",", 100_000)+"x\n", 20), CSV},
	} {
		began := time.Now()
		_, problems := read(c.text, c.format)
		if took := time.Since(began); len(problems) == 0 || len(problems) > MaxProblems || took > 5*time.Second {
			t.Errorf("%s: %d problems in %v", name, len(problems), took)
		}
	}
}

// TestReport17FilesAsTheyCome: what Excel, Numbers and old machines write is read, and what was
// ignored or guessed is told once.
func TestReport17FilesAsTheyCome(t *testing.T) {
	const file = "Product,Site,E-Mail,Account,Notes,Customer name\njira,acme,mia@example.com,Müller & Söhne,VIP,x\nconfluence,beta,mia@example.com,Ébène,,\n"
	utf16 := func(text string, little bool) string {
		var b strings.Builder
		for _, c := range text {
			if low, high := byte(c), byte(c>>8); little {
				b.Write([]byte{low, high})
			} else {
				b.Write([]byte{high, low})
			}
		}
		return b.String()
	}
	latin := func(text string) string {
		var b strings.Builder
		for _, c := range text {
			b.WriteByte(byte(c))
		}
		return b.String()
	}
	const columns, guess = `has unknown columns, ignored: "Notes", "Customer name"`, "is not UTF-8 and was read as Windows-1252: check the accented letters"
	for name, c := range map[string]struct {
		text  string
		notes []string
	}{
		"UTF-8":              {file, []string{columns}},
		"UTF-16, little":     {utf16("\ufeff"+file, true), []string{columns}},
		"UTF-16, big":        {utf16("\ufeff"+file, false), []string{columns}},
		"UTF-16, no mark":    {utf16(file, true), []string{columns}},
		"big, no mark":       {utf16(file, false), []string{columns}},
		"TSV as UTF-16":      {utf16("\ufeff"+strings.ReplaceAll(file, ",", "\t"), true), []string{columns}},
		"Windows-1252":       {latin(file), []string{guess, columns}},
		"old Mac line ends":  {strings.ReplaceAll(file, "\n", "\r"), []string{columns}},
		"Mac, semicolons":    {strings.NewReplacer("\n", "\r", ",", ";").Replace(file), []string{columns}},
		"UTF-16, Mac's ends": {utf16("\ufeff"+strings.ReplaceAll(file, "\n", "\r"), true), []string{columns}},
	} {
		var notes []string
		rows, problems := Read([]byte(c.text), Options{Format: CSV, Now: now(), Note: func(words string) { notes = append(notes, words) }})
		if len(problems) > 0 || len(rows) != 2 || rows[0].Account != "Müller & Söhne" || rows[1].Account != "Ébène" || rows[0].Name != "" || rows[1].Line != 3 {
			t.Errorf("%s: %+v\n%s", name, rows, said(problems))
		}
		if !reflect.DeepEqual(notes, c.notes) {
			t.Errorf("%s: noted %q", name, notes)
		}
	}
}
