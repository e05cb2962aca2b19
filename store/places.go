package store

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// places are the folders of one installation. Configuration is precious, data are the
// encrypted tokens, state can be lost without harm.
type places struct{ config, data, state string }

// findPlaces puts everything below home, or where the system wants it when home is "".
// A relative XDG path is ignored, as the specification asks
// (specifications.freedesktop.org/basedir-spec).
func findPlaces(home string) (places, error) {
	if home != "" {
		abs, err := filepath.Abs(home)
		if err != nil {
			return places{}, fmt.Errorf("find the folder %q: %w", home, err)
		}
		return places{abs, filepath.Join(abs, "secrets"), filepath.Join(abs, "state")}, nil
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return places{}, fmt.Errorf("find the configuration folder: %w", err)
	}
	p := places{config: filepath.Join(config, folder)}
	switch runtime.GOOS {
	case "windows": // tokens and state do not roam
		local, err := os.UserCacheDir()
		if err != nil {
			return places{}, fmt.Errorf("find the local data folder: %w", err)
		}
		p.data, p.state = filepath.Join(local, folder, "secrets"), filepath.Join(local, folder, "state")
	case "darwin", "ios":
		p.data, p.state = filepath.Join(p.config, "secrets"), filepath.Join(p.config, "state")
	default:
		userHome, err := os.UserHomeDir()
		if err != nil {
			return places{}, fmt.Errorf("find the home folder: %w", err)
		}
		p.data = filepath.Join(xdg("XDG_DATA_HOME", filepath.Join(userHome, ".local", "share")), folder, "secrets")
		p.state = filepath.Join(xdg("XDG_STATE_HOME", filepath.Join(userHome, ".local", "state")), folder)
	}
	return p, nil
}

// folder is the name of our folders, and of the keyring's service.
const folder = "saasconnect"

func xdg(variable, otherwise string) string {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	return otherwise
}
