package connector

// ShortReason returns a diagnosis in the fewest words, for a column: "no admin right". The
// verdict's mark is shown in front of it, so it doesn't repeat the verdict. An unknown code is
// returned as it is.
func ShortReason(code Code) string {
	if words, known := shortReasons()[code]; known {
		return words
	}
	return string(code)
}

// Reason returns the outcome's cause in the fewest words; the verdict where no cause is known.
func (o Outcome) Reason() string {
	if o.Code == "" {
		return string(o.Verdict)
	}
	return ShortReason(o.Code)
}

// LongestReason is the largest number of characters of a short reason.
const LongestReason = 20

// shortReasons returns the words for each code; a test checks that none is missing.
func shortReasons() map[Code]string {
	return map[Code]string{
		CodeOK:              "working",
		CodeExpiresSoon:     "expires soon",
		CodeTokenScoped:     "token has scopes",
		CodeEmailDiffers:    "another email",
		CodeServiceAccount:  "service account",
		CodeSeesNothing:     "sees nothing",
		CodeSeesPart:        "sees a part",
		CodeSeesLess:        "sees less now",
		CodeNotAdmin:        "no admin right",
		CodeNoProductAccess: "no access",
		CodeProductMissing:  "no such product",
		CodeScopeMissing:    "scope missing",
		CodeAccountInactive: "account inactive",
		CodeTokenRefused:    "refused (401)",
		CodeTokenExpired:    "token expired",
		CodeNotAnAPIToken:   "not an API token",
		CodeCaptcha:         "CAPTCHA needed",
		CodeIPBlocked:       "IP blocked",
		CodeNoSuchSite:      "no such site",
		CodeSiteRenamed:     "site renamed",
		CodeAdminUnknown:    "admin unclear",
		CodeRateLimited:     "rate limited",
		CodeTrouble:         "Atlassian trouble",
		CodeNotAtlassian:    "not Atlassian",
		CodeUnreachable:     "can't connect",
		CodeTimedOut:        "no answer",
		CodeTLSUntrusted:    "untrusted cert",
		CodeTLSInvalid:      "invalid cert",
		CodeProxyRefused:    "proxy refused",
		CodeTokenMissing:    "token not found",
		CodeTokenLocked:     "token locked",
		CodeUnrecognized:    "unclear answer",
	}
}

// ShortEntered is [Connector.EnteredWords] for a column: "since 3 Oct", "enter again", "not yet".
func (c Connector) ShortEntered(today Date) string {
	switch c.EnteredState() {
	case EnteredNow:
		day := DateOf(c.Entered.At)
		if day.t.Year() != today.t.Year() {
			return "since " + day.Month()
		}
		return "since " + day.t.Format("2 Jan")
	case EnteredAgain:
		return "enter again"
	case EnteredNot:
	}
	return "not yet"
}
