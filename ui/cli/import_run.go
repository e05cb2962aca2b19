package cli

import (
	"cmp"
	"context"
	"strings"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// Checking the rows side by side. A row whose next question is another one than its check or its
// saving is not tried: no one is asked in the middle of a file.

// ending is how it ended.
type ending struct {
	stopped bool // interrupted before all were done
	notKept bool // something could not be saved
}

// flushLimit bounds saving what was checked before an interrupt.
const flushLimit = 10 * time.Second

// checkAndSaveRows checks and saves all rows that need it.
func (r *run) checkAndSaveRows(ctx context.Context, in *importRun) ending {
	checking, giveUp := context.WithCancel(ctx)
	defer giveUp()
	saving, endSaving := context.WithCancel(context.WithoutCancel(ctx))
	defer endSaving()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(flushLimit, endSaving) })()

	k := newSaver(r, in, giveUp)
	go k.run(saving)
	func() {
		defer k.end()
		if checks := in.begin(checking, k.take); len(checks) > 0 {
			r.checkRows(checking, in, checks, k.take)
		}
	}()
	if k.wrote {
		_ = r.world.Service().SaveOutcomes(ctx) // best effort: the connectors are what counts
	}
	return ending{stopped: ctx.Err() != nil, notKept: k.notKept}
}

// begin hands on the rows that need no check, and returns those that do. The others are not tried:
// they need an answer.
func (in *importRun) begin(ctx context.Context, ready func(*step)) (checks []*step) {
	for _, s := range in.steps {
		switch {
		case ctx.Err() != nil:
		case s.idle() || s.checked: // or its token could not be read
			ready(s)
		default:
			switch q := setup.Next(s.draft, in.known); {
			case q == setup.Check || q == setup.Save && s.check:
				checks = append(checks, s)
			case q == setup.Save:
				ready(s)
			default:
				s.needs = s.needWords(q, in.known)
			}
		}
	}
	return checks
}

// needWords say what is open about a row, and what answers it. What is asked about all rows has been
// answered before.
func (s *step) needWords(q setup.Question, known setup.Known) string {
	if q == setup.OtherAccount {
		report, _ := s.draft.Report()
		return "to be meant for another account: the token belongs to " + shown(report.Identity.Words()) + ", and the connector signed in as " +
			shown(s.old.Person().Words()) + ". Name the account's email in the column email, or say --yes"
	}
	if q != setup.AskConnection {
		return cmp.Or(s.storage, "an answer that a file can't give: saasconnect add and replace-token ask for it")
	}
	var parts []string
	for _, p := range setup.Problems(s.draft, known) {
		column := "another " + string(p.Field)
		if p.Field == setup.FieldToken {
			column = "token_env, token_command or token_file"
		}
		parts = append(parts, column+": "+connector.Inside(strings.TrimSuffix(p.Words, ".")))
	}
	return strings.Join(parts, "; ")
}

// checkRows checks rows, and hands on each as it lands.
func (r *run) checkRows(ctx context.Context, in *importRun, rows []*step, ready func(*step)) {
	drafts := make([]setup.Draft, len(rows))
	for i, s := range rows {
		drafts[i] = s.draft
	}
	finished, failing := 0, 0
	r.world.Service().CheckMany(ctx, drafts, in.parallel, func(c setup.Checked) {
		s := rows[c.At]
		s.checked, s.done = true, checked{of: s.is, kind: atlassian.KindUnknown, report: c.Report, before: r.before(ctx, s), gone: c.Gone}
		if _, receipt := s.draft.Token(); receipt.Kind != "" {
			s.done.kind = receipt.Kind
		}
		if c.Refused >= 0 {
			s.refused, s.did = rows[c.Refused], skipped
			s.done.report = s.refusal()
		} else {
			in.judge(s)
		}
		if finished++; s.done.report.Verdict == connector.Failing {
			failing++
		}
		r.progress(finished, len(rows), failing)
		ready(s)
	})
	r.progressDone(len(rows))
}

// judge decides what a row's report allows. What the flags and the row say is the answer to what
// its report asks: an email that the row changes is another account's.
func (in *importRun) judge(s *step) {
	s.draft.SetReport(s.done.report)
	s.draft.Share() // each row says itself what its connector gets
	if in.keepFailing {
		s.draft.SaveFailing()
	}
	if in.yes || s.old != nil && !strings.EqualFold(s.draft.Email(), s.old.Email) {
		s.draft.AcceptOtherAccount()
	}
	switch q := setup.Next(s.draft, in.known); {
	case q == setup.Failing || s.done.gone:
		s.did = failed
	case q != setup.Save:
		s.did, s.needs = failed, s.needWords(q, in.known)
	}
}
