package wizard

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/ui"
	"saasconnect/ui/widget"
)

// referenceScreen is for a token that is stored outside this program: an environment variable,
// a command of a password manager, a file. Only where it is gets saved; it is read each
// time, and here once, so that it is known to be there.
type referenceScreen struct {
	ui.Base
	keys      widget.KeyMap
	spin      spinner.Model
	menu      *widget.Menu[connector.Source]
	from      connector.Source
	field     *widget.Inputs // nil until a source is chosen
	complaint string
	cancel    context.CancelFunc
}

func newReference(on ui.Base) ui.Screen {
	return &referenceScreen{Base: on, keys: widget.NewKeys(), spin: widget.NewSpinner(on.Theme), menu: widget.NewMenu(on.Theme,
		widget.Option("An environment variable", connector.SourceEnv),
		widget.Option("A command, such as a password manager's", connector.SourceCommand),
		widget.Option("A file, such as a mounted secret", connector.SourceFile))}
}

func (e *referenceScreen) Title() (string, string) {
	return "Read the token from an external source", ui.StepsLine(e.Theme, 2)
}

func (e *referenceScreen) Typing() bool { return e.field != nil }

func (e *referenceScreen) Help() string {
	return "Only the source is stored, not the token. A command runs without a shell, and what it prints is the token."
}

func (e *referenceScreen) Keys() []key.Binding {
	switch {
	case e.cancel != nil:
		return []key.Binding{widget.Named(e.keys.Esc, "give up")}
	case e.field != nil:
		return []key.Binding{widget.Named(e.keys.Enter, "read it"), e.keys.Esc}
	}
	return []key.Binding{e.keys.Enter, e.keys.Esc}
}

func (e *referenceScreen) Escape() ui.Event {
	switch {
	case e.cancel != nil:
		e.Leave()
		return ui.None
	case e.field != nil:
		e.field, e.complaint = nil, ""
		return ui.None
	}
	return ui.Back
}

func (e *referenceScreen) Leave() {
	if e.cancel != nil {
		e.cancel()
		e.cancel = nil
	}
}

// fetchedMsg is the answer of fetch.
type fetchedMsg struct {
	Request ui.RequestID
	ref     connector.Reference
	token   atlassian.Token
	receipt atlassian.Receipt
	err     error
}

// fetchLimit is a little more than what reading takes at most.
const fetchLimit = 15 * time.Second

func (e *referenceScreen) fetch(ref connector.Reference) tea.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), fetchLimit)
	e.cancel = cancel
	read, t := e.Deps.Fetch, e.Request
	return tea.Batch(e.spin.Tick, func() tea.Msg {
		data, err := read(ctx, ref)
		token, receipt := atlassian.ReadToken(string(data))
		return fetchedMsg{t, ref, token, receipt, err}
	})
}

func (e *referenceScreen) Update(msg tea.Msg) (ui.Event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if e.cancel == nil {
			return ui.None, nil
		}
		var cmd tea.Cmd
		e.spin, cmd = e.spin.Update(msg)
		return ui.None, cmd
	case fetchedMsg:
		if msg.Request != e.Request || e.cancel == nil {
			return ui.None, nil
		}
		return e.fetched(msg), nil
	}
	switch {
	case e.cancel != nil:
		return ui.None, nil
	case e.field == nil:
		return ui.None, e.choose(msg)
	}
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, e.keys.Enter) {
		return ui.None, e.read()
	}
	if widget.ChangesText(msg) {
		e.complaint = ""
	}
	return ui.None, e.field.Update(msg)
}

// choose goes on to the line that the source needs.
func (e *referenceScreen) choose(msg tea.Msg) tea.Cmd {
	from, picked := e.menu.Update(msg)
	if !picked {
		return nil
	}
	e.from = from
	spec := map[connector.Source]widget.InputField{
		connector.SourceEnv:     {Title: "Variable", Placeholder: "ACME_TOKEN"},
		connector.SourceCommand: {Title: "Command", Placeholder: "op read op://it/acme/token"},
		connector.SourceFile:    {Title: "File", Placeholder: "/run/secrets/acme"},
	}[from]
	e.field = widget.NewInputs(e.Theme, spec)
	e.field.Changed = func(int) { e.complaint = "" }
	return e.field.Init()
}

func (e *referenceScreen) read() tea.Cmd {
	ref, problem := connector.ParseReference(e.from, e.field.Value(0))
	if e.complaint = problem; problem != "" {
		return nil
	}
	return e.fetch(*ref)
}

// fetched takes the token for this run, and where it is for good.
func (e *referenceScreen) fetched(msg fetchedMsg) ui.Event {
	e.Leave()
	switch {
	case msg.err != nil:
		e.complaint = connector.Capitalize(connector.FetchProblem(msg.err)) + "."
		return ui.None
	case connector.TokenProblem(msg.receipt) != "":
		e.complaint = "What was read isn't a token: " + connector.Inside(connector.TokenProblem(msg.receipt))
		return ui.None
	}
	e.Setup.Draft.SetReference(&msg.ref, msg.token, msg.receipt, e.Deps.Now())
	e.Setup.Draft.SetStorage(connector.StorageReference, true)
	return ui.StorageChosen
}

func (e *referenceScreen) View() (string, int) {
	var b strings.Builder
	w := e.Theme.Width
	b.WriteString(widget.Wrap("The token stays where it is. Only its source is saved, and it's read each time it's needed.", w) + "\n\n")
	if e.field == nil {
		focus := e.menu.AddTo(&b)
		return b.String(), focus
	}
	focus := strings.Count(b.String(), "\n")
	b.WriteString(e.field.View(0) + "\n")
	switch {
	case e.cancel != nil:
		b.WriteString("\n" + widget.WithMark(e.Theme.Accent.Render(e.spin.View()), "Reading it to test the source "+e.Theme.Ellipsis(), w))
	case e.complaint != "":
		b.WriteString("\n" + widget.WithMark(e.Theme.Bad.Render(e.Theme.Marks.Bad), e.complaint, w))
	}
	return b.String(), focus
}
