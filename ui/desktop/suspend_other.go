//go:build !unix

package desktop

// Suspender is nil: jobs that stop and go on are a thing of Unix shells.
func Suspender() func() { return nil }
