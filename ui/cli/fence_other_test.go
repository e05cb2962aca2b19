//go:build !linux || !(amd64 || arm64)

package cli_test

// fence is for Linux only.
func fence(string) int { return noFence }
