package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

// browseLimit bounds starting a browser; the browser itself is not waited for.
const browseLimit = 5 * time.Second

// openedMsg is the answer of browse.
type openedMsg struct {
	url string
	err error
}

// words says how opening a page went, with its address in any case.
func (m openedMsg) words() string {
	if m.err != nil {
		return "No browser could be started here. Open this page yourself: " + m.url
	}
	return "Opened in your browser: " + m.url
}

// browse opens a page in the person's browser. Where none can open it does nothing: the
// address is on the screen in any case.
func browse(open func(context.Context, string) error, url string) tea.Cmd {
	if open == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), browseLimit)
		defer cancel()
		return openedMsg{url, open(ctx, url)}
	}
}
