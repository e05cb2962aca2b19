package picture

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"
)

// Film is a run of the program: what its terminal showed, and for how long. A line that
// stays, or comes back, is drawn once; CSS shows and hides it. Whoever wants no motion, and
// whatever knows no CSS, sees the last screen.
type Film struct {
	theme  Theme
	frames []frame
	end    time.Duration
}

type frame struct {
	at     time.Duration
	screen Screen
	key    string
}

// NewFilm begins an empty film.
func NewFilm(theme Theme) *Film { return &Film{theme: theme} }

// Add goes on with a screen from a moment on, and the key that was pressed just before, if
// it is to be shown.
func (f *Film) Add(at time.Duration, screen Screen, key string) {
	f.end = at
	if n := len(f.frames); n > 0 && f.frames[n-1].key == key && f.frames[n-1].screen.same(screen) {
		return
	}
	f.frames = append(f.frames, frame{at, screen, key})
}

// Screens are all that was shown.
func (f *Film) Screens() []Screen {
	var out []Screen
	for _, fr := range f.frames {
		out = append(out, fr.screen)
	}
	return out
}

// Length is how long the film takes.
func (f *Film) Length() time.Duration { return f.end }

func (s Screen) same(o Screen) bool {
	return slices.EqualFunc(s.rows, o.rows, func(a, b []cell) bool { return slices.Equal(a, b) })
}

// part is something drawn, and the frames in which it shows.
type part struct {
	drawn  string
	frames []int
}

// SVG draws the film.
func (f *Film) SVG(about About) []byte {
	s := newSheet(f.theme)
	columns, lines := 0, 0
	for _, fr := range f.frames {
		lines = max(lines, len(fr.screen.rows))
		columns = max(columns, len(fr.screen.rows[0]))
	}
	width, height := size(columns, lines)
	groups, order := f.groups(f.parts(s, width))
	var body strings.Builder
	fmt.Fprintf(&s.styles, "@media(prefers-reduced-motion:no-preference){g,.P{animation:%s step-end infinite}", seconds(f.end))
	for i, shown := range order {
		if strings.Count(shown, "1") == len(f.frames) {
			fmt.Fprintf(&body, "%s\n", groups[shown])
			continue
		}
		hidden := ""
		if !strings.HasSuffix(shown, "1") {
			hidden = ` visibility="hidden"`
		}
		fmt.Fprintf(&s.styles, "\n.K%d{animation-name:K%d}@keyframes K%d{%s}", i, i, i, f.keyframes(shown))
		fmt.Fprintf(&body, `<g class="K%d"%s>%s</g>`+"\n", i, hidden, groups[shown])
	}
	s.styles.WriteString("\n.P{animation-name:P;animation-timing-function:linear}@keyframes P{0%{visibility:visible;transform:scaleX(0)}100%{visibility:visible}}}")
	fmt.Fprintf(&body, `<rect class="P" x="1" y="%d" width="%d" height="2" fill="%s" visibility="hidden"/>`+"\n", barH-1, width-2, f.theme.accent)
	return s.page(about, width, height, body.String())
}

// parts are the rows of all frames, each distinct one once, and the keys that were pressed.
func (f *Film) parts(s *sheet, width int) []part {
	var parts []part
	at := map[string]int{}
	add := func(i int, drawn string) {
		if drawn == "" {
			return
		}
		n, known := at[drawn]
		if !known {
			n = len(parts)
			at[drawn] = n
			parts = append(parts, part{drawn: drawn})
		}
		parts[n].frames = append(parts[n].frames, i)
	}
	for i, fr := range f.frames {
		for y, row := range fr.screen.rows {
			left, top := place(y)
			add(i, s.draw(row, left, top))
		}
		if fr.key != "" {
			add(i, keycap(f.theme, fr.key, width))
		}
	}
	return parts
}

// groups puts together what shows in the same frames: a 0 or a 1 for each.
func (f *Film) groups(parts []part) (map[string]string, []string) {
	groups, order := map[string]string{}, []string(nil)
	for _, p := range parts {
		shown := []byte(strings.Repeat("0", len(f.frames)))
		for _, i := range p.frames {
			shown[i] = '1'
		}
		key := string(shown)
		if _, known := groups[key]; !known {
			order = append(order, key)
		}
		groups[key] += p.drawn
	}
	return groups, order
}

// keyframes are the moments at which something comes and goes.
func (f *Film) keyframes(shown string) string {
	var b strings.Builder
	for i := range shown {
		if i > 0 && shown[i] == shown[i-1] {
			continue
		}
		state := "hidden"
		if shown[i] == '1' {
			state = "visible"
		}
		fmt.Fprintf(&b, "%s%%{visibility:%s}", number(100*float64(f.frames[i].at)/float64(f.end)), state)
	}
	return b.String()
}

// keycap is a key in the window's title bar.
func keycap(t Theme, key string, width int) string {
	const letter = 8
	w := len([]rune(key))*letter + 16
	x := width - 14 - w
	return fmt.Sprintf(`<rect x="%d.5" y="7.5" width="%d" height="20" rx="5" fill="%s" stroke="%s"/>`, x, w, t.Ground, t.edge) +
		fmt.Sprintf(`<text x="%d" y="22" style="font-size:13px" fill="%s" textLength="%d">%s</text>`, x+8, t.Ink, len([]rune(key))*letter, html.EscapeString(key))
}

func seconds(d time.Duration) string { return number(d.Seconds()) + "s" }
