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

// RenewsEntry reports whether SaaSAssure has a connector for it already, whose token is to be
// replaced there: it was marked as entered, with this token or an earlier one, and its token was
// replaced here.
func (c Connector) RenewsEntry() bool {
	return c.EnteredState() == EnteredAgain || c.EnteredState() == EnteredNow && !c.Replaced.At.IsZero()
}

// RevokeWords returns what to do after the token of all was replaced. The token page's address
// follows it.
func RevokeWords(all ...Connector) string {
	for _, c := range all {
		if c.EnteredState() != EnteredNot {
			return RevokeAfter
		}
	}
	subject := "It isn't"
	if len(all) > 1 {
		subject = "They aren't"
	}
	return subject + " marked as entered in SaaSAssure yet: enter the URL, email and new token there first. Then revoke the old token, which works at Atlassian until you do:"
}

// IsMarked reports whether marking the connector as entered (or not entered) changes nothing. One
// whose token was replaced after it was entered is in neither state, so both marks change it.
func (c Connector) IsMarked(entered bool) bool {
	if entered {
		return c.EnteredState() == EnteredNow
	}
	return c.EnteredState() == EnteredNot
}
