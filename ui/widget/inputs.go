package widget

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"saasconnect/atlassian"
)

// The masked form, on huh, with the cures for what huh 2.0.3 does to a form inside a
// bigger program:
//
//   - Enter and Tab never reach huh. It would move the focus by a later message, and
//     keys or a paste that are already queued would land in the old field: a token in
//     clear. The screen validates, and moves the focus inside its own Update.
//   - Each field is drawn on its own, so that a receipt can stand under it.
//   - huh masks with asterisks; they are drawn as dots here where the terminal has them.
//   - A field at rest is drawn in the theme's own style: huh 2.0.3 styles only the one in focus.
//   - Text bound to a field can't be emptied from outside: to wipe, make it again.

// Inputs is a group of text fields with one in focus.
type Inputs struct {
	look   *Theme
	form   *huh.Form
	fields []*huh.Input
	specs  []InputField
	Values []*string
	// Changed hears of a text that was put into a field as a whole; may be nil.
	Changed func(i int)
	at      int
}

// InputField says what a field is.
type InputField struct {
	Title       string
	Placeholder string
	Value       string
	Masked      bool
}

func NewInputs(l *Theme, specs ...InputField) *Inputs {
	in := &Inputs{look: l, specs: specs}
	var fields []huh.Field
	for _, spec := range specs {
		value := spec.Value
		in.Values = append(in.Values, &value)
		f := huh.NewInput().Title(spec.Title).Placeholder(spec.Placeholder).Prompt("").Inline(true).
			Value(in.Values[len(in.Values)-1]).EchoMode(echo(spec.Masked))
		in.fields = append(in.fields, f)
		fields = append(fields, f)
	}
	in.form = huh.NewForm(huh.NewGroup(fields...)).
		WithTheme(l.theme()).WithShowHelp(false).WithShowErrors(false).WithWidth(in.width())
	return in
}

func echo(masked bool) huh.EchoMode {
	if masked {
		return huh.EchoModePassword
	}
	return huh.EchoModeNormal
}

// width is the theme's, but never so small that a placeholder panics (bubbles 2.2.1); in
// a window below the smallest nothing of it is shown anyway.
func (in *Inputs) width() int { return max(in.look.Width, MinWidth-2) }

// Init focuses the first field.
func (in *Inputs) Init() tea.Cmd {
	return in.form.Init()
}

// Set puts a text into a field, as if it had been typed.
func (in *Inputs) Set(i int, text string) {
	*in.Values[i] = text
	in.fields[i].Value(in.Values[i])
	if in.Changed != nil {
		in.Changed(i)
	}
}

// Value is what a field holds.
func (in *Inputs) Value(i int) string { return *in.Values[i] }

// Update gives a message to the field in focus. Keys that move the focus must not come here.
func (in *Inputs) Update(msg tea.Msg) tea.Cmd {
	if _, resized := msg.(tea.WindowSizeMsg); resized {
		return nil // the theme's width is the only one
	}
	if paste, ok := msg.(tea.PasteMsg); ok {
		msg = in.trimmed(paste)
	}
	_, cmd := in.form.Update(msg)
	in.conceal()
	return cmd
}

// trimmed is a paste without the newline that copying added, and in an open line without
// the blanks around it. A passphrase may end in a blank.
func (in *Inputs) trimmed(paste tea.PasteMsg) tea.PasteMsg {
	if paste.Content = strings.Trim(paste.Content, "\r\n"); !in.specs[in.at].Masked {
		paste.Content = strings.TrimSpace(paste.Content)
	}
	return paste
}

// ChangesText reports whether a message changes a text: a key or a paste, and not an answer or the
// cursor's blinking. What was said of the text as it was is over then.
func ChangesText(msg tea.Msg) bool {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		return true
	}
	return false
}

// Focus moves to a field, inside this very Update.
func (in *Inputs) Focus(i int) tea.Cmd {
	var cmds []tea.Cmd
	for ; in.at < i; in.at++ {
		cmds = append(cmds, in.form.NextField())
	}
	for ; in.at > i; in.at-- {
		cmds = append(cmds, in.form.PrevField())
	}
	return tea.Batch(cmds...)
}

// conceal masks an open field as soon as what is in it looks like a secret: someone
// typed or pasted a token into the wrong line.
func (in *Inputs) conceal() {
	for i, f := range in.fields {
		if !in.specs[i].Masked {
			f.EchoMode(echo(atlassian.LooksSecret(in.Value(i))))
		}
	}
}

// View draws one field.
func (in *Inputs) View(i int) string {
	in.fields[i].WithWidth(in.width())
	text := strings.TrimRight(in.fields[i].View(), "\n")
	masked := in.specs[i].Masked || atlassian.LooksSecret(in.Value(i))
	if masked && in.Value(i) != "" {
		text = strings.ReplaceAll(text, "*", in.look.Marks.Star)
	}
	if i == in.at {
		return text
	}
	return in.atRest(ansi.Strip(text), in.Value(i) != "")
}

// atRest draws a field that is not in focus. huh gives its own styles only to the one in
// focus; the text of all others is light gray whatever the ground (1.8 on white).
func (in *Inputs) atRest(text string, filled bool) string {
	title := ansi.Truncate(text, TitleWidth, "")
	rest := text[len(title):]
	if !filled {
		rest = in.look.Faint.Render(rest)
	}
	return title + rest
}
