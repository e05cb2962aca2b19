//go:build !linux

package store

import (
	"context"
	"runtime"

	"saasconnect/connector"
)

// Elsewhere there is no look that is sure not to prompt; the round trip of TrySafe, which
// is bounded, says whether the keyring works.

func lookAtKeyring(context.Context) (connector.SafeState, string) {
	switch runtime.GOOS {
	case "darwin", "windows", "freebsd", "openbsd", "netbsd", "dragonfly":
		return connector.SafeReady, ""
	}
	return connector.SafeAbsent, "this system has no keyring that is known here"
}
