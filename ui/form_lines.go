package ui

import "saasconnect/connector"

// Which of the form's lines can be changed, and where to begin.

// closed reports whether a line can't be changed: a new token is proven for the same site,
// and for the same account unless the person said otherwise.
func (f *formScreen) closed(i int) bool {
	if i == fieldToken {
		return f.setup.Keep == connector.SafeReference // what is there is not to be typed
	}
	return f.setup.Task == Replacing && (i == fieldSite || i == fieldEmail && !f.setup.OtherPerson)
}

// beyond is the next open line in a direction, the button behind the last one.
func (f *formScreen) beyond(from, step int) int {
	to := from + step
	for to >= fieldSite && f.closed(to) {
		to += step
	}
	if to < fieldSite {
		return from
	}
	return min(to, theButton)
}

// opening is the field to begin in: the one a remedy named, else the first empty one.
func (f *formScreen) opening() int {
	focus := f.setup.Focus
	f.setup.Focus = ""
	named := map[connector.Field]int{connector.FieldSite: fieldSite, connector.FieldEmail: fieldEmail, connector.FieldToken: fieldToken}
	at, asked := named[focus]
	switch {
	case asked && !f.closed(at):
		return at
	case f.setup.Site == "":
		return fieldSite
	case f.setup.Email == "":
		return fieldEmail
	case f.closed(fieldToken):
		return theButton
	}
	return fieldToken
}
