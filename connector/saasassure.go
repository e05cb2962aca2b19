package connector

// Whether a connector has been entered in SaaSAssure with its current values. SaaSAssure has no
// public API, so only the person who entered it can tell; [Connector.Entered] records who said so,
// and when.

// EnteredState says whether a connector has been entered in SaaSAssure. Its text is part of the
// JSON output.
type EnteredState string

// The states.
const (
	EnteredNot   EnteredState = "not-entered"
	EnteredNow   EnteredState = "entered"
	EnteredAgain EnteredState = "enter-again" // its token was replaced after it was entered
)

// EnteredState returns the connector's state. A change of its URL or email clears c.Entered, so
// only a replaced token can make the entry out of date.
func (c Connector) EnteredState() EnteredState {
	switch {
	case c.Entered.At.IsZero():
		return EnteredNot
	case c.TokenSince.After(c.Entered.At):
		return EnteredAgain
	}
	return EnteredNow
}

// EnteredWords returns the state for a page about the connector: "since 3 Oct 2026", "not yet".
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

// RenewsEntry reports whether SaaSAssure most likely has a connector for it already, whose token
// is to be replaced there: it was entered before, or its token was replaced here since it was
// added.
func (c Connector) RenewsEntry() bool {
	return c.EnteredState() == EnteredAgain || !c.Replaced.At.IsZero()
}

// IsMarked reports whether marking the connector as entered (or not entered) changes nothing. One
// whose token was replaced after it was entered is in neither state, so both marks change it.
func (c Connector) IsMarked(entered bool) bool {
	if entered {
		return c.EnteredState() == EnteredNow
	}
	return c.EnteredState() == EnteredNot
}
