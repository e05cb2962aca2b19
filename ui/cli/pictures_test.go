//go:build !windows

package cli_test

import (
	"encoding/xml"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian/fakecloud"
)

// The README's pictures are drawn in pretended time, from the wizard without main and
// without a real terminal (package ui's studio). Here the real program in a real terminal
// shows the same screens, word for word, but for the bar of the practice, which a picture
// has not, and for what is of the day and of the machine.
func TestPicturesAreOfThisProgram(t *testing.T) {
	for name, way := range map[string]func(*terminal){"walkthrough": toTheButton, "diagnosis": toTheMissingRight, "flow": toTheEnd} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := pictured(t, name)
			situation := map[string]string{"walkthrough": "ok", "diagnosis": "not-admin", "flow": "token-scoped"}[name]
			lines := 1 + strings.Count(want, "\n") // the picture's, and the bar
			term := openTerminalOf(t, lines, false, []string{"SAASCONNECT_HOME=" + t.TempDir()}, "practice", situation)
			term.see("Connect Jira")
			way(term)
			if got := timeless(term.content()); got != want {
				t.Errorf("the picture %s is not what the program shows; it shows\n%s\nand not\n%s", name, got, want)
			}
		})
	}
}

// pictured is the screen in a picture, which is its description.
func pictured(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../.github/" + name + "-dark.svg")
	if err != nil {
		t.Fatal(err)
	}
	var svg struct {
		Desc string `xml:"desc"`
	}
	if err := xml.Unmarshal(data, &svg); err != nil {
		t.Fatal(err)
	}
	return timeless(svg.Desc)
}

// content is the screen below the bar of the practice, once it has come to rest.
func (term *terminal) content() string {
	term.t.Helper()
	term.see("help")
	for before := ""; before != term.text(); time.Sleep(100 * time.Millisecond) {
		before = term.text()
	}
	lines := strings.Split(term.text(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines[1:], "\n") + "\n"
}

// timeless is a screen without what is of a day or a machine.
func timeless(screen string) string {
	screen = regexp.MustCompile(`\d\d:\d\d:\d\d`).ReplaceAllString(screen, "TIME")
	screen = regexp.MustCompile(`\d+ [A-Z][a-z]{2} \d{4}`).ReplaceAllString(screen, "DAY")
	return strings.ReplaceAll(screen, "the system keyring", "memory, for this practice only")
}

func toTheButton(term *terminal) {
	term.press("\r")
	term.see("Which role do you have")
	term.press("\r")
	term.see("I have a token")
	term.press("\r")
	for _, step := range strings.Fields("1 2 3 4 5") {
		term.see("step " + step + " of 8")
		term.press("\x1b[C")
	}
	term.see("step 6 of 8")
}

// fillIn fills the form with a situation's seed and sends it.
func (term *terminal) fillIn(situation string) fakecloud.Situation {
	term.t.Helper()
	known, _ := fakecloud.Find(situation)
	term.press("\r")
	term.see("Which role do you have")
	term.press("\r")
	term.see("I have a token")
	term.press("s")
	term.see("for this practice only")
	term.press(known.Seed.Site + "\r" + bracketed(known.Seed.Email) + "\r" + bracketed(known.Seed.Token))
	term.see("192 characters, complete")
	term.see("exists")
	term.press("\r")
	return known
}

func toTheMissingRight(term *terminal) {
	term.fillIn("not-admin")
	term.see("does not administer Jira")
}

func toTheEnd(term *terminal) {
	known := term.fillIn("token-scoped")
	term.see("This token was made with scopes")
	time.Sleep(300 * time.Millisecond) // keys that are in flight when a result appears are swallowed on purpose
	term.press("\r")
	for _, step := range strings.Fields("6 7") {
		term.see("step " + step + " of 8")
		term.press("\x1b[C")
	}
	term.see("step 8 of 8")
	term.press("\r")
	term.see("paste to replace")
	term.press(bracketed(known.Seed.Cure.Token) + "\r")
	term.see("proven and saved")
}
