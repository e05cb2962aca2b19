package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The form's look at the site: as soon as its line is left, Atlassian is asked whether
// there is such a site. No credentials go along, and nothing waits for the answer.

// lookupLimit bounds the look; the check itself asks again.
const lookupLimit = 10 * time.Second

// lookedUp is the answer of lookup.
type lookedUp struct {
	ticket ticket
	site   atlassian.Site
	seen   atlassian.Observation
}

func lookup(ctx context.Context, o connector.Observer, site atlassian.Site, t ticket) tea.Cmd {
	return func() tea.Msg { return lookedUp{t, site, o.Lookup(ctx, site)} }
}

// lookUp asks about the site that is in the field now, unless that was asked already.
func (f *formScreen) lookUp() tea.Cmd {
	site := f.setup.site()
	if site.IsZero() || site.Host() == f.looked {
		return nil
	}
	f.looked, f.looking = site.Host(), true
	ctx, cancel := context.WithTimeout(context.Background(), lookupLimit)
	f.cancel = append(f.cancel, cancel)
	return lookup(ctx, f.world.Observer, site, f.ticket)
}

func (f *formScreen) takeLookup(msg lookedUp) {
	if msg.ticket != f.ticket || msg.site.Host() != f.looked {
		return
	}
	f.looking = false
	f.found = connector.SiteFinding(msg.site, msg.seen)
}
