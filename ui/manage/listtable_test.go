package manage

import (
	"math/rand/v2"
	"saasconnect/ui/uitest"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// TestPointerInSight: whatever moves the pointer, narrows the list or resizes the window,
// the chosen row is drawn with the pointer, and no other row is.
func TestPointerInSight(t *testing.T) {
	keys := uitest.Keys("j", "k", "up", "down", "pgup", "pgdown", "g", "G", "*", "s")
	for seed := range uint64(8) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		a, l := openList(t, uitest.Entries(t, 120))
		for step := range 100 {
			switch rnd.IntN(12) {
			case 0:
				a.Update(tea.WindowSizeMsg{Width: 40 + rnd.IntN(160), Height: 12 + rnd.IntN(48)})
			case 1:
				l.filter = []string{"", "1", "customer-1", "99"}[rnd.IntN(4)]
				l.narrow()
				a.Update(nil) // which draws it
			default:
				a.Update(keys[rnd.IntN(len(keys))])
			}
			var pointed []string
			for line := range strings.Lines(ansi.Strip(a.View().Content)) {
				if name, ok := strings.CutPrefix(strings.TrimSpace(line), l.Theme.Marks.Pointer); ok {
					pointed = append(pointed, strings.Fields(strings.TrimLeft(name, " "+l.Theme.Marks.Picked))[0])
				}
			}
			if want := l.selected(); len(pointed) != 1 || strings.TrimSuffix(pointed[0], "…") == "" || !strings.HasPrefix(want.Name, strings.TrimSuffix(pointed[0], "…")) {
				t.Fatalf("seed %d, step %d: pointed at %q, chosen is %q:\n%s", seed, step, pointed, want.Name, ansi.Strip(a.View().Content))
			}
		}
	}
}
