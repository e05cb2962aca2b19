package cli

import (
	"strings"
	"testing"
)

// Two connectors of one name, as an edited file has them: a name means neither, an id one.
func TestAmbiguousNameIsRefused(t *testing.T) {
	for _, args := range []string{"show twin", "check twin", "remove twin --yes", "edit TWIN --account x", "exec twin -- true", "replace-token twin --token-env T", "move-token twin --to file", "export twin"} {
		entries := savedEntries(t, "twin", "other", "Twin")
		s := &fakeStore{entries: entries}
		got := play(t.Context(), s, "SAASCONNECT_ROLE=global-admin", strings.Fields(args)...)
		if got.code != 2 || len(s.calls) > 0 || !strings.Contains(got.err, "id-twin") || !strings.Contains(got.err, "id-Twin") {
			t.Errorf("%s: %+v after %q", args, got, s.calls)
		}
	}
	s := &fakeStore{entries: savedEntries(t, "twin", "other", "Twin")}
	if got := play(t.Context(), s, "SAASCONNECT_ROLE=global-admin", "remove", "id-Twin", "--yes"); got.code != 0 || strings.Join(s.calls, " ") != "remove id-Twin" {
		t.Errorf("by its id: %+v after %q", got, s.calls)
	}
	// A name that is another's id means the one with the id.
	s = &fakeStore{entries: savedEntries(t, "id-b", "b")}
	if got := play(t.Context(), s, "SAASCONNECT_ROLE=global-admin", "remove", "id-b", "--yes"); got.code != 0 || strings.Join(s.calls, " ") != "remove id-b" {
		t.Errorf("a name like an id: %+v after %q", got, s.calls)
	}
}
