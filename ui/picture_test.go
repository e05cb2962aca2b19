package ui_test

import (
	"fmt"
	"html"
	"image/color"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// The README's pictures are the wizard as it is: `go test ./ui -run Picture -update` draws
// them anew from the present program, and the test fails when it has become another.

func TestPictures(t *testing.T) {
	for name, draw := range map[string]func(*testing.T) string{"wizard": firstConnector, "customers": comingBack} {
		t.Run(name, func(t *testing.T) {
			var svg string
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(storyTime))
				svg = draw(t)
			})
			file := "../.github/" + name + ".svg"
			if *update {
				if err := os.WriteFile(file, []byte(svg), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			old, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(old) != svg {
				t.Error("this picture is not the wizard any more: go test ./ui -run Picture -update")
			}
		})
	}
}

// firstConnector is the form, filled in, and a diagnosis.
func firstConnector(t *testing.T) string {
	s := newStage(t, "role global-admin\nsituation not-admin\nsize 80x21")
	defer s.end()
	s.press("s")
	s.sendPaste("acme")
	s.press("enter")
	s.sendPaste(s.world.seedEmail)
	s.press("enter")
	s.sendPaste(s.world.seedToken)
	form := s.app.View().Content
	s.press("enter")
	return drawSVG(80, 21, form, s.app.View().Content)
}

// comingBack is the list of many connectors after a re-test, and one of them.
func comingBack(t *testing.T) string {
	s := newStage(t, "role global-admin\nsaved 12\nsize 90x21")
	defer s.end()
	s.press("R")
	for range 100 {
		time.Sleep(200 * time.Millisecond)
		s.settle()
	}
	s.press("down")
	list := s.app.View().Content
	s.press("enter")
	return drawSVG(90, 21, list, s.app.View().Content)
}

// drawSVG draws frames below each other, in a look that reads on light and dark pages.
func drawSVG(w, h int, frames ...string) string {
	const cellW, cellH, pad = 8.4, 18.0, 14.0
	width, height := float64(w)*cellW+2*pad, (float64(h)*cellH+2*pad)*float64(len(frames))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">`+"\n", width, height, width, height)
	for i, frame := range frames {
		top := float64(i) * (float64(h)*cellH + 2*pad)
		fmt.Fprintf(&b, `<rect x="1" y="%.1f" width="%.1f" height="%.1f" rx="8" fill="#1D2125" stroke="#454F59"/>`+"\n", top+1, width-2, float64(h)*cellH+2*pad-6)
		em := vt.NewEmulator(w, h)
		_, _ = em.Write([]byte(strings.ReplaceAll(frame, "\n", "\r\n")))
		for y := range h {
			drawRow(&b, em, w, y, pad, top+pad+float64(y)*cellH, cellW, cellH)
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// drawRow draws one line as runs of cells that look the same.
func drawRow(b *strings.Builder, em *vt.Emulator, w, y int, left, top, cellW, cellH float64) {
	for x := 0; x < w; {
		first := em.CellAt(x, y)
		text, n := "", 0
		for x+n < w {
			c := em.CellAt(x+n, y)
			if c == nil || first == nil || !c.Style.Equal(&first.Style) {
				break
			}
			content := c.Content
			if content == "" {
				content = " "
			}
			text += content
			n += max(c.Width, 1)
		}
		if n == 0 {
			x++
			continue
		}
		drawRun(b, text, first.Style, left+float64(x)*cellW, top, float64(n)*cellW, cellH)
		x += n
	}
}

func drawRun(b *strings.Builder, text string, s uv.Style, x, y, width, height float64) {
	fg, bg := hex(s.Fg, "#DCDFE4"), hex(s.Bg, "")
	if s.Attrs&uv.AttrReverse != 0 {
		fg, bg = "#1D2125", hex(s.Fg, "#DCDFE4")
	}
	if bg != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, y, width, height, bg)
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	weight := ""
	if s.Attrs&uv.AttrBold != 0 {
		weight = ` font-weight="bold"`
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="%s"%s textLength="%.1f" xml:space="preserve">%s</text>`+"\n",
		x, y+height*0.75, fg, weight, width, html.EscapeString(text))
}

func hex(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02X%02X%02X", r>>8, g>>8, b>>8)
}
