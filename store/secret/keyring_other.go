//go:build !linux

package secret

import (
	"context"
	"runtime"

	gokeyring "github.com/zalando/go-keyring"

	"saasconnect/connector"
)

// Elsewhere there is no look that is sure not to prompt; the round trip with which a
// storage is tested, which is bounded, says whether the keyring works.

func lookAtKeyring(context.Context) condition {
	switch runtime.GOOS {
	case "darwin", "windows", "freebsd", "openbsd", "netbsd", "dragonfly":
		return condition{state: connector.StorageReady}
	}
	return condition{state: connector.StorageAbsent, detail: "no supported keyring on this system"}
}

// The calls are go-keyring's: the look names no collection here.

func setItem(_, ref, value string) error { return gokeyring.Set(service, ref, value) }

func getItem(_, ref string) (string, error) { return gokeyring.Get(service, ref) }

func deleteItem(_, ref string) error { return gokeyring.Delete(service, ref) }
