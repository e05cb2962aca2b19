package connector

import (
	"fmt"
	"slices"

	"saasconnect/atlassian"
)

// The stages: the checklist of a check, while it runs and when it is finished.

// ProgressOf returns the checklist for the observations so far. A stage without an answer is
// Waiting, and the first of them says what is being called.
func ProgressOf(q CheckRequest, seen []atlassian.Observation) Progress {
	f := newFacts(q, seen)
	r := Conclude(q, seen)
	return Progress(f.stages(r, true))
}

// stages returns one finding per stage. A stage that was not reached is Waiting while the check is
// running, and Skipped after it.
func (f *facts) stages(r Report, running bool) []Finding {
	done := []Finding{f.siteStage(), f.signInStage(r), f.productStage(r), f.adminStage(r), f.coverageStage(r), f.expiryStage(r)}
	open := false // an earlier stage has no answer yet, or failed
	for i := range done {
		switch {
		case open && done[i].Verdict == Waiting, !running && done[i].Verdict == Waiting:
			done[i].Verdict, done[i].Detail = Waiting, ""
			if !running {
				done[i].Verdict = Skipped
			}
		case done[i].Verdict == Waiting:
			open = true
		}
	}
	if !running {
		f.blame(r, done)
	}
	return done
}

// blame puts the diagnosis r into its own stage and clears other failures, so that exactly the
// stage that ended the check shows it.
func (f *facts) blame(r Report, stages []Finding) {
	if r.Verdict == Working || r.Verdict == Attention {
		return
	}
	at := f.stageOf(r.Code)
	for i := range stages {
		switch {
		case stages[i].Stage == at:
			stages[i].Verdict, stages[i].Detail = r.Verdict, Inside(r.Title)
		case stages[i].Verdict == Failing || stages[i].Verdict == Unknown:
			stages[i].Verdict, stages[i].Detail = Skipped, ""
		}
	}
}

// stageOf returns the stage that a diagnosis belongs to in this check: a fault, a rate limit or a
// 5xx belongs to the stage whose call met it.
func (f *facts) stageOf(code Code) Stage {
	var stage Stage
	for _, d := range diagnoses() {
		if d.code == code {
			stage = d.stage
		}
	}
	if stage == StageSite && f.of(atlassian.CallTenant) == classAccepted || stage == StageSignIn {
		switch {
		case f.signedIn() && f.deciding() == atlassian.CallPermissions && code != CodeTokenRefused && code != CodeTokenExpired && code != CodeAccountInactive:
			return StageAdmin
		case stage == StageSite:
			return StageSignIn
		}
	}
	return stage
}

func (f *facts) siteStage() Finding {
	s := Finding{Stage: StageSite, Verdict: Waiting, Detail: f.asking(atlassian.CallTenant, "looking up "+f.host()+" …"), Took: f.by[atlassian.CallTenant].Took}
	switch {
	case f.of(atlassian.CallTenant) == classAccepted, f.answered():
		s.Verdict, s.Detail = Working, f.host()+" answers"+f.tries(atlassian.CallTenant)
		if s.Took == 0 {
			s.Took = f.by[atlassian.CallIdentity].Took
		}
	case f.siteMissing():
		s.Verdict, s.Detail = Failing, "no site at "+f.host()
	case f.of(atlassian.CallTenant) != classNone && f.identity() != classNone:
		s.Verdict, s.Detail = Unknown, "not determined"
	}
	return s
}

// answered reports whether Atlassian itself answered the identity call, which proves that the site
// exists.
func (f *facts) answered() bool {
	switch f.identity() {
	case classAccepted, classAnonymous, classRefused, classForbidden, classCaptcha, classIP, classPassword, classScope:
		return true
	case classNone, classFault, classMissing, classMoved, classThrottled, classTrouble, classForeign, classOdd:
	}
	return false
}

func (f *facts) signInStage(r Report) Finding {
	s := Finding{Stage: StageSignIn, Verdict: Waiting, Detail: f.asking(atlassian.CallIdentity, "signing in …"), Took: f.by[atlassian.CallIdentity].Took}
	switch {
	case f.signedIn() && !f.inactive():
		s.Verdict, s.Detail = Working, f.who().Words()+f.tries(atlassian.CallIdentity)
		if r.Code == CodeEmailDiffers || r.Code == CodeServiceAccount || slices.Contains(r.Also, CodeEmailDiffers) || slices.Contains(r.Also, CodeServiceAccount) {
			s.Verdict = Attention
		}
	case f.noAccess():
		s.Verdict, s.Detail = Working, f.who().Words()
	case f.siteMissing() || f.identity() == classMissing && f.of(atlassian.CallTenant) == classAccepted:
		s.Verdict, s.Detail = Skipped, "not checked"
	case f.inactive():
		s.Verdict, s.Detail = Failing, "the account is deactivated"
	case f.refused(): // shown while one more call is in progress; blame replaces it at the end
		s.Verdict, s.Detail = Failing, "rejected, finding out why …"
	case f.identity() != classNone:
		s.Verdict, s.Detail = Unknown, "no answer that names the account"
	}
	return s
}

func (f *facts) productStage(r Report) Finding {
	s := Finding{Stage: StageProduct, Verdict: Waiting, Detail: "checking access to " + f.product() + " …"}
	switch {
	case f.signedIn():
		s.Verdict, s.Detail = Working, "has access to "+f.product()
	case f.productMissing() || f.noAccess() || r.Code == CodeScopeMissing:
		s.Verdict, s.Detail = Failing, "has no access to "+f.product()
	}
	return s
}

func (f *facts) adminStage(Report) Finding {
	s := Finding{Stage: StageAdmin, Verdict: Waiting, Detail: f.asking(atlassian.CallPermissions, "checking the admin right in "+f.product()+" …"), Took: f.by[atlassian.CallPermissions].Took}
	switch {
	case f.isAdmin():
		s.Verdict, s.Detail = Working, "administers "+f.product()+f.tries(atlassian.CallPermissions)
	case f.admin() != nil:
		s.Verdict, s.Detail = Failing, "doesn't administer "+f.product()
	case f.signedIn() && (f.q.Product == Confluence || f.of(atlassian.CallPermissions) != classNone):
		s.Verdict, s.Detail = Unknown, "not determined"
	}
	return s
}

func (f *facts) coverageStage(r Report) Finding {
	s := Finding{Stage: StageCoverage, Verdict: Waiting, Detail: f.asking(atlassian.CallCoverage, "counting what the account sees …"), Took: f.by[atlassian.CallCoverage].Took}
	switch {
	case !f.signedIn():
	case r.Coverage != nil:
		s.Verdict, s.Detail = Working, CoverageWords(f.q.Product, *r.Coverage)+f.tries(atlassian.CallCoverage)
		if f.seesNothing() || f.seesPart() || f.seesLess() {
			s.Verdict = Attention
		}
	case f.by[atlassian.CallCoverage].Status == 410:
		s.Verdict, s.Detail = Skipped, "Atlassian removed this call: update saasconnect"
	case f.of(atlassian.CallCoverage) != classNone:
		s.Verdict, s.Detail = Skipped, "not determined"
	}
	return s
}

func (f *facts) expiryStage(r Report) Finding {
	s := Finding{Stage: StageExpiry, Verdict: Skipped}
	switch last := f.lastDay(); {
	case r.Code == CodeTokenExpired:
		s.Detail = "expired " + last.Words()
	case last.IsZero():
		s.Detail = "expiry date not set"
	case f.q.Expires.IsZero():
		s.Verdict, s.Detail = Working, "expires by "+last.Words()
	case f.expired():
		s.Verdict, s.Detail = Working, "set to "+last.Words()+", which has passed"
	default:
		s.Verdict, s.Detail = Working, "expires "+last.Words()
	}
	passed := f.lastDay().Before(DateOf(f.q.Now))
	if s.Verdict == Working && (passed || r.Code == CodeExpiresSoon || slices.Contains(r.Also, CodeExpiresSoon)) {
		s.Verdict = Attention
	}
	return s
}

// asking returns the text of a stage whose call is in progress: usually, or why the call is
// repeated.
func (f *facts) asking(call atlassian.Call, usually string) string {
	o, again := f.again[call]
	switch {
	case !again:
		return usually
	case o.Status != 0:
		return fmt.Sprintf("trying again after a %d …", o.Status)
	}
	return "trying again after a broken connection …"
}

// tries returns ", on the second attempt" where the call was repeated; "" otherwise.
func (f *facts) tries(call atlassian.Call) string {
	if f.by[call].Attempts > 1 {
		return ", on the second attempt"
	}
	return ""
}
