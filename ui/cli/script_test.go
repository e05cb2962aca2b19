package cli_test

import (
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"

	"saasconnect/atlassian/fakecloud"
)

// The scripts run the real program, built from the module's root: main.go is tested too.
// They need Go and nothing else: Atlassian is fakecloud behind a proxy on loopback. Where Go
// is missing, SAASCONNECT_TEST_PROGRAM is the path of a program that was built already, with
// nothing else in its folder.

// binDir holds the built program. It is set once, before any test runs.
var binDir string

func TestMain(m *testing.M) {
	if file := os.Getenv(weighing); file != "" {
		os.Exit(weigh(file))
	}
	testscript.Main(withProgram{m}, map[string]func(){"helper": helper})
}

// withProgram runs the tests with a program in binDir.
type withProgram struct{ tests *testing.M }

func (w withProgram) Run() int {
	flag.Parse()
	if err := flag.Set("test.parallel", fmt.Sprint(max(4, runtime.GOMAXPROCS(0)))); err != nil { // most of them wait for a program
		panic(err)
	}
	if built := os.Getenv("SAASCONNECT_TEST_PROGRAM"); built != "" {
		binDir = filepath.Dir(built)
		return w.tests.Run()
	}
	dir, err := os.MkdirTemp("", "saasconnect-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	name := "saasconnect"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	build := exec.Command("go", "build", "-o", filepath.Join(dir, name), "saasconnect")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	binDir = dir
	status := w.tests.Run()
	if left := running(dir); left != "" {
		fmt.Fprintln(os.Stderr, "a test left the program running:", left)
		return 1
	}
	return status
}

// running are the processes of programs in a folder that do not end within some seconds, by
// their command lines; none where the system has no /proc.
func running(dir string) (left string) {
	for range 50 {
		left = ""
		exes, _ := filepath.Glob("/proc/[0-9]*/exe")
		for _, exe := range exes {
			if of, err := os.Readlink(exe); err == nil && strings.HasPrefix(of, dir) {
				line, _ := os.ReadFile(filepath.Join(filepath.Dir(exe), "cmdline"))
				left += strings.ReplaceAll(string(line), "\x00", " ") + "; "
			}
		}
		if left == "" {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return left
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Condition:           condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"cloud":    startCloud,
			"exits":    exits,
			"absent":   absent,
			"calm":     calm,
			"pad":      pad,
			"newer":    newer,
			"append":   appendFile,
			"write":    writeFile,
			"change":   changeFile,
			"block":    block,
			"redirect": redirect,
		},
	})
}

// setup gives each script a world of its own: no keyring, no proxy, no terminal.
func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	key, passphrase := filepath.Join(env.WorkDir, "key"), filepath.Join(env.WorkDir, "passphrase")
	if err := os.Mkdir(home, 0o700); err != nil {
		return err
	}
	for name, value := range map[string]string{
		"PATH":                     binDir + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME":                     home,
		"SAASCONNECT_HOME":         filepath.Join(home, "sc"),
		"KEYFILE":                  key,
		"PASSPHRASEFILE":           passphrase,
		"DBUS_SESSION_BUS_ADDRESS": "disabled:",
		"XDG_RUNTIME_DIR":          "",
		"NO_COLOR":                 "",
		"LANG":                     "C.UTF-8",
		"USER":                     "mia",
		"LIVE_BUS":                 os.Getenv("DBUS_SESSION_BUS_ADDRESS"),
		// A machine that runs the tests may have a proxy of its own.
		"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "", "NO_PROXY": "", "no_proxy": "",
	} {
		env.Setenv(name, value)
	}
	return errors.Join(writeKey(key), writePassphrase(passphrase))
}

// condition knows [keyring]: the tests may write to this session's keyring. They may not
// on a person's own machine, unless SAASCONNECT_TEST_KEYRING says so.
func condition(name string) (bool, error) {
	if name == "keyring" {
		there := runtime.GOOS != "linux" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != ""
		return there && os.Getenv("SAASCONNECT_TEST_KEYRING") != "", nil
	}
	return false, fmt.Errorf("no condition is named %q", name)
}

// exits runs a program and compares its exit code: exits 3 saasconnect check --all.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// calm runs a program, however it ends, and fails where a terminal would obey something that
// it wrote, or something that JSON hides behind an escape: calm saasconnect list --json.
func calm(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: calm COMMAND ARG…")
	}
	var exit *exec.ExitError
	if err := ts.Exec(args[0], args[1:]...); err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	text := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	for at, r := range text {
		if r != '\n' && r != '\t' && r != '\r' && !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) || strings.HasPrefix(strings.ToLower(text[at:]), `\u001b`) {
			ts.Fatalf("a terminal would obey %q", text[max(at-40, 0):min(at+10, len(text))])
		}
	}
}

// absent fails where a text is in what the last program wrote or in a file below the work
// folder, its name included: absent $TOKEN.
func absent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || len(args[0]) < 8 {
		ts.Fatalf("usage: absent TEXT")
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if strings.Contains(ts.ReadFile(stream), args[0]) {
			ts.Fatalf("the text is in %s", stream)
		}
	}
	root := ts.Getenv("WORK")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || path == filepath.Join(root, "token") {
			return err // the file that startCloud writes is there to be read
		}
		b, err := os.ReadFile(path)
		if err == nil && (strings.Contains(string(b), args[0]) || strings.Contains(path, args[0])) {
			err = fmt.Errorf("the text is in %s", path)
		}
		return err
	})
	ts.Check(err)
}

// appendFile puts a file behind another: append FILE OTHER.
func appendFile(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+ts.ReadFile(args[1])), 0o600))
}

// writeFile writes a text with Go's escapes: write rows.csv 'product,site\njira,acme\n'.
func writeFile(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(unescaped(ts, args[1])), 0o600))
}

// changeFile puts one text with Go's escapes in the place of another, everywhere in a file:
// change FILE OLD NEW.
func changeFile(ts *testscript.TestScript, _ bool, args []string) {
	before := ts.ReadFile(args[0])
	after := strings.ReplaceAll(before, unescaped(ts, args[1]), unescaped(ts, args[2]))
	if after == before {
		ts.Fatalf("%q is not in %s", args[1], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(after), 0o600))
}

// block puts a folder that is not empty in the place of each encrypted token, so that none can
// be deleted; ! block empties these folders again.
func block(ts *testscript.TestScript, neg bool, _ []string) {
	tokens, err := filepath.Glob(filepath.Join(ts.Getenv("SAASCONNECT_HOME"), "secrets", "*-*.age"))
	ts.Check(err)
	if len(tokens) == 0 {
		ts.Fatalf("there are no encrypted tokens")
	}
	for _, token := range tokens {
		if inside := filepath.Join(token, "inside"); neg {
			ts.Check(os.Remove(inside))
		} else {
			ts.Check(errors.Join(os.Remove(token), os.MkdirAll(inside, 0o700)))
		}
	}
}

// redirect turns a file into what Windows PowerShell 5.1 makes of the same output with ">":
// UTF-16 with a byte order mark, and CRLF: redirect FILE.
func redirect(ts *testscript.TestScript, _ bool, args []string) {
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n"))) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
}

func unescaped(ts *testscript.TestScript, text string) string {
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	ts.Check(err)
	return text
}

// pad appends what copying adds: pad FILE.
func pad(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	ts.Check(os.WriteFile(name, []byte("  "+ts.ReadFile(args[0])+" \r\n"), 0o600))
}

// newer makes the connectors file one of a later version of the program.
func newer(ts *testscript.TestScript, _ bool, _ []string) {
	name := filepath.Join(ts.Getenv("SAASCONNECT_HOME"), "connectors.json")
	b, err := os.ReadFile(name)
	ts.Check(err)
	changed := strings.Replace(string(b), `"version": 3`, `"version": 99`, 1)
	if changed == string(b) {
		ts.Fatalf("no version in %s", name)
	}
	ts.Check(os.WriteFile(name, []byte(changed), 0o600))
}

// startCloud starts a pretend Atlassian behind a proxy on loopback, for a situation of
// fakecloud: cloud ok. "cloud cut" is a proxy that lets through to nothing. It sets
// HTTPS_PROXY, CA (its authority; in DER form it is ca.der), TOKEN, SITE and EMAIL, and writes the file token. NEWER is
// another token of that account, OLGAS one of another admin, SAMS one of an account without the right.
func startCloud(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: cloud SITUATION")
	}
	line, err := newLine(args[0])
	ts.Check(err)
	ts.Defer(line.close)
	ca := filepath.Join(ts.Getenv("WORK"), "ca.pem")
	ts.Check(os.WriteFile(ca, line.authority, 0o600))
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), "token"), []byte(line.seed.Token), 0o600))
	block, _ := pem.Decode(line.authority)
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), "ca.der"), block.Bytes, 0o600))
	ts.Setenv("CA", ca)
	ts.Setenv("HTTPS_PROXY", "http://"+line.address)
	ts.Setenv("TOKEN", line.seed.Token)
	ts.Setenv("SITE", line.seed.Site)
	ts.Setenv("EMAIL", line.seed.Email)
	ts.Setenv("NEWER", fakecloud.NewerToken(line.seed.Email))
	ts.Setenv("OLGAS", fakecloud.NewerToken("olga@example.com"))
	ts.Setenv("SAMS", fakecloud.NewerToken("sam@example.com"))
}
