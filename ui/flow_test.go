package ui

import (
	"slices"
	"testing"
)

// places are all there are; a test fails when the table names another.
func places() []Place {
	return []Place{Home, Product, Guide, Form, Safe, Unlock, Checking, Diagnosis, Message, Saving, Success, Handover, Expiry, Trouble, Begin, Detail, Remove, Practise,
		Edit, Role, Elsewhere, Person, Sharing, Account, Replaced}
}

func TestFlowLeadsNowhereUndefined(t *testing.T) {
	known := map[Place]bool{backwards: true, leave: true}
	for _, p := range places() {
		known[p] = true
	}
	for from, ways := range flow() {
		if !known[from] {
			t.Errorf("the table leads from %q, which is no place", from)
		}
		for ev, to := range ways {
			if !known[to] {
				t.Errorf("%s on %s leads to %q, which is no place", from, ev, to)
			}
			if ev == back || ev == still {
				t.Errorf("%s has a row for %q, which needs none", from, ev)
			}
		}
	}
	for _, p := range places() {
		if len(next(p)) == 0 {
			t.Errorf("%s has no way on", p)
		}
	}
}

// next are the places that one place leads to.
func next(from Place) (all []Place) {
	for _, to := range flow()[from] {
		all = append(all, to)
	}
	if slices.Contains([]Place{Form, Edit, Account, Person, Sharing, Checking, Diagnosis, Success}, from) { // they answer a question
		for _, to := range questionsAsked() {
			all = append(all, to)
		}
	}
	return all
}

func TestEveryPlaceIsReachable(t *testing.T) {
	seen := map[Place]bool{Home: true}
	for queue := []Place{Home}; len(queue) > 0; queue = queue[1:] {
		for _, to := range next(queue[0]) {
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

// TestEveryPlaceHasAWayHome goes back by Esc alone: the trail gets shorter with each.
func TestEveryPlaceHasAWayHome(t *testing.T) {
	for _, from := range places() {
		way := shortestWay(from)
		if from != Home && way == nil {
			t.Fatalf("no way to %s", from)
		}
		var tr trail
		at := Home
		for _, to := range way {
			tr = tr.advance(at, to)
			at = to
		}
		for range len(way) + 1 {
			if at == Home {
				break
			}
			at, tr = tr.pop()
			if passing(at) {
				t.Errorf("back from %s leads to %s, which only passes on", from, at)
			}
		}
		if at != Home {
			t.Errorf("from %s, back never reaches home", from)
		}
	}
}

// shortestWay is the way from home to a place, without home itself.
func shortestWay(to Place) []Place {
	ways := map[Place][]Place{Home: {}}
	for queue := []Place{Home}; len(queue) > 0; queue = queue[1:] {
		for _, next := range next(queue[0]) {
			if _, seen := ways[next]; !seen && next != backwards && next != leave {
				ways[next] = append(append([]Place{}, ways[queue[0]]...), next)
				queue = append(queue, next)
			}
		}
	}
	return ways[to]
}

func TestTrailNeverGoesAroundInCircles(t *testing.T) {
	var tr trail
	at := Home
	for range 10 {
		for _, to := range []Place{Product, Guide, Form, Checking, Diagnosis, Guide, Form, Checking, Diagnosis, Form} {
			tr = tr.advance(at, to)
			at = to
		}
	}
	if len(tr) > len(places()) {
		t.Fatalf("the trail has %d places after going around: %v", len(tr), tr)
	}
}
