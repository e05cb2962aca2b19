package connector_test

import (
	"testing"
	"time"

	"saasconnect/connector"
)

func entered(c connector.Connector, by connector.Stamp) connector.Connector {
	c.Entered = by
	return c
}

func TestEntered(t *testing.T) {
	day := time.Date(2026, 10, 3, 9, 0, 0, 0, time.UTC)
	c := connector.Connector{TokenSince: day}
	for name, s := range map[string]struct {
		connector.Connector
		state connector.EnteredState
		words string
	}{
		"never":             {c, connector.EnteredNot, "not yet"},
		"that day":          {entered(c, connector.Stamp{At: day.Add(time.Minute)}), connector.EnteredNow, "since 3 Oct 2026"},
		"replaced after it": {entered(connector.Connector{TokenSince: day.AddDate(0, 1, 0)}, connector.Stamp{At: day}), connector.EnteredAgain, "token replaced since 3 Oct 2026: enter it again"},
		"taken back":        {entered(entered(c, connector.Stamp{At: day}), connector.Stamp{}), connector.EnteredNot, "not yet"},
	} {
		if s.IsMarked(true) != (s.state == connector.EnteredNow) || s.IsMarked(false) != (s.state == connector.EnteredNot) {
			t.Errorf("%s: marked %v, not marked %v", name, s.IsMarked(true), s.IsMarked(false))
		}
		if got := s.EnteredState(); got != s.state || s.EnteredWords() != s.words {
			t.Errorf("%s: %s, %s", name, got, s.EnteredWords())
		}
	}
}
