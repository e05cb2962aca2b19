package ui_test

import (
	"bytes"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"saasconnect/ui/picture"
)

// The README's pictures are the wizard as it is (the studio says how they are taken).
//
//	go test ./ui -run Pictures -update
//
// draws all of them anew; without -update a picture that the wizard has left behind fails,
// with the lines that differ. Every picture is there for a dark and for a light page.

// shot is one picture: the words of a storyboard before it begins, and what is done.
type shot struct {
	name, title, script string
	take                func(*studio)
}

func TestPictures(t *testing.T) {
	for _, shot := range shots() {
		for _, theme := range []picture.Theme{picture.Dark(), picture.Light()} {
			t.Run(shot.name+"-"+theme.Name, func(t *testing.T) {
				t.Parallel()
				inStudio(t, theme, shot.script, func(s *studio) {
					shot.take(s)
					about := picture.About{Title: shot.title, Description: s.screen().Text()}
					if s.film != nil {
						develop(t, shot.name, theme, s.film.SVG(about), s.film.Screens())
						return
					}
					develop(t, shot.name, theme, picture.Still(theme, about, s.screen()), []picture.Screen{s.screen()})
				})
			})
		}
	}
}

// shots are the pictures in the README, in its order.
func shots() []shot {
	const saver = "\nrole global-admin\nsafes keyring"
	return []shot{
		{"flow", "From no token to a proven Jira connection", "situation token-scoped\nlatency 600ms\nsafes keyring\nsize 80x18", theWholeFlow},
		{"walkthrough", "The walkthrough, at the step that matters", "size 80x18" + saver, theStepThatMatters},
		{"check", "A check of a Jira connection, at work", "latency 300ms\nsize 80x12" + saver, theCheckAtWork},
		{"diagnosis", "What is wrong, how that is known, and what to do", "situation not-admin\nsize 80x18" + saver, theMissingRight},
		{"list", "The connectors of a service provider, while all are proven again", "saved 30\nlatency 50ms\nsize 80x20" + saver, theList},
		{"detail", "One connector, its remedies and its past", "saved 30\nsize 80x24" + saver, theDetail},
	}
}

// develop writes a picture, or compares it with the one that is there.
func develop(t *testing.T, name string, theme picture.Theme, svg []byte, screens []picture.Screen) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range screens {
		if lowest, words := theme.Lowest(s); lowest < 4.5 && !seen[words] {
			seen[words] = true
			t.Errorf("%q has a contrast of %.1f with its ground; 4.5 is what reads", words, lowest)
		}
	}
	if most := 40_000; len(screens) == 1 && len(svg) > most || len(svg) > 6*most {
		t.Errorf("it has %d bytes: a page with all pictures would load slowly", len(svg))
	}
	file := filepath.Join("..", ".github", name+"-"+theme.Name+".svg")
	if *update {
		if err := os.WriteFile(file, svg, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("this picture is not drawn yet (go test ./ui -run Pictures -update): %v", err)
	}
	old = bytes.ReplaceAll(old, []byte("\r\n"), []byte("\n")) // where Git checks out so
	if !bytes.Equal(old, svg) {
		t.Errorf("%s is not the wizard any more (go test ./ui -run Pictures -update):\n%s", file, changed(words(old), words(svg)))
	}
}

// TestEveryPictureIsShown looks that the README has all pictures, and no others.
func TestEveryPictureIsShown(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, shot := range shots() {
		want = append(want, shot.name+"-dark.svg", shot.name+"-light.svg")
	}
	var shown, drawn []string
	for _, m := range regexp.MustCompile(`="\.github/([^"]+\.svg)"`).FindAllSubmatch(readme, -1) {
		shown = append(shown, string(m[1]))
	}
	files, err := filepath.Glob("../.github/*.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		drawn = append(drawn, filepath.Base(f))
	}
	if !slices.Equal(shown, want) {
		t.Errorf("the README shows %q, the pictures are %q", shown, want)
	}
	if slices.Sort(want); !slices.Equal(drawn, want) {
		t.Errorf("in .github are %q, the pictures are %q", drawn, want)
	}
}

// words are the texts of a picture.
func words(svg []byte) []string {
	var out []string
	for _, m := range regexp.MustCompile(`<text[^>]*>([^<]*)</text>`).FindAllSubmatch(svg, -1) {
		out = append(out, html.UnescapeString(string(m[1])))
	}
	return out
}

// changed tells in words what is no longer to be seen, and what is new.
func changed(old, now []string) string {
	var b strings.Builder
	tell := func(sign string, these, those []string) {
		const most = 12
		told := map[string]bool{}
		for _, w := range these {
			if !slices.Contains(those, w) && !told[w] && len(told) < most {
				told[w] = true
				b.WriteString(sign + w + "\n")
			}
		}
	}
	tell("- ", old, now)
	tell("+ ", now, old)
	if b.Len() == 0 {
		return "the words are the same; colours, places or the pace are not"
	}
	return b.String()
}
