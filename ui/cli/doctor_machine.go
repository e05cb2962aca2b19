package cli

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"saasconnect/connector"
)

// What the doctor says of the machine: pure functions over what was handed in.

func lookAtTerminal(s Stdio, screen bool) symptom {
	term := s.getenv("TERM")
	switch {
	case screen:
		return fine("terminal", fmt.Sprintf("%s, %s wide: the wizard can be shown", named(term), connector.Plural(s.Width, "column")))
	case term == "dumb" && s.OutIsTerminal:
		return symptom{"terminal", connector.Attention, "TERM=dumb: the wizard needs screen control", "Set TERM to what your terminal is, such as xterm-256color, or use the commands"}
	}
	return symptom{"terminal", connector.Skipped, "stdin and stdout are not a terminal: the commands work, the wizard does not", ""}
}

func named(term string) string {
	if term == "" {
		return "a terminal without a name"
	}
	return cleaned(term)
}

func lookAtLocale(s Stdio) symptom {
	if wantsASCII(s.getenv) {
		return symptom{"locale", connector.Working, "without UTF-8: marks and boxes are drawn in ASCII", ""}
	}
	return fine("locale", "UTF-8")
}

// whereTokensAre says it for every connector, a line for each place.
func whereTokensAre(entries []connector.Entry) []symptom {
	if len(entries) == 0 {
		return []symptom{{"tokens", connector.Skipped, "none yet", ""}}
	}
	names := map[string][]string{}
	var order []string
	for _, e := range entries {
		where := e.Where()
		if names[where] == nil {
			order = append(order, where)
		}
		names[where] = append(names[where], e.Name)
	}
	var all []symptom
	for _, where := range order {
		list := names[where]
		if len(list) > mostNames {
			list = append(list[:mostNames:mostNames], fmt.Sprintf("and %d more", len(names[where])-mostNames))
		}
		all = append(all, fine("tokens", strings.Join(list, ", ")+": in "+where))
	}
	return all
}

// mostNames is how many connectors are named before the rest is counted.
const mostNames = 8

// lookAtProxy shows the proxy as it will be used, any password hidden.
// Source: golang.org/x/net/http/httpproxy, FromEnvironment: upper case goes first, then lower.
func lookAtProxy(getenv func(string) string) symptom {
	address, name := "", ""
	for _, n := range []string{"HTTPS_PROXY", "https_proxy"} {
		if v := getenv(n); v != "" && address == "" {
			address, name = v, n
		}
	}
	if address == "" {
		return fine("proxy", "none: Atlassian is asked directly")
	}
	u, err := url.Parse(address)
	if err == nil && u.Host == "" {
		u, err = url.Parse("http://" + address)
	}
	if err != nil || u.Host == "" {
		return symptom{"proxy", connector.Failing, name + " holds no address", "Write it as http://proxy.example.com:3128"}
	}
	words := name + " leads through " + cleaned(u.Scheme+"://"+u.Host)
	if u.User != nil {
		words += ", with a sign-in that is not shown"
	}
	if no := cmp.Or(getenv("NO_PROXY"), getenv("no_proxy")); no != "" {
		words += "; not for " + cleaned(no)
	}
	return fine("proxy", words)
}

// lookAtAuthorities: on macOS and Windows the system itself judges, and Go reads neither
// variable there. Source: crypto/x509, SystemCertPool.
func lookAtAuthorities(system string, getenv func(string) string, caFile string) symptom {
	if strings.HasPrefix(system, "darwin/") || strings.HasPrefix(system, "windows/") {
		getenv = func(string) string { return "" }
	}
	var parts []string
	if caFile != "" {
		parts = append(parts, "the system's and those of --ca-file")
	}
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if v := getenv(name); v != "" {
			parts = append(parts, name+" takes the place of the system's: "+cleaned(v))
		}
	}
	if len(parts) == 0 {
		return fine("authorities", "the system's")
	}
	return fine("authorities", strings.Join(parts, "; "))
}

// A clock that is further off than this makes certificates look expired or not yet valid,
// sooner or later, and last days wrong.
const clockTolerance = 5 * time.Minute

func lookAtClock(theirs, ours time.Time) symptom {
	if theirs.IsZero() {
		return symptom{"clock", connector.Skipped, "nobody to compare it with", ""}
	}
	off := ours.Sub(theirs).Round(time.Second)
	way := "ahead of"
	if off < 0 {
		off, way = -off, "behind"
	}
	if off <= clockTolerance {
		return fine("clock", "agrees with Atlassian's")
	}
	return symptom{"clock", connector.Failing, fmt.Sprintf("%s %s Atlassian's", connector.Span(off), way), "Set this machine's clock: certificates and last days are judged by it"}
}

// lookAtVariables names what is set and changes what this program does, or what other
// tools would take for the connector's token. Values that could be secrets are not shown.
func lookAtVariables(getenv func(string) string) []symptom {
	var all []symptom
	for _, v := range []struct{ name, does string }{
		{"SAASCONNECT_HOME", "keeps all files below "},
		{"SAASCONNECT_ROLE", "goes before the remembered role: "},
		{"SAASCONNECT_KEEP_IN", "goes before the remembered safe: "},
		{"SAASCONNECT_KEY_FILE", "unlocks the encrypted file with "},
	} {
		if value := getenv(v.name); value != "" {
			all = append(all, fine(v.name, v.does+cleaned(value)))
		}
	}
	for _, name := range []string{"ATLASSIAN_API_TOKEN", "JIRA_API_TOKEN", "CONFLUENCE_API_TOKEN"} {
		if getenv(name) != "" {
			all = append(all, symptom{name, connector.Attention,
				"is set: this program does not read it, and other tools take it for the token, whatever is saved here",
				"Unset it, or hand tokens over with saasconnect exec"})
		}
	}
	if len(all) == 0 {
		return []symptom{fine("variables", "none that change anything")}
	}
	return all
}
