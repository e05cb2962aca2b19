package widget

import (
	"image/color"
	"math"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/connector"
)

// Contrast as WCAG 2.2 computes it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), of
// everything the look draws, on the grounds that terminals have.

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// legible is the least contrast of text.
const legible = 4.5

// grounds are what lies behind: plain ones, and those of widespread themes.
func grounds(dark bool) []string {
	if dark {
		return []string{"#000000", "#0C0C0C", "#1D2125", "#1E1E1E", "#282C34", "#300A24"}
	}
	return []string{"#FFFFFF", "#F5F5F5", "#FDF6E3", "#EEEEEE"}
}

// onGround are the hues that stand on the terminal's own ground; the reversed target is
// the accent with both swapped.
func (h palette) onGround() map[string]color.Color {
	return map[string]color.Color{"accent": h.accent, "key": h.key, "good": h.good, "bad": h.bad, "warn": h.warn, "faint": h.faint}
}

func TestEveryHueCanBeRead(t *testing.T) {
	for _, dark := range []bool{true, false} {
		h := paletteFor(dark, false)
		for _, depth := range []struct {
			name string
			down func(color.Color) color.Color
		}{
			{"true color", func(c color.Color) color.Color { return c }},
			{"256 colors", func(c color.Color) color.Color { return ansi.Convert256(c) }},
		} {
			for name, hue := range h.onGround() {
				for _, ground := range grounds(dark) {
					if got := contrast(depth.down(hue), lipgloss.Color(ground)); got < legible {
						t.Errorf("dark %v, %s: %s on %s has a contrast of %.2f", dark, depth.name, name, ground, got)
					}
				}
			}
			if got := contrast(depth.down(h.onBar), depth.down(h.bar)); got < legible {
				t.Errorf("dark %v, %s: the bar has a contrast of %.2f", dark, depth.name, got)
			}
		}
	}
}

// palettes are the 16 colors as terminals show them.
// Sources: xterm's XTerm-col.ad; Linux drivers/tty/vt/vt.c; Windows Terminal's Campbell.
func palettes() map[string][16]string {
	return map[string][16]string{
		"xterm":   {"#000000", "#CD0000", "#00CD00", "#CDCD00", "#0000EE", "#CD00CD", "#00CDCD", "#E5E5E5", "#7F7F7F", "#FF0000", "#00FF00", "#FFFF00", "#5C5CFF", "#FF00FF", "#00FFFF", "#FFFFFF"},
		"linux":   {"#000000", "#AA0000", "#00AA00", "#AA5500", "#0000AA", "#AA00AA", "#00AAAA", "#AAAAAA", "#555555", "#FF5555", "#55FF55", "#FFFF55", "#5555FF", "#FF55FF", "#55FFFF", "#FFFFFF"},
		"windows": {"#0C0C0C", "#C50F1F", "#13A10E", "#C19C00", "#0037DA", "#881798", "#3A96DD", "#CCCCCC", "#767676", "#E74856", "#16C60C", "#F9F1A5", "#3B78FF", "#B4009E", "#61D6D6", "#F2F2F2"},
	}
}

func TestFewColorsCanBeRead(t *testing.T) {
	for terminal, palette := range palettes() {
		shown := func(c color.Color) color.Color {
			basic, ok := c.(ansi.BasicColor)
			if !ok {
				t.Fatalf("%v is none of the 16", c)
			}
			return lipgloss.Color(palette[basic])
		}
		for _, dark := range []bool{true, false} {
			ground := palette[ansi.BrightWhite]
			if dark {
				ground = palette[ansi.Black]
			}
			h := paletteFor(dark, true)
			for name, hue := range h.onGround() {
				if _, none := hue.(lipgloss.NoColor); none {
					continue // the terminal's own
				}
				if got := contrast(shown(hue), lipgloss.Color(ground)); got < legible {
					t.Errorf("%s, dark %v: %s has a contrast of %.2f", terminal, dark, name, got)
				}
			}
			if got := contrast(shown(h.onBar), shown(h.bar)); got < legible {
				t.Errorf("%s, dark %v: the bar has a contrast of %.2f", terminal, dark, got)
			}
		}
	}
}

// TestVerdictsDifferWithoutColor: each has a mark and a word of its own.
func TestVerdictsDifferWithoutColor(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		l := NewTheme(ascii)
		seen := map[string]bool{}
		for _, v := range []connector.Verdict{connector.Working, connector.Attention, connector.Failing, connector.Unknown} {
			mark := ansi.Strip(l.VerdictMark(v))
			if mark == "" || seen[mark] {
				t.Errorf("ASCII %v: the mark %q of %s is another's", ascii, mark, v)
			}
			seen[mark] = true
		}
	}
}
