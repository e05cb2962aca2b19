//go:build !windows

package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/store"
)

// How long whole runs of the program take, each beside a yardstick, in turn: what counts
// is the ratio, since the machine has other work too. .github/PERFORMANCE.md says how to
// run them; `go test ./...` does not.

// inTurn runs both b.N times, one after the other, and reports the medians and the ratio.
func inTurn(b *testing.B, ours, yardstick func() time.Duration) {
	b.Helper()
	ours()
	yardstick()
	var mine, theirs, ratios []float64
	for range b.N {
		m, t := ours().Seconds()*1e3, yardstick().Seconds()*1e3
		mine, theirs, ratios = append(mine, m), append(theirs, t), append(ratios, m/t)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(mine), "ms")
	b.ReportMetric(median(theirs), "ms-yardstick")
	b.ReportMetric(median(ratios), "ratio")
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// timed is how long a command takes. Its exit code is its own affair.
func timed(cmd *exec.Cmd) time.Duration {
	began := time.Now()
	_ = cmd.Run()
	return time.Since(began)
}

// peak is the most memory that a command that has ended took, in bytes.
func peak(cmd *exec.Cmd) float64 {
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) * 1024
}

func curl(b *testing.B, w *sites, args ...string) *exec.Cmd {
	b.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		b.Skip("curl is not installed; it is the yardstick")
	}
	good, _ := fakecloud.Find("ok")
	return exec.CommandContext(b.Context(), "curl", append([]string{"-s", "--http2", "--proxy", w.proxy, "--cacert", w.ca, "-u", good.Seed.Email + ":" + good.Seed.Token}, args...)...)
}

// BenchmarkOneCheck: a whole check of four calls, beside one curl that sends two of them,
// one after the other, on one connection. Each answer takes 100 ms.
func BenchmarkOneCheck(b *testing.B) {
	for _, protocol := range []string{"h2", "http/1.1"} {
		b.Run(strings.ReplaceAll(protocol, "/", ""), func(b *testing.B) {
			w := openSites(b, 100*time.Millisecond, protocol)
			good, _ := fakecloud.Find("ok")
			inTurn(b, func() time.Duration {
				cmd := programFor(b, "check", "--site", "acme", "--email", good.Seed.Email, "--product", "jira", "--token-env", "TOKEN", "--ca-file", w.ca)
				cmd.Env = append(cmd.Env, "HTTPS_PROXY="+w.proxy, "TOKEN="+good.Seed.Token)
				took := timed(cmd)
				if cmd.ProcessState.ExitCode() != 0 {
					b.Fatal("the check did not pass")
				}
				return took
			}, func() time.Duration {
				site := "https://acme.atlassian.net/rest/api/3/"
				return timed(curl(b, w, "-o", os.DevNull, site+"myself", "-o", os.DevNull, site+"mypermissions?permissions=ADMINISTER,SYSTEM_ADMIN"))
			})
		})
	}
}

// benchSize is on how many sites, and how long each answer takes: SAASCONNECT_BENCH_SITES
// (1000) and SAASCONNECT_TEST_LATENCY (100ms).
func benchSize() (sites int, latency time.Duration) {
	sites, err := strconv.Atoi(os.Getenv("SAASCONNECT_BENCH_SITES"))
	if err != nil {
		sites = 1000
	}
	if latency, err = time.ParseDuration(os.Getenv("SAASCONNECT_TEST_LATENCY")); err != nil {
		latency = 100 * time.Millisecond
	}
	return sites, latency
}

// BenchmarkCheckAll: SAASCONNECT_BENCH_SITES connectors (1,000) on as many sites, beside
// one curl -Z with the same requests, as many of them at once as eight checks have.
func BenchmarkCheckAll(b *testing.B) {
	const parallel = 8
	n, latency := benchSize()
	w := openSites(b, latency, "h2")
	home := fill(b, siteNames(n))
	var list bytes.Buffer
	for _, name := range siteNames(n) {
		for _, path := range []string{"/_edge/tenant_info", "/rest/api/3/myself", "/rest/api/3/mypermissions?permissions=ADMINISTER,SYSTEM_ADMIN", "/rest/api/3/project/search?maxResults=1"} {
			fmt.Fprintf(&list, "url = https://%s.atlassian.net%s\noutput = %s\n", name, path, os.DevNull)
		}
	}
	urls := filepath.Join(b.TempDir(), "urls")
	if err := os.WriteFile(urls, list.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	good, _ := fakecloud.Find("ok")
	var memory, wall float64
	inTurn(b, func() time.Duration {
		cmd := programFor(b, "check", "--all", "--jsonl", "--home", home, "--ca-file", w.ca, "--parallel", strconv.Itoa(parallel))
		cmd.Env = append(cmd.Env, "HTTPS_PROXY="+w.proxy, "TOKEN="+good.Seed.Token)
		took := timed(cmd)
		if cmd.ProcessState.ExitCode() != 0 {
			b.Fatal("not all checks passed")
		}
		memory, wall = max(memory, peak(cmd)), max(wall, took.Seconds())
		return took
	}, func() time.Duration {
		return timed(curl(b, w, "-Z", "--parallel-max", strconv.Itoa(2*parallel), "-K", urls))
	})
	ideal := 2 * latency.Seconds() * float64(n) / parallel
	b.ReportMetric(wall/ideal, "worst/ideal")
	b.ReportMetric(memory/1e6, "MB-peak")
}

// BenchmarkFirstFrame: the wizard's first screen, beside the smallest program's.
func BenchmarkFirstFrame(b *testing.B) {
	smallest := filepath.Join(b.TempDir(), "smallest")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", smallest, "./testdata/smallest")
	build.Env = append(os.Environ(), "GOFLAGS=") // built as users build it, not with the flags of this test run
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	var resident float64
	inTurn(b, func() time.Duration {
		cmd := programFor(b)
		took, rss := firstFrame(b, cmd, "SaaSAssure connectors")
		resident = max(resident, rss)
		return took
	}, func() time.Duration {
		took, _ := firstFrame(b, exec.CommandContext(b.Context(), smallest), "the smallest program")
		return took
	})
	b.ReportMetric(resident/1e6, "MB-resident")
}

// firstFrame starts a program in a terminal that answers nothing, and waits for the words.
func firstFrame(b *testing.B, cmd *exec.Cmd, words string) (took time.Duration, resident float64) {
	b.Helper()
	cmd.Env = append(cmd.Environ(), "TERM=xterm-256color")
	began := time.Now()
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		b.Skip("no terminal can be had here: " + err.Error())
	}
	defer terminal.Close()
	var seen []byte
	for buffer := make([]byte, 4096); !bytes.Contains(seen, []byte(words)); {
		n, err := terminal.Read(buffer)
		if seen = append(seen, buffer[:n]...); err != nil {
			b.Fatalf("it ended: %v: %q", err, seen)
		}
	}
	took = time.Since(began)
	time.Sleep(300 * time.Millisecond)
	resident = residentOf(cmd.Process.Pid)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	go func() { _, _ = io.Copy(io.Discard, terminal) }()
	_ = cmd.Wait()
	return took, resident
}

// residentOf is how much memory a process has, in bytes; 0 where nothing says so.
func residentOf(pid int) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	fields := strings.Fields(string(data))
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(fields[1])
	return float64(pages * os.Getpagesize())
}

// BenchmarkList: a list of 1,000 connectors, each of which was checked, beside `version`.
func BenchmarkList(b *testing.B) {
	home := fill(b, siteNames(1000))
	checkedLongAgo(b, home, 1000)
	inTurn(b, func() time.Duration {
		return timed(programFor(b, "list", "--home", home))
	}, func() time.Duration { return timed(programFor(b, "version")) })
}

// checkedLongAgo gives each connector that fill made a history of three checks.
func checkedLongAgo(b *testing.B, home string, n int) {
	b.Helper()
	last := connector.PastReport(connector.Connector{Product: connector.Jira, Email: "mia@example.com"}, time.Now().AddDate(0, 0, -3))
	older := last
	for _, stage := range connector.Stages() {
		last.Stages = append(last.Stages, connector.Finding{Stage: stage, Verdict: connector.Working, Detail: "as it should be, and this is how it is known"})
	}
	s, err := store.Open(store.Options{Home: home, Now: time.Now})
	for i := range n {
		for _, r := range []connector.Report{older, older, last} {
			if err == nil {
				err = s.Remember(b.Context(), fmt.Sprintf("%08x-0000-4000-8000-000000000000", i), r)
			}
		}
	}
	if err == nil {
		err = s.SaveOutcomes(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
}
