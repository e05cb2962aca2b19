//go:build !windows

package cli_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian/fakecloud"
	question "saasconnect/connector/setup"
)

// One task, four ways: the wizard, line mode, the command line and a file that is imported ask
// the same questions (setup.Question) and save the same records. The real program does each on a
// copy of one prepared home.

// sameTask is a task that each way does, and what it comes to.
type sameTask struct {
	name      string
	asks      []question.Question
	situation string   // of the pretend Atlassian while the task is done
	saved     []string // products that are connected before, with Mia's token and an expiry date
	keptIn    string   // where their tokens are; "" for the encrypted file
	locked    bool     // the encrypted file is opened by a passphrase that prompted for, not by a key file
	role      string   // what SAASCONNECT_ROLE says
	tokens    map[string]string
	keepIn    string // the storage that was asked for, and is remembered; "" where it need not be asked for

	wizard, line, command, file way
}

// way is how a task is done in one front end.
type way struct {
	unreachable string   // why it can't be done there, by design
	args        []string // of the program; FILE is the one with the rows
	rows        string
	talk        []string // what is seen, what is typed then, and so on
	code        int
}

// What the tasks are told.
const (
	passphrase = "a long passphrase for the tests alone" // as writePassphrase has it
	olga       = "olga@example.com"
)

func sameTasks() []sameTask {
	seed := fakecloud.Situations()[0].Seed
	newer, olgas := fakecloud.NewerToken(seed.Email), fakecloud.NewerToken(olga)
	day := time.Now().AddDate(0, 5, 0).Format(time.DateOnly)
	both := []string{"jira", "confluence"}
	add := func(product string, more ...string) []string {
		return append([]string{"add", product, "--site", seed.Site, "--email", seed.Email, "--token-env", "TOKEN"}, more...)
	}
	imports := func(more ...string) []string { return append([]string{"import", "FILE"}, more...) }
	newRow := func(product, token string) string {
		return "product,site,email,token_env\n" + product + "," + seed.Site + "," + seed.Email + "," + token + "\n"
	}
	return []sameTask{
		{
			name: "first connector", asks: []question.Question{question.AskRole, question.AskConnection, question.TestStorage, question.Check, question.Save}, situation: "ok",
			tokens: map[string]string{"acme-jira": seed.Token},
			wizard: way{talk: []string{
				"Connect Jira", "\r", "Which role do you have", "\r", "I have a token", "s",
				"Site URL", seed.Site + "\r" + seed.Email + "\r" + bracketed(seed.Token), "192 characters, complete", "\r" + day + "\r",
				"Jira connection verified and saved", "\x03",
			}, code: 130},
			line: way{talk: []string{
				"1 to 6, Enter for 1:", "1\n", "Which role do you have", "1\n", "2. I have a token", "2\n",
				"Site URL (acme.atlassian.net):", seed.Site + "\n", "Email (name@example.com):", seed.Email + "\n",
				"(not shown while you type)", seed.Token + "\n", "Expiry date (optional", day + "\n",
				"connection verified and saved", "q\n",
			}},
			command: way{args: add("jira", "--expires", day, "--role", "global-admin")},
			file: way{args: imports("--role", "global-admin"),
				rows: "product,site,email,expires,token_env\njira," + seed.Site + "," + seed.Email + "," + day + ",TOKEN\n"},
		},
		{
			name: "no storage yet", asks: []question.Question{question.ChooseStorage, question.CreatePassphrase}, situation: "ok", locked: true, role: "global-admin",
			tokens: map[string]string{"acme-jira": seed.Token}, keepIn: "file",
			wizard: way{talk: []string{
				"Connect Jira", "s", "Where to store the token", "\r", "Passphrase", passphrase + "\r", "Repeat", passphrase + "\r",
				"Site URL", seed.Site + "\r" + seed.Email + "\r" + bracketed(seed.Token), "192 characters, complete", "\r\r",
				"Jira connection verified and saved", "\x03",
			}, code: 130},
			line: way{talk: []string{
				"1 to 7, Enter for 1:", "1\n", "2. I have a token", "2\n",
				"Site URL (acme.atlassian.net):", seed.Site + "\n", "Email (name@example.com):", seed.Email + "\n",
				"1. The encrypted file", "1\n", "Choose a passphrase for the encrypted file: (not shown while you type)", passphrase + "\n", "Repeat passphrase: (not shown", passphrase + "\n",
				"API token, paste it here", seed.Token + "\n", "Expiry date (optional", "\n", "connection verified and saved", "q\n",
			}},
			command: way{args: add("jira"), talk: []string{
				"don't store it: stop here", "1\n", "Choose a passphrase", passphrase + "\n", "Repeat passphrase", passphrase + "\n",
			}},
			file: way{args: imports(), rows: newRow("jira", "TOKEN"), talk: []string{
				"don't store it: stop here", "1\n", "Choose a passphrase", passphrase + "\n", "Repeat passphrase", passphrase + "\n",
			}},
		},
		{
			name: "locked file", asks: []question.Question{question.ChooseStorage, question.Unlock}, situation: "ok", saved: []string{"jira"}, locked: true, role: "global-admin",
			tokens: map[string]string{"acme-jira": seed.Token, "acme-confluence": seed.Token}, keepIn: "file",
			wizard: way{args: []string{"add", "confluence"}, talk: []string{
				"Where to store the token", "\r", "Unlock the encrypted file", passphrase + "\r",
				"Site URL", seed.Site + "\r" + seed.Email + "\r" + bracketed(seed.Token), "192 characters, complete", "\r\r",
				"Confluence connection verified and saved", "\x03",
			}, code: 130},
			line: way{args: []string{"add", "confluence"}, talk: []string{
				"2. I have a token", "2\n",
				"Site URL", seed.Site + "\n", "Email", seed.Email + "\n",
				"1. The encrypted file, which is locked", "1\n", "Passphrase of the encrypted file: (not shown while you type)", passphrase + "\n",
				"API token, paste it here", seed.Token + "\n", "Expiry date (optional", "\n", "connection verified and saved", "q\n",
			}},
			command: way{args: add("confluence"), talk: []string{
				"don't store it: stop here", "1\n", "Passphrase of the encrypted file", passphrase + "\n",
			}},
			file: way{args: imports(), rows: newRow("confluence", "TOKEN"), talk: []string{
				"don't store it: stop here", "1\n", "Passphrase of the encrypted file", passphrase + "\n",
			}},
		},
		{
			name: "second one", asks: []question.Question{question.Duplicate}, situation: "ok", saved: []string{"jira"}, role: "global-admin",
			tokens: map[string]string{"acme-jira": seed.Token, "acme-jira-2": newer},
			wizard: way{args: []string{"add", "jira"}, talk: []string{
				"Site URL", seed.Site + "\r" + seed.Email + "\r" + bracketed(newer), "192 characters, complete", "\r\r",
				"Save anyway", "\x1b[B\x1b[B\r", "Jira connection verified and saved", "\x03",
			}, code: 130},
			line: way{args: []string{"add", "jira"}, talk: []string{
				"2. I have a token", "2\n", "Site URL", seed.Site + "\n", "Email", seed.Email + "\n",
				"API token, paste it here", newer + "\n", "Expiry date (optional", "\n", "2. Save it anyway", "2\n", "connection verified and saved", "q\n",
			}},
			command: way{args: []string{"add", "jira", "--site", seed.Site, "--email", seed.Email, "--token-env", "NEWER", "--yes"}},
			file: way{args: imports("--yes"), // what is there has a row, too: a row alone would rename it
				rows: "name,product,site,email,token_env\nacme-jira,jira," + seed.Site + "," + seed.Email + ",TOKEN\nacme-jira-2,jira," + seed.Site + "," + seed.Email + ",NEWER\n"},
		},
		{
			name: "other account", asks: []question.Question{question.OtherAccount}, situation: "ok", saved: []string{"jira"}, role: "global-admin",
			tokens: map[string]string{"acme-jira": olgas},
			wizard: way{args: []string{"replace-token", "acme-jira"}, talk: []string{
				"step 1 of 8", "s", "paste it here", bracketed(olgas), "192 characters, complete", "\r\r", // whose it is shows only then
				"Correct the email", "\r", "paste to replace", "\x15" + olga + "\r\r\r",
				"Yes, sign in as Olga Berg", "\r", "now used by", "\x03",
			}, code: 130},
			line: way{args: []string{"replace-token", "acme-jira"}, talk: []string{
				"3. I have a token of another account", "3\n", "Email [", olga + "\n", "API token, paste it here", olgas + "\n",
				"Expiry date (optional", "\n", "1. Yes, sign in as Olga Berg", "1\n", "verified and in use", "q\n",
			}},
			command: way{args: []string{"replace-token", "acme-jira", "--email", olga, "--token-env", "OLGAS", "--other-person"}},
			file: way{args: imports("--yes"),
				rows: "name,product,site,email,token_env\nacme-jira,jira," + seed.Site + "," + olga + ",OLGAS\n"},
		},
		{
			name: "shared token", asks: []question.Question{question.AskShare}, situation: "ok", saved: both, role: "global-admin",
			tokens: map[string]string{"acme-jira": newer, "acme-confluence": newer},
			wizard: way{args: []string{"replace-token", "acme-jira"}, talk: []string{
				"step 1 of 8", "s", "paste it here", bracketed(newer), "192 characters, complete", "\r\r",
				"Check and replace it in acme-confluence too", "\r", "now used by acme-jira and acme-confluence", "\x03",
			}, code: 130},
			line: way{args: []string{"replace-token", "acme-jira"}, talk: []string{
				"2. I have a token", "2\n", "API token, paste it here", newer + "\n", "Expiry date (optional", "\n",
				"1. Check and replace it in acme-confluence too", "1\n", "in use in acme-jira and acme-confluence", "q\n",
			}},
			command: way{args: []string{"replace-token", "acme-jira", "--token-env", "NEWER", "--shared"}},
			file: way{args: imports("--recheck"), // what is saved and was good is left alone else
				rows: newRow("jira", "NEWER") + "confluence," + seed.Site + "," + seed.Email + ",NEWER\n"},
		},
		{
			name: "kept though failing", asks: []question.Question{question.Failing}, situation: "cut", role: "account-admin",
			tokens: map[string]string{"acme-jira": seed.Token},
			wizard: way{args: []string{"add", "jira"}, talk: []string{
				"Site URL", seed.Site + "\r" + seed.Email + "\r" + bracketed(seed.Token), "192 characters, complete", "\r\r",
				"Save anyway and check later", "\x1b[B\x1b[B\r", "saved, not checked yet", "\x03",
			}, code: 130},
			line: way{args: []string{"add", "jira"}, talk: []string{
				"2. I have a token", "2\n", "Site URL", seed.Site + "\n", "Email", seed.Email + "\n",
				"API token, paste it here", seed.Token + "\n", "Expiry date (optional", "\n",
				"Save anyway and check later", "3\n", "saved, not checked yet", "q\n",
			}},
			command: way{args: add("jira", "--keep-failing"), code: 3},
			file:    way{args: imports("--keep-failing"), rows: newRow("jira", "TOKEN"), code: 3},
		},
		{
			name: "other facts", asks: []question.Question{question.AskConnection, question.Check, question.Save}, situation: "ok", saved: both, role: "global-admin",
			tokens: map[string]string{"acme-jira": seed.Token, "acme-confluence": seed.Token},
			wizard: way{args: []string{"edit", "acme-jira"}, talk: []string{
				"Edit acme-jira", "\r\x15acme-public\r\r\r", "Saved, and checked.", "\x03",
			}, code: 130},
			line: way{args: []string{"edit", "acme-jira"}, talk: []string{
				"Name [", "\n", "Site URL [", "acme-public\n", "Email [", "\n", "Account [", "\n", "OK: Saved, and checked.", "q\n",
			}},
			command: way{args: []string{"edit", "acme-jira", "--site", "acme-public"}},
			file:    way{args: imports(), rows: "name,product,site,email,account\nacme-jira,jira,acme-public," + seed.Email + ",Acme Ltd\n"},
		},
		{
			name: "other storage", asks: []question.Question{question.TestStorage, question.Save}, situation: "ok", saved: []string{"jira"}, keptIn: "reference", role: "global-admin",
			tokens: map[string]string{"acme-jira": seed.Token},
			wizard: way{talk: []string{
				"1 connector", "\r", "Move the token to another storage", strings.Repeat("\x1b[B", 5) + "\r",
				"Where to store the token", "\r", "The token was moved", "\x03",
			}, code: 130},
			line: way{talk: []string{
				"1. List and open connectors", "1\n", "Enter for 1:", "1\n", "6. Move the token to another storage", "6\n",
				"1. The encrypted file", "1\n", "was moved", "q\n",
			}},
			command: way{args: []string{"move-token", "acme-jira", "--to", "file"}},
			file:    way{unreachable: "a row moves no token: --keep-in is about new connectors, and saved ones stay where they are"},
		},
		{
			name: "not allowed", asks: []question.Question{question.NotAllowed}, situation: "ok", saved: both, role: "viewer",
			tokens:  map[string]string{"acme-jira": seed.Token, "acme-confluence": seed.Token},
			wizard:  way{args: []string{"replace-token", "acme-jira"}, code: 5},
			line:    way{args: []string{"replace-token", "acme-jira"}, code: 5},
			command: way{args: []string{"replace-token", "acme-jira", "--token-env", "NEWER"}, code: 5},
			file:    way{args: imports("--recheck"), rows: newRow("jira", "NEWER"), code: 5},
		},
		{
			name: "only checked", asks: []question.Question{question.Check, question.Done}, situation: "ok", role: "viewer",
			wizard: way{args: []string{"add", "jira"}, talk: []string{
				"Site URL", seed.Site + "\r" + seed.Email + "\r" + bracketed(seed.Token), "192 characters, complete", "\r\r", "Jira connection verified, nothing saved", "\x03",
			}, code: 130},
			line: way{args: []string{"add", "jira"}, talk: []string{
				"1. Check a connection without saving it", "1\n", "Site URL", seed.Site + "\n", "Email", seed.Email + "\n",
				"API token, paste it here", seed.Token + "\n", "connection verified, nothing saved", "q\n",
			}},
			command: way{args: []string{"check", "--product", "jira", "--site", seed.Site, "--email", seed.Email, "--token-env", "TOKEN"}},
			file:    way{unreachable: "a file says what is to be saved: a role that may not save ends it with exit code 5 before anything is sent"},
		},
	}
}

func TestEveryWayMakesTheSameRecord(t *testing.T) {
	t.Parallel()
	tasks := sameTasks()
	for q := question.AskRole; q <= question.Done; q++ {
		if !slices.ContainsFunc(tasks, func(task sameTask) bool { return slices.Contains(task.asks, q) }) {
			t.Errorf("no task comes to question %d", q)
		}
	}
	for _, task := range tasks {
		t.Run(task.name, func(t *testing.T) {
			t.Parallel()
			p := prepare(t, task)
			var first, want string
			for _, w := range []struct {
				name string
				way
			}{{"wizard", task.wizard}, {"line mode", task.line}, {"command line", task.command}, {"import", task.file}} {
				t.Run(w.name, func(t *testing.T) {
					if w.unreachable != "" {
						t.Log(w.unreachable)
						return
					}
					got := p.copied(t).do(t, w.name, w.way, task)
					if want == "" {
						first, want = w.name, got
					}
					if got != want {
						t.Errorf("another record than by %s:\n%s", first, strings.Join(difference(want, got), "\n"))
					}
				})
			}
		})
	}
}

// home is one in which a task is done, and how it was found.
type home struct {
	dir    string
	env    []string // of the task
	reads  []string // env, and what opens the encrypted file to read the result
	before []record
}

// prepare makes the home that a task begins with.
func prepare(t *testing.T, task sameTask) home {
	t.Helper()
	good, err := newLine("ok")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(good.close)
	h := home{dir: t.TempDir()}
	ca, key, opens := filepath.Join(h.dir, "ca.pem"), filepath.Join(h.dir, "key"), filepath.Join(h.dir, "passphrase")
	if err := writeKey(key); err != nil {
		t.Fatal(err)
	}
	if err := writePassphrase(opens); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(ca, good.authority, 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + h.dir, "DBUS_SESSION_BUS_ADDRESS=disabled:", "LANG=C.UTF-8", "TERM=xterm-256color", "SSL_CERT_FILE=" + ca,
		"TOKEN=" + good.seed.Token, "NEWER=" + fakecloud.NewerToken(good.seed.Email), "OLGAS=" + fakecloud.NewerToken(olga),
	}
	h.reads = []string{"SAASCONNECT_KEY_FILE=" + key}
	if task.locked {
		h.reads = []string{"SAASCONNECT_KEY_FILE=" + opens}
	}
	h.env = slices.Concat(env, []string{"HTTPS_PROXY=http://" + good.address, "SAASCONNECT_HOME=" + filepath.Join(h.dir, "sc")})
	for _, product := range task.saved {
		h.run(t, "add", product, "--site", good.seed.Site, "--email", good.seed.Email, "--token-env", "TOKEN",
			"--role", "account-admin", "--expires", "90d", "--keep-in", cmp.Or(task.keptIn, "file"), "--account", "Acme Ltd")
	}
	h.before = h.records(t)
	if task.situation != "ok" {
		other, err := newLine(task.situation)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(other.close)
		h.env = append(h.env, "HTTPS_PROXY=http://"+other.address)
	}
	if task.role != "" {
		h.env = append(h.env, "SAASCONNECT_ROLE="+task.role)
	}
	if !task.locked {
		h.env = slices.Concat(h.env, h.reads)
	}
	return h
}

// copied is a home of its own, as the other one is.
func (h home) copied(t *testing.T) home {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "cp", "-pR", h.dir+"/.", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	h.dir = dir
	h.env = append(slices.Clone(h.env), "HOME="+dir, "SAASCONNECT_HOME="+filepath.Join(dir, "sc"))
	return h
}

// do does a task in one way, and returns the records that it came to.
func (h home) do(t *testing.T, name string, w way, task sameTask) string {
	t.Helper()
	began := time.Now()
	args := slices.Clone(w.args)
	file, printed := filepath.Join(h.dir, "rows.csv"), filepath.Join(h.dir, "printed")
	if i := slices.Index(args, "FILE"); i >= 0 {
		args[i] = file
		if err := os.WriteFile(file, []byte(w.rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var term *terminal
	switch name {
	case "wizard":
		term = openTerminalIn(t, false, h.env, args...)
		for i := 0; i+1 < len(w.talk); i += 2 {
			term.see(w.talk[i])
			term.pressAfterGrace(w.talk[i+1])
		}
	case "line mode":
		term = openTerminalIn(t, true, h.env, append(args, "--plain")...)
		term.talk(w.talk...)
	default: // stdout goes elsewhere, so that there is no wizard of any kind
		term = startTerminal(t, 24, true, h.env, exec.Command("sh", slices.Concat([]string{"-c", `out=$1; shift; "$@" >"$out"`, "sh", printed,
			filepath.Join(binDir, "saasconnect")}, args)...))
		term.talk(w.talk...)
	}
	term.exit(w.code)
	ended := time.Now()
	out, _ := os.ReadFile(printed) // absent where the terminal has it all
	if len(out) > 0 {
		t.Logf("%s", out)
	}
	for _, secret := range []string{"TOKEN", "NEWER", "OLGAS"} {
		term.hides(valueOf(h.env, secret))
		if strings.Contains(string(out), valueOf(h.env, secret)) {
			t.Error("a token was printed")
		}
	}
	after := h.records(t)
	stored := map[string]string{}
	for _, r := range after {
		name := fmt.Sprint(r["name"])
		stored[name] = h.run(t, "exec", name, "--as", "generic", "--", "sh", "-c", `printf %s "$ATLASSIAN_API_TOKEN"`)
	}
	if tokens := task.tokens; !maps.Equal(stored, tokens) {
		t.Errorf("not the tokens that were meant: stored for %q, wanted for %q", slices.Sorted(maps.Keys(stored)), slices.Sorted(maps.Keys(tokens)))
	}
	var remembered struct {
		KeepIn string `json:"keep_in"`
	}
	h.read(t, "settings.json", &remembered)
	if task.keepIn != "" && remembered.KeepIn != task.keepIn {
		t.Errorf("the storage that was chosen is not remembered: %q", remembered.KeepIn)
	}
	return told(t, after, h.before, began, ended)
}

// run runs the program without prompts and returns what it printed.
func (h home) run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(binDir, "saasconnect"), args...)
	cmd.Env = slices.Concat(h.env, h.reads)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%q: %v: %s%s", args[0], err, &out, &errs)
	}
	return out.String()
}

// read reads one of the program's files, which need not be there yet.
func (h home) read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(valueOf(h.env, "SAASCONNECT_HOME"), name))
	if os.IsNotExist(err) {
		return
	}
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// record is a connector as connectors.json has it, and what its newest check came to.
type record map[string]any

// records are those of a home, by their names.
func (h home) records(t *testing.T) []record {
	t.Helper()
	var kept struct{ Connectors []record }
	var newest struct{ Outcomes map[string]any }
	h.read(t, "connectors.json", &kept)
	h.read(t, "state/outcomes.json", &newest)
	for _, r := range kept.Connectors {
		r["newest check"] = newest.Outcomes[fmt.Sprint(r["id"])]
	}
	slices.SortFunc(kept.Connectors, func(a, b record) int { return strings.Compare(fmt.Sprint(a["name"]), fmt.Sprint(b["name"])) })
	return kept.Connectors
}

// told are records without what differs from run to run: for what was there before the task, and
// for times while it was done, they say just that.
func told(t *testing.T, after, before []record, began, ended time.Time) string {
	t.Helper()
	old := map[string]bool{}
	for _, r := range before {
		for _, value := range leaves(r, "") {
			old[value] = true
		}
	}
	var lines []string
	for _, r := range after {
		for path, value := range leaves(r, "") {
			switch at, err := time.Parse(time.RFC3339Nano, value); {
			case (path == "id" || path == "ref" || err == nil) && old[value]:
				value = "as it was"
			case path == "id" || path == "ref":
				value = "a new one"
			case err == nil && !at.Before(began) && !at.After(ended):
				value = "while the task was done"
			}
			lines = append(lines, fmt.Sprintf("%s %s: %s", r["name"], path, value))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// difference are the lines that only one of two texts has.
func difference(want, got string) []string {
	var lines []string
	for line := range strings.SplitSeq(want, "\n") {
		if !slices.Contains(strings.Split(got, "\n"), line) {
			lines = append(lines, "- "+line)
		}
	}
	for line := range strings.SplitSeq(got, "\n") {
		if !slices.Contains(strings.Split(want, "\n"), line) {
			lines = append(lines, "+ "+line)
		}
	}
	return lines
}

// leaves are the values of a record by their paths: added.at.
func leaves(value any, path string) map[string]string {
	all := map[string]string{}
	var fields map[string]any
	switch v := value.(type) {
	case record:
		fields = v
	case map[string]any:
		fields = v
	default:
		all[strings.TrimPrefix(path, ".")] = fmt.Sprint(value)
	}
	for name, field := range fields {
		maps.Copy(all, leaves(field, path+"."+name))
	}
	return all
}
