package picture

import (
	"fmt"
	"html"
	"strings"
)

// About is what a picture says to whoever does not see it.
type About struct{ Title, Description string }

// The window around the screen, in the units of a cell's width.
const (
	pad      = 18 // between the window's border and the screen
	barH     = 34 // the title bar
	gap      = 10 // below the bar, and below the screen
	baseline = 16 // of a glyph in its cell
	fontSize = "16.6"
	fonts    = `ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Cascadia Mono","DejaVu Sans Mono","Liberation Mono",monospace`
)

// sheet is a picture in the making: its classes, each a look that is in use.
type sheet struct {
	shapes map[rune]shape
	theme  Theme
	names  map[string]string
	styles strings.Builder
}

func newSheet(t Theme) *sheet { return &sheet{shapes: shapes(), theme: t, names: map[string]string{}} }

// class is the name of a rule; equal rules share one.
func (s *sheet) class(rule string) string {
	if name, known := s.names[rule]; known {
		return name
	}
	name, n := "", len(s.names)
	for {
		name = string(rune('a'+n%26)) + name
		if n = n/26 - 1; n < 0 {
			break
		}
	}
	s.names[rule] = name
	fmt.Fprintf(&s.styles, ".%s{%s}", name, rule)
	return name
}

// size is a picture's, for a screen of so many columns and lines.
func size(columns, lines int) (width, height int) {
	return columns*cellW + 2*pad, barH + gap + lines*cellH + gap
}

// place is where a row begins.
func place(y int) (left, top int) { return pad, barH + gap + y*cellH }

// page puts the window around what was drawn.
func (s *sheet) page(about About, width, height int, body string) []byte {
	t := s.theme
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="title desc">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<title id="title">%s</title><desc id="desc">%s</desc>`+"\n", html.EscapeString(about.Title), html.EscapeString(about.Description))
	fmt.Fprintf(&b, "<style>text{font:%spx %s;font-variant-ligatures:none}%s</style>\n", fontSize, fonts, s.styles.String())
	fmt.Fprintf(&b, `<rect x=".5" y=".5" width="%d" height="%d" rx="9" fill="%s" stroke="%s"/>`+"\n", width-1, height-1, t.Ground, t.edge)
	fmt.Fprintf(&b, `<path d="M1 %dv-24.5a8.5 8.5 0 0 1 8.5-8.5h%da8.5 8.5 0 0 1 8.5 8.5v24.5z" fill="%s"/>`+"\n", barH, width-19, t.bar)
	fmt.Fprintf(&b, `<path d="M1 %d.5h%d" stroke="%s"/>`+"\n", barH, width-2, t.edge)
	fmt.Fprintf(&b, `<path d="M21 17.5h40" fill="none" stroke="%s" stroke-width="11" stroke-linecap="round" stroke-dasharray="0 19"/>`+"\n", t.dots)
	fmt.Fprintf(&b, `<text x="%d" y="22.5" text-anchor="middle" style="font-size:14px" fill="%s">saasconnect</text>`+"\n", width/2, t.title)
	b.WriteString(body)
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// Still draws one screen.
func Still(theme Theme, about About, screen Screen) []byte {
	s := newSheet(theme)
	var body strings.Builder
	columns := 0
	for y, row := range screen.rows {
		columns = max(columns, len(row))
		left, top := place(y)
		if drawn := s.draw(row, left, top); drawn != "" {
			body.WriteString(drawn + "\n")
		}
	}
	width, height := size(columns, len(screen.rows))
	return s.page(about, width, height, body.String())
}
