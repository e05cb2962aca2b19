package cli_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// This file weighs the real program from outside, while servers feed it far more than fits.

// most is the most memory that a check may ever hold, in kilobytes. Under the race detector the
// scale itself holds some 27 MB, and nothing below that is seen.
const most = 64 << 10

// weighed runs a program on the scale. The second result is the most it held, in kilobytes.
func weighed(t *testing.T, cmd *exec.Cmd) (programEnd, int64) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "used")
	cmd.Args = append([]string{self, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = self
	cmd.Env = append(cmd.Env, weighing+"="+file)
	end := runs(t, cmd)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var used syscall.Rusage
	if err := json.Unmarshal(data, &used); err != nil || used.Maxrss == 0 {
		t.Fatalf("%v in %s", err, data)
	}
	return end, used.Maxrss
}

// TestMemoryFromOutside feeds the program far more than fits.
func TestMemoryFromOutside(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for range 64 { // unpacked, each of the streams below has four megabytes
		_, _ = z.Write(make([]byte, 64<<10))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	const ok = "HTTP/1.1 200 OK\r\nServer: AtlassianEdge\r\nContent-Type: application/json\r\n"
	block := strings.Repeat(" ", 64<<10)
	least, lightest := runWeighed(t, says("HTTP/1.1 404 Not Found\r\nAtl-Missing-Tcs: true\r\nContent-Length: 0\r\n\r\n"))
	if least.code() != "no-such-site" || lightest > most/2 {
		t.Errorf("the smallest check of all holds %d KB: %s", lightest, least)
	}
	t.Logf("%6d KB for a check that brings nothing", lightest)
	for _, c := range []struct {
		name string
		talk talk
		code []string
	}{
		{"a body of 100 MB", pours(ok+"Content-Length: 104857600\r\n\r\n", block, 100<<20), []string{"unrecognised"}},
		{"a bomb of gzip", pours(ok+"Content-Encoding: gzip\r\n\r\n", packed.String(), 1<<20), []string{"unrecognised"}},
		{"a small bomb of gzip", says(ok + fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", packed.Len()) + packed.String()), []string{"unrecognised"}},
		{"a body without an end", pours(ok+"\r\n{", block, 0), []string{"unrecognised"}},
		{"a body without an end, in chunks", pours(ok+"Transfer-Encoding: chunked\r\n\r\n", "10000\r\n"+block+"\r\n", 0), []string{"unrecognised"}},
		{"a body of JSON, nested without an end", pours(ok+"\r\n", strings.Repeat(`{"accountId":[`, 4096), 0), []string{"unrecognised"}},
		{"megabytes of headers", pours("HTTP/1.1 200 OK\r\n", strings.Repeat("X-Padding: "+block[:1000]+"y\r\n", 64), 100<<20), []string{"not-atlassian"}},
		{"one header without an end", pours("HTTP/1.1 200 OK\r\nX-Padding: ", strings.Repeat("y", 64<<10), 0), []string{"not-atlassian"}},
		{"answers of 1xx without an end", pours("", strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 1000), 0), []string{"not-atlassian"}},
		{"a status line without an end", pours("HTTP/1.1 200 ", block, 0), []string{"not-atlassian"}},
		{"an answer of the proxy without an end", unendingProxy, []string{"proxy-refused"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			end, held := runWeighed(t, c.talk)
			if held > most {
				t.Errorf("the program held %d KB", held)
			}
			if end.exit != 3 || !slices.Contains(c.code, end.code()) {
				t.Errorf("want one of %v with exit 3: %s", c.code, end)
			}
			t.Logf("%6d KB, %d ms", held, end.took.Milliseconds())
		})
	}
}

func runWeighed(t *testing.T, say talk) (programEnd, int64) {
	t.Helper()
	return weighed(t, checks(t, openHostile(t, say), "jira", "--json", "--timeout", "10s"))
}

// unendingProxy answers CONNECT with a header that never ends.
func unendingProxy(_ *hostile, conn net.Conn) {
	_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
	for err == nil {
		_, err = io.WriteString(conn, "X: "+strings.Repeat("y", 64<<10)+"\r\n")
	}
}
