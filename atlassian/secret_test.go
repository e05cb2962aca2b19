package atlassian

import "testing"

// What is put together here is no token.
func TestLooksSecret(t *testing.T) {
	for text, want := range map[string]bool{
		"ATAT" + "T3xFf": true, "see ATAT" + "T3xFf": true, "xATAT" + "T3xFf": true, "AT" + "BBx7q": true, "mia@example.com:AT" + "BBx7q": true,
		"KEY=AT" + "TA12f": true, "\"AT" + "OA_x-": true, "first MANHATTAN, then AT" + "TAc0ffee": true, "ATTA ATTA AT" + "TAc0f": true,
		"": false, "ATATT3": false, "MANHATTAN FOODS": false, "WATTAGE GMBH": false, "ATTACK LTD": false, "THATCTR": false, "ATTA & CO": false, "ATBB": false,
		"Manhattan": false, "acme-jira": false,
	} {
		if got := LooksSecret(text); got != want {
			t.Errorf("LooksSecret(%q) = %v", text, got)
		}
	}
}
