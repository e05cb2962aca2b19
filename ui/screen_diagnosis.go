package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/connector"
)

// diagnosisScreen says what is wrong, how that is known, and what to do about it. Every
// remedy is a way on: it leads to the very field, page, person or try that helps.
type diagnosisScreen struct {
	stage
	keys keyMap
	menu *menu[int] // index into remedies
	note said
}

func newDiagnosis(on stage) screen {
	d := &diagnosisScreen{stage: on, keys: newKeys(), note: said{on.setup.Notice, went}}
	on.setup.Notice = ""
	var options []huhIndex
	for i, r := range on.report().Remedies {
		if d.canFollow(r) {
			options = append(options, option(r.Do, i))
		}
	}
	d.menu = newMenu(on.look, options...)
	return d
}

// recheckMsg: what was missing for a check is there now.
type recheckMsg struct{ ticket ticket }

// Init checks again where the encrypted file was unlocked or the expiry date was corrected for that.
func (d *diagnosisScreen) Init() tea.Cmd {
	if !d.left.by(Unlock) && !d.left.by(Expiry) {
		return nil
	}
	return func() tea.Msg { return recheckMsg{d.ticket} }
}

func (d *diagnosisScreen) Title() (string, string) {
	return d.setup.title(), whereabouts(d.look, 3)
}

func (d *diagnosisScreen) Help() string {
	return "Everything you typed is kept. Choose what to do; the first line is what helps most often. The report that c copies holds no token and masks the e-mail."
}

func (d *diagnosisScreen) Keys() []key.Binding {
	return []key.Binding{d.keys.enter, d.keys.retry, d.keys.report, named(d.keys.esc, "edit")}
}

func (d *diagnosisScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, d.keys.retry):
			return retry, nil
		case key.Matches(msg, d.keys.report):
			return d.choose(connector.Remedy{Action: connector.ActReport})
		}
	case openedMsg, copiedMsg:
		if note, mine := d.stayed(msg); mine {
			d.note = note
		}
		return still, nil
	case recheckMsg:
		if msg.ticket == d.ticket {
			return retry, nil
		}
	}
	i, picked := d.menu.update(msg)
	if !picked || i >= len(d.report().Remedies) {
		return still, nil
	}
	return d.choose(d.report().Remedies[i])
}

// choose does what a remedy says.
func (d *diagnosisScreen) choose(r connector.Remedy) (event, tea.Cmd) {
	d.note = stayWords(r)
	return d.follow(r)
}

func (d *diagnosisScreen) View() (string, int) {
	r, w := d.report(), d.look.width
	var b strings.Builder
	gap := ""
	b.WriteString(hang(d.look.verdictMark(r.Verdict), d.look.bold.Render(r.Title), w) + "\n\n")
	b.WriteString(wrap(r.Why, w) + "\n\n")
	for _, remedy := range r.Remedies { // what can only be done outside this program
		if remedy.Action == connector.ActNone {
			b.WriteString(hang(d.look.accent.Render(d.look.mark.bullet), remedy.Do, w) + "\n")
			gap = "\n"
		}
	}
	b.WriteString(gap)
	focus := d.menu.addTo(&b)
	b.WriteString("\n")
	if d.note.words != "" {
		b.WriteString("\n" + d.note.view(d.look) + "\n")
	}
	if s := r.Seen; s != nil {
		b.WriteString("\n" + d.look.faint.Render(wrap("Seen: "+d.look.spell(seenWords(*s)), w)))
	}
	return b.String(), focus
}

// seenWords is the line for whoever has to look into it: call, status, trace, time.
func seenWords(s connector.Seen) string {
	return strings.Join(append(s.Words(), s.At.Format("15:04:05")), " · ")
}
