package ui

import (
	"context"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// detailScreen is one saved connector: its last report with what can be done about it,
// all that is known, and its history.
type detailScreen struct {
	stage
	keys    detailKeys
	spin    spinner.Model
	menu    *menu[int] // index into deeds
	deeds   []connector.Remedy
	landing <-chan tea.Msg
	cancel  context.CancelFunc
	note    string
	doing   string // what is being waited for; "" for a check
	began   time.Time
	rounds  int // checks, begun and ended
	// recalling: its past is being asked for, and nothing is said about it yet.
	recalling bool
}

// detailKeys are the keys of the detail screen.
type detailKeys struct {
	keyMap
	replace, edit, handover, remove key.Binding
}

// What can be done besides the remedies of a report. They are this screen's own.
const (
	actHandover connector.Action = "hand-over"
	actEdit     connector.Action = "edit"
	actRemove   connector.Action = "remove"
	actRole     connector.Action = "role"
	actAsk      connector.Action = "ask-an-admin"
	actMove     connector.Action = "move"
)

func newDetail(on stage) screen {
	d := &detailScreen{stage: on, spin: newSpinner(on.look), keys: detailKeys{
		keyMap: newKeys(), replace: bind("t", "replace token", "t"), edit: bind("e", "edit", "e"),
		handover: bind("h", "enter it in SaaSAssure", "h"), remove: bind("x", "remove", "x"),
	}}
	d.note, on.setup.Notice = on.setup.Notice, ""
	if e := on.session.entry(on.setup.Saved.ID); e.ID != "" && on.setup.Task != Adding {
		on.setup.Report = newestReport(e) // not that of other facts or another token, which were given up
	}
	on.setup.Task = Adding
	d.lay()
	return d
}

// lay makes the menu: the report's remedies first, then what can always be done.
func (d *detailScreen) lay() {
	d.deeds = nil
	has := map[connector.Action]bool{}
	take := func(r connector.Remedy) {
		if !has[r.Action] || r.Action == connector.ActOpen {
			d.deeds = append(d.deeds, r)
			has[r.Action] = true
		}
	}
	if !d.good() {
		for _, r := range d.setup.Report.Remedies {
			if d.canFollow(r) {
				take(r)
			}
		}
	}
	take(connector.Remedy{Do: "Check again", Action: connector.ActRetry})
	take(connector.Remedy{Do: "Enter it in SaaSAssure", Action: actHandover})
	for _, deed := range d.changes() {
		take(deed)
	}
	options := make([]huhIndex, len(d.deeds))
	for i, r := range d.deeds {
		options[i] = option(r.Do, i)
	}
	d.menu = newMenu(d.look, options...)
}

// good: nothing has to be done, nor is anything unknown.
func (d *detailScreen) good() bool {
	return d.setup.Report.Verdict == connector.Working || d.setup.Report.Code == ""
}

// changes are what takes one of the two roles, or what someone without them can do instead.
func (d *detailScreen) changes() []connector.Remedy {
	if !d.mayChange() {
		return []connector.Remedy{
			{Do: "Write the message that asks an admin to change it", Action: actAsk},
			{Do: "Change your role (now: " + d.session.settings.Role.Title() + ")", Action: actRole},
		}
	}
	replace := connector.Remedy{Do: "Replace the token", Action: connector.ActReplace}
	return []connector.Remedy{
		replace,
		{Do: "Record the token's exact last day", Action: connector.ActExpiry},
		{Do: "Edit name, site, e-mail or account", Action: actEdit},
		{Do: "Move the token to another safe", Action: actMove},
		{Do: "Remove it", Action: actRemove},
	}
}

// elsewhere: its token is kept outside this program.
func (d *detailScreen) elsewhere() bool { return d.setup.Saved.KeptIn == connector.SafeReference }

// Init asks for the connector's past.
func (d *detailScreen) Init() tea.Cmd {
	d.recalling = true
	return tea.Batch(recall(d.world.Store, d.setup.Saved.ID, d.ticket), d.resume())
}

// resume checks at once when that is what the person came back for.
func (d *detailScreen) resume() tea.Cmd {
	if intent := d.setup.Intent; intent.Action != "" {
		d.setup.Intent = connector.Remedy{}
		return func() tea.Msg { return intentMsg{d.ticket, intent} }
	}
	if move := d.beginMove(); move != nil || !d.setup.Recheck {
		return move
	}
	d.setup.Recheck = false
	return d.retest()
}

// intentMsg goes on with what was chosen before the role was asked for.
type intentMsg struct {
	ticket ticket
	deed   connector.Remedy
}

func (d *detailScreen) Choices() numbered { return d.menu }

func (d *detailScreen) Waits() bool { return d.cancel != nil || d.recalling }

func (d *detailScreen) Title() (string, string) {
	return d.setup.Saved.Name, connector.ProductTitle(d.setup.Product)
}

func (d *detailScreen) Help() string {
	return "What is known of this connector, and what its last check said. The strip shows its last checks, the oldest on the left; below it stands when it changed."
}

func (d *detailScreen) Keys() []key.Binding {
	if d.cancel != nil {
		return []key.Binding{named(d.keys.esc, "stop")}
	}
	keys := []key.Binding{d.keys.enter, d.keys.retry}
	if d.mayChange() {
		keys = append(keys, d.keys.replace, d.keys.edit)
	}
	return append(keys, d.keys.esc)
}

// More are the keys that only the help lists.
func (d *detailScreen) More() []key.Binding {
	return []key.Binding{d.keys.handover, d.keys.report, d.keys.remove}
}

func (d *detailScreen) Escape() event {
	if d.cancel != nil {
		d.Leave()
		return still
	}
	return back
}

func (d *detailScreen) Leave() {
	if d.cancel != nil {
		d.cancel()
		d.cancel = nil
	}
}

func (d *detailScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if d.cancel == nil {
			return still, nil
		}
		var cmd tea.Cmd
		d.spin, cmd = d.spin.Update(msg)
		return still, cmd
	case retestedMsg:
		if msg.ticket == d.ticket && d.cancel != nil {
			d.land(msg)
		}
	case movedMsg:
		if msg.ticket == d.ticket && d.cancel != nil {
			d.moved(msg)
		}
	case openedMsg:
		d.note = msg.words()
	case recalledMsg:
		if msg.ticket == d.ticket {
			d.recalling = false
			d.session.recall(msg.id, msg.past)
			if past := d.past(); len(past) > 0 && d.cancel == nil {
				d.setup.Report = past[0]
				d.lay()
			}
		}
	case intentMsg:
		if msg.ticket == d.ticket && d.session.settings.Role != connector.RoleUnknown {
			return d.act(msg.deed)
		}
	case tea.KeyPressMsg:
		if d.cancel == nil {
			return d.press(msg)
		}
	}
	return still, nil
}

// press: every deed has its line, and those that are done often a key as well.
func (d *detailScreen) press(msg tea.KeyPressMsg) (event, tea.Cmd) {
	for _, k := range []struct {
		key  key.Binding
		deed connector.Action
	}{
		{d.keys.retry, connector.ActRetry}, {d.keys.report, connector.ActReport}, {d.keys.replace, connector.ActReplace},
		{d.keys.edit, actEdit}, {d.keys.handover, actHandover}, {d.keys.remove, actRemove},
	} {
		if key.Matches(msg, k.key) {
			return d.act(connector.Remedy{Action: k.deed})
		}
	}
	if d.recalling {
		return still, nil // the report's remedies are still to come into the menu
	}
	i, picked := d.menu.update(msg)
	if !picked {
		return still, nil
	}
	return d.act(d.deeds[i])
}

// act does what was chosen. What changes a connector needs a role first.
func (d *detailScreen) act(r connector.Remedy) (event, tea.Cmd) {
	d.note = stayWords(d.look, r)
	if d.changing(r.Action) {
		switch {
		case d.session.settings.Role == connector.RoleUnknown:
			d.setup.Intent = r
			return asksRole, nil
		case !d.mayChange():
			d.note = "Only a Global Admin or an Account Admin of SaaSAssure can do that."
			return still, nil
		}
	}
	switch r.Action {
	case connector.ActRetry:
		return still, d.retest()
	case actHandover:
		return handover, nil
	case actEdit:
		d.setup.edit("")
		return edits, nil
	case actMove:
		d.setup.Moving = true
		return chooses, nil
	case actRemove:
		return removes, nil
	case actRole:
		return asksRole, nil
	case actAsk:
		d.setup.TextTitle = "Ask an admin to change this connector"
		d.setup.Text = connector.RoleMessage(d.setup.Product, "change the connector "+d.setup.Saved.Name)
		return message, nil
	case connector.ActReplace, connector.ActEditToken, connector.ActEditAll, connector.ActReread:
		if d.elsewhere() {
			d.note = elsewhereWords(d.setup.Saved)
			return still, nil
		}
	}
	return d.follow(r)
}

// changing: it changes the connector.
func (d *detailScreen) changing(a connector.Action) bool {
	switch a {
	case actEdit, actRemove, actMove, connector.ActReplace, connector.ActEditSite, connector.ActEditEmail, connector.ActEditToken,
		connector.ActEditAll, connector.ActReread, connector.ActExpiry:
		return true
	}
	return false
}

func (d *detailScreen) retest() tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel, d.note, d.doing, d.began = cancel, "", "", d.world.Now()
	d.rounds++
	d.landing = startProbes(ctx, d.world, retests(d.world, []*connector.Entry{{Connector: d.setup.Saved}}), d.ticket)
	return tea.Batch(d.spin.Tick, await(d.landing))
}

func (d *detailScreen) land(msg retestedMsg) {
	d.Leave()
	d.rounds++
	d.setup.Report = msg.report
	d.session.note(msg.id, msg.report)
	d.lay()
}
