package connector

import (
	"strings"

	"saasconnect/atlassian"
)

// The codes. They are a contract: scripts rely on them.
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

// diagnosis is one row of the table: a named cause, when it holds, and what is said.
type diagnosis struct {
	code     Code
	verdict  Verdict
	stage    Stage
	keepable bool // a connector in this state may be saved: its cure lies elsewhere, or later
	when     func(*facts) bool
	words    func(*facts) words
}

// words are what a person reads: what is true, how we know, what to do.
type words struct {
	title, why string
	remedies   []Remedy
}

// diagnoses is THE table, in order of precedence: the first row that holds is the
// diagnosis. A more specific row stands before the one that it would be part of. The
// attention rows and ok come last; those of them that hold besides go into Report.Also.
func diagnoses() []diagnosis {
	fault := func(kinds ...atlassian.FaultKind) func(*facts) bool {
		return func(f *facts) bool { return f.faultIs(kinds...) }
	}
	return []diagnosis{
		// No answer from Atlassian: this says nothing about the token.
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

		// Atlassian answered, and did not say.
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

// before are the diagnoses of a saved connector whose token could not be read: they
// come before any request.
func before() []diagnosis {
	return []diagnosis{
		{CodeTokenMissing, Failing, StageSignIn, true, nil, nil},
		{CodeTokenLocked, Unknown, StageSignIn, true, nil, nil},
	}
}

// Codes lists every code there is, in order of precedence.
func Codes() []Code {
	var codes []Code
	for _, d := range append(before(), diagnoses()...) {
		codes = append(codes, d.code)
	}
	return codes
}

// About is what a code says: the verdict, and the stage of the checklist that it is about; zero for a
// code that no check ends in.
func About(c Code) (Verdict, Stage) {
	for _, d := range append(before(), diagnoses()...) {
		if d.code == c {
			return d.verdict, d.stage
		}
	}
	return "", ""
}

// verified is the law: an account id from the product's own identity call with no sign of
// a failed login, the product's access, and the admin right.
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

// is: the identity call, or the second opinion after it, was answered in this way.
func is(c class) func(*facts) bool {
	return func(f *facts) bool {
		return f.identity() == c || f.identity() == classForbidden && f.of(atlassian.CallJiraIdentity) == c ||
			f.signedIn() && f.of(atlassian.CallPermissions) == c
	}
}

// decides: the deciding call was answered in this way.
func decides(c class) func(*facts) bool {
	return func(f *facts) bool { return f.of(f.deciding()) == c }
}

// foreign: something else than Atlassian answered where it mattered. Malformed HTTP is no
// answer of Atlassian's either.
func (f *facts) foreign() bool {
	return f.of(f.deciding()) == classForeign || f.faultIs(atlassian.FaultMalformed)
}

// siteRefusesAlone: refused at the site, accepted at the gateway: so email and token are
// right. A 403 is no such refusal: the gateway takes tokens without scopes too, so its yes
// proves something only after a 401.
func (f *facts) siteRefusesAlone() bool {
	return f.refused() && f.of(atlassian.CallGateway) == classAccepted &&
		f.of(atlassian.CallJiraIdentity) != classAccepted
}

// tokenRefused: Atlassian itself did not accept email and token, here or elsewhere.
func (f *facts) tokenRefused() bool { return f.refused() && !f.siteRefusesAlone() }

// scoped: the site alone refuses, and nothing speaks against scopes: neither the gateway's
// answer to a call that only a token without them may make, nor that this very token was
// accepted by the site before.
func (f *facts) scoped() bool {
	return f.siteRefusesAlone() && !f.unscoped() && !f.q.AcceptedHere
}

// scopesProven: the gateway said that the token's scopes don't match.
func (f *facts) scopesProven() bool { return f.of(atlassian.CallScopes) == classScope }

// unscoped: the gateway let the token make, or refused for want of a right, a call that a
// token with scopes is refused for want of a scope.
func (f *facts) unscoped() bool {
	c := f.of(atlassian.CallScopes)
	return c == classAccepted || c == classForbidden
}

// scopeMissing: a token with scopes, and not even the one that is needed.
func (f *facts) scopeMissing() bool {
	return (f.refused() || f.identity() == classForbidden) && f.of(atlassian.CallGateway) == classScope ||
		f.identity() == classScope || f.signedIn() && f.of(atlassian.CallPermissions) == classScope
}

// expired: the day that was recorded as the token's last has passed.
func (f *facts) expired() bool {
	return !f.q.Expires.IsZero() && f.q.Expires.Before(DateOf(f.q.Now))
}

// productMissing: the site is there, and Atlassian's edge has nothing at the product's
// address.
func (f *facts) productMissing() bool {
	return f.identity() == classMissing && f.of(atlassian.CallTenant) == classAccepted || f.noConfluenceHere()
}

// noConfluenceHere: a site without Confluence may answer 401 like a refusal; then the
// gateway knows no Confluence under the site's cloud id, and says so with 404 and the
// category of its tenant look-up (FAILURE_CLIENT_TCS, seen by minutehand on 2026-10-08).
func (f *facts) noConfluenceHere() bool {
	gateway := f.by[atlassian.CallGateway]
	return f.q.Product == Confluence && f.identity() == classRefused && f.of(atlassian.CallTenant) == classAccepted &&
		gateway.Status == 404 && strings.HasSuffix(gateway.FailureCategory, "_TCS")
}

// noAccess: Confluence says 403, and Jira on the same site knows who is asking.
func (f *facts) noAccess() bool {
	return f.q.Product == Confluence && f.identity() == classForbidden && f.of(atlassian.CallJiraIdentity) == classAccepted
}
