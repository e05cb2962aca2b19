//go:build !windows

package cli_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian/fakecloud"
)

// How long the wizard's `R` takes, and how soon it answers keys meanwhile, seen from the
// terminal: from the write of a key until the pointer stands in its new row there. The
// yardsticks are `check --all` of the same, and the same keys in a list that does nothing
// while that runs beside it: the machine, which plays a thousand servers too, is as busy.

// BenchmarkRetestAll: SAASCONNECT_BENCH_SITES connectors (1,000) on as many sites.
func BenchmarkRetestAll(b *testing.B) {
	n, latency := benchSize()
	w := openSites(b, latency, "h2")
	home := fill(b, siteNames(n))
	good, _ := fakecloud.Find("ok")
	env := []string{"HTTPS_PROXY=" + w.proxy, "TOKEN=" + good.Seed.Token}
	open := func() *terminal {
		term := startTerminal(b, 24, false, env, exec.Command(filepath.Join(binDir, "saasconnect"), "--home", home, "--ca-file", w.ca))
		term.see(fmt.Sprintf("%d connectors", n))
		time.Sleep(300 * time.Millisecond) // keys in flight when a screen opens are swallowed on purpose
		return term
	}
	keys := map[string][]float64{}
	press := func(while string, term *terminal, ended func() bool) {
		for !ended() {
			keys[while] = append(keys[while], term.moves())
		}
	}
	var resident float64
	inTurn(b, func() time.Duration {
		term := open()
		began := time.Now()
		term.press("R")
		term.see("so far")
		done := fmt.Sprintf("%d of %d re-tested: %d working", n, n, n)
		press("key", term, func() bool { return strings.Contains(term.text(), done) })
		took := time.Since(began)
		resident = max(resident, residentOf(term.cmd.Process.Pid))
		term.press("q")
		term.exit(0)
		return took
	}, func() time.Duration {
		term := open()
		cmd := programFor(b, "check", "--all", "--jsonl", "--home", home, "--ca-file", w.ca)
		cmd.Env = append(cmd.Env, env...)
		took := make(chan time.Duration, 1)
		go func() { took <- timed(cmd) }()
		press("idle-key", term, func() bool { return len(took) > 0 })
		term.press("q")
		term.exit(0)
		return <-took
	})
	for while, all := range keys {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], "ms-"+while+"-p50")
		b.ReportMetric(all[len(all)*99/100], "ms-"+while+"-p99")
		b.ReportMetric(all[len(all)-1], "ms-"+while+"-max")
		b.ReportMetric(float64(len(all)), while+"s")
	}
	b.ReportMetric(resident/1e6, "MB-resident")
}

// moves presses a key that moves the pointer one row, and returns how many milliseconds
// pass until it is there. Before it is a pause of another length each time, so that keys
// meet every moment between two frames.
func (term *terminal) moves() float64 {
	term.t.Helper()
	from := term.pointer()
	pause := time.Duration(30+(from*37+int(time.Now().UnixNano()/1000))%50) * time.Millisecond
	time.Sleep(pause)
	key, to := "j", from+1
	if from > 10 {
		key, to = "k", from-1
	}
	began := time.Now()
	term.press(key)
	limit := time.After(20 * time.Second)
	for term.pointer() != to {
		select {
		case <-term.grew:
		case <-limit:
			term.t.Fatalf("the pointer never came to line %d:\n%s", to, term.text())
		}
	}
	return time.Since(began).Seconds() * 1e3
}

// pointer is the line of the screen on which the list's pointer stands, -1 for none.
func (term *terminal) pointer() int {
	term.mu.Lock()
	defer term.mu.Unlock()
	for y := range term.screen.Height() {
		for x := range 6 {
			if cell := term.screen.CellAt(x, y); cell != nil && cell.Content == "❯" {
				return y
			}
		}
	}
	return -1
}
