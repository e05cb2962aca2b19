package connector

import (
	"fmt"

	"saasconnect/atlassian"
)

// Conclude turns observations into a report. It is pure: the same request and observations, in any
// order, give the same report.
//
// Its rules, each checked by a test:
//
//   - "ok" needs an account id from the product's own identity call, no sign of a failed login, and
//     the admin right.
//   - A token is reported as refused only where Atlassian itself refused it.
//   - There is exactly one diagnosis.
//   - Every verdict but Working has a remedy.
//   - What the account can see leads to Attention at most.
func Conclude(q CheckRequest, seen []atlassian.Observation) Report {
	f := newFacts(q, seen)
	r := Report{
		Product: q.Product, Site: q.Site, Email: q.Email,
		CloudID: f.by[atlassian.CallTenant].CloudID, Admin: f.admin(), Identity: f.who(), At: q.Now,
	}
	r.Coverage = f.coverage()
	for _, d := range diagnoses() {
		switch {
		case !d.when(f):
		case r.Code == "":
			r.diagnose(d, f)
		case d.verdict == Attention:
			r.Also = append(r.Also, d.code)
		}
	}
	if r.Code == CodeSiteRenamed {
		r.NewSite, _, _ = atlassian.ParseSite(f.by[f.moved()].Redirect)
	}
	if r.Code == CodeRateLimited {
		r.RetryAfter = max(f.by[f.deciding()].RetryAfter, 0)
	}
	r.Stages = f.stages(r, false)
	r.Evidence = f.evidence(r)
	if r.Evidence != nil && r.Evidence.Reason != "" && !r.Good() {
		r.Why += fmt.Sprintf(" Atlassian says: “%s”", r.Evidence.Reason)
	}
	return r
}

func (r *Report) diagnose(d diagnosis, f *facts) {
	w := d.words(f)
	r.Code, r.Verdict, r.Keepable = d.code, d.verdict, d.keepable
	r.Title, r.Why, r.Remedies = inCloud(r.Site, w.title), inCloud(r.Site, w.why), w.remedies
	for i := range r.Remedies {
		r.Remedies[i].Do, r.Remedies[i].URL = inCloud(r.Site, r.Remedies[i].Do), inCloud(r.Site, r.Remedies[i].URL)
	}
	if d.keepable && !r.Good() && !f.q.Saved {
		r.Remedies = append(r.Remedies, Remedy{Do: "Save anyway and check later", Action: ActKeep})
	}
}

// TitleOf returns the title of a code in r.Also, as a sentence. For other codes it is the report's
// own.
func TitleOf(code Code, r Report) string {
	switch code {
	case CodeEmailDiffers:
		if r.Identity != nil && r.Identity.Email != "" {
			return "The account's email is " + r.Identity.Email + ", not " + r.Email
		}
		return "The account has another email than the one entered"
	case CodeServiceAccount:
		return "This is a service account or an app, not a person's account"
	case CodeSeesNothing:
		return "The account can't open any " + CoverageNoun(r.Product, 1)
	case CodeSeesPart:
		return "The account can't open every " + CoverageNoun(r.Product, 1)
	case CodeSeesLess:
		return "The account sees far fewer " + CoverageNoun(r.Product, 2) + " than before"
	case CodeExpiresSoon:
		return "The token expires soon"
	}
	return r.Title
}

// who returns the identity of the account that was found; nil for none.
func (f *facts) who() *Identity {
	p := f.person()
	if p == nil {
		return nil
	}
	return &Identity{ID: p.ID, Name: p.Name, Email: p.Email}
}

// evidence returns the call that decided the report; nil where that call was not made.
func (f *facts) evidence(r Report) *Evidence {
	call := f.deciding()
	switch r.Code {
	case CodeNoSuchSite:
		if f.of(atlassian.CallTenant) == classMissing {
			call = atlassian.CallTenant
		}
	case CodeSiteRenamed:
		call = f.moved()
	case CodeTokenScoped, CodeScopeMissing:
		if f.of(atlassian.CallGateway) != classNone {
			call = atlassian.CallGateway
		}
	case CodeTokenRefused, CodeTokenExpired, CodeCaptcha, CodeAccountInactive, CodeProductMissing:
		call = atlassian.CallIdentity
	}
	o, made := f.by[call]
	if !made {
		return nil
	}
	seen := &Evidence{Call: callWords(o), Host: o.Host, Status: o.Status, TraceID: o.TraceID, At: o.At, Attempts: o.Attempts}
	if c := f.of(call); c != classForeign && c != classMissing && o.Edge || c == classForbidden {
		seen.Reason = o.Reason // only where Atlassian itself answered
	}
	return seen
}

// ConcludeStorage returns the report of a saved connector whose token could not be read; err is
// the store's error. Atlassian was not called.
func ConcludeStorage(q CheckRequest, err error) Report {
	t := Explain(err)
	r := Report{
		Product: q.Product, Site: q.Site, Email: q.Email, At: q.Now,
		Code: CodeTokenLocked, Verdict: Unknown, Keepable: true, Title: t.Title,
		Why:      t.Why + " Nothing was sent to Atlassian.",
		Remedies: []Remedy{{Do: t.Remedy, Action: ActUnlock}, {Do: "Check again", Action: ActRetry}},
	}
	if tokenGone(err) {
		r.Code, r.Verdict = CodeTokenMissing, Failing
		r.Remedies = []Remedy{{Do: t.Remedy, Action: ActReplace}, {Do: "Check again", Action: ActRetry}}
	}
	for _, s := range Stages() {
		finding := Finding{Stage: s, Verdict: Skipped}
		if s == StageSignIn {
			finding.Verdict, finding.Detail = r.Verdict, Inside(t.Title)
		}
		r.Stages = append(r.Stages, finding)
	}
	return r
}

// SiteFinding returns the finding of the Site stage for the answer of [Observer.Lookup], which
// sends no credentials.
func SiteFinding(site atlassian.Site, seen atlassian.Observation) Finding {
	f := newFacts(CheckRequest{Site: site}, []atlassian.Observation{seen})
	finding := Finding{Stage: StageSite, Took: seen.Took, Verdict: Unknown, Detail: "couldn't be looked up; the check will tell"}
	switch f.of(atlassian.CallTenant) {
	case classAccepted:
		finding.Verdict, finding.Detail = Working, site.Host()+" answers"
	case classMissing:
		finding.Verdict, finding.Detail = Failing, "there is no Atlassian site at "+site.Host()
	case classMoved:
		finding.Verdict, finding.Detail = Failing, "the site has been renamed: "+seen.Redirect
	case classForeign:
		finding.Detail = "something other than Atlassian answered; the check will tell"
	case classFault:
		finding.Detail = Inside(Conclude(CheckRequest{Site: site}, []atlassian.Observation{seen}).Title)
	case classNone, classAnonymous, classRefused, classForbidden, classScope, classCaptcha, classIP, classPassword,
		classThrottled, classTrouble, classOdd:
	}
	return finding
}
