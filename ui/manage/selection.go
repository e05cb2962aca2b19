package manage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Selecting several in the list, and what is done with them at once: they are checked, marked as
// entered in SaaSAssure, or removed.

// pick selects the chosen row, or no longer, and goes on to the next one.
func (l *listScreen) pick() {
	e := l.selected()
	if e == nil {
		return
	}
	l.toggle(e.ID, !l.picked[e.ID])
	l.redraw(slices.Index(l.sorted, e))
	l.table.MoveDown(1)
}

// pickShown selects all that is shown; where that is so already, none of it.
func (l *listScreen) pickShown() {
	all := !slices.ContainsFunc(l.shown, func(e *connector.Entry) bool { return !l.picked[e.ID] })
	for _, e := range l.shown {
		l.toggle(e.ID, !all)
	}
	l.draw()
}

func (l *listScreen) toggle(id string, on bool) {
	delete(l.picked, id)
	if on {
		l.picked[id] = true
	}
}

// subjects are what a key is about: what is selected, shown or not, else the chosen row.
func (l *listScreen) subjects() []*connector.Entry {
	all := l.selection()
	if e := l.selected(); len(all) == 0 && e != nil {
		all = append(all, e)
	}
	return all
}

// selection is what is selected, in its order.
func (l *listScreen) selection() (all []*connector.Entry) {
	for _, e := range l.sorted {
		if l.picked[e.ID] {
			all = append(all, e)
		}
	}
	return all
}

// pickedWords say how many are selected, and how many of these are hidden.
func (l *listScreen) pickedWords() string {
	hidden := len(l.picked)
	for _, e := range l.shown {
		if l.picked[e.ID] {
			hidden--
		}
	}
	switch {
	case len(l.picked) == 0:
		return ""
	case hidden > 0:
		return fmt.Sprintf("%d selected (%d not shown)", len(l.picked), hidden)
	}
	return fmt.Sprintf("%d selected", len(l.picked))
}

// markedMsg is the answer of mark.
type markedMsg struct {
	Request ui.RequestID
	entered bool
	asked   int
	done    []connector.Connector
	gone    []string // the ids of those that were removed meanwhile
	err     error
}

// mark marks what is selected as entered in SaaSAssure, or takes that back. What is so already keeps
// its day.
func (l *listScreen) mark(deed connector.Action) (ui.Event, tea.Cmd) {
	if ev, may := l.mayDo(deed); !may {
		return ev, nil
	}
	return ui.None, l.write(deed == ui.ActEntered)
}

// mayDo reports whether the role allows a change. Where it is not known, or does not, it is asked for,
// and the deed is gone on with.
func (l *listScreen) mayDo(deed connector.Action) (ui.Event, bool) {
	if l.Session.Settings.Role.MaySave() {
		return ui.None, true
	}
	l.action = deed
	return ui.AskRole, false
}

func (l *listScreen) write(entered bool) tea.Cmd {
	var all []connector.Connector
	asked := l.subjects()
	for _, e := range asked {
		if !e.IsMarked(entered) {
			all = append(all, e.Connector)
		}
	}
	if len(all) == 0 {
		if len(asked) > 0 {
			l.outcome = markedWords(asked[0].Name, len(asked), "already marked", entered)
		}
		return nil
	}
	service, role, to := l.Deps.Service(), l.Session.Settings.Role, l.Request
	ctx := l.marking.Begin(ui.SaveLimit)
	write := func() tea.Msg {
		msg := markedMsg{Request: to, entered: entered, asked: len(all)}
		for i, w := range service.MarkEntered(ctx, all, entered, role) {
			switch msg.err = cmp.Or(msg.err, w.Err); {
			case w.Err == nil:
				msg.done = append(msg.done, w.Connector)
			case setup.IsGone(w.Err):
				msg.gone = append(msg.gone, all[i].ID)
			}
		}
		return msg
	}
	return tea.Batch(l.spin.Tick, func() tea.Msg {
		return ui.Finished(ctx, write, markedMsg{Request: to, entered: entered, asked: len(all), err: connector.ErrUnanswered})
	})
}

// markedWords say what was marked.
func markedWords(name string, n int, marked string, entered bool) string {
	if n != 1 {
		name = connector.Plural(n, "connector")
	}
	if entered {
		return name + " " + marked + " as entered in SaaSAssure"
	}
	return name + " " + marked + " as not entered in SaaSAssure"
}

// marked takes over what was written.
func (l *listScreen) marked(msg markedMsg) {
	l.marking.End()
	if l.Unanswered(msg.err) {
		return
	}
	l.Session.UpdateFacts(msg.done)
	for _, id := range msg.gone {
		l.Session.Forget(id)
	}
	switch {
	case msg.err != nil:
		l.outcome = fmt.Sprintf("%d of %d marked: %s", len(msg.done), msg.asked, connector.Inside(connector.Explain(msg.err).Title))
	default:
		l.outcome = markedWords(msg.done[0].Name, len(msg.done), "marked", msg.entered)
	}
	l.layAgain()
}

// at opens the chosen connector's page, and does there what its key means. What changes a connector
// needs a role first.
func (l *listScreen) at(deed connector.Action) (ui.Event, tea.Cmd) {
	e := l.selected()
	if e == nil {
		return ui.None, nil
	}
	if ev, may := l.mayDo(deed); !may {
		return ev, nil
	}
	l.Setup.Open(*e)
	page := l.Request + 1 // of the screen that opens next
	return ui.OpenConnector, func() tea.Msg { return ui.IntentMsg{Request: page, Remedy: connector.Remedy{Action: deed}} }
}

// handOver shows how to enter what is selected in SaaSAssure, one after the other.
func (l *listScreen) handOver() ui.Event {
	all := l.subjects()
	if len(all) == 0 {
		return ui.None
	}
	l.Setup.Open(*all[0])
	for _, e := range all {
		l.Setup.Selected = append(l.Setup.Selected, e.Connector)
	}
	return ui.HandOver
}

// edit goes to the chosen connector's facts, or to what several can have in common.
func (l *listScreen) edit() (ui.Event, tea.Cmd) {
	if len(l.picked) == 0 {
		return l.at(ui.ActEdit)
	}
	if ev, may := l.mayDo(ui.ActEdit); !may {
		return ev, nil
	}
	l.about(l.selection())
	return ui.EditSeveral, nil
}

// replace begins another token for the chosen connector, or one for all that are selected: a token
// belongs to one account, and works on all of its sites.
func (l *listScreen) replace() (ui.Event, tea.Cmd) {
	all := l.selection()
	if len(all) == 0 {
		return l.at(connector.ActReplace)
	}
	if ev, may := l.mayDo(connector.ActReplace); !may {
		return ev, nil
	}
	first := all[0] // better one whose check says nothing about the others' token
	if at := slices.IndexFunc(all, func(e *connector.Entry) bool { return e.Last != nil && e.Last.Verdict.Good() }); at > 0 {
		first = all[at]
	}
	var others []string
	for _, e := range all {
		switch {
		case e.KeptIn == connector.StorageReference:
			l.Session.Notice = e.Name + ": " + referenceText(e.Connector)
			return ui.None, nil
		case !strings.EqualFold(e.Email, first.Email):
			l.Session.Notice = "A token belongs to one account: select connectors with the same email."
			return ui.None, nil
		case e != first:
			others = append(others, e.ID)
		}
	}
	*l.Setup = ui.ReplaceSetup(*first)
	l.Setup.FromSelection = true
	l.Setup.Draft.AlsoFor(others...)
	return ui.RereadGuide, nil
}

// about makes them what the next screen is about.
func (l *listScreen) about(all []*connector.Entry) {
	*l.Setup = ui.Setup{}
	for _, e := range all {
		l.Setup.Selected = append(l.Setup.Selected, e.Connector)
	}
}

// remove asks whether to remove what is selected; where nothing is, the chosen connector is asked about
// on its page.
func (l *listScreen) remove() (ui.Event, tea.Cmd) {
	all := l.selection()
	if len(all) == 0 {
		return l.at(ui.ActRemove)
	}
	if ev, may := l.mayDo(ui.ActRemove); !may {
		return ev, nil
	}
	if len(all) == 1 {
		l.Setup.Open(*all[0])
		l.Setup.FromSelection = true
		return ui.RemoveConnector, nil
	}
	l.about(all)
	return ui.RemoveConnector, nil
}

// actionMsg goes on with what the role was asked for.
type actionMsg struct {
	Request ui.RequestID
	action  connector.Action
}

// goOn does it.
func (l *listScreen) goOn(deed connector.Action) (ui.Event, tea.Cmd) {
	switch {
	case !l.Session.Settings.Role.MaySave():
		l.Session.Notice = ui.OnlyAdmins
		return ui.None, nil
	case deed == ui.ActRemove:
		return l.remove()
	case deed == ui.ActEdit:
		return l.edit()
	case deed == connector.ActReplace:
		return l.replace()
	case deed == ui.ActEntered || deed == ui.ActNotEntered:
		return l.mark(deed)
	}
	return l.at(deed)
}
