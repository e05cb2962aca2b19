package picture

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// run is neighbouring cells of one look, or a single one that has to stand alone.
type run struct {
	x, cells int
	text     string // "" where only the ground is to be seen
	look     look
	shape    shape
	plain    bool // text in the font's own glyphs, which more can join
}

// runs cuts a row where the look changes, at what is drawn as a shape or may be wider in
// another font, and where two blanks and more part the words.
func runs(row []cell, known map[rune]shape) []run {
	var out []run
	for x := 0; x < len(row); x += max(row[x].width, 1) {
		c := row[x]
		found, drawn := shapeOf(known, c.text)
		switch last := len(out) - 1; {
		case c.text == "" || c.text == " " && !c.look.underline && !c.look.strikethrough:
			out = append(out, run{x: x, cells: 1, look: c.look})
		case drawn || !font(c.text):
			out = append(out, run{x: x, cells: max(c.width, 1), text: c.text, look: c.look, shape: found})
		case last >= 0 && out[last].joins(x, c.look):
			out[last].text += c.text
			out[last].cells++
		case last >= 1 && out[last].text == "" && out[last].look == c.look && out[last-1].joins(x-1, c.look):
			out[last-1].text += " " + c.text
			out[last-1].cells += 2
			out = out[:last]
		default:
			out = append(out, run{x: x, cells: 1, text: c.text, look: c.look, plain: true})
		}
	}
	return out
}

// joins reports whether a glyph at x, of this look, goes on with the run.
func (r run) joins(x int, l look) bool { return r.plain && r.x+r.cells == x && r.look == l }

// brush collects a row's paths by how they are drawn, in the order of their first use.
type brush struct {
	order []string
	paths map[string]string
}

func (b *brush) add(class, path string) {
	if b.paths == nil {
		b.paths = map[string]string{}
	}
	if _, known := b.paths[class]; !known {
		b.order = append(b.order, class)
	}
	b.paths[class] += path
}

func (b *brush) String() string {
	var out strings.Builder
	for _, class := range b.order {
		fmt.Fprintf(&out, `<path class="%s" d="%s"/>`, class, b.paths[class])
	}
	return out.String()
}

// draw draws a row whose upper left corner is at left, top: grounds, shapes, glyphs.
func (s *sheet) draw(row []cell, left, top int) string {
	var below, above brush
	var glyphs strings.Builder
	for _, r := range joined(runs(row, s.shapes)) {
		x := left + r.x*cellW
		if r.look.ground != "" {
			below.add(s.class(shape{layer: block}.rule(r.look.ground)), fmt.Sprintf("M%d %dh%dv%dh-%dz", x, top, r.cells*cellW, cellH, r.cells*cellW))
		}
		switch {
		case r.text == "":
		case r.shape.layer == block:
			below.add(s.class(r.shape.rule(r.look.ink)), fmt.Sprintf("M%d %d%s", x, top, r.shape.path))
		case r.shape.layer != text:
			above.add(s.class(r.shape.rule(r.look.ink)), fmt.Sprintf("M%d %d%s", x, top, r.shape.path))
		default:
			glyphs.WriteString(s.glyphs(r, x, top))
		}
		if r.look.underline && r.text != "" {
			above.add(s.class(shape{layer: line}.rule(r.look.ink)), fmt.Sprintf("M%d %dh%d", x, top+19, r.cells*cellW))
		}
	}
	return below.String() + above.String() + glyphs.String()
}

// glyphs is a run of text. Its length is said, so that a font of other widths can't shift
// what stands in it.
func (s *sheet) glyphs(r run, x, top int) string {
	length := ""
	if r.cells > 1 {
		length = ` textLength="` + strconv.Itoa(r.cells*cellW) + `"`
	}
	return fmt.Sprintf(`<text class="%s" x="%d" y="%d"%s>%s</text>`, s.class(r.look.rule()), x, top+baseline, length, html.EscapeString(r.text))
}

// joined makes one path of neighbouring rules and bullets, and one ground of neighbours.
func joined(all []run) []run {
	var out []run
	for _, r := range all {
		last := len(out) - 1
		if last < 0 || out[last].x+out[last].cells != r.x || out[last].look != r.look || out[last].text != r.text {
			out = append(out, r)
			continue
		}
		before := &out[last]
		switch r.text {
		case "":
			before.cells++
		case "─":
			before.cells++
			before.shape.path = fmt.Sprintf("m0 11h%d", before.cells*cellW)
		case "•":
			before.cells++
			before.shape.path = fmt.Sprintf("m5 11h%d", (before.cells-1)*cellW+1) // a dot at the very end is not drawn everywhere
		default:
			out = append(out, r)
		}
	}
	return out
}

// rule is how a glyph looks, as a rule of CSS.
func (l look) rule() string {
	rule := "fill:" + l.ink
	if l.bold {
		rule += ";font-weight:700"
	}
	if l.italic {
		rule += ";font-style:italic"
	}
	if l.strikethrough {
		rule += ";text-decoration:line-through"
	}
	return rule
}

// rule is how a shape of a colour is drawn.
func (s shape) rule(ink string) string {
	switch s.layer {
	case line:
		return "fill:none;stroke:" + ink + ";vector-effect:non-scaling-stroke;shape-rendering:crispEdges"
	case ring:
		return "fill:none;stroke:" + ink + ";stroke-width:1.3"
	case mark:
		return "fill:none;stroke:" + ink + ";stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round"
	case beads:
		return "fill:none;stroke:" + ink + ";stroke-width:4.6;stroke-linecap:round;stroke-dasharray:0 10"
	case block:
		return "fill:" + ink + ";shape-rendering:crispEdges"
	case text, solid:
	}
	return "fill:" + ink
}

// pair is a point, as short as can be written.
func pair(x, y float64) string { return number(x) + " " + number(y) }

func number(f float64) string { return strconv.FormatFloat(f, 'g', 4, 64) }
