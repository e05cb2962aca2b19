package ui_test

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// The README's pictures, in .github: the screen at the end of a script, whose words are
// those of the storyboards, for a dark and for a light page.
//
//	go test ./ui -run Pictures -update
//
// draws them again; without -update a picture that is not the screen any more fails.

func pictures() map[string]string {
	return map[string]string{
		"walkthrough": "size 80x18\n" + asAdmin + "press enter enter right right right right right\n",
		"check":       "size 80x12\nlatency 300ms\n" + asAdmin + filledIn + "wait 1s\npress enter enter\nwait 400ms\n",
		"diagnosis":   "size 80x18\nsituation not-admin\n" + asAdmin + filledIn + "press enter enter\nwait 1s\n",
		"list":        "size 80x20\nlatency 50ms\nsaved 30\n" + asAdmin + "press R\nwait 100ms\n",
		"detail":      "size 80x24\nsaved 30\n" + asAdmin + "press R\nwait 20s\npress enter\n",
	}
}

// ground is the page's color, and that of what has none of its own.
type ground struct{ name, page, ink string }

func TestPictures(t *testing.T) {
	var files []string
	for name, script := range pictures() {
		for _, g := range []ground{{"dark", "#1d2125", "#dcdfe4"}, {"light", "#ffffff", "#172b4d"}} {
			file := filepath.Join("..", ".github", name+"-"+g.name+".svg")
			files = append(files, file)
			t.Run(name+"-"+g.name, func(t *testing.T) {
				t.Parallel()
				drawn := g.draw(screenAfter(t, script, g), settingsOf(t, script).size)
				if *update {
					if err := os.WriteFile(file, drawn, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				old, err := os.ReadFile(file)
				if err != nil || !bytes.Equal(bytes.ReplaceAll(old, []byte("\r\n"), []byte("\n")), drawn) { // as Git may check it out
					t.Errorf("%s is not the screen any more: go test ./ui -run Pictures -update (%v)", file, err)
				}
			})
		}
	}
	slices.Sort(files)
	if there, err := filepath.Glob("../.github/*.svg"); err != nil || !*update && !slices.Equal(there, files) {
		t.Errorf("there are %q, and not %q: %v", there, files, err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`["(](\.github/[^")]+\.svg)[")]`).FindAllSubmatch(readme, -1) {
		if !slices.Contains(files, filepath.Join("..", string(m[1]))) {
			t.Errorf("the README shows %s, which is none of the pictures", m[1])
		}
	}
}

// screenAfter is the screen at the end of a script, with its styles.
func screenAfter(t *testing.T, script string, g ground) (screen string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		set := settingsOf(t, script)
		w := openTestWorld(t, set)
		w.world.Version = "" // a picture is of no version
		s := stageIn(t, set, w)
		defer s.end()
		s.send(tea.BackgroundColorMsg{Color: lipgloss.Color(g.page)})
		s.follow(script, func(string) {})
		screen = s.app.View().Content
	})
	return screen
}

// A character's cell, where the text stands in it, and the border around the screen. The
// lines of boxes join in cells that are not higher than a font's own line.
const (
	cellWidth, cellHeight = 10, 19
	baseline, border      = 15, 16
)

// draw draws a screen as SVG. Each run of characters of one look is given its place and its
// length, so that no font can shift it.
func (g ground) draw(screen string, size tea.WindowSizeMsg) []byte {
	cells := uv.NewScreenBuffer(size.Width, size.Height)
	uv.NewStyledString(screen).Draw(cells, cells.Bounds())
	var b bytes.Buffer
	width, height := size.Width*cellWidth+2*border, size.Height*cellHeight+2*border
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-size="16.6" xml:space="preserve"`, width, height)
	fmt.Fprintln(&b, ` font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'Cascadia Mono','DejaVu Sans Mono','Liberation Mono',monospace">`)
	fmt.Fprintf(&b, `<rect x=".5" y=".5" width="%d" height="%d" rx="8" fill="%s" stroke="#8590a2"/>`+"\n", width-1, height-1, g.page)
	for y := range size.Height {
		for x := 0; x < size.Width; {
			from, first, text := x, cells.CellAt(x, y), ""
			for ; x < size.Width; x++ {
				c := cells.CellAt(x, y)
				if !c.Style.Equal(&first.Style) || ascii(c) != ascii(first) {
					break
				}
				text += c.Content
			}
			g.run(&b, from, y, x-from, text, first.Style)
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// ascii reports whether every font has the character in the width of all others.
func ascii(c *uv.Cell) bool { return c.Content != "" && c.Content < "\x7f" }

// run draws the characters from x on in line y, as wide as so many cells.
func (g ground) run(b *bytes.Buffer, x, y, width int, text string, style uv.Style) {
	ink, behind := hexOf(style.Fg, g.ink), hexOf(style.Bg, g.page)
	if style.Attrs&uv.AttrReverse != 0 {
		ink, behind = behind, ink
	}
	left, top := border+x*cellWidth, border+y*cellHeight
	if behind != g.page {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`, left, top, width*cellWidth, cellHeight, behind)
	}
	trimmed := strings.TrimLeft(text, " ")
	left += (len(text) - len(trimmed)) * cellWidth
	width -= len(text) - len(trimmed)
	if text = strings.TrimRight(trimmed, " "); text == "" {
		return
	}
	width -= len(trimmed) - len(text)
	weight := ""
	if style.Attrs&uv.AttrBold != 0 {
		weight = ` font-weight="bold"`
	}
	if style.Underline != uv.UnderlineNone {
		weight += ` text-decoration="underline"`
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n", left, top+baseline, width*cellWidth, ink, weight, html.EscapeString(text))
}

// hexOf is a color as SVG writes it; where there is none it is another.
func hexOf(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
