package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"saasconnect/atlassian"
)

// paths are the folders of one installation. Configuration is precious, data are the
// encrypted tokens, state can be lost without harm.
type paths struct{ config, data, state string }

// folder is the name of our folders.
const folder = "saasconnect"

// homeHint is what helps where the system's own folders are not known.
const homeHint = ". Set it, or set SAASCONNECT_HOME to a folder for saasconnect's files"

// findPaths puts everything below home, or where the system wants it when home is "".
func findPaths(home string) (paths, error) {
	if home == "" {
		return pathsOn(runtime.GOOS, os.Getenv)
	}
	abs, err := filepath.Abs(home)
	if err != nil {
		return paths{}, fmt.Errorf("find the folder %s: %w", atlassian.Quoted(home, 300), err)
	}
	return paths{abs, filepath.Join(abs, "secrets"), filepath.Join(abs, "state")}, nil
}

// pathsOn is where a system wants them. Not os.UserConfigDir: it fails over a relative
// XDG_CONFIG_HOME, where the specification asks to ignore it, and can't be tried for another
// system. Sources: specifications.freedesktop.org/basedir-spec;
// developer.apple.com, "macOS Library Directory Details"; learn.microsoft.com,
// KNOWNFOLDERID (RoamingAppData, LocalAppData).
func pathsOn(system string, getenv func(string) string) (paths, error) {
	if system == "windows" {
		return pathsOnWindows(getenv)
	}
	home := getenv("HOME")
	if home == "" {
		return paths{}, errors.New("the home folder is unknown: HOME is not set" + homeHint)
	}
	if system == "darwin" || system == "ios" {
		dir := filepath.Join(home, "Library", "Application Support", folder)
		return paths{dir, filepath.Join(dir, "secrets"), filepath.Join(dir, "state")}, nil
	}
	xdg := func(variable string, otherwise ...string) string {
		dir := getenv(variable)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(append([]string{home}, otherwise...)...)
		}
		return filepath.Join(dir, folder)
	}
	return paths{
		config: xdg("XDG_CONFIG_HOME", ".config"),
		data:   filepath.Join(xdg("XDG_DATA_HOME", ".local", "share"), "secrets"),
		state:  xdg("XDG_STATE_HOME", ".local", "state"),
	}, nil
}

// pathsOnWindows: what is in the roaming folder follows a user from machine to machine;
// tokens and state must not, as the keyring's do not.
func pathsOnWindows(getenv func(string) string) (paths, error) {
	roaming, local := getenv("AppData"), getenv("LocalAppData")
	switch {
	case roaming == "":
		return paths{}, errors.New("the configuration folder is unknown: AppData is not set" + homeHint)
	case local == "":
		return paths{}, errors.New("the local data folder is unknown: LocalAppData is not set" + homeHint)
	}
	return paths{
		filepath.Join(roaming, folder),
		filepath.Join(local, folder, "secrets"),
		filepath.Join(local, folder, "state"),
	}, nil
}
