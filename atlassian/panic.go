package atlassian

import "runtime/debug"

// PanicError is what was thrown in a goroutine, on its way to the one that waits for it: there it
// can be caught, and the terminal given back. It does not print what was thrown, which could
// be anything.
type PanicError struct {
	What  any
	Stack []byte // of that goroutine: functions and lines
}

// Error says that it happened, and nothing of it.
func (*PanicError) Error() string { return "a fault in one of several calls" }

// Catch hands on what was thrown, as a *PanicError with the first stack it had; nothing where
// nothing was. It must be deferred itself.
func Catch(hand func(*PanicError)) {
	what := recover()
	if what == nil {
		return
	}
	t, already := what.(*PanicError)
	if !already {
		t = &PanicError{What: what, Stack: debug.Stack()}
	}
	hand(t)
}

// Apart runs what can't be interrupted in a goroutine of its own, and returns the channel on
// which its answer lands, once. The answer is a function that returns what do returned, or
// throws what do threw (as *PanicError): so the goroutine that asks for it can go on when its own
// time is over, and a panic reaches it and not the program's end. No one needs to ask.
func Apart[T any](do func() T) <-chan func() T {
	done := make(chan func() T, 1)
	go func() {
		defer Catch(func(t *PanicError) { done <- func() T { panic(t) } })
		value := do()
		done <- func() T { return value }
	}()
	return done
}
