package cli

import (
	"context"

	"saasconnect/connector"
)

// Second connectors: for one product, site and e-mail, which are nearly always meant to
// replace a token; and for one product and SaaSAssure account, which SaaSAssure would not take.

// askDuplicate questions a Draft that would stand beside another connector like it.
func (r *run) askDuplicate(ctx context.Context, t *task) error {
	other := t.draft.DuplicateOf(t.known)
	person := r.prompter()
	account := t.draft.Facts().Account
	words, why := connector.SameAccountWords(connector.Connector{Product: other.Product, Account: account}, *other)
	question, hint, instead := words+". "+why+" Save it all the same?", "say --yes if that is meant", "name the account it is for with --account"
	nobody := words + ". " + why
	if t.draft.HasConnectionOf(*other) {
		words, _ = connector.SameConnectionWords(*other)
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
