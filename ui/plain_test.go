package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/rogpeppe/go-internal/txtar"

	"saasconnect/atlassian"
	"saasconnect/ui"
)

// Talks: plain mode as a person has it, the whole conversation. A txtar file whose comment
// holds the same settings as a storyboard and one answer a line, and whose one section is
// what was said. `go test ./ui -run Talks -update` writes them anew; read the diff.
//
//	answer TEXT     a line; "answer" alone is Enter
//	secret @token   a hidden line; @token, @email … as in storyboards
//
// A script that ends before the wizard ends its input.

var errEnd = errors.New("the input ended")

// person answers from a script, and notes what was said.
type person struct {
	t       *testing.T
	lines   []string
	paste   func(string) string
	said    strings.Builder
	copied  []string
	mute    bool
	answers []string // hidden ones
}

func (p *person) Say(text string) { p.said.WriteString(text + "\n") }

func (p *person) Line(ctx context.Context, question string) (string, error) {
	return p.next(ctx, question+" ", "answer")
}

func (p *person) Secret(ctx context.Context, question string) (string, error) {
	return p.next(ctx, question+" (hidden) ", "secret")
}

func (p *person) Copy() func(string) {
	if p.mute {
		return nil
	}
	return func(text string) { p.copied = append(p.copied, text) }
}

func (p *person) next(ctx context.Context, question, want string) (string, error) {
	time.Sleep(300 * time.Millisecond) // a person takes a moment
	p.said.WriteString(question)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if len(p.lines) == 0 {
		p.said.WriteString("(end of input)\n")
		return "", errEnd
	}
	verb, text, _ := strings.Cut(p.lines[0], " ")
	p.lines = p.lines[1:]
	if verb != want {
		p.t.Errorf("asked for %s, and the script has %q: %s\n%s", want, verb, question, p.said.String())
	}
	if text = p.paste(text); want == "answer" {
		echo := text
		if atlassian.LooksSecret(text) {
			echo = "(a token, typed where it is seen)"
		}
		p.said.WriteString(echo + "\n")
		return text, nil
	}
	p.answers = append(p.answers, text)
	p.said.WriteString("\n")
	return text, nil
}

func TestTalks(t *testing.T) {
	boards(t, "testdata/talks", func(t *testing.T, script string) []txtar.File {
		return []txtar.File{{Name: "talk", Data: []byte(talk(t, script))}}
	})
}

// talk plays a script and returns what was said. It looks that no character of it controls
// a terminal, and that no hidden answer is in it.
func talk(t *testing.T, script string) (said string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		w := openTestWorld(t, settingsOf(t, script))
		a := &actor{t: t, world: w}
		p := &person{t: t, paste: a.paste, mute: strings.Contains(script, "\nmute\n")}
		for line := range strings.Lines(script) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "answer") || strings.HasPrefix(line, "secret") {
				p.lines = append(p.lines, line)
			}
		}
		summary, err := ui.RunPlain(t.Context(), w.world, ui.Start{}, p)
		if err != nil && !errors.Is(err, errEnd) {
			t.Error(err)
		}
		if len(p.lines) > 0 {
			t.Errorf("the wizard ended before %q", p.lines)
		}
		p.said.WriteString(summary)
		for _, text := range p.copied {
			p.said.WriteString("(copied " + strings.ReplaceAll(a.masked(text), "\n", " ") + ")\n")
		}
		for _, secret := range p.answers {
			if secret != "" && !strings.HasPrefix(secret, ":") && strings.Contains(p.said.String(), secret) {
				t.Error("a hidden answer was said")
			}
		}
		w.close()
		time.Sleep(10 * time.Minute) // every limit runs out, every goroutine ends
		said = strings.TrimRight(p.said.String(), "\n") + "\n"
	})
	for _, r := range said {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%q was said, which is no character to read", r)
		}
	}
	return said
}

// masked names a token that was copied, instead of writing it into a golden file.
func (s *actor) masked(text string) string {
	for _, token := range []string{s.world.seedToken, s.world.cureToken, s.world.newToken, s.world.olgaToken} {
		if token != "" && text == token {
			return "the token"
		}
	}
	return text
}

// TestTalkEndsWithItsContext: an interrupt while something is waited for ends the wizard,
// and keeps nothing of what was half done.
func TestTalkEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := openTestWorld(t, settings{situation: "slow", latency: time.Minute, fails: map[string]error{}})
		a := &actor{t: t, world: w}
		p := &person{t: t, paste: a.paste, lines: []string{"answer", "answer", "answer 2", "answer acme", "answer @email", "secret @token", "answer"}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := ui.RunPlain(ctx, w.world, ui.Start{}, p)
		if !errors.Is(err, context.Canceled) || len(p.lines) > 0 {
			t.Errorf("ended with %v, %d answers left:\n%s", err, len(p.lines), p.said.String())
		}
		if saved, err := w.store.Load(t.Context()); err != nil || len(saved) > 0 {
			t.Errorf("%d connectors saved, %v", len(saved), err)
		}
		w.close()
		time.Sleep(10 * time.Minute)
	})
}
