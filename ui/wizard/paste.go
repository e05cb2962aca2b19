package wizard

import (
	"cmp"
	"strings"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector/setup"
)

// What is pasted into the form: each value belongs into its own line, whichever is in
// focus, and no paste ever submits.

// paste gives a paste to the field in focus, but a token never to an open one.
func (f *formScreen) paste(msg tea.PasteMsg) tea.Cmd {
	if f.at == theButton {
		return nil
	}
	f.pressed, f.note, f.complaints[f.at] = false, "", ""
	if cmd, dealt := f.deal(msg.Content); dealt {
		return cmd
	}
	if f.at != fieldToken && atlassian.LooksSecret(msg.Content) && !strings.ContainsAny(strings.TrimSpace(msg.Content), " \t\n") {
		f.note = "That looked like a token, so it went into the API token field."
		back := f.at
		to := f.moveTo(fieldToken)
		put := f.fields.Update(msg)
		f.keep()
		return tea.Batch(to, put, f.moveTo(back))
	}
	var emptied tea.Cmd
	if f.filled(f.at) && f.whole(msg.Content) {
		emptied = f.empty(f.at)
	}
	cmd := f.fields.Update(msg)
	if f.at == fieldToken {
		f.keep()
	}
	return tea.Batch(emptied, cmd)
}

// whole reports whether a paste is all that belongs in the line in focus: then it is meant
// to replace what is there, not to be glued to its end.
func (f *formScreen) whole(pasted string) bool {
	switch f.at {
	case fieldSite:
		_, _, err := atlassian.ParseSite(pasted)
		return err == nil && strings.Contains(pasted, ".")
	case fieldEmail:
		_, problem := atlassian.CheckEmail(pasted)
		return problem == atlassian.EmailOK
	}
	return true // no one pastes a token or a date in two parts
}

// empty empties a line, by making the fields again.
func (f *formScreen) empty(at int) tea.Cmd {
	f.keep()
	f.Setup.Change(func(facts *setup.Facts) {
		switch at {
		case fieldSite:
			facts.Site = ""
		case fieldEmail:
			facts.Email = ""
		case fieldExpiry:
			facts.Expiry = ""
		}
	})
	f.lay()
	return tea.Batch(f.fields.Init(), f.moveTo(at))
}

// deal gives the lines of a paste to the fields they belong to: a password manager's note,
// a mail. It does so only if every line is a value, and no two are for the same field.
func (f *formScreen) deal(pasted string) (tea.Cmd, bool) {
	var found [3]string
	count := 0
	for line := range strings.FieldsFuncSeq(pasted, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		i, known := fieldFor(line)
		if !known || found[i] != "" || f.closed(i) {
			return nil, false
		}
		found[i] = line
		count++
	}
	if count < 2 {
		return nil, false
	}
	return f.fillIn(found), true
}

// fieldFor tells a value by what it looks like.
func fieldFor(line string) (field int, known bool) {
	if strings.ContainsAny(line, " \t") {
		return 0, false
	}
	if atlassian.LooksSecret(line) {
		return fieldToken, true
	}
	if _, problem := atlassian.CheckEmail(line); problem == atlassian.EmailOK {
		return fieldEmail, true
	}
	_, _, err := atlassian.ParseSite(line)
	return fieldSite, err == nil
}

// fillIn puts values into their fields, and the cursor where something is left to do.
func (f *formScreen) fillIn(values [3]string) tea.Cmd {
	f.keep()
	f.complaints = [theButton]string{}
	f.Setup.Change(func(facts *setup.Facts) {
		facts.Site, facts.Email = cmp.Or(values[fieldSite], facts.Site), cmp.Or(values[fieldEmail], facts.Email)
	})
	f.lay()
	cmds := []tea.Cmd{f.fields.Init(), f.moveTo(fieldToken)}
	if values[fieldToken] != "" {
		cmds = append(cmds, f.fields.Update(tea.PasteMsg{Content: values[fieldToken]}))
		f.keep()
	}
	f.note = "Each pasted line went into its own field."
	return tea.Batch(append(cmds, f.moveTo(f.opening()), f.lookUp())...)
}
