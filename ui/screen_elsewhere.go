package ui

import (
	"context"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// elsewhereScreen is for a token that is kept outside this program: an environment variable,
// a command of a password manager, a file. Only where it is gets saved; it is read each
// time, and here once, so that it is known to be there.
type elsewhereScreen struct {
	stage
	keys      keyMap
	spin      spinner.Model
	menu      *menu[connector.Source]
	from      connector.Source
	field     *inputs // nil until a source is chosen
	complaint string
	cancel    context.CancelFunc
}

func newElsewhere(on stage) screen {
	return &elsewhereScreen{stage: on, keys: newKeys(), spin: newSpinner(on.look), menu: newMenu(on.look,
		option("An environment variable", connector.SourceEnv),
		option("A command, such as a password manager's", connector.SourceCommand),
		option("A file, such as a mounted secret", connector.SourceFile))}
}

func (e *elsewhereScreen) Title() (string, string) {
	return "A token that is kept elsewhere", whereabouts(e.look, 2)
}

func (e *elsewhereScreen) Typing() bool { return e.field != nil }

func (e *elsewhereScreen) Help() string {
	return "Nothing of the token is stored here, only where it is. A command is run without a shell, and what it prints is the token."
}

func (e *elsewhereScreen) Keys() []key.Binding {
	switch {
	case e.cancel != nil:
		return []key.Binding{named(e.keys.esc, "give up")}
	case e.field != nil:
		return []key.Binding{named(e.keys.enter, "read it"), e.keys.esc}
	}
	return []key.Binding{e.keys.enter, e.keys.esc}
}

func (e *elsewhereScreen) Escape() event {
	switch {
	case e.cancel != nil:
		e.Leave()
		return still
	case e.field != nil:
		e.field, e.complaint = nil, ""
		return still
	}
	return back
}

func (e *elsewhereScreen) Leave() {
	if e.cancel != nil {
		e.cancel()
		e.cancel = nil
	}
}

// fetchedMsg is the answer of fetch.
type fetchedMsg struct {
	ticket  ticket
	ref     connector.Reference
	token   atlassian.Token
	receipt atlassian.Receipt
	err     error
}

// fetchLimit is a little more than what reading takes at most.
const fetchLimit = 15 * time.Second

func (e *elsewhereScreen) fetch(ref connector.Reference) tea.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), fetchLimit)
	e.cancel = cancel
	read, t := e.world.Fetch, e.ticket
	return tea.Batch(e.spin.Tick, func() tea.Msg {
		data, err := read(ctx, ref)
		token, receipt := atlassian.ReadToken(string(data))
		return fetchedMsg{t, ref, token, receipt, err}
	})
}

func (e *elsewhereScreen) Update(msg tea.Msg) (event, tea.Cmd) {
	switch msg := msg.(type) {
	case spinner.TickMsg:
		if e.cancel == nil {
			return still, nil
		}
		var cmd tea.Cmd
		e.spin, cmd = e.spin.Update(msg)
		return still, cmd
	case fetchedMsg:
		if msg.ticket != e.ticket || e.cancel == nil {
			return still, nil
		}
		return e.fetched(msg), nil
	}
	switch {
	case e.cancel != nil:
		return still, nil
	case e.field == nil:
		return still, e.choose(msg)
	}
	if press, ok := msg.(tea.KeyPressMsg); ok && key.Matches(press, e.keys.enter) {
		return still, e.read()
	}
	if changesText(msg) {
		e.complaint = ""
	}
	return still, e.field.update(msg)
}

// choose goes on to the line that the source needs.
func (e *elsewhereScreen) choose(msg tea.Msg) tea.Cmd {
	from, picked := e.menu.update(msg)
	if !picked {
		return nil
	}
	e.from = from
	spec := map[connector.Source]inputSpec{
		connector.SourceEnv:     {title: "Variable", placeholder: "ACME_TOKEN"},
		connector.SourceCommand: {title: "Command", placeholder: "op read op://it/acme/token"},
		connector.SourceFile:    {title: "File", placeholder: "/run/secrets/acme"},
	}[from]
	e.field = newInputs(e.look, spec)
	e.field.changed = func(int) { e.complaint = "" }
	return e.field.init()
}

func (e *elsewhereScreen) read() tea.Cmd {
	ref, problem := connector.ParseReference(e.from, e.field.value(0))
	if e.complaint = problem; problem != "" {
		return nil
	}
	return e.fetch(*ref)
}

// fetched takes the token for this run, and where it is for good.
func (e *elsewhereScreen) fetched(msg fetchedMsg) event {
	e.Leave()
	switch {
	case msg.err != nil:
		e.complaint = connector.Capitalize(connector.FetchProblem(msg.err)) + "."
		return still
	case connector.TokenProblem(msg.receipt) != "":
		e.complaint = "What was read there can't be the token: " + connector.Inside(connector.TokenProblem(msg.receipt))
		return still
	}
	e.setup.Draft.SetReference(&msg.ref, msg.token, msg.receipt, e.world.Now())
	e.setup.Draft.SetStorage(connector.StorageReference, true)
	return chosen
}

func (e *elsewhereScreen) View() (string, int) {
	var b strings.Builder
	w := e.look.width
	b.WriteString(wrap("The token stays where it is. Only the place is saved here, and it is read each time it is needed.", w) + "\n\n")
	if e.field == nil {
		focus := e.menu.addTo(&b)
		return b.String(), focus
	}
	focus := strings.Count(b.String(), "\n")
	b.WriteString(e.field.view(0) + "\n")
	switch {
	case e.cancel != nil:
		b.WriteString("\n" + hang(e.look.accent.Render(e.spin.View()), "Reading it, to see whether it is there "+e.look.ellipsis(), w))
	case e.complaint != "":
		b.WriteString("\n" + hang(e.look.bad.Render(e.look.mark.bad), e.complaint, w))
	}
	return b.String(), focus
}
