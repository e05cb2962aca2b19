package desktop

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// TestWhereAClipboardCanBe: it is the person's own only at this computer's display.
func TestWhereAClipboardCanBe(t *testing.T) {
	for name, c := range map[string]struct {
		system string
		env    func(string) string
		want   bool
	}{
		"macOS":             {"darwin", variables(), true},
		"Windows":           {"windows", variables(), true},
		"Linux, no display": {"linux", variables(), false},
		"X11":               {"linux", variables("DISPLAY=:0"), true},
		"Wayland":           {"linux", variables("WAYLAND_DISPLAY=wayland-0"), true},
		"WSL":               {"linux", variables("WSL_DISTRO_NAME=Ubuntu"), true},
	} {
		if got := hasDisplay(c.system, c.env); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, over := range []string{"SSH_TTY=/dev/pts/1", "SSH_CONNECTION=a b c d"} {
		if Copier(variables("DISPLAY=:0", over)) != nil {
			t.Errorf("%s: a text would land on another computer's clipboard", over)
		}
	}
}

// TestClipboardErrorsHoldNoText: neither a program's words nor what a library throws.
func TestClipboardErrorsHoldNoText(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for name, do := range map[string]func() (string, error){
		"fails":  func() (string, error) { return "", errors.New("ATATT-what-was-copied") },
		"throws": func() (string, error) { panic("ATATT-what-was-copied") },
		"waits":  func() (string, error) { time.Sleep(time.Second); return "", nil },
	} {
		if _, err := bounded(ctx, do); err == nil || strings.Contains(err.Error(), "ATATT") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
