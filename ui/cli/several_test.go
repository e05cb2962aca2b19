package cli

import (
	"slices"
	"strings"
	"testing"

	"saasconnect/connector"
)

// TestSeveral: what can't be done for one keeps no other from being done.
func TestSeveral(t *testing.T) {
	left := &fakeStore{entries: savedEntries(t, "a", "b"), left: &connector.StorageError{Kind: connector.StorageKeyring, Why: connector.StorageWhyLocked}}
	got := play(t.Context(), left, "SAASCONNECT_ROLE=global-admin", "remove", "a", "b", "--yes")
	if got.code != 4 || strings.Join(left.calls, ", ") != "remove id-a, remove id-b" || strings.Count(got.out, "was not deleted") != 2 {
		t.Errorf("%+v after %q", got, left.calls)
	}
	got = play(t.Context(), left, "SAASCONNECT_ROLE=global-admin", "remove", "a", "b", "--yes", "--json")
	if got.code != 4 || strings.Count(got.out, `"left_in": "keyring"`) != 2 {
		t.Errorf("%+v", got)
	}
	marked := &fakeStore{entries: savedEntries(t, "a", "b")}
	got = play(t.Context(), marked, "SAASCONNECT_ROLE=global-admin", "mark-entered", "--all")
	if got.code != 0 || strings.Count(got.out, "in SaaSAssure since 23 Nov 2026.") != 2 {
		t.Errorf("%+v after %q", got, marked.calls)
	}
}

func TestWorst(t *testing.T) {
	for want, exits := range map[int][]int{
		0: nil, 4: {0, 1, 4, 3}, 130: {4, 130}, 6: {2, 6, 5}, 2: {2, 1}, 3: {0, 3}, 5: {5, 2, 0},
	} {
		slices.Reverse(exits)
		if got := worstExit(exits); got != want {
			t.Errorf("%v: %d", exits, got)
		}
	}
}
