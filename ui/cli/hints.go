package cli

import "strings"

// otherWord is what other programs' word for something is here; "" where it is no such word.
func otherWord(typed string) string {
	switch strings.ToLower(typed) {
	case "login", "auth", "signin", "sign-in", "connect", "new", "create", "setup", "init", "configure":
		return "use saasconnect add"
	case "rename", "mv", "set", "update":
		return "use saasconnect edit, as in: saasconnect edit NAME --name NEW"
	case "delete", "del", "uninstall", "disconnect", "logout", "sign-out":
		return "use saasconnect remove NAME"
	case "status", "state", "overview":
		return "use saasconnect list, or saasconnect check --all to ask again"
	case "update-token", "rotate", "rotate-token", "renew", "renew-token", "refresh":
		return "use saasconnect replace-token NAME"
	case "verify", "validate", "recheck", "ping":
		return "use saasconnect check NAME, or saasconnect check --all"
	case "get", "view", "info", "describe", "cat":
		return "use saasconnect show NAME"
	case "browse", "visit":
		return "use saasconnect open NAME"
	case "entered", "mark":
		return "use saasconnect mark-entered NAME"
	case "move", "migrate":
		return "use saasconnect move-token NAME --to keyring"
	case "run":
		return "use saasconnect exec NAME -- COMMAND"
	case "demo", "tutorial":
		return "use saasconnect practice"
	}
	return ""
}
