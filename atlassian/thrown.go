package atlassian

import "runtime/debug"

// Thrown is what was thrown in a goroutine, on its way to the one that waits for it: there it
// can be caught, and the terminal given back. It does not print what was thrown, which could
// be anything.
type Thrown struct {
	What  any
	Stack []byte // of that goroutine: functions and lines
}

// Error says that it happened, and nothing of it.
func (*Thrown) Error() string { return "a fault in one of several calls" }

// Catch hands on what was thrown, as a *Thrown with the first stack it had; nothing where
// nothing was. It must be deferred itself.
func Catch(hand func(*Thrown)) {
	what := recover()
	if what == nil {
		return
	}
	t, already := what.(*Thrown)
	if !already {
		t = &Thrown{What: what, Stack: debug.Stack()}
	}
	hand(t)
}
