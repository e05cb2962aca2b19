package connector

import (
	"strings"

	"saasconnect/atlassian"
)

// The codes. Scripts rely on them, so they don't change.
const (
	CodeOK              Code = "ok"
	CodeExpiresSoon     Code = "expires-soon"
	CodeTokenScoped     Code = "token-scoped"
	CodeEmailDiffers    Code = "email-differs"
	CodeServiceAccount  Code = "service-account"
	CodeSeesNothing     Code = "sees-nothing"
	CodeSeesPart        Code = "sees-part"
	CodeSeesLess        Code = "sees-less"
	CodeNotAdmin        Code = "not-admin"
	CodeNoProductAccess Code = "no-product-access"
	CodeProductMissing  Code = "product-missing"
	CodeScopeMissing    Code = "scope-missing"
	CodeAccountInactive Code = "account-inactive"
	CodeTokenRefused    Code = "token-refused"
	CodeTokenExpired    Code = "token-expired"
	CodeNotAnAPIToken   Code = "not-an-api-token"
	CodeCaptcha         Code = "captcha"
	CodeIPBlocked       Code = "ip-blocked"
	CodeNoSuchSite      Code = "no-such-site"
	CodeSiteRenamed     Code = "site-renamed"
	CodeAdminUnknown    Code = "admin-unknown"
	CodeRateLimited     Code = "rate-limited"
	CodeTrouble         Code = "atlassian-trouble"
	CodeNotAtlassian    Code = "not-atlassian"
	CodeUnreachable     Code = "unreachable"
	CodeTimedOut        Code = "timed-out"
	CodeTLSUntrusted    Code = "tls-untrusted"
	CodeTLSInvalid      Code = "tls-invalid"
	CodeProxyRefused    Code = "proxy-refused"
	CodeTokenMissing    Code = "token-missing"
	CodeTokenLocked     Code = "token-locked"
	CodeUnrecognized    Code = "unrecognised"
)

// diagnosis is one row of the table: a cause with its code, the condition for it, and its words.
type diagnosis struct {
	code     Code
	verdict  Verdict
	stage    Stage
	keepable bool // a new connector in this state may be saved: it is fixed elsewhere, or may pass
	when     func(*facts) bool
	words    func(*facts) words
}

// words are the title (what is true), the reason (how we know) and the remedies (what to do).
type words struct {
	title, why string
	remedies   []Remedy
}

// diagnoses returns the table of all diagnoses of a check, in order of precedence: the first row
// whose condition holds is the diagnosis. A specific row comes before the general one that would
// include it. The Attention rows and "ok" come last; further Attention rows that hold go into
// Report.Also.
func diagnoses() []diagnosis {
	fault := func(kinds ...atlassian.FaultKind) func(*facts) bool {
		return func(f *facts) bool { return f.faultIs(kinds...) }
	}
	return []diagnosis{
		// No answer from Atlassian, so nothing is known about the token.
		{CodeProxyRefused, Unknown, StageSite, true, fault(atlassian.FaultProxyUnreach, atlassian.FaultProxyName, atlassian.FaultProxyAuth, atlassian.FaultProxyRefused,
			atlassian.FaultProxyTLS, atlassian.FaultProxyAddress), sayProxyRefused},
		{CodeUnreachable, Unknown, StageSite, true, fault(atlassian.FaultName, atlassian.FaultRefusedConn, atlassian.FaultUnreachable,
			atlassian.FaultReset, atlassian.FaultCutOff), sayUnreachable},
		{CodeTimedOut, Unknown, StageSite, true, fault(atlassian.FaultTimeout), sayTimedOut},
		{CodeTLSUntrusted, Unknown, StageSite, true, fault(atlassian.FaultUntrusted), sayTLSUntrusted},
		{CodeTLSInvalid, Unknown, StageSite, true, fault(atlassian.FaultExpired, atlassian.FaultNotYet, atlassian.FaultWrongHost, atlassian.FaultWeak,
			atlassian.FaultSerial, atlassian.FaultProtocol, atlassian.FaultHandshake, atlassian.FaultNotTLS, atlassian.FaultClientCert), sayTLSInvalid},
		{CodeNotAtlassian, Unknown, StageSite, true, (*facts).foreign, sayNotAtlassian},

		// The site.
		{CodeNoSuchSite, Failing, StageSite, false, (*facts).siteMissing, sayNoSuchSite},
		{CodeSiteRenamed, Failing, StageSite, false, func(f *facts) bool { return f.moved() != "" }, saySiteRenamed},

		// Sign-in.
		{CodeCaptcha, Failing, StageSignIn, false, is(classCaptcha), sayCaptcha},
		{CodeIPBlocked, Failing, StageSignIn, true, is(classIP), sayIPBlocked},
		{CodeNotAnAPIToken, Failing, StageSignIn, false, is(classPassword), sayNotAnAPIToken},
		{CodeTokenScoped, Failing, StageSignIn, false, (*facts).scoped, sayTokenScoped},
		{CodeScopeMissing, Failing, StageProduct, false, (*facts).scopeMissing, sayScopeMissing},
		{CodeTokenExpired, Failing, StageSignIn, false, func(f *facts) bool { return f.tokenRefused() && f.expired() }, sayTokenExpired},
		{CodeTokenRefused, Failing, StageSignIn, false, (*facts).tokenRefused, sayTokenRefused},
		{CodeAccountInactive, Failing, StageSignIn, false, (*facts).inactive, sayAccountInactive},

		// The product, and the right to administer it.
		{CodeProductMissing, Failing, StageProduct, false, (*facts).productMissing, sayProductMissing},
		{CodeNoProductAccess, Failing, StageProduct, true, (*facts).noAccess, sayNoProductAccess},
		{CodeNotAdmin, Failing, StageAdmin, true, func(f *facts) bool { return f.signedIn() && f.admin() != nil && !f.isAdmin() }, sayNotAdmin},

		// Atlassian answered, but the answer doesn't decide.
		{CodeRateLimited, Unknown, StageSignIn, true, decides(classThrottled), sayRateLimited},
		{CodeTrouble, Unknown, StageSignIn, true, decides(classTrouble), sayTrouble},
		{CodeAdminUnknown, Unknown, StageAdmin, true, func(f *facts) bool { return f.signedIn() && f.admin() == nil }, sayAdminUnknown},
		{CodeUnrecognized, Unknown, StageSignIn, true, func(f *facts) bool { return !f.verified() }, sayUnrecognized},

		// It works.
		{CodeEmailDiffers, Attention, StageSignIn, true, (*facts).emailDiffers, sayEmailDiffers},
		{CodeServiceAccount, Attention, StageSignIn, true, (*facts).serviceAccount, sayServiceAccount},
		{CodeSeesNothing, Attention, StageCoverage, true, (*facts).seesNothing, saySeesNothing},
		{CodeSeesPart, Attention, StageCoverage, true, (*facts).seesPart, saySeesPart},
		{CodeSeesLess, Attention, StageCoverage, true, (*facts).seesLess, saySeesLess},
		{CodeExpiresSoon, Attention, StageExpiry, true, (*facts).expiresSoon, sayExpiresSoon},
		{CodeOK, Working, "", true, (*facts).verified, sayOK},
	}
}

// before returns the diagnoses of a saved connector whose token could not be read. No call is made
// then, so they are apart from the table and have no condition or words (see [ConcludeStorage]).
func before() []diagnosis {
	return []diagnosis{
		{CodeTokenMissing, Failing, StageSignIn, true, nil, nil},
		{CodeTokenLocked, Unknown, StageSignIn, true, nil, nil},
	}
}

// Codes returns every code, in order of precedence.
func Codes() []Code {
	var codes []Code
	for _, d := range append(before(), diagnoses()...) {
		codes = append(codes, d.code)
	}
	return codes
}

// About returns a code's verdict and the stage that it belongs to; "" for an unknown code.
func About(c Code) (Verdict, Stage) {
	for _, d := range append(before(), diagnoses()...) {
		if d.code == c {
			return d.verdict, d.stage
		}
	}
	return "", ""
}

// verified reports whether the connection works: the product's own identity call returned an
// account id with no sign of a failed login, the account is active and has the admin right.
func (f *facts) verified() bool { return f.signedIn() && !f.inactive() && f.isAdmin() }

func (f *facts) faultIs(kinds ...atlassian.FaultKind) bool {
	fault := f.fault()
	if fault == nil {
		return false
	}
	for _, k := range kinds {
		if fault.Kind == k {
			return true
		}
	}
	return false
}

// is returns a condition: the identity call, or after a 403 Jira's identity call, or when signed
// in the call for permissions got an answer of class c.
func is(c class) func(*facts) bool {
	return func(f *facts) bool {
		return f.identity() == c || f.identity() == classForbidden && f.of(atlassian.CallJiraIdentity) == c ||
			f.signedIn() && f.of(atlassian.CallPermissions) == c
	}
}

// decides returns a condition: the deciding call got an answer of class c.
func decides(c class) func(*facts) bool {
	return func(f *facts) bool { return f.of(f.deciding()) == c }
}

// foreign reports whether something other than Atlassian answered the deciding call. Malformed
// HTTP doesn't come from Atlassian either.
func (f *facts) foreign() bool {
	return f.of(f.deciding()) == classForeign || f.faultIs(atlassian.FaultMalformed)
}

// siteRefusesAlone reports whether the site refused email and token and the gateway accepted them,
// so that both are right. After a 403 the gateway is not called: it accepts tokens without scopes
// as well, so its answer would prove nothing.
func (f *facts) siteRefusesAlone() bool {
	return f.refused() && f.of(atlassian.CallGateway) == classAccepted &&
		f.of(atlassian.CallJiraIdentity) != classAccepted
}

// tokenRefused reports whether Atlassian itself did not accept email and token, at the site or
// elsewhere.
func (f *facts) tokenRefused() bool { return f.refused() && !f.siteRefusesAlone() }

// scoped reports whether the token has scopes, as far as is known: the site refuses it, the
// gateway accepts it, and neither CallScopes' answer nor an earlier acceptance by the site says
// otherwise.
func (f *facts) scoped() bool {
	return f.siteRefusesAlone() && !f.unscoped() && !f.q.AcceptedHere
}

// scopesProven reports whether the gateway said that the token's scopes don't match.
func (f *facts) scopesProven() bool { return f.of(atlassian.CallScopes) == classScope }

// unscoped reports whether CallScopes proves that the token has no scopes: the gateway allowed the
// call, or refused it for a missing permission. A token with scopes is refused for a missing
// scope.
func (f *facts) unscoped() bool {
	c := f.of(atlassian.CallScopes)
	return c == classAccepted || c == classForbidden
}

// scopeMissing reports whether the token has scopes, but not the one that the call needs.
func (f *facts) scopeMissing() bool {
	return (f.refused() || f.identity() == classForbidden) && f.of(atlassian.CallGateway) == classScope ||
		f.identity() == classScope || f.signedIn() && f.of(atlassian.CallPermissions) == classScope
}

// expired reports whether the expiry date that was set has passed.
func (f *facts) expired() bool {
	return !f.q.Expires.IsZero() && f.q.Expires.Before(DateOf(f.q.Now))
}

// productMissing reports whether the site exists without the product: Atlassian's edge has nothing
// at the product's address.
func (f *facts) productMissing() bool {
	return f.identity() == classMissing && f.of(atlassian.CallTenant) == classAccepted || f.noConfluenceHere()
}

// noConfluenceHere reports whether a 401 means that the site has no Confluence. The gateway then
// knows no Confluence for the cloud id, and answers 404 with the category of its tenant lookup
// (FAILURE_CLIENT_TCS, recorded by minutehand on 2026-10-08).
func (f *facts) noConfluenceHere() bool {
	gateway := f.by[atlassian.CallGateway]
	return f.q.Product == Confluence && f.identity() == classRefused && f.of(atlassian.CallTenant) == classAccepted &&
		gateway.Status == 404 && strings.HasSuffix(gateway.FailureCategory, "_TCS")
}

// noAccess reports whether the account has no access to Confluence: Confluence says 403, and Jira
// on the same site signs the account in.
func (f *facts) noAccess() bool {
	return f.q.Product == Confluence && f.identity() == classForbidden && f.of(atlassian.CallJiraIdentity) == classAccepted
}
