package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
)

// doctor checks this computer rather than a connector: what would make a valid token fail.
// Each row is a finding with its remedy. It reads no token and never prompts.

func (r *run) doctorCommand() *cobra.Command {
	var site string
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check this computer for problems",
		Long: "Check the terminal, the locale, the token storages (with a round trip), the files and\n" +
			"their permissions, leftovers (and delete them), the clock, the proxy, the connection\n" +
			"to a site, and environment variables that matter. It never prompts and reads no token.",
		Example: "  saasconnect doctor\n  saasconnect doctor --site acme\n  saasconnect doctor --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return r.doctor(cmd.Context(), site, asJSON)
		},
	}
	c.Flags().StringVar(&site, "site", "", "the `SITE` to connect to (default: the first saved connector's)")
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return c
}

// doctorRow is one finding.
type doctorRow struct {
	Check   string            `json:"check"`
	Verdict connector.Verdict `json:"verdict"`
	Detail  string            `json:"detail"`
	Remedy  string            `json:"remedy"` // "" where nothing has to be done
}

func okRow(check, detail string) doctorRow { return doctorRow{check, connector.Working, detail, ""} }

func (r *run) doctor(ctx context.Context, address string, asJSON bool) error {
	var site atlassian.Site
	if address != "" {
		if words := connector.SiteProblem(address); words != "" {
			return input([]problem{{"site", words}})
		}
		site, _, _ = atlassian.ParseSite(address) // SiteProblem has said that it parses
	}
	r.flags.noInput = true // it never prompts
	w, err := r.open(ctx)
	if err != nil {
		return err
	}
	all, files := r.doctorRows(ctx, w, site)
	if ctx.Err() != nil {
		return interrupted()
	}
	verdicts := make([]connector.Verdict, 0, len(all))
	for _, s := range all {
		if s.Verdict != connector.Skipped {
			verdicts = append(verdicts, s.Verdict)
		}
	}
	exit := exitFor(verdicts, false, false, false)
	if asJSON {
		out := struct {
			Version  int         `json:"version"`
			Findings []doctorRow `json:"findings"`
		}{1, all}
		r.printJSON(out)
		return exitWith(exit)
	}
	r.printDoctorRows(slices.Concat(all[:files.from], sumFiles(all[files.from:files.to]), all[files.to:]))
	return exitWith(exit)
}

// rowRange is a part of the rows, without the one at to.
type rowRange struct{ from, to int }

// doctorRows are all findings, in a fixed order, and which of them are about files.
func (r *run) doctorRows(ctx context.Context, w *ui.Deps, site atlassian.Site) (all []doctorRow, files rowRange) {
	all = []doctorRow{checkTerminal(r.stdio, r.hasScreen()), checkLocale(r.stdio)}
	checks := w.Store.CheckFiles(ctx) // as they are found: even reading tightens a mode
	entries, err := w.Store.Load(ctx)
	damaged := len(w.Store.Notices()) > 0 // the backup was read: any change would restore it
	if err != nil {
		t := connector.Explain(err)
		all = append(all, doctorRow{"tokens", connector.Failing, connector.Inside(t.Title), t.Remedy})
	} else {
		byName(entries)
		all = append(all, whereTokensAre(entries)...)
	}
	all = append(all, r.checkStorages(ctx, w, damaged)...)
	files.from = len(all)
	for _, e := range checks {
		all = append(all, doctorRow{e.What, e.Verdict, e.Where + ": " + e.Detail, e.Remedy})
	}
	files.to = len(all)
	if damaged {
		all = append(all, doctorRow{"leftovers", connector.Skipped, "not checked " + untilRestored, ""})
		_ = w.Store.Notices() // a row says it
	} else {
		all = append(all, checkLeftovers(ctx, w))
	}
	if site.IsZero() && len(entries) > 0 {
		site = entries[0].Site
	}
	all = append(all, checkProxy(r.stdio.getenv, site), r.checkAuthorities())
	all = append(all, checkConnection(ctx, w, site)...)
	return append(all, checkVariables(r.stdio.getenv)...), files
}

// sumFiles keeps the rows of files with problems, and makes one of the rest: the paths matter only
// where there is something to do.
func sumFiles(rows []doctorRow) (short []doctorRow) {
	private := 0
	for _, row := range rows {
		switch row.Verdict {
		case connector.Working:
			private++
		case connector.Skipped, connector.Waiting: // not created yet
		case connector.Attention, connector.Failing, connector.Unknown:
			short = append(short, row)
		}
	}
	switch {
	case private > 0:
		short = append(short, okRow("files", fmt.Sprintf("private, %d checked", private)))
	case len(rows) > 0 && len(short) == 0:
		short = append(short, doctorRow{"files", connector.Skipped, "none yet", ""})
	}
	return short
}

// untilRestored is how long checks that write are left out where the connectors file is damaged: they
// would restore it, which doctor leaves to a change that someone asked for.
const untilRestored = "until the connectors file is restored"

// checkStorages probes every storage, and tests those by a round trip that need no prompt for it;
// none where the connectors file is damaged.
func (r *run) checkStorages(ctx context.Context, w *ui.Deps, damaged bool) []doctorRow {
	storages, err := w.Store.Storages(ctx)
	if err != nil {
		t := connector.Explain(err)
		return []doctorRow{{"storages", connector.Unknown, connector.Inside(t.Title), t.Remedy}}
	}
	var all []doctorRow
	ready := 0
	for _, s := range storages {
		one := storageRow(s)
		switch {
		case s.State != connector.StorageReady:
		case damaged:
			one.Verdict, one.Detail = connector.Skipped, one.Detail+"; not tested "+untilRestored
			ready++
		default:
			if err := w.Service().TestStorage(ctx, s.Kind); err != nil {
				t := connector.Explain(err)
				one = doctorRow{one.Check, connector.Failing, "round trip failed: " + connector.Inside(t.Title), t.Remedy}
			} else {
				one.Detail += ": written, read back and deleted"
				ready++
			}
		}
		if s.Usable() {
			ready++
		}
		all = append(all, one)
	}
	for i := range all {
		if ready > 0 && all[i].Verdict == connector.Unknown {
			all[i].Verdict = connector.Skipped // another one can be used
		}
	}
	return all
}

func storageRow(s connector.StorageStatus) doctorRow {
	check := connector.StorageName(s.Kind)
	switch s.State {
	case connector.StorageReady:
		return okRow(check, "ready")
	case connector.StorageNew:
		return doctorRow{check, connector.Skipped, "not created yet: you choose its passphrase when the first token is stored there", ""}
	case connector.StorageLocked:
		return doctorRow{check, connector.Working, "locked; unlocked when needed", s.Remedy}
	case connector.StorageBroken:
		return doctorRow{check, connector.Failing, s.Detail, s.Remedy}
	case connector.StorageAbsent, connector.StorageUnresponsive:
	}
	return doctorRow{check, connector.Unknown, s.Detail, s.Remedy}
}

// checkLeftovers deletes what no connector needs any more, and counts it.
func checkLeftovers(ctx context.Context, w *ui.Deps) doctorRow {
	t, err := w.Service().Tidy(ctx)
	if err != nil {
		words := connector.Explain(err)
		return doctorRow{"leftovers", connector.Unknown, "could not be deleted: " + connector.Inside(words.Title), words.Remedy}
	}
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{t.Collected, "unused value"}, {t.Temps, "temporary file"}, {t.Histories, "orphaned report"}} {
		if p.n > 0 {
			parts = append(parts, connector.Plural(p.n, p.what)+" deleted")
		}
	}
	if t.Uncollected > 0 {
		words := connector.Plural(t.Uncollected, "unused value") + " to be deleted"
		if t.Young == t.Uncollected {
			words += ", too recent to delete now"
		}
		parts = append(parts, words)
	}
	for _, u := range t.Unasked {
		parts = append(parts, connector.StorageName(u.Kind)+" could not be accessed")
	}
	if len(parts) == 0 {
		return okRow("leftovers", "none")
	}
	verdict, remedy := connector.Working, ""
	if len(t.Unasked) > 0 {
		verdict, remedy = connector.Attention, "Unlock it and run doctor again"
	}
	return doctorRow{"leftovers", verdict, strings.Join(parts, ", "), remedy}
}

// siteLimit bounds the test of a connection.
const siteLimit = 10 * time.Second

// checkConnection tries names, connection and TLS to a site, without credentials, and compares
// the clocks.
func checkConnection(ctx context.Context, w *ui.Deps, site atlassian.Site) []doctorRow {
	if site.IsZero() {
		return []doctorRow{
			{"connection", connector.Skipped, "no connectors yet, so there is no site to connect to", "Name a site with --site"},
			{"clock", connector.Skipped, "not checked", ""},
		}
	}
	ctx, cancel := context.WithTimeout(ctx, siteLimit)
	defer cancel()
	seen := w.Observer.Lookup(ctx, site)
	now := w.Now()
	f := connector.SiteFinding(site, seen)
	way := doctorRow{"connection", f.Verdict, f.Detail, ""}
	if t := connector.Took(f.Took); t != "" && f.Verdict == connector.Working {
		way.Detail += " over TLS, in " + t
	}
	if f.Verdict != connector.Working {
		report := connector.Conclude(connector.CheckRequest{Product: connector.Jira, Site: site, Now: now}, []atlassian.Observation{seen})
		if seen.Fault != nil {
			way.Detail += ". " + report.Cause()
		}
		if len(report.Remedies) > 1 && report.Remedies[0].OnlyRetries() { // as if doctor were run for nothing
			report.Remedies = report.Remedies[1:]
		}
		way.Remedy = report.FirstStep()
	}
	return []doctorRow{way, checkClock(seen.Date, now)}
}

func (r *run) printDoctorRows(all []doctorRow) {
	widest := 0
	for _, s := range all {
		widest = max(widest, len(s.Check))
	}
	sum := map[connector.Verdict]int{}
	for _, s := range all {
		sum[s.Verdict]++
		n := 2 + widest + 2
		r.out.marked(n, r.out.mark(s.Verdict)+" "+s.Check+strings.Repeat(" ", widest-len(s.Check)+2), s.Detail)
		if s.Remedy != "" {
			r.out.marked(n+2, strings.Repeat(" ", n)+"- ", s.Remedy)
		}
	}
	r.out.blank()
	words := "No problems found."
	if bad := sum[connector.Failing] + sum[connector.Attention] + sum[connector.Unknown]; bad > 0 {
		words = connector.Plural(bad, "problem") + "."
	}
	r.out.line(words)
}

// The findings about this computer: pure functions over what was passed in.

func checkTerminal(s Stdio, screen bool) doctorRow {
	term := s.getenv("TERM")
	switch {
	case screen:
		return okRow("terminal", fmt.Sprintf("%s, %s wide: the wizard can be shown", terminalName(term), connector.Plural(s.Width, "column")))
	case term == "dumb" && s.OutIsTerminal:
		return doctorRow{"terminal", connector.Attention, "TERM=dumb: the wizard needs screen control", "Set TERM to your terminal's type, such as xterm-256color, or use the commands"}
	}
	return doctorRow{"terminal", connector.Skipped, "stdin and stdout are not a terminal: commands work, the wizard doesn't", ""}
}

func terminalName(term string) string {
	if term == "" {
		return "unnamed terminal"
	}
	return cleaned(term)
}

func checkLocale(s Stdio) doctorRow {
	if wantsASCII(s.getenv) {
		return doctorRow{"locale", connector.Working, "not UTF-8: symbols and boxes are drawn in ASCII", ""}
	}
	return okRow("locale", "UTF-8")
}

// whereTokensAre is a row for each storage, with the connectors whose tokens are there.
func whereTokensAre(entries []connector.Entry) []doctorRow {
	if len(entries) == 0 {
		return []doctorRow{{"tokens", connector.Skipped, "none yet", ""}}
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
	var all []doctorRow
	for _, where := range order {
		all = append(all, okRow("tokens", connector.AndMore(names[where], mostNames)+": in "+where))
	}
	return all
}

// checkProxy shows the proxy as it will be used for a site, any password hidden, and which of
// the environment's is not used. Without a site it asks for one of Atlassian's.
// Source: golang.org/x/net/http/httpproxy, FromEnvironment: upper case goes first, then lower.
func checkProxy(getenv func(string) string, site atlassian.Site) doctorRow {
	unused := atlassian.UnusedProxy(getenv)(cmp.Or(site.Host(), "your-site.atlassian.net"))
	if unused != "" {
		return doctorRow{"proxy", connector.Attention, strings.TrimSuffix(connector.UnusedProxyWords(unused), "."), connector.UnusedProxyRemedy(unused)}
	}
	address, name := "", ""
	for _, n := range []string{"HTTPS_PROXY", "https_proxy"} {
		if v := getenv(n); v != "" && address == "" {
			address, name = v, n
		}
	}
	if address == "" {
		return okRow("proxy", "none: connects directly. Only HTTPS_PROXY is read; your browser may use another proxy")
	}
	u := atlassian.ProxyAddress(address)
	if u == nil {
		return doctorRow{"proxy", connector.Failing, name + " is not a valid address", "Use an address like http://proxy.example.com:3128"}
	}
	words := name + " is set to " + cleaned(u.Scheme+"://"+u.Host)
	if u.User != nil {
		words += ", with credentials (not shown)"
	}
	if no := cmp.Or(getenv("NO_PROXY"), getenv("no_proxy")); no != "" {
		words += "; not used for " + cleaned(no)
	}
	return okRow("proxy", words)
}

// checkAuthorities says which CAs are trusted, and which certificates of --ca-file were ignored.
func (r *run) checkAuthorities() doctorRow {
	s := checkAuthorities(r.system.Build.System, r.stdio.getenv, r.flags.caFile)
	if problem, remedy := connector.AuthoritiesProblem(r.flags.caFile, r.authorities); r.flags.caFile != "" && problem != "" {
		s.Verdict, s.Detail, s.Remedy = connector.Attention, s.Detail+"; "+problem, remedy
	}
	return s
}

// checkAuthorities: on macOS and Windows the system itself judges, and Go reads neither
// variable there. Source: crypto/x509, SystemCertPool.
func checkAuthorities(system string, getenv func(string) string, caFile string) doctorRow {
	if strings.HasPrefix(system, "darwin/") || strings.HasPrefix(system, "windows/") {
		getenv = func(string) string { return "" }
	}
	var parts []string
	if caFile != "" {
		parts = append(parts, "the system's and --ca-file")
	}
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if v := getenv(name); v != "" {
			parts = append(parts, name+" replaces the system's: "+cleaned(v))
		}
	}
	if len(parts) == 0 {
		return okRow("CA certificates", "the system's")
	}
	return okRow("CA certificates", strings.Join(parts, "; "))
}

// clockTolerance: beyond it certificates may look expired or not yet valid, and expiry dates are
// wrong.
const clockTolerance = 5 * time.Minute

func checkClock(theirs, ours time.Time) doctorRow {
	if theirs.IsZero() {
		return doctorRow{"clock", connector.Skipped, "not checked", ""}
	}
	off := ours.Sub(theirs).Round(time.Second)
	way := "ahead of"
	if off < 0 {
		off, way = -off, "behind"
	}
	if off <= clockTolerance {
		return okRow("clock", "matches Atlassian's")
	}
	return doctorRow{"clock", connector.Failing, fmt.Sprintf("%s %s Atlassian's", connector.Span(off), way), "Set this computer's clock: certificates and expiry dates depend on it"}
}

// checkVariables lists the variables that change what this program does, or that other tools
// would use as the connector's token. Values that could be secrets are not shown.
func checkVariables(getenv func(string) string) []doctorRow {
	var all []doctorRow
	for _, v := range []struct{ name, does string }{
		{"SAASCONNECT_HOME", "stores all files below "},
		{roleVariable, "overrides the saved role: "},
		{"SAASCONNECT_KEEP_IN", "overrides the saved storage: "},
		{"SAASCONNECT_KEY_FILE", "unlocks the encrypted file with "},
	} {
		value := getenv(v.name)
		if value == "" {
			continue
		}
		row := okRow(v.name, v.does+cleaned(value))
		if _, known := connector.ParseRole(value); v.name == roleVariable && !known {
			row = doctorRow{v.name, connector.Attention, "is set to an unknown role: " + cleaned(value), "Set it to global-admin or account-admin, or unset it"}
		}
		all = append(all, row)
	}
	if value := getenv("SAASCONNECT_SAASSURE_URL"); value != "" {
		row := okRow("SAASCONNECT_SAASSURE_URL", "is set: opened when you enter a connector")
		if ui.SaaSAssureAddress(value) == "" {
			row = doctorRow{row.Check, connector.Attention, "is ignored: not an https address", "Set it to an address like https://HOST, without user name and password"}
		}
		all = append(all, row)
	}
	for _, name := range []string{"ATLASSIAN_API_TOKEN", "JIRA_API_TOKEN", "CONFLUENCE_API_TOKEN"} {
		if getenv(name) != "" {
			all = append(all, doctorRow{name, connector.Attention,
				"is set: saasconnect doesn't read it, but other tools use it as their token",
				"Unset it, or pass tokens with saasconnect exec"})
		}
	}
	if len(all) == 0 {
		return []doctorRow{okRow("variables", "none that change anything")}
	}
	return all
}
