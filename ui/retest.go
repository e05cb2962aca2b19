package ui

import (
	"context"
	"slices"
	"sync"
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Checks of several connectors side by side (connector.CheckAll), streamed into a screen
// and ended with it.

// retestedMsg is one connector's new report.
type retestedMsg struct {
	ticket ticket
	id     string
	report connector.Report
}

// retestDone comes after the last one.
type retestDone struct{ ticket ticket }

const (
	// atOnce is how many sites are asked at once: enough to hide their latency, few enough
	// to be no burden to anyone.
	atOnce = 8
	// rememberLimit bounds noting a report.
	rememberLimit = 10 * time.Second
)

// patience is how long nothing may land before it is said what may be waited for.
const patience = 3 * time.Second

// waitingWords say it, where a token is in the keyring.
func waitingWords(l *look, waited time.Duration, entries ...connector.Connector) string {
	for _, c := range entries {
		if c.KeptIn == connector.SafeKeyring && waited >= patience {
			return l.faint.Render(wrap(l.desktopAsks(), l.width)) + "\n"
		}
	}
	return ""
}

// desktopAsks says what may be waited for outside this window.
func (l *look) desktopAsks() string {
	key := "Esc"
	if l.spoken {
		key = "Ctrl+C"
	}
	return "Your desktop may be asking for the keyring's password. " + key + " gives up."
}

// probe is one check of several.
type probe struct {
	id   string
	ask  connector.Question
	from connector.TokenSource // nil: the token that is stored
	keep bool                  // note the report
	// entry is the saved connector, for what its last good check saw.
	entry connector.Entry
}

// retests are the probes of saved connectors, each with its own token.
func retests(w *World, entries []*connector.Entry) []probe {
	var all []probe
	for _, e := range entries {
		all = append(all, probe{id: e.ID, keep: true, entry: *e, ask: connector.Question{
			Product: e.Product, Site: e.Site, Email: e.Email, Expires: e.Expires, ExpiresBy: e.ExpiresBy(), Saved: true, Now: w.Now(),
		}})
	}
	return all
}

// startProbes checks side by side and returns where the reports land. A context that ends
// keeps what is known.
func startProbes(ctx context.Context, w *World, probes []probe, t ticket) <-chan tea.Msg {
	world := *w
	return stream(ctx, func(send func(tea.Msg)) {
		defer saveOutcomes(ctx, world.Store)
		stored := sync.OnceValues(func() (connector.TokenReader, error) { return world.Store.Tokens(ctx) })
		asked := make([]connector.Asked, len(probes))
		for i, p := range probes {
			if p.entry.ID != "" && p.entry.LastNeedsReports() {
				p.entry.Reports = world.Store.Reports(ctx, p.entry.ID)
			}
			p.ask.Before, p.ask.BeforeAt = p.entry.LastGood()
			p.ask.ProvenHere = p.entry.ProvenHere()
			if asked[i] = (connector.Asked{Question: p.ask, Token: p.from}); p.from == nil {
				asked[i].Token = func(ctx context.Context) (atlassian.Token, error) {
					tokens, err := stored()
					if err != nil {
						return atlassian.Token{}, err
					}
					return tokens(ctx, p.id)
				}
			}
		}
		connector.CheckAll(ctx, world.Observer, world.Now, connector.Bounds{Sites: atOnce, Limit: world.Timeout}, asked,
			func(i int, report connector.Report) {
				if probes[i].keep && !unread(report) {
					remember(ctx, world.Store, probes[i].id, report)
				}
				send(retestedMsg{t, probes[i].id, report})
			})
		send(retestDone{t})
	})
}

// unread: the token could not be read, so the report says nothing of its connector, and
// changes nothing that is known of it.
func unread(r connector.Report) bool { return r.Code == connector.CodeTokenLocked }

// mayBeLocked reports whether a passphrase may have to be asked for before these are checked.
func (s *session) mayBeLocked(entries ...*connector.Entry) bool {
	return !s.opened && slices.ContainsFunc(entries, func(e *connector.Entry) bool { return e.KeptIn == connector.SafeFile })
}

// isLocked takes the answer to whether the encrypted file is locked.
func (s *session) isLocked(msg safesMsg) bool {
	for _, safe := range msg.safes {
		if safe.Kind == connector.SafeFile {
			s.opened = safe.State == connector.SafeReady
			return safe.State == connector.SafeLocked
		}
	}
	return false
}

// looking says that it is looked at.
func looking(l *look, spin spinner.Model) string {
	return l.accent.Render(spin.View()) + " Looking at the encrypted file " + l.ellipsis()
}

// saveOutcomes lets lists know of what was remembered, also where the run was given up.
func saveOutcomes(ctx context.Context, store Store) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberLimit)
	defer cancel()
	_ = store.SaveOutcomes(ctx) // lists read the histories instead
}

// remember notes a report, also where the screen that asked has gone: it is known.
func remember(ctx context.Context, store Store, id string, report connector.Report) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rememberLimit)
	defer cancel()
	_ = store.Remember(ctx, id, report) // the report on the screen is what counts
}
