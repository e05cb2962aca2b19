package ui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// sharingScreen offers the new token to the other connectors of the same site and e-mail,
// so that none of them dies when the old token is revoked. Each is proven first.
type sharingScreen struct {
	stage
	keys    keyMap
	spin    spinner.Model
	others  []connector.Entry
	reports map[string]connector.Report
	menu    *menu[sharingChoice]
	landing <-chan tea.Msg
	cancel  context.CancelFunc
}

// sharingChoice is one way on.
type sharingChoice int

const (
	shareAll sharingChoice = iota
	shareProven
	shareNone
)

func newSharing(on stage) screen {
	s := &sharingScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look), reports: map[string]connector.Report{}}
	s.others = s.sharing()
	all := "Prove and replace it in " + s.others[0].Name + " too"
	if len(s.others) > 1 {
		all = "Prove and replace it in all of them"
	}
	s.menu = newMenu(on.look, option(all, shareAll), option("Only in "+on.setup.Saved.Name, shareNone))
	return s
}

func (s *sharingScreen) Choices() numbered { return s.menu }

func (s *sharingScreen) Waits() bool { return s.cancel != nil }

func (s *sharingScreen) Title() (string, string) { return s.setup.title(), whereabouts(s.look, 3) }

func (s *sharingScreen) Help() string {
	return "A token belongs to an account, so connectors of one site and e-mail usually share it. Those that keep the old token stop working when it is revoked."
}

func (s *sharingScreen) Keys() []key.Binding {
	if s.cancel != nil {
		return []key.Binding{s.keys.cancel}
	}
	return []key.Binding{s.keys.enter, s.keys.esc}
}

func (s *sharingScreen) Leave() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}

func (s *sharingScreen) Escape() event {
	if s.cancel == nil {
		return back
	}
	s.Leave()
	return still
}

func (s *sharingScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if s.cancel == nil {
			return still, nil
		}
		var cmd tea.Cmd
		s.spin, cmd = s.spin.Update(msg)
		return still, cmd
	case retestedMsg:
		if msg.ticket != s.ticket || s.cancel == nil {
			return still, nil
		}
		s.reports[msg.id] = msg.report
		return still, await(s.landing)
	case retestDone:
		if msg.ticket != s.ticket || s.cancel == nil {
			return still, nil
		}
		return s.proven(), nil
	case tea.KeyPressMsg:
		if s.cancel == nil {
			return s.choose(msg)
		}
	}
	return still, nil
}

func (s *sharingScreen) choose(msg tea.KeyPressMsg) (event, tea.Cmd) {
	choice, picked := s.menu.update(msg)
	switch {
	case !picked:
		return still, nil
	case choice == shareAll:
		return still, s.prove()
	case choice == shareNone:
		s.setup.Shared, s.setup.LeftOut = nil, nil
		for _, e := range s.others {
			s.setup.LeftOut = append(s.setup.LeftOut, e.Name+" keeps the old token")
		}
	}
	return passed, nil
}

// prove checks the new token for each of the others.
func (s *sharingScreen) prove() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel, s.reports = cancel, map[string]connector.Report{}
	var probes []probe
	for _, e := range s.others {
		q := s.setup.question(s.world.Now())
		q.Product, q.Site = e.Product, e.Site
		probes = append(probes, probe{id: e.ID, ask: q, from: atHand(s.setup.Token)})
	}
	s.landing = startProbes(ctx, s.world, probes, s.ticket)
	return tea.Batch(s.spin.Tick, await(s.landing))
}

// proven goes on at once where all are; else the person sees which are not.
func (s *sharingScreen) proven() event {
	s.Leave()
	s.setup.Shared, s.setup.LeftOut = nil, nil
	for _, e := range s.others {
		r := s.reports[e.ID]
		if !r.Good() {
			s.setup.LeftOut = append(s.setup.LeftOut, e.Name+" keeps the old token: "+connector.Inside(r.Title))
			continue
		}
		e.Note(r)
		s.setup.Shared = append(s.setup.Shared, e)
	}
	if len(s.setup.LeftOut) == 0 {
		return passed
	}
	s.menu = newMenu(s.look, option("Go on with what is proven", shareProven), option("Prove again", shareAll))
	return still
}

func (s *sharingScreen) View() (string, int) {
	var b strings.Builder
	w, n := s.look.width, len(s.others)
	title := s.others[0].Name + " uses the same account on this site"
	if n > 1 {
		title = connector.Plural(n, "other connector") + " use the same account on this site"
	}
	b.WriteString(hang(s.look.good.Render(s.look.mark.ok), "The new token is proven for "+s.setup.Saved.Name+", and not in force yet.", w) + "\n\n")
	b.WriteString(s.look.bold.Render(wrap(title, w)) + "\n")
	b.WriteString(wrap("What has the old token stops working once you revoke it.", w) + "\n\n")
	for _, e := range s.others {
		b.WriteString(s.row(e) + "\n")
	}
	b.WriteString("\n")
	if s.cancel != nil {
		return b.String() + s.look.accent.Render(s.spin.View()) + " Asking Atlassian " + s.look.ellipsis(), -1
	}
	focus := s.menu.addTo(&b)
	return b.String(), focus
}

// row is one of the others, and what came of its check.
func (s *sharingScreen) row(e connector.Entry) string {
	mark, words := s.look.faint.Render(s.look.mark.dot), connector.ProductTitle(e.Product)+", not asked yet"
	r, known := s.reports[e.ID]
	switch {
	case known:
		mark, words = s.look.verdictMark(r.Verdict), r.Title
	case s.cancel != nil:
		mark, words = s.look.accent.Render(s.spin.View()), "asking "+s.look.ellipsis()
	}
	return hang(mark, e.Name+"  "+s.look.faint.Render(words), s.look.width)
}
