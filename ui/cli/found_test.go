//go:build !windows

package cli_test

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
	termstate "golang.org/x/term"
)

// How a terminal is left: as it was found. Looked at in what was written, since an
// emulator does not know every mode, and in the settings of the line itself.

// state is the line's settings, as stty shows them; nil where the system does not tell.
func (term *terminal) state() (state *termstate.State) {
	conn, err := term.pty.SyscallConn() // Fd would make reading wait for ever
	if err != nil {
		return nil
	}
	_ = conn.Control(func(fd uintptr) { state, _ = termstate.GetState(int(fd)) }) // nil then
	return state
}

// isAsFound looks that nothing of the program stays behind.
func (term *terminal) isAsFound() {
	term.t.Helper()
	term.mu.Lock()
	raw := term.raw.String()
	alt := term.screen.IsAltScreen()
	term.mu.Unlock()
	if alt {
		term.t.Error("the alternate screen was left open")
	}
	for _, words := range leftOn(raw) {
		term.t.Error("left behind: " + words)
	}
	if now := term.state(); now != nil && term.found != nil && !reflect.DeepEqual(now, term.found) {
		term.t.Errorf("the line's settings are others: %+v, were %+v", now, term.found)
	}
}

// leftOn are the modes that what was written switched on and not off again.
func leftOn(raw string) (left []string) {
	on := map[string]bool{}
	for _, m := range regexp.MustCompile(`\x1b\[\?([0-9;]+)([hl])`).FindAllStringSubmatch(raw, -1) {
		for mode := range strings.SplitSeq(m[1], ";") {
			on[mode] = m[2] == "h"
		}
	}
	for mode, set := range on {
		if set != (mode == "25" || mode == "7") { // the cursor is shown and lines wrap, and nothing else is on
			left = append(left, "mode "+mode)
		}
	}
	if pushed, popped := strings.Count(raw, "\x1b[>1u"), strings.Count(raw, ansi.PopKittyKeyboard(1)); pushed != popped {
		left = append(left, "the keyboard's enhancements")
	}
	if strings.LastIndex(raw, ansi.SetModifyOtherKeys2) > strings.LastIndex(raw, ansi.ResetModifyOtherKeys) {
		left = append(left, "modifyOtherKeys")
	}
	return left
}

// useColor are the sequences that set one.
func useColor(raw string) (found []string) {
	color := regexp.MustCompile(`^(3[0-8]|4[0-8]|9[0-7]|10[0-7])$`)
	for _, m := range regexp.MustCompile(`\x1b\[([0-9;:]*)m`).FindAllStringSubmatch(raw, -1) {
		for p := range strings.SplitSeq(strings.ReplaceAll(m[1], ":", ";"), ";") {
			if color.MatchString(p) {
				found = append(found, m[0][1:])
				break
			}
		}
	}
	return found
}

func (term *terminal) written() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return string(bytes.Clone(term.raw.Bytes()))
}
