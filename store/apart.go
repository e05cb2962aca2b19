package store

import "saasconnect/atlassian"

// apart runs what can't be interrupted in a goroutine of its own, and returns where its answer
// lands. The answer throws, where it is asked for, what was thrown there.
func apart[T any](do func() T) <-chan func() T {
	done := make(chan func() T, 1)
	go func() {
		defer atlassian.Catch(func(t *atlassian.Thrown) { done <- func() T { panic(t) } })
		value := do()
		done <- func() T { return value }
	}()
	return done
}
