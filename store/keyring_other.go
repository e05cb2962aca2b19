//go:build !linux

package store

import (
	"context"
	"runtime"

	gokeyring "github.com/zalando/go-keyring"

	"saasconnect/connector"
)

// Elsewhere there is no look that is sure not to prompt; the round trip of TestStorage, which
// is bounded, says whether the keyring works.

func lookAtKeyring(context.Context) sight {
	switch runtime.GOOS {
	case "darwin", "windows", "freebsd", "openbsd", "netbsd", "dragonfly":
		return sight{state: connector.StorageReady}
	}
	return sight{state: connector.StorageAbsent, detail: "this system has no keyring that is known here"}
}

// The calls are go-keyring's: the look names no collection here.

func setItem(_, service, user, password string) error { return gokeyring.Set(service, user, password) }

func getItem(_, service, user string) (string, error) { return gokeyring.Get(service, user) }

func deleteItem(_, service, user string) error { return gokeyring.Delete(service, user) }
