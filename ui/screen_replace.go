package ui

import (
	"context"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
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
	s.others = on.setup.Draft.SharedWith(on.known())
	all := "Check and replace it in " + s.others[0].Name + " too"
	if len(s.others) > 1 {
		all = "Check and replace it in all of them"
	}
	s.menu = newMenu(on.look, option(all, shareAll), option("Only in "+on.setup.Saved.Name, shareNone))
	return s
}

func (s *sharingScreen) Title() (string, string) { return s.setup.title(), whereabouts(s.look, 3) }

func (s *sharingScreen) Help() string {
	return "A token belongs to an account, so connectors of one site and email usually share it, and it works on the account's other sites too. Those that keep the old token stop working when it is revoked."
}

func (s *sharingScreen) Keys() []key.Binding {
	if s.cancel != nil {
		return []key.Binding{s.keys.cancel}
	}
	return []key.Binding{s.keys.enter, s.keys.esc}
}

// Busy: the others are being checked.
func (s *sharingScreen) Busy() bool { return s.cancel != nil }

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
		s.reports = nil
	}
	s.share()
	return answered, nil
}

// prove checks the new token for each of the others.
func (s *sharingScreen) prove() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel, s.reports = cancel, map[string]connector.Report{}
	s.landing = checkShares(ctx, s.world.Service(), s.setup.Draft, s.others, s.ticket)
	return tea.Batch(s.spin.Tick, await(s.landing))
}

// proven goes on at once where all are; else the person sees which are not.
func (s *sharingScreen) proven() event {
	s.Leave()
	if !slices.ContainsFunc(s.others, func(e connector.Entry) bool { r := s.reports[e.ID]; return !r.Good() }) {
		s.share()
		return answered
	}
	s.menu = newMenu(s.look, option("Go on with those that work", shareProven), option("Check again", shareAll))
	return still
}

// share is the answer: those whose report is good take the new token.
func (s *sharingScreen) share() {
	shares := make([]setup.Share, len(s.others))
	for i, e := range s.others {
		shares[i] = setup.Share{Entry: e, Report: s.reports[e.ID]}
	}
	s.setup.Draft.Share(shares...)
}

func (s *sharingScreen) View() (string, int) {
	var b strings.Builder
	w, n := s.look.width, len(s.others)
	title := s.others[0].Name + " uses the same account"
	if n > 1 {
		title = connector.Plural(n, "other connector") + " use the same account"
	}
	if !slices.ContainsFunc(s.others, func(e connector.Entry) bool { return e.Site != s.setup.Saved.Site }) {
		title += " on this site"
	}
	b.WriteString(hang(s.look.good.Render(s.look.mark.ok), "The new token works for "+s.setup.Saved.Name+", and not in force yet.", w) + "\n\n")
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
	mark, words := s.look.faint.Render(s.look.mark.dot), connector.ProductTitle(e.Product)+", not checked yet"
	r, known := s.reports[e.ID]
	switch {
	case known:
		mark, words = s.look.verdictMark(r.Verdict), r.Title
	case s.cancel != nil:
		mark, words = s.look.accent.Render(s.spin.View()), "asking "+s.look.ellipsis()
	}
	return hang(mark, e.Name+"  "+s.look.faint.Render(words), s.look.width)
}

// replacedScreen is the end of a replacement: where the new token is in force, and the two
// things that are left: SaaSAssure still has the old one, and the old one still works.
type replacedScreen struct {
	stage
	keys keyMap
	menu *menu[event]
	note said
}

func newReplaced(on stage) screen {
	options := []huhOption{
		option(EnterOffer("Enter the new token in SaaSAssure", append([]connector.Connector{on.setup.Saved}, on.setup.Siblings...)...), handover),
		option(expiryOffer(on.setup.Saved.Expires), expiry),
	}
	if on.world.Browse != nil {
		options = append(options, option("Open the page where the old token is revoked", reread))
	}
	options = append(options, option("Done", done))
	r := &replacedScreen{stage: on, keys: newKeys(), menu: newMenu(on.look, options...)}
	r.note, on.setup.Notice = said{on.setup.Notice, went}, ""
	return r
}

func (r *replacedScreen) Title() (string, string) { return r.setup.title(), whereabouts(r.look, 3) }

func (r *replacedScreen) Help() string {
	return "The new token is in force here. Two things are left, in this order: enter it in SaaSAssure, then revoke the old one at Atlassian."
}

func (r *replacedScreen) Keys() []key.Binding {
	return []key.Binding{r.keys.enter, r.keys.copy, named(r.keys.esc, "done")}
}

func (r *replacedScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case openedMsg:
		if msg.ticket == r.ticket {
			r.note = msg.said()
		}
		return still, nil
	case copiedMsg:
		if msg.ticket == r.ticket {
			r.note = r.copied(msg, selectIt)
		}
		return still, nil
	case tea.KeyPressMsg:
		if key.Matches(msg, r.keys.copy) {
			return still, r.copy("link", connector.TokenPageOf(r.setup.Saved.Site))
		}
	}
	ev, picked := r.menu.update(msg)
	switch {
	case !picked:
		return still, nil
	case ev == reread: // the page is opened, and this screen stays
		return still, r.browse(connector.TokenPageOf(r.setup.Saved.Site))
	}
	return ev, nil
}

func (r *replacedScreen) View() (string, int) {
	var b strings.Builder
	w, c := r.look.width, r.setup.Saved
	names := []string{c.Name}
	for _, s := range r.setup.Siblings {
		names = append(names, s.Name)
	}
	b.WriteString(hang(r.look.good.Render(r.look.mark.ok), r.look.bold.Render("The new token is checked and in force in "+connector.And(names)), w) + "\n\n")
	b.WriteString(indent(wrap("token stored in "+connector.StorageName(c.KeptIn)+lastDayWords(c), w-2), 2) + "\n")
	for _, out := range r.setup.LeftOut {
		words := out.Name + " keeps the old token"
		if out.Why != "" {
			words += ": " + out.Why
		}
		b.WriteString(hang(r.look.warn.Render(r.look.mark.warn), words, w) + "\n")
	}
	b.WriteString("\n" + wrap(connector.RevokeAfter, w) + "\n")
	b.WriteString(ansiLink(r.look, connector.TokenPageOf(r.setup.Saved.Site)) + "\n\n")
	focus := r.menu.addTo(&b)
	if r.note.words != "" {
		b.WriteString("\n\n" + r.note.view(r.look))
	}
	return b.String(), focus
}

func lastDayWords(c connector.Connector) string {
	switch day, exact := c.LastDay(); {
	case exact:
		return ", expires " + day.Words()
	case !day.IsZero():
		return ", expires by " + day.Words()
	}
	return ""
}
