package cli

import (
	"strings"
	"testing"

	"saasconnect/ui/cli/roster"
)

// TestByteOrderMark: Excel takes a CSV file without one for another encoding. It is written where it is
// asked for and, on Windows, into files; never into what PowerShell would read and write again, nor
// into JSON.
func TestByteOrderMark(t *testing.T) {
	for args, want := range map[string][2]bool{ // on Linux, on Windows
		"export":                        {false, false},
		"export --bom":                  {true, true},
		"export -o customers.csv":       {false, true},
		"export -o customers.csv --bom": {true, true},
		"export -o customers.json":      {false, false},
		"export --json --bom":           {false, false},
	} {
		for i, system := range []string{"linux/amd64", "windows/amd64"} {
			out := testOutside(&fakeStore{entries: savedEntries(t, "a")})
			out.Build.System = system
			written := ""
			out.WriteFile = func(_ string, data []byte) error { written = string(data); return nil }
			got := playOn(t.Context(), out, "", strings.Fields(args)...)
			if got.code != exitOK || strings.HasPrefix(got.out+written, roster.ByteOrderMark) != want[i] {
				t.Errorf("%s on %s: exit %d, %.20q", args, system, got.code, got.out+written)
			}
		}
	}
}
