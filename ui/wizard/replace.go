package wizard

import (
	"context"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// sharingScreen offers the new token to the other connectors of the same site and email,
// so that none of them dies when the old token is revoked. Each is checked first.
type sharingScreen struct {
	ui.Base
	keys    widget.KeyMap
	spin    spinner.Model
	others  []connector.Entry
	reports map[string]connector.Report
	menu    *widget.Menu[sharingChoice]
	landing <-chan tea.Msg
	cancel  context.CancelFunc
}

// sharingChoice is one way on.
type sharingChoice int

const (
	shareAll sharingChoice = iota
	shareWorking
	shareNone
)

func newSharing(on ui.Base) ui.Screen {
	s := &sharingScreen{Base: on, keys: widget.NewKeys(), spin: widget.NewSpinner(on.Theme), reports: map[string]connector.Report{}}
	s.others = on.Setup.Draft.SharedWith(on.Known())
	all := "Check and replace it in " + s.others[0].Name + " too"
	if len(s.others) > 1 {
		all = "Check and replace it in all of them"
	}
	s.menu = widget.NewMenu(on.Theme, widget.Option(all, shareAll), widget.Option("Only in "+on.Setup.Saved.Name, shareNone))
	return s
}

func (s *sharingScreen) Title() (string, string) { return s.Setup.Title(), ui.StepsLine(s.Theme, 3) }

func (s *sharingScreen) Help() string {
	return "A token belongs to an account, so connectors of one site and email usually share it, and it works on the account's other sites too. Those with the old token stop working when it is revoked."
}

func (s *sharingScreen) Keys() []key.Binding {
	if s.cancel != nil {
		return []key.Binding{s.keys.Cancel}
	}
	return []key.Binding{s.keys.Enter, s.keys.Esc}
}

// Busy: the others are being checked.
func (s *sharingScreen) Busy() bool { return s.cancel != nil }

func (s *sharingScreen) Leave() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}

func (s *sharingScreen) Escape() ui.Event {
	if s.cancel == nil {
		return ui.Back
	}
	s.Leave()
	return ui.None
}

func (s *sharingScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if s.cancel == nil {
			return ui.None, nil
		}
		var cmd tea.Cmd
		s.spin, cmd = s.spin.Update(msg)
		return ui.None, cmd
	case ui.RecheckedMsg:
		if msg.Request != s.Request || s.cancel == nil {
			return ui.None, nil
		}
		s.reports[msg.Id] = msg.Report
		return ui.None, ui.Await(s.landing)
	case ui.RecheckDoneMsg:
		if msg.Request != s.Request || s.cancel == nil {
			return ui.None, nil
		}
		return s.checked(), nil
	case tea.KeyPressMsg:
		if s.cancel == nil {
			return s.choose(msg)
		}
	}
	return ui.None, nil
}

func (s *sharingScreen) choose(msg tea.KeyPressMsg) (ui.Event, tea.Cmd) {
	choice, picked := s.menu.Update(msg)
	switch {
	case !picked:
		return ui.None, nil
	case choice == shareAll:
		return ui.None, s.check()
	case choice == shareNone:
		s.reports = nil
	}
	s.share()
	return ui.Answered, nil
}

// check checks the new token for each of the others.
func (s *sharingScreen) check() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel, s.reports = cancel, map[string]connector.Report{}
	s.landing = ui.CheckShares(ctx, s.Deps.Service(), s.Setup.Draft, s.others, s.Request)
	return tea.Batch(s.spin.Tick, ui.Await(s.landing))
}

// checked goes on at once where all are; else the person sees which are not.
func (s *sharingScreen) checked() ui.Event {
	s.Leave()
	if !slices.ContainsFunc(s.others, func(e connector.Entry) bool { r := s.reports[e.ID]; return !r.Good() }) {
		s.share()
		return ui.Answered
	}
	s.menu = widget.NewMenu(s.Theme, widget.Option("Continue with those that work", shareWorking), widget.Option("Check again", shareAll))
	return ui.None
}

// share is the answer: those whose report is good take the new token.
func (s *sharingScreen) share() {
	shares := make([]setup.Share, len(s.others))
	for i, e := range s.others {
		shares[i] = setup.Share{Entry: e, Report: s.reports[e.ID]}
	}
	s.Setup.Draft.Share(shares...)
}

func (s *sharingScreen) View() (string, int) {
	var b strings.Builder
	w, n := s.Theme.Width, len(s.others)
	title := s.others[0].Name + " uses the same account"
	if n > 1 {
		title = connector.Plural(n, "other connector") + " use the same account"
	}
	if !slices.ContainsFunc(s.others, func(e connector.Entry) bool { return e.Site != s.Setup.Saved.Site }) {
		title += " on this site"
	}
	b.WriteString(widget.WithMark(s.Theme.Good.Render(s.Theme.Marks.Ok), "The new token works for "+s.Setup.Saved.Name+", but isn't used yet.", w) + "\n\n")
	b.WriteString(s.Theme.Bold.Render(widget.Wrap(title, w)) + "\n")
	b.WriteString(widget.Wrap("Connectors with the old token stop working once you revoke it.", w) + "\n\n")
	for _, e := range s.others {
		b.WriteString(s.row(e) + "\n")
	}
	b.WriteString("\n")
	if s.cancel != nil {
		return b.String() + s.Theme.Accent.Render(s.spin.View()) + " Asking Atlassian " + s.Theme.Ellipsis(), -1
	}
	focus := s.menu.AddTo(&b)
	return b.String(), focus
}

// row is one of the others, and what came of its check.
func (s *sharingScreen) row(e connector.Entry) string {
	mark, words := s.Theme.Faint.Render(s.Theme.Marks.Dot), connector.ProductTitle(e.Product)+", not checked yet"
	r, known := s.reports[e.ID]
	switch {
	case known:
		mark, words = s.Theme.VerdictMark(r.Verdict), r.Title
	case s.cancel != nil:
		mark, words = s.Theme.Accent.Render(s.spin.View()), "asking "+s.Theme.Ellipsis()
	}
	return widget.WithMark(mark, e.Name+"  "+s.Theme.Faint.Render(words), s.Theme.Width)
}

// replacedScreen is the end of a replacement: where the new token is in force, and the two
// things that are left: SaaSAssure still has the old one, and the old one still works.
type replacedScreen struct {
	ui.Base
	keys widget.KeyMap
	menu *widget.Menu[ui.Event]
	note ui.Note
}

func newReplaced(on ui.Base) ui.Screen {
	expiry, wrongDay := expiryOffer(on.Setup.Saved.Expires, connector.DateOf(on.Deps.Now()))
	r := &replacedScreen{Base: on, keys: widget.NewKeys()}
	enter := "Enter it in SaaSAssure"
	if slices.ContainsFunc(r.all(), connector.Connector.RenewsEntry) {
		enter = "Enter the new token in SaaSAssure"
	}
	options := []ui.EventOption{
		widget.Option(EnterOffer(enter, r.all()...), ui.HandOver),
		widget.Option(expiry, ui.SetExpiry),
	}
	if wrongDay {
		slices.Reverse(options)
	}
	if on.Deps.Browse != nil {
		options = append(options, widget.Option("Open the page where the old token is revoked", ui.RereadGuide))
	}
	options = append(options, widget.Option("Done", ui.Done))
	r.menu = widget.NewMenu(on.Theme, options...)
	r.note, on.Setup.Notice = ui.Note{Text: on.Setup.Notice, Kind: ui.NoteDone}, ""
	return r
}

// all are the connectors that have the new token.
func (r *replacedScreen) all() []connector.Connector {
	return append([]connector.Connector{r.Setup.Saved}, r.Setup.SameToken...)
}

func (r *replacedScreen) Title() (string, string) { return r.Setup.Title(), ui.StepsLine(r.Theme, 3) }

func (r *replacedScreen) Help() string {
	return "The new token is used here now. Two things are left, in this order: enter it in SaaSAssure, then revoke the old one at Atlassian."
}

func (r *replacedScreen) Keys() []key.Binding {
	return []key.Binding{r.keys.Enter, r.keys.HandOver, r.keys.Copy, widget.Named(r.keys.Esc, "done")}
}

func (r *replacedScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.OpenedMsg:
		if msg.Request == r.Request {
			r.note = msg.Note()
		}
		return ui.None, nil
	case ui.CopiedMsg:
		if msg.Request == r.Request {
			r.note = r.CopiedNote(msg, ui.SelectIt)
		}
		return ui.None, nil
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, r.keys.HandOver):
			return ui.HandOver, nil
		case key.Matches(msg, r.keys.Copy):
			return ui.None, r.Copy("link", connector.TokenPageOf(r.Setup.Saved.Site))
		}
	}
	ev, picked := r.menu.Update(msg)
	switch {
	case !picked:
		return ui.None, nil
	case ev == ui.RereadGuide: // the page is opened, and this screen stays
		return ui.None, r.Browse(connector.TokenPageOf(r.Setup.Saved.Site))
	}
	return ev, nil
}

func (r *replacedScreen) View() (string, int) {
	var b strings.Builder
	w, c := r.Theme.Width, r.Setup.Saved
	var names []string
	for _, s := range r.all() {
		names = append(names, s.Name)
	}
	b.WriteString(widget.WithMark(r.Theme.Good.Render(r.Theme.Marks.Ok), r.Theme.Bold.Render("The new token is checked and now used by "+connector.And(names)), w) + "\n\n")
	b.WriteString(widget.Indent(widget.Wrap("token stored in "+connector.StorageName(c.KeptIn)+lastDayWords(c), w-2), 2) + "\n")
	for _, out := range r.Setup.LeftOut {
		words := out.Name + " keeps the old token"
		if out.Why != "" {
			words += ": " + out.Why
		}
		b.WriteString(widget.WithMark(r.Theme.Warn.Render(r.Theme.Marks.Warn), words, w) + "\n")
	}
	b.WriteString("\n" + widget.Wrap(connector.RevokeWords(r.all()...), w) + "\n")
	b.WriteString(widget.LinkLines(r.Theme, connector.TokenPageOf(r.Setup.Saved.Site)) + "\n\n")
	focus := r.menu.AddTo(&b)
	if r.note.Text != "" {
		b.WriteString("\n\n" + r.note.View(r.Theme))
	}
	return b.String(), focus
}

func lastDayWords(c connector.Connector) string {
	switch day, exact := c.ExpiryDate(); {
	case exact:
		return ", expires " + day.Words()
	case !day.IsZero():
		return ", expires by " + day.Words()
	}
	return ""
}
