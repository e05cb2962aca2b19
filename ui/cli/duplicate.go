package cli

import (
	"context"

	"saasconnect/connector"
)

// Second connectors: for one product, site and e-mail, which are nearly always meant to
// replace a token; and for one product and SaaSAssure account, which SaaSAssure would not take.

// askSecond questions a new connector that is a second one in either way, once.
func (r *run) askSecond(ctx context.Context, c connector.Connector, entries []connector.Entry, yes bool) error {
	if connector.Same(c, entries) != nil {
		return r.askSame(ctx, c, entries, yes)
	}
	return r.askTwin(ctx, c, entries, yes)
}

// askSame questions a second connector for the same product, site and e-mail.
func (r *run) askSame(ctx context.Context, c connector.Connector, entries []connector.Entry, yes bool) error {
	other := connector.Same(c, entries)
	if other == nil || yes {
		return nil
	}
	title := other.Name + " is the " + connector.ProductTitle(c.Product) + " connector of " + c.Site.Host() + " and " + other.Email + " already"
	instead := "saasconnect replace-token " + other.Name + " gives that one a new token"
	person := r.person()
	if person == nil {
		return wouldAsk(instead+"; --yes saves a second one", "%s, and %s", title, r.noPerson())
	}
	sure, err := person.yes(ctx, title+"; "+instead+". Save a second one?")
	switch {
	case err != nil:
		return asked(ctx, err)
	case !sure:
		return usage(instead, "nothing was saved")
	}
	return nil
}

// askTwin questions a second connector for the same product and SaaSAssure account, which
// SaaSAssure would not take. Where no account is named nobody can know, so a script is
// only told; where the same one is named twice it has to say that it is meant.
func (r *run) askTwin(ctx context.Context, c connector.Connector, entries []connector.Entry, yes bool) error {
	other := connector.Twin(c, entries)
	if other == nil || yes {
		return nil
	}
	title, why := connector.TwinWords(c, *other)
	person := r.person()
	switch {
	case person == nil && c.Account == "":
		r.warn(connector.Inside(title) + ". " + why + " (--account names it, --yes says that it is meant)")
		return nil
	case person == nil:
		return wouldAsk("say --yes if that is meant", "%s. %s", title, why)
	}
	sure, err := person.yes(ctx, title+". "+why+" Save it all the same?")
	switch {
	case err != nil:
		return asked(ctx, err)
	case !sure:
		return usage("name the account it is for with --account", "nothing was saved")
	}
	return nil
}
