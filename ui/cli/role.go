package cli

import (
	"context"

	"saasconnect/connector"
)

// The SaaSAssure role: the flag, else the environment, else what is remembered, else
// asked. SaaSAssure itself enforces it; this program can't verify it.

const roleHint = "say --role global-admin or --role account-admin, or set SAASCONNECT_ROLE"

// roleFor returns a role that may do what is asked ("add connectors"), or why not, with the
// letter to someone who may ("add a Jira connector").
func (r *run) roleFor(ctx context.Context, flag, what string, p connector.Product, need string) (connector.Role, error) {
	role := connector.ParseRole(flag)
	if role == connector.RoleUnknown {
		role = connector.ParseRole(r.stdio.getenv("SAASCONNECT_ROLE"))
	}
	w, err := r.open(ctx)
	if err != nil {
		return role, err
	}
	settings, err := w.Store.Settings(ctx)
	if err != nil {
		return role, storageFailure(ctx, err)
	}
	if role == connector.RoleUnknown {
		role = settings.Role
	}
	answered := role == connector.RoleUnknown
	if answered {
		role, err = r.promptForRole(ctx)
		if err != nil {
			return role, err
		}
	}
	if !role.MaySave() {
		hint := didYouMean(flag, "--role ", roleHint, string(connector.RoleGlobalAdmin), string(connector.RoleAccountAdmin))
		return role, &failure{exit: exitRole, code: "role",
			message: "only a Global Admin or an Account Admin of SaaSAssure can " + what, hint: hint, letter: connector.RoleMessage(p, need)}
	}
	if answered { // what a flag or a variable says is that run's alone
		if err := w.Service().Settings(ctx, connector.Settings{Role: role}); err != nil {
			r.warn("Your role could not be remembered: " + connector.Explain(err).Title + ".")
		}
	}
	return role, nil
}

func (r *run) promptForRole(ctx context.Context) (connector.Role, error) {
	person := r.prompter()
	if person == nil {
		return connector.RoleUnknown, wouldAsk(roleHint, "your SaaSAssure role is not known, and %s", r.noPerson())
	}
	roles := []connector.Role{connector.RoleGlobalAdmin, connector.RoleAccountAdmin, connector.RoleOther}
	titles := make([]string, len(roles))
	for i, role := range roles {
		titles[i] = role.Title()
	}
	n, err := person.choose(ctx, "What is your role in SaaSAssure?", titles)
	if err != nil {
		return connector.RoleUnknown, asked(ctx, err)
	}
	return roles[n], nil
}
