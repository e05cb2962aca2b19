package ui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
)

// filesScreen asks for a file to import connectors from, or to export them to. What happens then is
// the command's: it looks at the whole file, says what it would do, asks, and shows its bar and its
// table at this terminal, as it does without the wizard.
type filesScreen struct {
	stage
	keys      keyMap
	fields    *inputs
	exports   bool
	complaint string
	running   bool
}

func newFiles(on stage, exports bool) screen {
	f := &filesScreen{stage: on, keys: newKeys(), exports: exports}
	f.fields = newInputs(on.look, inputSpec{title: "File name", placeholder: "customers.csv or customers.json"})
	f.fields.changed = func(int) { f.complaint = "" }
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

func (f *filesScreen) Init() tea.Cmd { return f.fields.init() }

func (f *filesScreen) Keys() []key.Binding {
	return []key.Binding{named(f.keys.enter, "continue"), f.keys.esc}
}

// filesDoneMsg: the command has come to its end, and the person has read it.
type filesDoneMsg struct {
	ticket ticket
	done   bool // else the name may have been wrong
}

func (f *filesScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case filesDoneMsg:
		if f.running = msg.ticket != f.ticket; !f.running && msg.done {
			return home, nil // which reads what is saved now
		}
		return still, nil
	case tea.KeyPressMsg:
		if key.Matches(msg, f.keys.enter) && !f.running {
			return still, f.begin()
		}
	}
	if f.running {
		return still, nil
	}
	if changesText(msg) {
		f.complaint = ""
	}
	return still, f.fields.update(msg)
}

func (f *filesScreen) begin() tea.Cmd {
	path := strings.TrimSpace(f.fields.value(0))
	switch {
	case path == "" || path == "-":
		f.complaint = "Enter a file name."
		return nil
	case atlassian.LooksSecret(path):
		f.fields.set(0, "")
		f.complaint = "That looked like a token, so it was dropped. A file's name is shown."
		return nil
	}
	f.running = true
	run, t := f.world.ImportFile, f.ticket
	if f.exports {
		run = f.world.ExportFile
	}
	done := false
	return tea.Exec(atTerminal{func() { done = run(path) }}, func(error) tea.Msg { return filesDoneMsg{t, done} })
}

func (f *filesScreen) View() (string, int) {
	w := f.look.width
	words := "The same as saasconnect import: the whole file is read first, and you see what would be done before anything is sent or saved."
	if f.exports {
		words = "The same as saasconnect export: all connectors, without any token. A name that ends in .json makes a JSON file, any other a CSV file."
	}
	var b strings.Builder
	b.WriteString(wrap(words, w) + "\n\n")
	focus := strings.Count(b.String(), "\n")
	b.WriteString(f.fields.view(0) + "\n")
	if f.complaint != "" {
		b.WriteString("\n" + hang(f.look.bad.Render(f.look.mark.bad), f.complaint, w) + "\n")
	}
	return strings.TrimRight(b.String(), "\n"), focus
}
