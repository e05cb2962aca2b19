//go:build unix && !linux

package store

// Harden keeps what this process holds in memory out of core dumps. It is a second net,
// and a failure of it is no reason not to start.
func Harden() error { return noCores() }
