package atlassian

import "runtime/debug"

// PanicError is a panic of one goroutine, passed on to the goroutine that waits for it, where it
// can be recovered and the terminal be restored. Its text doesn't contain the panic's value, which
// could be anything, including a secret.
type PanicError struct {
	What  any    // the panic's value
	Stack []byte // of the goroutine that panicked: functions and lines
}

// Error returns a constant text, without the panic's value.
func (*PanicError) Error() string { return "a fault in one of several calls" }

// Catch recovers a panic and calls hand with it, as a *PanicError with the stack of where it first
// happened. Without a panic it does nothing. It must be deferred directly.
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

// Apart runs do, which can't be interrupted, in a goroutine of its own. The returned channel gets
// one function, which returns do's result or panics with do's panic (as *PanicError). So the
// caller can stop waiting when its own time is up, and a panic doesn't end the program. The
// channel needn't be read.
func Apart[T any](do func() T) <-chan func() T {
	done := make(chan func() T, 1)
	go func() {
		defer Catch(func(t *PanicError) { done <- func() T { panic(t) } })
		value := do()
		done <- func() T { return value }
	}()
	return done
}
