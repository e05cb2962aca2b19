package ui_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"saasconnect/ui"
)

// guesser answers anything, from a seed: whatever is said to the wizard in lines, it never
// breaks, never says the token, and always ends with its input.
type guesser struct {
	dice  *rand.Rand
	left  int
	lines []string
	said  strings.Builder
	asked map[string]bool
}

func (g *guesser) Say(text string) { g.said.WriteString(text + "\n") }

func (g *guesser) Line(_ context.Context, question string) (string, error) { return g.any(question) }

func (g *guesser) Secret(_ context.Context, question string) (string, error) { return g.any(question) }

func (g *guesser) Copy() func(string) { return func(string) {} }

func (g *guesser) any(question string) (string, error) {
	time.Sleep(300 * time.Millisecond)
	g.asked[question] = true
	g.said.WriteString(question + "\n")
	if g.left--; g.left < 0 {
		return "", errEnd
	}
	return g.lines[g.dice.IntN(len(g.lines))], nil
}

func TestTalksAtRandom(t *testing.T) {
	asked := map[string]bool{}
	for seed := range uint64(24) {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(storyTime))
			situation := []string{"ok", "not-admin", "token-scoped", "token-refused"}[seed%4]
			w := openTestWorld(t, settings{situation: situation, saved: []string{"", "acme"}[seed/4%2], fails: map[string]error{}})
			g := &guesser{dice: rand.New(rand.NewPCG(seed, 7)), left: 150, asked: asked, lines: []string{
				"", "", "", "", "1", "2", "3", "4", "5", "s", "b", "t", "e", "h", "r", "R", "/", "c", "x", "?", "m", "i", "a", "p", ":back", ":safe", ":clear",
				":previous", ":practise", ":help", "acme", w.seedEmail, w.seedToken, w.cureEmail, w.cureToken, w.newToken, "90d", "\x00", "foo\x1b[31mbar\x07\x9b2J", "ätsch \u202e", strings.Repeat("9", 400),
			}}
			_, err := ui.RunPlain(t.Context(), w.world, ui.Start{}, g)
			if err != nil && !errors.Is(err, errEnd) {
				t.Errorf("seed %d: %v", seed, err)
			}
			for _, secret := range []string{w.seedToken, w.cureToken, w.newToken} {
				if secret != "" && strings.Contains(g.said.String(), secret) {
					t.Errorf("seed %d: a token was said", seed)
				}
			}
			if i := strings.IndexFunc(g.said.String(), func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
				t.Errorf("seed %d: said %q", seed, g.said.String()[max(0, i-80):min(i+40, g.said.Len())])
			}
			w.close()
			time.Sleep(10 * time.Minute) // every limit runs out, every goroutine ends
		})
	}
	if len(asked) < 40 {
		t.Errorf("only %d kinds of questions were met: the walks are stuck somewhere", len(asked))
	}
}
