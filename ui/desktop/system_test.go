package desktop

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// What other systems are asked, tried on this one.

func variables(pairs ...string) func(string) string {
	return func(name string) string {
		for _, p := range pairs {
			if k, v, _ := strings.Cut(p, "="); k == name {
				return v
			}
		}
		return ""
	}
}

func TestOpener(t *testing.T) {
	for name, c := range map[string]struct {
		system string
		env    func(string) string
		want   string
	}{
		"macOS":                 {"darwin", variables(), "/usr/bin/open"},
		"macOS over SSH":        {"darwin", variables("SSH_CONNECTION=a b c d"), ""},
		"Windows":               {"windows", variables(`SystemRoot=D:\Win`), `D:\Win\System32\rundll32.exe|url.dll,FileProtocolHandler`},
		"Windows, bare":         {"windows", variables(), `C:\Windows\System32\rundll32.exe|url.dll,FileProtocolHandler`},
		"Windows with BROWSER":  {"windows", variables(`BROWSER=C:\Program Files\Firefox\firefox.exe`), `C:\Program Files\Firefox\firefox.exe`},
		"Linux with BROWSER":    {"linux", variables("BROWSER=firefox --new-tab", "SSH_TTY=x"), "firefox|--new-tab"},
		"Linux":                 {"linux", variables("DISPLAY=:0"), "xdg-open"},
		"Linux without display": {"linux", variables(), ""},
		"FreeBSD":               {"freebsd", variables("WAYLAND_DISPLAY=w"), "xdg-open"},
	} {
		if got := strings.Join(opener(c.system, c.env), "|"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestUserName(t *testing.T) {
	nobody := func() string { return "" }
	for name, c := range map[string]struct {
		system string
		env    func(string) string
		ask    func() string
		want   string
	}{
		"variable":       {"linux", variables("LOGNAME=mia"), nobody, "mia"},
		"Windows":        {"windows", variables("USERNAME=Mia", "USER=root"), nobody, "Mia"},
		"asked":          {"linux", variables(), func() string { return "mia" }, "mia"},
		"Windows, asked": {"windows", variables(), func() string { return `ACME\mia` }, "mia"},
		"not known":      {"linux", variables(), nobody, ""},
	} {
		if got := userName(c.system, c.env, c.ask); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestClipboardIsBounded(t *testing.T) {
	if Clipboard(variables("SSH_TTY=/dev/pts/1")) != nil {
		t.Error("the other machine's clipboard was offered")
	}
	read := func(text string, err error) (string, error) {
		return bounded(t.Context(), func() (string, error) { return text, err })
	}
	if got, err := read("copied", nil); got != "copied" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := read("half of a token", errors.New("half of a token")); err == nil || strings.Contains(err.Error(), "token") {
		t.Errorf("an error holds what was read: %v", err)
	}
	if _, err := read(strings.Repeat("x", largestClip+1), nil); err == nil {
		t.Error("all of it was taken")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	never := make(chan struct{})
	defer close(never)
	if _, err := bounded(ended, func() (string, error) { <-never; return "", nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a read that never ends: %v", err)
	}
}
