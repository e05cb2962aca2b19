package cli

import (
	"context"
	"fmt"
	"strings"

	"saasconnect/connector"
)

// Second connectors: for one product, site and e-mail, which are nearly always meant to
// replace a token; and for one product and SaaSAssure account, which SaaSAssure would not take.

// askDuplicate questions a Draft that would stand beside another connector like it.
func (r *run) askDuplicate(ctx context.Context, t *task) error {
	other := t.draft.DuplicateOf(t.known)
	person := r.person()
	account := t.draft.Facts().Account
	words, why := connector.TwinWords(connector.Connector{Product: other.Product, Account: account}, *other)
	question, hint, instead := words+". "+why+" Save it all the same?", "say --yes if that is meant", "name the account it is for with --account"
	nobody := words + ". " + why
	if t.draft.HasConnectionOf(*other) {
		words, _ = connector.SameWords(*other)
		instead = "saasconnect replace-token " + other.Name + " gives that one a new token"
		question, hint = words+"; "+instead+". Save a second one?", instead+"; --yes saves a second one"
		nobody = words + ", and " + r.noPerson()
	}
	switch {
	case t.flags.yes:
	case person == nil && account == "" && !t.draft.HasConnectionOf(*other): // nobody can know, so a script is only told
		r.warn(connector.Inside(words) + ". " + why + " (--account names it, --yes says that it is meant)")
	case person == nil:
		return wouldAsk(hint, "%s", nobody)
	default:
		sure, err := person.yes(ctx, question)
		if err != nil {
			return asked(ctx, err)
		}
		if !sure {
			return usage(instead, "nothing was saved")
		}
	}
	t.draft.AcceptDuplicate()
	return nil
}

// askTwins questions those of a whole file at once, as askTwin does one.
func (r *run) askTwins(ctx context.Context, in *intake, entries []connector.Entry) error {
	twins, nameless := in.twins(entries)
	if nameless > 0 && !in.yes {
		r.warn(fmt.Sprintf("%s no SaaSAssure account, and SaaSAssure takes one connector of a product for each of its accounts (the column account names it, --yes says that it is meant)", rowsName(nameless)))
	}
	if len(twins) == 0 || in.yes {
		return nil
	}
	title := fmt.Sprintf("%s would be a second connector for a product and an account that has one", linesOf(twins))
	why := "SaaSAssure takes one connector of a product for each of its accounts. A second one can be kept and checked here, but not be added there."
	person := r.person()
	if person == nil {
		return wouldAsk("say --yes if that is meant", "%s. %s", title, why)
	}
	sure, err := person.yes(ctx, connector.Capitalize(title)+". "+why+" Save them all the same?")
	switch {
	case err != nil:
		return asked(ctx, err)
	case !sure:
		return usage("name the accounts they are for in the column account", "nothing was saved")
	}
	return nil
}

func rowsName(n int) string {
	if n == 1 {
		return "1 row is a second one for its product, and names"
	}
	return fmt.Sprintf("%d rows are second ones for their product, and name", n)
}

// twins are the steps that would make a second connector for the same product and account,
// and how many do so where no account is named, which nobody can know.
func (in *intake) twins(entries []connector.Entry) (named []*step, nameless int) {
	type of struct {
		product connector.Product
		account string
	}
	key := func(c connector.Connector) of { return of{c.Product, strings.ToLower(strings.TrimSpace(c.Account))} }
	mine := map[string]bool{} // whose account the file changes: they are counted as they will be
	for _, s := range in.steps {
		if s.old != nil {
			mine[s.old.ID] = true
		}
	}
	there := map[of]bool{}
	for _, e := range entries {
		if !mine[e.ID] {
			there[key(e.Connector)] = true
		}
	}
	for _, s := range in.steps {
		if s.old != nil && key(s.old.Connector) == key(s.meant) {
			there[key(s.meant)] = true
		}
	}
	for _, s := range in.steps {
		k := key(s.meant)
		switch {
		case s.old != nil && key(s.old.Connector) == k:
		case !there[k]:
			there[k] = true
		case k.account == "":
			nameless++
		default:
			named = append(named, s)
		}
	}
	return named, nameless
}
