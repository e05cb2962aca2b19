package wizard

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// diagnosisScreen says what is wrong, how that is known, and what to do about it. Every
// remedy is a way on: it leads to the very field, page, person or try that helps.
type diagnosisScreen struct {
	ui.Base
	keys widget.KeyMap
	menu *widget.Menu[int] // index into remedies
	note ui.Note
	wait ui.Countdown
}

func newDiagnosis(on ui.Base) ui.Screen {
	on.Setup.BackToDiagnosis()
	d := &diagnosisScreen{Base: on, keys: widget.NewKeys(), note: ui.Note{Text: on.Setup.Notice, Kind: ui.NoteDone}}
	on.Setup.Notice = ""
	var options []widget.IndexOption
	for i, r := range on.Report().Remedies {
		if d.CanFollow(r) {
			options = append(options, widget.Option(r.Do, i))
		}
	}
	d.menu = widget.NewMenu(on.Theme, options...)
	return d
}

// recheckMsg: what was missing for a check is there now.
type recheckMsg struct{ ticket ui.RequestID }

// Init checks again where the encrypted file was unlocked or the expiry date was corrected for that, else
// it counts down to when that may be done.
func (d *diagnosisScreen) Init() tea.Cmd {
	if !d.Closed.By(ui.ScreenUnlock) && !d.Closed.By(ui.ScreenExpiry) {
		return d.wait.Run(&d.Base)
	}
	return func() tea.Msg { return recheckMsg{d.Request} }
}

func (d *diagnosisScreen) Title() (string, string) {
	return d.Setup.Title(), ui.StepsLine(d.Theme, 3)
}

func (d *diagnosisScreen) Help() string {
	return "What you typed is still here. Choose what to do; the first line helps most often. The report that c copies holds no token and masks the email."
}

func (d *diagnosisScreen) Keys() []key.Binding {
	return []key.Binding{d.keys.Enter, d.keys.Retry, d.keys.Report, widget.Named(d.keys.Esc, "edit")}
}

func (d *diagnosisScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, d.keys.Retry):
			return d.choose(connector.Remedy{Action: connector.ActRetry})
		case key.Matches(msg, d.keys.Report):
			return d.choose(connector.Remedy{Action: connector.ActReport})
		}
	case ui.OpenedMsg, ui.CopiedMsg:
		if note, mine := d.StayedNote(msg); mine {
			d.note = note
		}
		return ui.None, nil
	case ui.CountdownMsg:
		due, next := d.wait.Take(&d.Base, msg)
		if due {
			return ui.Retry, nil
		}
		return ui.None, next
	case recheckMsg:
		if msg.ticket == d.Request {
			return ui.Retry, nil
		}
	}
	i, picked := d.menu.Update(msg)
	if !picked || i >= len(d.Report().Remedies) {
		return ui.None, nil
	}
	return d.choose(d.Report().Remedies[i])
}

// choose does what a remedy says.
func (d *diagnosisScreen) choose(r connector.Remedy) (ui.Event, tea.Cmd) {
	d.note = d.StayNote(r)
	if r.Action == connector.ActRetry && d.wait.Ask(&d.Base) {
		return ui.None, nil
	}
	was := *d.Setup
	ev, cmd := d.Follow(r)
	switch ev {
	case ui.EditForm, ui.EditFacts, ui.RereadGuide:
		d.Setup.LeaveDiagnosis(was)
	}
	return ev, cmd
}

// Escape goes on typing.
func (d *diagnosisScreen) Escape() ui.Event {
	d.Setup.Retype()
	return ui.Back
}

func (d *diagnosisScreen) View() (string, int) {
	r, w := d.Report(), d.Theme.Width
	var b strings.Builder
	gap := ""
	b.WriteString(widget.WithMark(d.Theme.VerdictMark(r.Verdict), d.Theme.Bold.Render(r.Title), w) + "\n")
	if words := d.wait.Words(&d.Base); words != "" {
		b.WriteString(widget.Indent(widget.Wrap(words, w-2), 2) + "\n")
	}
	b.WriteString("\n" + widget.Wrap(r.Why, w) + "\n\n")
	for _, remedy := range r.Remedies { // what can only be done outside this program
		if remedy.Action == connector.ActNone {
			b.WriteString(widget.WithMark(d.Theme.Accent.Render(d.Theme.Marks.Bullet), remedy.Do, w) + "\n")
			gap = "\n"
		}
	}
	b.WriteString(gap)
	if words := d.wait.Starts(&d.Base); words != "" {
		b.WriteString(widget.WithMark(d.Theme.Accent.Render(d.Theme.Marks.Arrow), words, w) + "\n")
	}
	focus := d.menu.AddTo(&b)
	b.WriteString("\n")
	if d.note.Text != "" {
		b.WriteString("\n" + d.note.View(d.Theme) + "\n")
	}
	if s := r.Evidence; s != nil {
		b.WriteString("\n" + d.Theme.Faint.Render(widget.Wrap("Seen: "+d.Theme.Spell(seenWords(*s)), w)))
	}
	return b.String(), focus
}

// seenWords is the line for a person who has to look into it: call, status, trace, time.
func seenWords(s connector.Evidence) string {
	return strings.Join(append(s.Words(), s.At.Format("15:04:05")), " · ")
}
