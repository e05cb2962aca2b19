package ui

import (
	"slices"
	"testing"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui/uitest"

	tea "charm.land/bubbletea/v2"
)

// places are all there are; a test fails when the table names another.
func places() []ScreenID {
	return []ScreenID{ScreenHome, ScreenProduct, ScreenGuide, ScreenInstructions, ScreenForm, ScreenStorage, ScreenUnlock, ScreenChecking, ScreenDiagnosis, ScreenMessage, ScreenSaving, ScreenSuccess, ScreenHandover, ScreenExpiry, ScreenNotSaved, ScreenAdd, ScreenDetail, ScreenRemove, ScreenPractice, ScreenImport, ScreenExport,
		ScreenEdit, ScreenEditSeveral, ScreenRole, ScreenReference, ScreenOtherAccount, ScreenSharing, ScreenDuplicate, ScreenReplaced}
}

func TestFlowLeadsNowhereUndefined(t *testing.T) {
	known := map[ScreenID]bool{screenExit: true}
	for _, p := range places() {
		known[p] = true
	}
	for from, at := range screenTable() {
		if !known[from] {
			t.Errorf("the table leads from %q, which is no place", from)
		}
		for ev, to := range at.to {
			if !known[to] {
				t.Errorf("%s on %s leads to %q, which is no place", ev, from, to)
			}
			if ev == Back || ev == None || ev == Answered || overlay(from) && ev == Done {
				t.Errorf("%s has a row for %q, which needs none", from, ev)
			}
		}
		for _, to := range []ScreenID{at.back, at.replacing, at.editing, at.moving, at.begun, at.failing} {
			if to != "" && (!known[to] || overlay(to) || overlay(from)) {
				t.Errorf("Esc on %s leads to %q", from, to)
			}
		}
		if at.back == "" && !overlay(from) {
			t.Errorf("%s has no way back", from)
		}
	}
	for _, p := range places() {
		if _, is := screenTable()[p]; !is {
			t.Errorf("%s is not in the table", p)
		}
	}
	for q := setup.AskRole; q <= setup.Done; q++ {
		for task := setup.Add; task <= setup.Move; task++ {
			if !known[questions(task)[q]] {
				t.Errorf("question %d of task %d is asked nowhere", q, task)
			}
		}
	}
}

func TestEveryPlaceIsReachable(t *testing.T) {
	seen := map[ScreenID]bool{ScreenHome: true, ScreenRole: true} // Role lies over Product
	for queue := []ScreenID{ScreenHome}; len(queue) > 0; queue = queue[1:] {
		next := []ScreenID{}
		for _, to := range screenTable()[queue[0]].to {
			next = append(next, to)
		}
		if slices.Contains([]ScreenID{ScreenForm, ScreenEdit, ScreenDuplicate, ScreenOtherAccount, ScreenSharing, ScreenChecking, ScreenDiagnosis, ScreenSuccess, ScreenStorage}, queue[0]) { // they answer a question
			for _, to := range questions(setup.Add) {
				next = append(next, to)
			}
		}
		for _, to := range next {
			if !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	for _, p := range places() {
		if !seen[p] {
			t.Errorf("%s can't be reached from home", p)
		}
	}
}

// TestEveryPlaceHasAWayHome goes back by Esc alone, in every task, from every place and from
// every overlay over it.
func TestEveryPlaceHasAWayHome(t *testing.T) {
	var e connector.Entry
	runs := map[string]*Setup{"another product": {Before: &Setup{}}}
	for task, name := range map[setup.Task]string{setup.Add: "add", setup.Replace: "replace", setup.Edit: "edit", setup.Move: "move"} {
		runs[name] = &Setup{Draft: setup.For(task, e)}
		runs[name+", diagnosed"] = &Setup{Draft: setup.For(task, e), Diagnosed: &Setup{Draft: setup.For(task, e)}}
	}
	for name, run := range runs {
		for _, from := range places() {
			if overlay(from) {
				continue
			}
			at, steps, on := from, 0, *run
			for at != ScreenHome && steps <= len(places()) {
				if at == ScreenDiagnosis {
					on.BackToDiagnosis()
				}
				at = screenTable()[at].wayBack(&on)
				steps++
			}
			if at != ScreenHome {
				t.Errorf("%s: from %s, Esc never reaches home", name, from)
			}
		}
	}
}

// TestOverlaysAreLeftForWhatTheyLieOver pushes one over another and leaves both, with a result
// and without.
func TestOverlaysAreLeftForWhatTheyLieOver(t *testing.T) {
	for _, result := range []Event{Done, Back} {
		a := stubApp(ScreenDetail)
		a.move(HandOver, true)
		a.move(NeedsUnlock, true)
		if a.at != ScreenUnlock || !slices.Equal(a.below, []ScreenID{ScreenDetail, ScreenHandover}) {
			t.Fatalf("at %s over %v", a.at, a.below)
		}
		a.move(result, true)
		if left := a.screen.(stubScreen).Closed; a.at != ScreenHandover || left != (Closed{ScreenUnlock, result == Done}) {
			t.Errorf("%s led to %s, and said %v", result, a.at, left)
		}
		a.move(result, true)
		if a.at != ScreenDetail || len(a.below) != 0 {
			t.Errorf("%s led to %s over %v", result, a.at, a.below)
		}
	}
}

// TestSavingDoesNotGoOnLocked: where the passphrase isn't given, nothing is saved.
func TestSavingDoesNotGoOnLocked(t *testing.T) {
	for result, want := range map[Event]ScreenID{Done: ScreenSaving, Back: ScreenForm} {
		a := stubApp(ScreenSaving)
		a.move(NeedsUnlock, true)
		if a.move(result, true); a.at != want {
			t.Errorf("%s led to %s", result, a.at)
		}
	}
}

// TestAnUnknownEventIsACrash: silence would leave a person on a dead screen.
func TestAnUnknownEventIsACrash(t *testing.T) {
	defer func() {
		if _, is := recover().(*PanicError); !is {
			t.Error("no crash")
		}
	}()
	stubApp(ScreenSharing).move(Quit, true)
}

// stubScreen stands at every place where only the table is of interest.
type stubScreen struct{ Base }

func (stubScreen) Update(tea.Msg) (Event, tea.Cmd) { return None, nil }
func (stubScreen) View() (string, int)             { return "", -1 }
func (stubScreen) Title() (string, string)         { return "", "" }

func stubScreens() Screens {
	all := Screens{}
	for _, p := range append(places(), ScreenList) {
		all[p] = func(on Base) Screen { return stubScreen{on} }
	}
	return all
}

// stubApp is the wizard at a place, made of stubScreens.
func stubApp(at ScreenID) *App {
	return NewApp(Deps{Now: uitest.Noon, Store: uitest.Store{}}, Start{Place: at}, stubScreens())
}
