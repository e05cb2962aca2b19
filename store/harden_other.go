//go:build !unix

package store

// Harden: on Windows, whether a crash is dumped, and who may open a process, is the
// system's to say.
func Harden() error { return nil }
