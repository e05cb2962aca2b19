package desktop

import (
	"os/user"
	"runtime"
	"strings"
)

// UserName is the name of the current user, for "added by"; "" where it is unknown. The
// variables go first: sudo and containers set them on purpose.
func UserName(getenv func(string) string) string {
	return userName(runtime.GOOS, getenv, func() string {
		u, err := user.Current()
		if err != nil {
			return ""
		}
		return u.Username
	})
}

func userName(system string, getenv func(string) string, ask func() string) string {
	names := []string{"USER", "LOGNAME", "USERNAME"}
	if system == "windows" { // USER is whatever a Unix shell there made of it
		names = []string{"USERNAME", "USER"}
	}
	for _, name := range names {
		if v := getenv(name); v != "" {
			return v
		}
	}
	name := ask()
	return name[strings.LastIndex(name, `\`)+1:] // Windows answers DOMAIN\name
}
