package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/practice"
)

// practiceFlags are what practice takes.
type practiceFlags struct{ list, json bool }

func (r *run) practiceCommand() *cobra.Command {
	var f practiceFlags
	c := &cobra.Command{
		Use:   "practice [SITUATION]",
		Short: "Practice on a demo site; nothing is real",
		Long: "Open the wizard on a simulated Atlassian: no account, no network, and nothing is\n" +
			"saved. A situation simulates one case, such as an account without admin permission.\n" +
			"With --json, run the situation's check and print its result.",
		Example: "  saasconnect practice\n" +
			"  saasconnect practice not-admin\n" +
			"  saasconnect practice --list\n" +
			"  saasconnect practice token-refused --json",
		Args: atMostOne("a situation"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			if len(args) == 0 {
				for _, s := range practice.Situations() {
					names = append(names, cobra.CompletionWithDesc(s.Name, s.Title))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			return r.practice(cmd.Context(), name, f)
		},
	}
	c.Flags().BoolVar(&f.list, "list", false, "list the situations")
	c.Flags().BoolVar(&f.json, "json", false, "run the situation's check and print its result as JSON")
	return c
}

func (r *run) practice(ctx context.Context, name string, f practiceFlags) error {
	all := practice.Situations()
	if f.list {
		return r.listSituations(all, f.json)
	}
	at := 0
	if name != "" {
		at = slices.IndexFunc(all, func(s practice.Situation) bool { return s.Name == name })
	}
	if at < 0 || at >= len(all) {
		return usage(didYouMean(name, "saasconnect practice ", "see saasconnect practice --list", situationNames(all)...),
			"unknown situation %s", quoted(name))
	}
	s := all[at]
	if !f.json {
		if err := r.canAsk("saasconnect practice " + s.Name + " --json runs its check"); err != nil {
			return err
		}
	}
	o := r.options()
	o.Practice, o.Situation, o.Quick = true, s.Name, f.json
	w, err := r.openWith(ctx, o)
	if err != nil {
		return err
	}
	if !f.json {
		return r.show(ctx, *w, ui.Start{})
	}
	if s.Many {
		return r.check(ctx, checkFlags{all: true, parallel: defaultParallel, warn: "30d", json: true}, nil)
	}
	done, err := r.checkSituation(ctx, w, s)
	if err != nil {
		return err
	}
	r.printJSON(asResults([]checked{done}, w.Now(), false))
	return exitWith(exitFor([]connector.Verdict{done.report.Verdict}, false, false, false))
}

func situationNames(all []practice.Situation) []string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Name
	}
	return names
}

// checkSituation runs the check of a situation's seed: what is to be typed in it.
func (r *run) checkSituation(ctx context.Context, w *ui.Deps, s practice.Situation) (checked, error) {
	seed := w.Practice.Seed
	d := setup.New(s.Product)
	d.Set(setup.Facts{Product: s.Product, Site: seed.Site, Email: seed.Email, Expiry: seed.Expires.String()})
	d.SetToken(seed.Token, seed.Receipt, w.Now())
	d.SetStorage(connector.StorageMemory, true)
	q := w.Service().CheckRequest(d)
	if s.Saw > 0 {
		q.Before = &connector.Coverage{Coverage: atlassian.Coverage{Count: s.Saw}}
		q.BeforeAt = connector.DateOf(w.Now().AddDate(0, 0, -1))
	}
	done := checked{of: d.Connector(connector.Stamp{At: w.Now()})}
	if s.StorageFault == "" {
		var err error
		done.report, err = r.checkDraft(ctx, d, q)
		return done, err
	}
	q.Saved = true // only a saved connector has a token that a storage could lose
	done.report = connector.ConcludeStorage(q, &connector.StorageError{Kind: connector.StorageMemory, Why: connector.StorageWhy(s.StorageFault)})
	return done, nil
}

func (r *run) listSituations(all []practice.Situation, asJSON bool) error {
	if asJSON {
		type situationJSON struct {
			Name    string            `json:"name"`
			Code    connector.Code    `json:"code"`
			Product connector.Product `json:"product"`
			Title   string            `json:"title"`
		}
		out := struct {
			Version    int             `json:"version"`
			Situations []situationJSON `json:"situations"`
		}{1, []situationJSON{}}
		for _, s := range all {
			if s.Many {
				continue // no single check, so no single code
			}
			out.Situations = append(out.Situations, situationJSON{s.Name, s.Code, s.Product, s.Title})
		}
		r.printJSON(out)
		return nil
	}
	rows := [][]string{{"SITUATION", "PRODUCT", "SIMULATED CASE"}}
	for _, group := range situationGroups() {
		rows = append(rows, []string{"", "", ""}, []string{strings.ToUpper(group), "", ""})
		for _, s := range all {
			product := connector.ProductTitle(s.Product)
			if s.Many {
				product = "both"
			}
			if situationGroup(s) == group {
				rows = append(rows, []string{s.Name, product, s.Title})
			}
		}
	}
	r.out.table(r.out.grid(rows))
	return nil
}

// situationGroups are the groups of a list of situations, in its order.
func situationGroups() []string {
	return []string{
		"Working", "Needs attention", connector.StageSite.Title(), connector.StageSignIn.Title(), connector.StageProduct.Title(),
		connector.StageAdmin.Title(), "Stored token", "Network", "No clear answer", "Many connectors",
	}
}

// situationGroup is where a situation is listed.
func situationGroup(s practice.Situation) string {
	verdict, stage := connector.About(s.Code)
	switch {
	case s.Many:
		return "Many connectors"
	case s.StorageFault != "":
		return "Stored token"
	case verdict == connector.Working:
		return "Working"
	case verdict == connector.Attention:
		return "Needs attention"
	case verdict == connector.Failing:
		return stage.Title()
	case stage == connector.StageSite:
		return "Network"
	}
	return "No clear answer"
}
