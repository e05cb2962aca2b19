package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
)

// The one place in this room where a token is revealed: onto the clipboard, after the
// person asked for it twice. OSC 52 carries it from this program to the terminal; it is
// in no frame.

// handedOver is the answer of fetchToken.
type handedOver struct {
	ticket ticket
	token  atlassian.Token
	err    error
}

// handoverLimit leaves a person time to answer their desktop.
const handoverLimit = 130 * time.Second

// fetchToken gets the token: the one still at hand, else the kept one.
func fetchToken(store Store, atHand atlassian.Token, id string, t ticket) tea.Cmd {
	return func() tea.Msg {
		if !atHand.IsZero() || id == "" {
			return handedOver{ticket: t, token: atHand}
		}
		ctx, cancel := context.WithTimeout(context.Background(), handoverLimit)
		defer cancel()
		token, err := store.Token(ctx, id)
		return handedOver{t, token, err}
	}
}

// copyToken puts it on the clipboard.
func (h *handoverScreen) copyToken(got handedOver) tea.Cmd { return h.copy(got.token.Reveal()) }
