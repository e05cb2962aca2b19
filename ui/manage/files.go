package manage

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// filesScreen asks for a file to import connectors from, or to export them to. What happens then is
// the command's: it looks at the whole file, says what it would do, asks, and shows its bar and its
// table at this terminal, as it does without the wizard.
type filesScreen struct {
	ui.Base
	keys      widget.KeyMap
	fields    *widget.Inputs
	exports   bool
	complaint string
	running   bool
}

func newFiles(on ui.Base, exports bool) ui.Screen {
	f := &filesScreen{Base: on, keys: widget.NewKeys(), exports: exports}
	f.fields = widget.NewInputs(on.Theme, widget.InputField{Title: "File name", Placeholder: "customers.csv or customers.json"})
	f.fields.Changed = func(int) { f.complaint = "" }
	return f
}

func (f *filesScreen) Title() (string, string) {
	if f.exports {
		return "Export connectors to a file", ""
	}
	return "Import connectors from a file", ""
}

func (f *filesScreen) Typing() bool { return true }

func (f *filesScreen) Help() string {
	if f.exports {
		return "The file holds no token. Where a token is read from a variable, a command or a file, that is named. Import reads the file again, here or on another computer."
	}
	return "The columns are product, site and email; name, account and expires where they are known; and token_env, token_command or token_file, where the token is to be read. A file never holds a token itself. Nothing is sent or saved before you have seen what would be done."
}

func (f *filesScreen) Init() tea.Cmd { return f.fields.Init() }

func (f *filesScreen) Keys() []key.Binding {
	return []key.Binding{widget.Named(f.keys.Enter, "continue"), f.keys.Esc}
}

// filesDoneMsg: the command has come to its end, and the person has read it.
type filesDoneMsg struct {
	Request ui.RequestID
	done    bool // else the name may have been wrong
}

func (f *filesScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case filesDoneMsg:
		if f.running = msg.Request != f.Request; !f.running && msg.done {
			return ui.GoHome, nil // which reads what is saved now
		}
		return ui.None, nil
	case tea.KeyPressMsg:
		if key.Matches(msg, f.keys.Enter) && !f.running {
			return ui.None, f.begin()
		}
	}
	if f.running {
		return ui.None, nil
	}
	if widget.ChangesText(msg) {
		f.complaint = ""
	}
	return ui.None, f.fields.Update(msg)
}

func (f *filesScreen) begin() tea.Cmd {
	path := strings.TrimSpace(f.fields.Value(0))
	switch {
	case path == "" || path == "-":
		f.complaint = "Enter a file name."
		return nil
	case atlassian.LooksSecret(path):
		f.fields.Set(0, "")
		f.complaint = "That looked like a token, so it was dropped. Enter a file name."
		return nil
	}
	f.running = true
	run, t := f.Deps.ImportFile, f.Request
	if f.exports {
		run = f.Deps.ExportFile
	}
	done := false
	return tea.Exec(ui.AtTerminal{Do: func() { done = run(path) }}, func(error) tea.Msg { return filesDoneMsg{t, done} })
}

func (f *filesScreen) View() (string, int) {
	w := f.Theme.Width
	words := "The same as saasconnect import: the whole file is read first, and you see what would be done before anything is sent or saved."
	if f.exports {
		words = "The same as saasconnect export: all connectors, without any token. A name that ends in .json makes a JSON file, any other a CSV file."
	}
	var b strings.Builder
	b.WriteString(widget.Wrap(words, w) + "\n\n")
	focus := strings.Count(b.String(), "\n")
	b.WriteString(f.fields.View(0) + "\n")
	if f.complaint != "" {
		b.WriteString("\n" + widget.WithMark(f.Theme.Bad.Render(f.Theme.Marks.Bad), f.complaint, w) + "\n")
	}
	return strings.TrimRight(b.String(), "\n"), focus
}
