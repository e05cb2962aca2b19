package cli

import (
	"context"
	"slices"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// A command that changes something makes a setup.Draft and answers what is open about it, one
// question after the other: by a flag, else by the person at the terminal, else the program ends
// with the exit code 6 and the flag's name.

// task is a Draft with what is known about it, and with the answers that flags give.
type task struct {
	draft setup.Draft
	known setup.Known
	flags answerFlags

	looked bool        // known.Storages are what they were found to be
	saved  setup.Saved // what is in force after saving
	alone  []string    // those that most likely have the old token, and keep it since nobody was asked
}

// answerFlags are the flags that answer questions, and the words for what is to be done.
type answerFlags struct {
	role         string
	keepIn       connector.StorageKind // "": not said
	yes          bool                  // a duplicate is meant
	keepFailing  bool
	otherAccount bool
	shared       bool
	json         bool // no optional question is asked

	may  string // "add connectors": what the role has to allow
	need string // "add a Jira connector": what the letter to an admin asks for
}

// newTask begins a task about a Draft. entries are all connectors that are saved.
func (r *run) newTask(d setup.Draft, entries []connector.Entry, f answerFlags) *task {
	return &task{draft: d, flags: f, known: setup.Known{
		Now: r.world.Now(), Entries: entries, KeyFile: r.world.KeyFile,
	}}
}

// problems are all that is wrong with the facts. own are those of the flags that the facts came
// from, in better words for the same field, or about flags that are no facts.
func (t *task) problems(own []problem) []problem {
	var all []problem
	for _, p := range setup.Problems(t.draft, t.known) {
		one := problem{string(p.Field), p.Words}
		if at := slices.IndexFunc(own, func(o problem) bool { return o.Field == one.Field }); at >= 0 {
			one, own = own[at], slices.Delete(slices.Clone(own), at, at+1)
		}
		all = append(all, one)
	}
	return append(all, own...)
}

// wrong is the end of a command whose input is not right; nil where there are no problems.
func wrong(problems []problem, command string) error {
	if len(problems) == 0 {
		return nil
	}
	f := input(problems)
	f.hint = "see saasconnect " + command + " --help"
	return f
}

// put gives the token that came in to the Draft.
func (t *task) put(given token) {
	if given.source != nil {
		t.draft.SetReference(given.source, given.token, given.receipt, t.known.Now)
		return
	}
	t.draft.SetToken(given.token, given.receipt, t.known.Now)
}

// askRole finds out what the person may do in SaaSAssure, unless it is known.
func (r *run) askRole(ctx context.Context, t *task) (err error) {
	t.known.Role, err = r.roleFor(ctx, t.flags.role, t.flags.may, t.draft.Facts().Product, t.flags.need)
	return err
}

// finish answers what is open until the task is saved. It is not where it was checked, doesn't
// work, and may not be kept: then the Draft's report says why.
func (r *run) finish(ctx context.Context, t *task) (saved bool, err error) {
	for {
		switch q := setup.Next(t.draft, t.known); q {
		case setup.AskRole, setup.NotAllowed:
			err = r.askRole(ctx, t)
		case setup.AskConnection:
			err = input(t.problems(nil))
		case setup.Duplicate:
			err = r.askDuplicate(ctx, t)
		case setup.ChooseStorage, setup.CreatePassphrase, setup.Unlock, setup.TestStorage:
			err = r.askStorage(ctx, t, q)
		case setup.Check:
			if err = r.openForCheck(ctx, t); err == nil {
				err = r.checkTask(ctx, t)
			}
		case setup.Failing:
			if !t.flags.keepFailing || !t.draft.CanSaveFailing() {
				return false, nil
			}
			t.draft.SaveFailing()
		case setup.OtherAccount:
			err = r.askOtherAccount(ctx, t)
		case setup.AskShare:
			err = r.askShare(ctx, t)
		case setup.Save, setup.Done:
			if kind, _ := t.draft.Storage(); kind == connector.StorageKeyring && t.draft.Task() == setup.Add {
				r.note("keeping the token in " + connector.StorageName(kind) + " …") // the desktop may ask for a password
			}
			t.saved, err = r.world.Service().Save(ctx, t.draft, t.known.Role)
			return true, t.failure(ctx, err)
		}
		if err != nil {
			return false, err
		}
	}
}

// failure is what kept a task from being saved; nil for nothing. A token that is stored already
// is nothing: that is told with the result.
func (t *task) failure(ctx context.Context, err error) error {
	switch {
	case err == nil || setup.IsSame(err):
		return nil
	case t.draft.Task() == setup.Replace:
		return t.broken(storageFailure(ctx, err))
	}
	return storageFailure(ctx, err)
}

// openForCheck opens and tests the storage of an edit, whose check reads the token that is there:
// what is wrong with it is said with its flag, not as what the check came to.
func (r *run) openForCheck(ctx context.Context, t *task) error {
	kind := t.draft.Saved().KeptIn
	if t.draft.Task() != setup.Edit || kind == connector.StorageReference {
		return nil
	}
	safes, err := r.world.Store.Storages(ctx)
	if err != nil {
		return storageFailure(ctx, err)
	}
	return r.tryStorage(ctx, kind, setup.Known{Storages: safes}.Storage(kind), "")
}

// checkTask checks the Draft.
func (r *run) checkTask(ctx context.Context, t *task) error {
	report, err := r.checkDraft(ctx, t.draft, r.world.Service().CheckRequest(t.draft))
	if err == nil {
		t.draft.SetReport(report)
	}
	return err
}

// checkDraft checks a Draft as it is asked. A context that ended is an interrupt.
func (r *run) checkDraft(ctx context.Context, d setup.Draft, q connector.CheckRequest) (connector.Report, error) {
	r.note("checking " + q.Site.Host() + " …")
	report := r.world.Service().CheckAs(ctx, d, q, nil)
	if ctx.Err() != nil {
		return connector.Report{}, interrupted()
	}
	return report, nil
}

// result is the check of the Draft, about the connector that is in force now, or that would be.
func (t *task) result() checked {
	_, receipt := t.draft.Token()
	report, _ := t.draft.Report()
	c := t.saved.First
	if len(t.saved.InForce()) == 0 {
		c = t.draft.Connector(connector.Stamp{At: t.known.Now})
	}
	return checked{of: c, kind: receipt.Kind, report: report}
}

// askStorage answers a question about the storage that the token goes to, or is in.
func (r *run) askStorage(ctx context.Context, t *task, q setup.Question) (err error) {
	if !t.looked { // what is open depends on what there is
		t.looked = true
		if t.known.Storages, err = r.world.Store.Storages(ctx); err != nil {
			return storageFailure(ctx, err)
		}
		return nil
	}
	kind, _ := t.draft.Storage()
	if q == setup.ChooseStorage {
		if kind, err = r.chooseStorage(ctx, t.known.Storages, t.flags.keepIn); err == nil {
			t.draft.SetStorage(kind, false)
		}
		return err
	}
	if q == setup.TestStorage {
		ways := "" // where the storage is given there are no others
		if t.draft.Task() == setup.Add {
			ways = otherPlaces
		}
		if err = r.tryStorage(ctx, kind, t.known.Storage(kind), ways); err == nil {
			t.draft.SetStorage(kind, true)
		}
		return err
	}
	if err = r.unlock(ctx, t.known.Storage(connector.StorageFile)); err == nil {
		t.opened()
	}
	return err
}

// opened notes that the encrypted file is open for the rest of the run.
func (t *task) opened() {
	t.known.Storages = slices.Clone(t.known.Storages)
	for i := range t.known.Storages {
		if t.known.Storages[i].Kind == connector.StorageFile {
			t.known.Storages[i].State = connector.StorageReady
		}
	}
}
