package widget

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// The hues, and what becomes of them where a terminal has few. 256 colors hold a near one
// for each, with a contrast as good; a test computes both. The 16 do not: the nearest to
// the accent is a blue that no one can read on black, and red and yellow fall together. So
// these are chosen by hand, for the palettes of xterm, of the Linux console and of Windows.

// palette are the colors of one look.
type palette struct{ accent, key, good, bad, warn, faint, bar, onBar color.Color }

func paletteFor(dark, few bool) palette {
	none := color.Color(lipgloss.NoColor{})
	hex := lipgloss.Color
	switch {
	case few && dark:
		return palette{
			accent: lipgloss.BrightCyan, key: lipgloss.BrightCyan, good: lipgloss.BrightGreen, bad: lipgloss.BrightRed,
			warn: lipgloss.BrightYellow, faint: lipgloss.White, bar: lipgloss.BrightYellow, onBar: lipgloss.Black,
		}
	case few: // none of the 16 is a green, an amber or a gray that can be read on white
		return palette{
			accent: lipgloss.Blue, key: lipgloss.Blue, good: none, bad: lipgloss.Red,
			warn: none, faint: none, bar: lipgloss.Blue, onBar: lipgloss.BrightWhite,
		}
	case dark:
		return palette{
			accent: hex("#579DFF"), key: hex("#85B8FF"), good: hex("#4BCE97"), bad: hex("#F87168"),
			warn: hex("#F5CD47"), faint: hex("#8C9BAB"), bar: hex("#F5CD47"), onBar: hex("#1D2125"),
		}
	}
	return palette{
		accent: hex("#0B61D9"), key: hex("#0B61D9"), good: hex("#1F6E4F"), bad: hex("#AE2A19"),
		warn: hex("#7F5F01"), faint: hex("#5E6C84"), bar: hex("#7F5F01"), onBar: hex("#FFFFFF"),
	}
}

// SixteenColors is what Bubble Tea calls a terminal with 16.
const SixteenColors = "ANSI"
