package cli

import (
	"slices"
	"testing"

	"saasconnect/connector"
)

// TestEverySituationIsListed: whatever a situation's check ends in, it has a group of the list.
func TestEverySituationIsListed(t *testing.T) {
	all := []Situation{{Saved: true}, {StorageFault: "missing"}}
	for _, code := range connector.Codes() {
		all = append(all, Situation{Code: code})
	}
	for _, s := range all {
		if !slices.Contains(situationGroups(), s.group()) {
			t.Errorf("%+v is in the group %q, which is not listed", s, s.group())
		}
	}
}
