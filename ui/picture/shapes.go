package picture

import "unicode/utf8"

// What fonts draw differently, or lack: box drawing, blocks, marks, dots and the spinner.
// A shape is drawn in a cell of 10 by 22 units from its upper left corner.

const (
	cellW = 10
	cellH = 22
)

// layer is how a shape is drawn, and what it lies under.
type layer int

const (
	text  layer = iota // no shape: a glyph of the font
	block              // filled, with the grounds, below everything
	solid              // filled
	line               // a thin stroke on the pixels' own grid: boxes and rules
	ring               // a thin stroke
	mark               // a thicker stroke
	beads              // bullets: a dotted stroke, so that a row of them is one
)

// shape is a path from a cell's upper left corner.
type shape struct {
	layer layer
	path  string
}

func shapes() map[rune]shape {
	return map[rune]shape{
		'─': {line, "m0 11h10"}, '│': {line, "m5 0v22"},
		'┌': {line, "m10 11h-5v11"}, '┐': {line, "m0 11h5v11"}, '└': {line, "m10 11h-5v-11"}, '┘': {line, "m0 11h5v-11"},
		'├': {line, "m5 0v22m0-11h5"}, '┤': {line, "m5 0v22m0-11h-5"}, '┬': {line, "m0 11h10m-5 0v11"}, '┴': {line, "m0 11h10m-5 0v-11"},
		'┼': {line, "m0 11h10m-5-11v22"},
		'╭': {ring, "m10 11h-1a4 4 0 0 0-4 4v7"}, '╮': {ring, "m0 11h1a4 4 0 0 1 4 4v7"},
		'╰': {ring, "m10 11h-1a4 4 0 0 1-4-4v-7"}, '╯': {ring, "m0 11h1a4 4 0 0 0 4-4v-7"},
		'█': {block, "h10v22h-10z"}, '▌': {block, "h5v22h-5z"}, '▐': {block, "m5 0h5v22h-5z"},
		'▀': {block, "h10v11h-10z"}, '▄': {block, "m0 11h10v11h-10z"},
		'✓': {mark, "m1.3 11.8l2.7 3.2 4.7-8"}, '✗': {mark, "m1.8 7.3l6.4 7.4m0-7.4l-6.4 7.4"}, '❯': {mark, "m3 6.3l4.2 4.7-4.2 4.7"},
		'→': {mark, "m.8 11h8m-3.2-3.2l3.2 3.2-3.2 3.2"}, '←': {mark, "m9.2 11h-8m3.2-3.2l-3.2 3.2 3.2 3.2"},
		'↑': {mark, "m5 16v-10m-3.2 3.2l3.2-3.2 3.2 3.2"}, '↓': {mark, "m5 6v10m-3.2-3.2l3.2 3.2 3.2-3.2"},
		'○': {ring, "m1.4 11a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0"}, '●': {solid, "m1 11a4 4 0 1 0 8 0a4 4 0 1 0-8 0"},
		'•': {beads, "m5 11h1"}, '▲': {solid, "m5 6l4.4 9h-8.8z"}, '▼': {solid, "m5 16l-4.4-9h8.8z"},
	}
}

// shapeOf finds a character's shape; the spinner's are made from their eight dots.
func shapeOf(known map[rune]shape, s string) (shape, bool) {
	r, n := utf8.DecodeRuneInString(s)
	if n != len(s) {
		return shape{}, false
	}
	if r >= 0x2800 && r < 0x2900 {
		return braille(r), true
	}
	found, ok := known[r]
	return found, ok
}

// braille has its dots in the bits of its number: down the left, down the right, and then
// the two of the last line.
func braille(r rune) shape {
	at := [8][2]float64{{3, 5}, {3, 9}, {3, 13}, {7, 5}, {7, 9}, {7, 13}, {3, 17}, {7, 17}}
	path, x, y := "", 0.0, 0.0
	for bit, p := range at {
		if r&(1<<bit) == 0 {
			continue
		}
		path += "m" + pair(p[0]-1.2-x, p[1]-y) + "a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0"
		x, y = p[0]-1.2, p[1]
	}
	return shape{solid, path}
}

// font reports whether every monospace font has a character, in the width of all others.
func font(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && (r >= ' ' && r <= '~' || r >= 0xa0 && r <= 0xff || r == '…' || r == '–' || r == '—' || r == '’' || r == '‘' || r == '“' || r == '”')
}
