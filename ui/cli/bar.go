package cli

import (
	"fmt"
	"strings"
)

// What is told on a terminal while many are checked: one line that is written over, with a
// bar where there are enough for one. It says in figures what the bar shows.

// barWidth is how many characters a bar has, barFrom from how many on there is one.
const (
	barWidth = 24
	barFrom  = 20
)

// series are checks in several turns, told as one: what the turns before this one did.
type series struct{ done, of, failing int }

// barLine is "[#####...................] 210 of 1000 checked, 3 failing ".
func (s series) barLine(done, of, failing int) string {
	done, of, failing = done+s.done, max(of, s.of), failing+s.failing
	bar := ""
	if of >= barFrom {
		full := done * barWidth / of
		bar = "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "] "
	}
	return fmt.Sprintf("\r%s%d of %d checked, %d failing ", bar, done, of, failing)
}
