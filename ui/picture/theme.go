package picture

import (
	"image/color"
	"math"
	"strconv"
)

// Theme is the ground a terminal has, and the frame around its picture.
type Theme struct {
	Name        string
	Ground, Ink string // the terminal's own colours
	bar, edge   string // the window's title bar and border
	title, dots string
	accent      string
}

// Dark and Light are the two grounds of the program's own look.
func Dark() Theme {
	return Theme{
		Name: "dark", Ground: "#1d2125", Ink: "#dcdfe4",
		bar: "#282e33", edge: "#454f59", title: "#9fadbc", dots: "#596773", accent: "#579dff",
	}
}

// Light is the other one.
func Light() Theme {
	return Theme{
		Name: "light", Ground: "#ffffff", Ink: "#172b4d",
		bar: "#f1f2f4", edge: "#c1c7d0", title: "#44546f", dots: "#b3b9c4", accent: "#0c66e4",
	}
}

// Background and Foreground are what the terminal answers when it is asked.
func (t Theme) Background() color.Color { return rgba(t.Ground) }

// Foreground is the ink.
func (t Theme) Foreground() color.Color { return rgba(t.Ink) }

func rgba(hex string) color.Color {
	c := rgb(hex)
	return color.RGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255}
}

// rgb reads #rrggbb; what is none is black.
func rgb(hex string) (c [3]float64) {
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return c
	}
	return [3]float64{float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n & 255)}
}

// Lowest is the lowest contrast of any text on a screen with its ground, as WCAG counts
// it, and the text that has it.
func (t Theme) Lowest(s Screen) (float64, string) {
	lowest, where, known := math.Inf(1), "", shapes()
	for _, row := range s.rows {
		for _, run := range runs(row, known) {
			if run.text == "" {
				continue
			}
			if c := contrast(run.look.ink, orElse(run.look.ground, t.Ground)); c < lowest {
				lowest, where = c, run.text
			}
		}
	}
	return lowest, where
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	c := rgb(hex)
	for i := range c {
		if c[i] /= 255; c[i] <= 0.04045 {
			c[i] /= 12.92
		} else {
			c[i] = math.Pow((c[i]+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}
