package picture

import (
	"fmt"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// Screen is what a terminal shows at one moment.
type Screen struct{ rows [][]cell }

// cell is one place of the grid: what stands there, how wide it is, and how it looks. A
// cell that a wide one on its left covers has the width 0.
type cell struct {
	text  string
	width int
	look  look
}

// look is a cell's style with every colour settled. A zero ground is the terminal's own.
type look struct {
	ink, ground                            string
	bold, italic, underline, strikethrough bool
}

// Take reads a terminal's screen. A cursor that shows is drawn as a block.
func Take(terminal *vt.Emulator, theme Theme) Screen {
	s := Screen{rows: make([][]cell, terminal.Height())}
	at := terminal.CursorPosition()
	for y := range s.rows {
		s.rows[y] = make([]cell, terminal.Width())
		for x := range s.rows[y] {
			cursor := !terminal.CursorHidden() && at.X == x && at.Y == y
			s.rows[y][x] = theme.cell(terminal.CellAt(x, y), cursor)
		}
	}
	return s
}

// Text is the screen in words, without blanks at the ends of lines.
func (s Screen) Text() string {
	var b strings.Builder
	for _, row := range s.rows {
		var line strings.Builder
		for _, c := range row {
			line.WriteString(c.text)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// cell settles a cell's colours on this ground.
func (t Theme) cell(c *uv.Cell, cursor bool) cell {
	if c == nil {
		return cell{text: " ", width: 1, look: look{ink: t.Ink}}
	}
	is := func(attribute uint8) bool { return c.Style.Attrs&attribute != 0 }
	l := look{
		ink: hex(c.Style.Fg, t.Ink), ground: hex(c.Style.Bg, ""),
		bold: is(uv.AttrBold), italic: is(uv.AttrItalic), strikethrough: is(uv.AttrStrikethrough),
		underline: c.Style.Underline != uv.UnderlineNone,
	}
	if is(uv.AttrFaint) {
		l.ink = mixed(l.ink, t.Ground)
	}
	if is(uv.AttrReverse) != cursor {
		l.ink, l.ground = orElse(l.ground, t.Ground), l.ink
	}
	text := c.Content
	if text == "" && c.Width > 0 || is(uv.AttrConceal) {
		text = " "
	}
	return cell{text: text, width: c.Width, look: l}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// hex is a colour as SVG writes it, as short as can be.
func hex(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// mixed is a faint ink: two thirds of it, the rest ground.
func mixed(ink, ground string) string {
	a, b := rgb(ink), rgb(ground)
	for i := range a {
		a[i] = (2*a[i] + b[i]) / 3
	}
	return fmt.Sprintf("#%02x%02x%02x", int(a[0]), int(a[1]), int(a[2]))
}
