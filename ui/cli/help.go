package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

// helpCommand replaces cobra's, which ends with 0 after "Unknown help topic".
func (r *run) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND|TOPIC]",
		Short:   "Help about any command",
		Long:    "Show help for a command, with its flags and examples, or for a topic that applies to\nall commands.",
		Example: "  saasconnect help\n  saasconnect help add\n  saasconnect help environment",
		Args:    atMostOne("a command or a topic"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			for _, c := range visible(cmd.Root()) {
				if len(args) == 0 {
					names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			about := cmd.Root()
			if len(args) == 1 {
				var err error
				if about, _, err = cmd.Root().Find(args); err != nil || about == cmd.Root() {
					return noSuchCommand(cmd, args[0])
				}
			}
			about.InitDefaultHelpFlag() // else cobra does it when a command is run, and it is not
			about.InitDefaultVersionFlag()
			return about.Help()
		},
	}
}

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
		return "use saasconnect list, or saasconnect check --all to check again"
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

// topics are the help topics: what holds for every command. They can't be run; cobra lists
// them below the commands, and `saasconnect help NAME` prints one.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "What each exit code means", Long: `If several apply, the first one in this order: 130, 4, 6, 5, 2, 1, 3, 0.

  0    Everything is fine. With --strict, warnings count as 1.
  1    At least one connection is failing.
  2    The command line or an input is invalid; every problem is listed. Or a
       question was answered no.
  3    None failing, but at least one is unknown: a network problem, or a
       problem at Atlassian.
  4    Connectors can't be read, or something could not be stored.
  5    Your SaaSAssure role doesn't allow this.
  6    Input is needed, with --no-input or without a terminal.
  70   Internal error.
  130  Interrupted.`},
		{Use: "environment", Short: "The environment variables that are read", Long: `  SAASCONNECT_HOME      Store all files below this folder, as with --home.
  SAASCONNECT_KEEP_IN   Where add stores a token, as with --keep-in: keyring, file
                        or reference.
  SAASCONNECT_KEY_FILE  The file that unlocks the encrypted file unattended: one
                        line with the passphrase (16 characters or more) or an
                        age identity. No one else may read it (Unix: mode 0600).
  SAASCONNECT_SAASSURE_URL
                        The https address of your SaaSAssure, opened when you
                        enter a connector. Not set: no page is opened.
  SAASCONNECT_ROLE      Your SaaSAssure role, as with --role: global-admin or
                        account-admin.
  SAASCONNECT_PLAIN, ACCESSIBLE
                        Set to any value: no screen control, as with --plain.
  NO_COLOR              Set to any value: no color.
  LC_ALL, LC_CTYPE, LANG
                        Without UTF-8 in the locale, output is ASCII. LC_ALL
                        overrides LC_CTYPE, and LC_CTYPE overrides LANG.
  HTTPS_PROXY, NO_PROXY
                        The proxy for Atlassian, and the hosts that are
                        connected to directly.
  SSL_CERT_FILE, SSL_CERT_DIR
                        The CAs to trust instead of the system's. Not read on
                        macOS and Windows, where --ca-file adds to the system's.
  GODEBUG               Go settings: tlsmlkem=0 if a firewall doesn't answer the
                        TLS handshake, x509negativeserial=1 if it presents
                        certificates with a negative serial number.
  BROWSER               The command that opens a page.
  XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME
                        The folders in 'saasconnect help files', except on macOS
                        and Windows.`},
		{Use: "files", Short: "The files that are written", Long: `On Linux and other Unix systems:

  ~/.config/saasconnect/connectors.json  The connectors. It never contains tokens.
  ~/.config/saasconnect/connectors.json.bak
                                         Its backup, used if it is damaged or
                                         missing. A damaged one is saved as
                                         connectors.json.corrupt-TIME.
  ~/.config/saasconnect/connectors.lock  Always empty: one program writes at a
                                         time.
  ~/.config/saasconnect/settings.json    Your role, and where tokens are stored.
  ~/.local/share/saasconnect/secrets/    The encrypted tokens, if they aren't
                                         stored in the keyring.
  ~/.local/state/saasconnect/history/    The latest reports of each connector.
                                         They contain no tokens.
  ~/.local/state/saasconnect/outcomes.json
                                         The latest result of each connector, for
                                         lists. It can be deleted.
  ~/.local/state/saasconnect/proven.json The site and email of each token that
                                         is read from an external source.

On macOS, everything is below ~/Library/Application Support/saasconnect; on Windows,
below %AppData%\saasconnect and %LocalAppData%\saasconnect.`},
		{Use: "names", Short: "How connectors are named, and several at once", Long: `Name a connector by its name (case doesn't matter) or its ID.

check, export, remove, move-token and mark-entered take several names and globs: *
matches any characters and ? matches one. Quote a glob, or the shell expands it to
file names.

  saasconnect check 'acme-*'

An unknown name stops the command before anything is done. If something fails for one
of several connectors, the others are still done; the exit code is the worst one.

Flags narrow list and check to some connectors. They combine:

  --failing               The last check failed.
  --attention             It works but needs attention: the last check says so, or
                          the token expires within 30 days or has expired.
  --unknown               The last check was inconclusive, or there was none.
                          Several of these three mean any of them.
  --expiring 30d          The token expires within this period, or has expired. If
                          no date is set, the latest possible one counts.
  --account ACCOUNT       The SaaSAssure account: its full name, or a glob. Case
                          doesn't matter.
  --product PRODUCT       jira or confluence.
  --site SITE             The site in any form, or a glob for its name.
  --not-entered           list only: not marked as entered in SaaSAssure, or the
                          token was replaced since.`},
		{Use: "security", Short: "Where tokens come from, go to and are stored", Long: `No flag takes a token. It comes from standard input, a variable, a command or a
file. It is sent to the site it was entered for and, if rejected there, once to that
site's gateway at api.atlassian.com. It is stored in the system keyring or an
encrypted file. Nothing is sent to SaaSAssure.`},
	}
}

func (r *run) guideCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "guide [jira|confluence]",
		Short:             "Print how to create an API token, step by step",
		Example:           "  saasconnect guide\n  saasconnect guide confluence",
		Args:              atMostOne("a product: jira or confluence"),
		ValidArgsFunction: completeProducts,
		RunE: func(_ *cobra.Command, args []string) error {
			product := connector.Jira
			if len(args) == 1 {
				if product = productNamed(args[0]); product == "" {
					return usage(didYouMean(args[0], "saasconnect guide ", "", products()...), "%s is not a product: use jira or confluence", quoted(args[0]))
				}
			}
			r.guide(product)
			return nil
		},
	}
}

// guide prints the walkthrough, wrapped so that what goes on stands under what began.
func (r *run) guide(product connector.Product) {
	for line := range strings.Lines(connector.GuideText(product)) {
		line = strings.TrimRight(line, "\n")
		text := strings.TrimLeft(line, " ")
		indent := len(line) - len(text)
		switch {
		case text == "":
			r.out.blank()
		case indent == 0 && text[0] >= '0' && text[0] <= '9':
			r.out.marked(3, "", text)
		default:
			r.out.paragraph(indent, text)
		}
	}
	r.out.blank()
	r.out.paragraph(0, "Then: saasconnect add "+string(product)+" --site SITE --email EMAIL --token-stdin --role global-admin")
}
