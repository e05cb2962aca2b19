package connector

// Whether a connector stands in SaaSAssure as it is here. SaaSAssure has no public API, so only the
// person who entered it there can say so; then the day is recorded (Connector.Entered).

// EnteredState is whether a connector stands in SaaSAssure, as far as a person said. Its text is what
// JSON has.
type EnteredState string

// The states.
const (
	EnteredNot   EnteredState = "not-entered"
	EnteredNow   EnteredState = "entered"
	EnteredAgain EnteredState = "enter-again" // its token was replaced after it was entered
)

// EnteredState is the state of the connector. A change of its URL or email takes the record away, so
// what makes it stale is another token.
func (c Connector) EnteredState() EnteredState {
	switch {
	case c.Entered.At.IsZero():
		return EnteredNot
	case c.TokenSince.After(c.Entered.At):
		return EnteredAgain
	}
	return EnteredNow
}

// EnteredWords say it for a page about the connector: "since 3 Oct 2026", "not yet".
func (c Connector) EnteredWords() string {
	switch c.EnteredState() {
	case EnteredNow:
		return "since " + DateOf(c.Entered.At).Words()
	case EnteredAgain:
		return "token replaced since " + DateOf(c.Entered.At).Words() + ": enter it again"
	case EnteredNot:
	}
	return "not yet"
}

// RenewsEntry reports whether entering it in SaaSAssure most likely means another token for what
// stands there: it was entered, or its token was replaced since it was added.
func (c Connector) RenewsEntry() bool {
	return c.EnteredState() == EnteredAgain || !c.Replaced.At.IsZero()
}

// IsMarked reports whether a connector is marked so already. One whose token was replaced after it was
// entered is neither: it is to be entered again, or not to be there.
func (c Connector) IsMarked(entered bool) bool {
	if entered {
		return c.EnteredState() == EnteredNow
	}
	return c.EnteredState() == EnteredNot
}
