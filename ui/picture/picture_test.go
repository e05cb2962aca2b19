package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
)

// screenOf is what a terminal of 20 columns shows after it was written to. The cursor is
// hidden, unless the text shows it again.
func screenOf(theme Theme, lines int, text string) Screen {
	terminal := vt.NewEmulator(20, lines)
	_, _ = terminal.WriteString("\x1b[?25l" + strings.ReplaceAll(text, "\n", "\r\n"))
	return Take(terminal, theme)
}

// drawn is one line's drawing in the upper left corner, without its classes.
func drawn(text string) string {
	s := newSheet(Dark())
	return s.draw(screenOf(s.theme, 1, text).rows[0], 0, 0)
}

func TestRowsAreDrawnOnTheGrid(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a run has a place and a length":     {"  abc", `<text class="a" x="20" y="16" textLength="30">abc</text>`},
		"one blank belongs to it":            {"a b", `<text class="a" x="0" y="16" textLength="30">a b</text>`},
		"two part it":                        {"a  b", `<text class="a" x="0" y="16">a</text><text class="a" x="30" y="16">b</text>`},
		"a change of looks parts it":         {"a\x1b[1mb", `<text class="a" x="0" y="16">a</text><text class="b" x="10" y="16">b</text>`},
		"text is escaped":                    {"<&", `<text class="a" x="0" y="16" textLength="20">&lt;&amp;</text>`},
		"a wide character has two cells":     {"世界", `<text class="a" x="0" y="16" textLength="20">世</text><text class="a" x="20" y="16" textLength="20">界</text>`},
		"rules are one line":                 {"┌──┐", `<path class="a" d="M0 0m10 11h-5v11M10 0m0 11h20M30 0m0 11h5v11"/>`},
		"bullets are one row of beads":       {"•••", `<path class="a" d="M0 0m5 11h21"/>`},
		"marks stand apart from words":       {"✓ ok", `<path class="a" d="M0 0m1.3 11.8l2.7 3.2 4.7-8"/><text class="b" x="20" y="16" textLength="20">ok</text>`},
		"a ground lies below, without seams": {"\x1b[44mab\x1b[1mc", `<path class="a" d="M0 0h20v22h-20zM20 0h10v22h-10z"/><text class="b" x="0" y="16" textLength="20">ab</text><text class="c" x="20" y="16">c</text>`},
		"reverse changes ink and ground":     {"\x1b[7ma", `<path class="a" d="M0 0h10v22h-10z"/><text class="b" x="0" y="16">a</text>`},
		"an underline is a line":             {"\x1b[4mab", `<path class="b" d="M0 19h20"/><text class="a" x="0" y="16" textLength="20">ab</text>`},
		"the spinner is made of dots":        {"⠁", `<path class="a" d="M0 0m1.8 5a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0"/>`},
		"a cursor is a block":                {"a\x1b[?25h", `<path class="b" d="M10 0h10v22h-10z"/><text class="a" x="0" y="16">a</text>`},
		"nothing is nothing":                 {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := drawn(c.text); got != c.want {
				t.Errorf("drawn as\n%s\nnot\n%s", got, c.want)
			}
		})
	}
}

// TestBoxesJoin looks that every piece of a box reaches the edge of its cell, where its
// neighbour goes on.
func TestBoxesJoin(t *testing.T) {
	for r, ends := range map[rune]string{
		'─': "m0 11h10", '│': "m5 0v22", '┌': "m10 11h-5v11", '┐': "m0 11h5v11", '└': "m10 11h-5v-11", '┘': "m0 11h5v-11",
	} {
		if got := shapes()[r].path; got != ends {
			t.Errorf("%c is drawn %s", r, got)
		}
	}
}

// TestPicturesAreWhole looks that they are XML, ask nobody for anything, and say in words
// what is to be seen.
func TestPicturesAreWhole(t *testing.T) {
	about := About{Title: "A & B", Description: "two <lines>"}
	for _, theme := range []Theme{Dark(), Light()} {
		film := NewFilm(theme)
		film.Add(0, screenOf(theme, 2, "one\ntwo"), "")
		film.Add(time.Second, screenOf(theme, 2, "one\nthree"), "enter")
		film.Add(2*time.Second, screenOf(theme, 2, "one\nthree"), "")
		for kind, svg := range map[string][]byte{"still": Still(theme, about, screenOf(theme, 2, "one\ntwo")), "film": film.SVG(about)} {
			decoder := xml.NewDecoder(bytes.NewReader(svg))
			var err error
			for err == nil {
				_, err = decoder.Token()
			}
			if !errors.Is(err, io.EOF) {
				t.Errorf("%s, %s: %v", kind, theme.Name, err)
			}
			text := strings.ReplaceAll(string(svg), `xmlns="http://www.w3.org/2000/svg"`, "")
			for _, no := range []string{"<script", "href", "url(", "http", "@import"} {
				if strings.Contains(text, no) {
					t.Errorf("%s, %s: it holds %q", kind, theme.Name, no)
				}
			}
			if !strings.Contains(text, `<title id="title">A &amp; B</title><desc id="desc">two &lt;lines&gt;</desc>`) {
				t.Errorf("%s, %s: it does not say what it shows", kind, theme.Name)
			}
		}
	}
}

// TestFilmDrawsOnceWhatStays: a line that stays is there for good, one that comes back is
// drawn once, and without motion the last screen is to be seen.
func TestFilmDrawsOnceWhatStays(t *testing.T) {
	film := NewFilm(Dark())
	for i, second := range []string{"here", "gone", "here", "here"} {
		film.Add(time.Duration(i)*time.Second, screenOf(Dark(), 2, "stays\n"+second), "")
	}
	svg := string(film.SVG(About{}))
	for words, n := range map[string]int{">stays<": 1, ">here<": 1, ">gone<": 1, "@keyframes K": 2} {
		if got := strings.Count(svg, words); got != n {
			t.Errorf("%d times %s, not %d", got, words, n)
		}
	}
	for _, want := range []string{
		`0%{visibility:visible}33.33%{visibility:hidden}66.67%{visibility:visible}`,
		`<g class="K1"><text class="a" x="18" y="82" textLength="40">here`,
		`<g class="K2" visibility="hidden"><text class="a" x="18" y="82" textLength="40">gone`,
		"@media(prefers-reduced-motion:no-preference){g,.P{animation:3s step-end infinite}",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("it lacks %s:\n%s", want, svg)
		}
	}
	if film.Length() != 3*time.Second || len(film.Screens()) != 3 {
		t.Errorf("%s, %d screens", film.Length(), len(film.Screens()))
	}
}

func TestLowestContrast(t *testing.T) {
	for text, want := range map[string]string{
		"good \x1b[38;2;60;60;60mbad":         "bad",
		"good \x1b[2;38;2;140;140;140mfaint":  "faint",
		"good \x1b[44;38;2;0;0;200mon ground": "on ground",
	} {
		lowest, where := Dark().Lowest(screenOf(Dark(), 1, text))
		if lowest >= 4.5 || where != want {
			t.Errorf("%q: %.1f at %q", text, lowest, where)
		}
	}
	if lowest, _ := Light().Lowest(screenOf(Light(), 1, "as it is")); lowest < 12 {
		t.Errorf("the theme's own ink has %.1f", lowest)
	}
}
