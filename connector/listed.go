package connector

import "time"

// Listed is a connector as a list shows it: with what its newest check came to, and without
// its reports, so that nobody takes a part of a report for the whole.
type Listed struct {
	Connector
	Last *Outcome // nil where it was never checked
}

// Outcome is what a check came to, and when.
type Outcome struct {
	Verdict Verdict
	Code    Code
	At      time.Time
}

// Listed is the entry as a list shows it.
func (e Entry) Listed() Listed {
	return Listed{e.Connector, e.Last().Outcome()}
}

// Outcome is what a report came to; nil for none.
func (r *Report) Outcome() *Outcome {
	if r == nil {
		return nil
	}
	return &Outcome{r.Verdict, r.Code, r.At}
}
