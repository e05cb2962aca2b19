package cli

import (
	"slices"
	"testing"

	"saasconnect/connector"
	"saasconnect/ui/practice"
)

// TestEverySituationIsListed: whatever a situation's check ends in, it has a group of the list.
func TestEverySituationIsListed(t *testing.T) {
	all := []practice.Situation{{Many: true}, {StorageFault: "missing"}}
	for _, code := range connector.Codes() {
		all = append(all, practice.Situation{Code: code})
	}
	for _, s := range all {
		if !slices.Contains(situationGroups(), situationGroup(s)) {
			t.Errorf("%+v is in the group %q, which is not listed", s, situationGroup(s))
		}
	}
}
