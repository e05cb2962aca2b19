package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/connector"
)

// help, in place of cobra's: that one says "Unknown help topic" and ends with 0, which a
// script takes for an answer.
func (r *run) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND|TOPIC]",
		Short:   "Help about any command",
		Long:    "Print what a command does, with its flags and examples that run, or a topic: what\nholds for all commands.",
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

// topics are the help topics: what holds for every command. They can't be run; cobra lists
// them below the commands, and `saasconnect help NAME` prints one.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "What each exit code means", Long: `Several at once: 130, then 4, 6, 5, 2, 1, 3 and 0.

  0    All asked for is good. With --strict, warnings count as 1.
  1    At least one connection is proven not to work.
  2    The command line or an input is wrong; every problem is named. Or a
       question was answered no.
  3    None failing, at least one could not be found out: the network, or
       Atlassian in trouble.
  4    Connectors can't be read, or something could not be kept.
  5    Your SaaSAssure role may not do this.
  6    It would have had to ask: --no-input, or no terminal.
  70   A fault of the program itself.
  130  Interrupted.`},
		{Use: "environment", Short: "The environment variables that are read", Long: `  SAASCONNECT_HOME      Keep all files below this folder, as --home does.
  SAASCONNECT_KEEP_IN   Where add keeps a token, as --keep-in says it: keyring,
                        file or reference.
  SAASCONNECT_KEY_FILE  The file that opens the encrypted file unattended: one
                        line with the passphrase (16 characters or more) or an
                        age identity, mode 0600.
  SAASCONNECT_SAASSURE_URL
                        The https address at which your SaaSAssure is opened to
                        enter a connector. Not set: no page is offered.
  SAASCONNECT_ROLE      Your SaaSAssure role, as --role says it: global-admin or
                        account-admin.
  SAASCONNECT_PLAIN, ACCESSIBLE
                        Set to anything: no screen control, as --plain does.
  NO_COLOR              Set to anything: no color.
  LC_ALL, LC_CTYPE, LANG
                        A locale without UTF-8 draws with ASCII alone. LC_ALL
                        goes before LC_CTYPE, LC_CTYPE before LANG.
  HTTPS_PROXY, NO_PROXY
                        The way to Atlassian, and the hosts to which there is a
                        direct one.
  SSL_CERT_FILE, SSL_CERT_DIR
                        The authorities to trust in place of the system's. Not
                        read on macOS and Windows, where --ca-file adds to the
                        system's.
  GODEBUG               Settings of Go: tlsmlkem=0 where a firewall doesn't answer
                        the TLS handshake, x509negativeserial=1 where it shows
                        certificates with a negative serial number.
  BROWSER               The command that opens a page.
  XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME
                        The folders that 'saasconnect help files' names, where
                        the system is neither macOS nor Windows.`},
		{Use: "files", Short: "The files that are written", Long: `On Linux and the like:

  ~/.config/saasconnect/connectors.json  The connectors. It never holds a token.
  ~/.config/saasconnect/settings.json    Your role, and where tokens are kept.
  ~/.local/share/saasconnect/secrets/    The encrypted tokens, where the keyring
                                         does not keep them.
  ~/.local/state/saasconnect/history/    The last reports of each connector.
                                         They hold no token.
  ~/.local/state/saasconnect/outcomes.json
                                         What the newest checks came to, for
                                         lists. It may be deleted.
  ~/.local/state/saasconnect/proven.json The site and email of each token that
                                         is read from elsewhere.

On macOS all of it is below ~/Library/Application Support/saasconnect, on Windows
below %AppData%\saasconnect and %LocalAppData%\saasconnect.`},
		{Use: "names", Short: "How connectors are named, and several at once", Long: `A connector is named by its name, letter case aside, or by its id.

check, export, remove, move-token and mark-entered take several names and globs: *
stands for any characters and ? for one. Put a glob into quotation marks, or the
shell takes it for files.

  saasconnect check 'acme-*'

A name that is not there ends the command before anything is done. Where something
can't be done for one of several, the others are done; the exit code is the worst.

Flags narrow list and check to some connectors. Those that are given combine:

  --failing               The last check says that it does not work.
  --attention             It works, and needs attention: the last check says so,
                          or the token expires within 30 days or has expired.
  --unknown               The last check could not tell, or there was none.
                          Several of these three mean any of them.
  --expiring 30d          The token expires by then, or has expired. Where no
                          day was recorded it is the latest that is possible.
  --account ACCOUNT       The SaaSAssure account: its whole name, or a glob,
                          letter case aside.
  --product PRODUCT       jira or confluence.
  --site SITE             The site in any form, or a glob for its name.
  --not-entered           list alone: not marked as entered in SaaSAssure, or
                          the token was replaced since.`},
		{Use: "security", Short: "Where tokens come from, go to and are kept", Long: `No flag takes a token. It comes from standard input, a variable, a command or a
file, is sent to the site it was entered for (and, after a refusal, once to that
site's gateway at api.atlassian.com), and is kept in the system keyring or an
encrypted file. Nothing is sent to SaaSAssure.`},
	}
}

func (r *run) guideCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "guide [jira|confluence]",
		Short:             "Print how to make an API token, step by step",
		Example:           "  saasconnect guide\n  saasconnect guide confluence",
		Args:              atMostOne("a product: jira or confluence"),
		ValidArgsFunction: completeProducts,
		RunE: func(_ *cobra.Command, args []string) error {
			product := connector.Jira
			if len(args) == 1 {
				if product = productNamed(args[0]); product == "" {
					return usage(didYouMean(args[0], "saasconnect guide ", "", products()...), "%s is not a product: jira or confluence", quoted(args[0]))
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
	r.out.paragraph(0, "Then: saasconnect add "+string(product)+" --site SITE --email E-MAIL --token-stdin --role global-admin")
}
