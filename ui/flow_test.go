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
func places() []Place {
	return []Place{Home, Product, Guide, Instructions, Form, Storage, Unlock, Checking, Diagnosis, Message, Saving, Success, Handover, Expiry, Trouble, Begin, Detail, Remove, Practise, Import, Export,
		Edit, EditSeveral, Role, Elsewhere, Person, Sharing, Account, Replaced}
}

func TestFlowLeadsNowhereUndefined(t *testing.T) {
	known := map[Place]bool{leave: true}
	for _, p := range places() {
		known[p] = true
	}
	for from, at := range flow() {
		if !known[from] {
			t.Errorf("the table leads from %q, which is no place", from)
		}
		for ev, to := range at.on {
			if !known[to] {
				t.Errorf("%s on %s leads to %q, which is no place", ev, from, to)
			}
			if ev == back || ev == still || ev == answered || overlay(from) && ev == done {
				t.Errorf("%s has a row for %q, which needs none", from, ev)
			}
		}
		for _, to := range []Place{at.back, at.replacing, at.editing, at.moving, at.begun} {
			if to != "" && (!known[to] || overlay(to) || overlay(from)) {
				t.Errorf("Esc on %s leads to %q", from, to)
			}
		}
		if at.back == "" && !overlay(from) {
			t.Errorf("%s has no way back", from)
		}
	}
	for _, p := range places() {
		if _, is := flow()[p]; !is {
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
	seen := map[Place]bool{Home: true, Role: true} // Role lies over Product
	for queue := []Place{Home}; len(queue) > 0; queue = queue[1:] {
		next := []Place{}
		for _, to := range flow()[queue[0]].on {
			next = append(next, to)
		}
		if slices.Contains([]Place{Form, Edit, Account, Person, Sharing, Checking, Diagnosis, Success, Storage}, queue[0]) { // they answer a question
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
	}
	for name, run := range runs {
		for _, from := range places() {
			if overlay(from) {
				continue
			}
			at, steps := from, 0
			for at != Home && steps <= len(places()) {
				at = flow()[at].wayBack(run)
				steps++
			}
			if at != Home {
				t.Errorf("%s: from %s, Esc never reaches home", name, from)
			}
		}
	}
}

// TestOverlaysAreLeftForWhatTheyLieOver pushes one over another and leaves both, with a result
// and without.
func TestOverlaysAreLeftForWhatTheyLieOver(t *testing.T) {
	for _, result := range []event{done, back} {
		a := stubApp(Detail)
		a.move(handover, true)
		a.move(locked, true)
		if a.place != Unlock || !slices.Equal(a.below, []Place{Detail, Handover}) {
			t.Fatalf("at %s over %v", a.place, a.below)
		}
		a.move(result, true)
		if left := a.screen.(stubScreen).left; a.place != Handover || left != (popped{Unlock, result == done}) {
			t.Errorf("%s led to %s, and said %v", result, a.place, left)
		}
		a.move(result, true)
		if a.place != Detail || len(a.below) != 0 {
			t.Errorf("%s led to %s over %v", result, a.place, a.below)
		}
	}
}

// TestSavingDoesNotGoOnLocked: where the passphrase isn't given, nothing is saved.
func TestSavingDoesNotGoOnLocked(t *testing.T) {
	for result, want := range map[event]Place{done: Saving, back: Form} {
		a := stubApp(Saving)
		a.move(locked, true)
		if a.move(result, true); a.place != want {
			t.Errorf("%s led to %s", result, a.place)
		}
	}
}

// TestAnUnknownEventIsACrash: silence would leave a person on a dead screen.
func TestAnUnknownEventIsACrash(t *testing.T) {
	defer func() {
		if _, is := recover().(*Crash); !is {
			t.Error("no crash")
		}
	}()
	stubApp(Sharing).move(quit, true)
}

// stubScreen stands at every place where only the table is of interest.
type stubScreen struct{ stage }

func (stubScreen) Update(tea.Msg) (event, tea.Cmd) { return still, nil }
func (stubScreen) View() (string, int)             { return "", -1 }
func (stubScreen) Title() (string, string)         { return "", "" }

func stubScreens() Screens {
	all := Screens{}
	for _, p := range append(places(), List) {
		all[p] = func(on stage) screen { return stubScreen{on} }
	}
	return all
}

// stubApp is the wizard at a place, made of stubScreens.
func stubApp(at Place) *App {
	return NewApp(World{Now: uitest.Noon, Store: uitest.Store{}}, Start{Place: at}, stubScreens())
}
