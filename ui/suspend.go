package ui

import (
	"io"

	tea "charm.land/bubbletea/v2"
)

// Ctrl+Z: the terminal is given back as it was found, the job stops, and when the shell
// lets it go on the screen is there again with everything in it. Bubble Tea's own Suspend
// is not used: it waits for the shell's signal for ever, also where no shell ever sends it
// (the program run by ssh or as a window's only command), and the terminal stays dead.

// stopper is the wait as Bubble Tea runs it, between giving the terminal back and taking
// it again.
type stopper struct{ stop func() }

func (s stopper) Run() error        { s.stop(); return nil }
func (stopper) SetStdin(io.Reader)  {}
func (stopper) SetStdout(io.Writer) {}
func (stopper) SetStderr(io.Writer) {}

// resumedMsg: the job goes on.
type resumedMsg struct{}

// suspend stops the job. A check is begun anew afterwards: its limit is a time of day, and
// would be over.
func (a *App) suspend() tea.Cmd {
	if a.place == Checking {
		a.screen.Leave()
		a.open(Checking)
	}
	return tea.Exec(stopper{a.world.Suspend}, func(error) tea.Msg { return resumedMsg{} })
}

// resumed goes on. The terminal may be another one now, with another background.
func (a *App) resumed() tea.Cmd {
	if a.place == Checking {
		return tea.Batch(tea.RequestBackgroundColor, a.screen.Init())
	}
	return tea.RequestBackgroundColor
}
