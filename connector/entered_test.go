package connector_test

import (
	"testing"
	"time"

	"saasconnect/connector"
)

func TestEntered(t *testing.T) {
	day := time.Date(2026, 10, 3, 9, 0, 0, 0, time.UTC)
	c := connector.Connector{TokenSince: day}
	for name, s := range map[string]struct {
		connector.Connector
		state connector.EnteredState
		words string
	}{
		"never":             {c, connector.EnteredNot, "not yet"},
		"that day":          {c.MarkEntered(connector.Stamp{At: day.Add(time.Minute)}), connector.EnteredNow, "since 3 Oct 2026"},
		"replaced after it": {connector.Connector{TokenSince: day.AddDate(0, 1, 0)}.MarkEntered(connector.Stamp{At: day}), connector.EnteredAgain, "token replaced since 3 Oct 2026: enter it again"},
		"taken back":        {c.MarkEntered(connector.Stamp{At: day}).MarkEntered(connector.Stamp{}), connector.EnteredNot, "not yet"},
	} {
		if got := s.EnteredState(); got != s.state || s.EnteredWords() != s.words {
			t.Errorf("%s: %s, %s", name, got, s.EnteredWords())
		}
	}
}
