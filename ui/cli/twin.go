package cli

import (
	"context"

	"saasconnect/connector"
)

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
