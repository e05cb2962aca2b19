package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// walkOption offers the walkthrough. b at its first step leads back to the menu that offered it.
func (m *lineMode) walkOption(p connector.Product, site atlassian.Site) lineOption {
	return lineOption{"Show me how to create the token, step by step", func(ctx context.Context) error {
		err := m.walk(ctx, p, site, 0, false)
		if errors.Is(err, errLineBack) {
			return errLineAgain
		}
		return err
	}}
}

// again repeats a menu while what was chosen leads back to it.
func (m *lineMode) again(ctx context.Context, options []lineOption) error {
	for {
		if err := m.menu(ctx, options); !errors.Is(err, errLineAgain) {
			return err
		}
	}
}

// walk says how the token is created, its page first, a step at a time. reading: for its own
// sake, and no token is asked for then. errLineBack where it was left.
func (m *lineMode) walk(ctx context.Context, p connector.Product, site atlassian.Site, at int, reading bool) error {
	steps := connector.Walkthrough(p, site)
	m.title("Create a token", "The token is created in your browser, on Atlassian's pages. If a page looks different, follow the words on the buttons.")
	m.say("Open " + connector.Shortcut + ": " + connector.TokenPageOf(site))
	words := []string{"b the step before", "s I have a token"}
	if reading {
		words = words[:1]
	}
	if m.copies() {
		words = append(words, "c copy the link")
	}
	m.say("By hand, in eight steps. Enter goes on, " + strings.Join(words, ", ") + ".")
	said := -1
	for at < len(steps) {
		step := steps[at]
		if said != at {
			said = at
			m.say(fmt.Sprintf("Step %d of %d. %s", at+1, len(steps), step.Title))
			for _, words := range step.Words {
				m.say(words)
			}
			if step.Note != "" {
				m.say("Note: " + step.Note)
			}
			if at == connector.StepCreate {
				m.say("m drafts a message to an admin.")
			}
		}
		question := "Enter for next:"
		if at == len(steps)-1 {
			question = "Enter once it is copied:"
		}
		switch text, err := m.answer(ctx, question); {
		case errors.Is(err, errLineBack) && at > 0:
			at--
		case errors.Is(err, errLineAgain):
			said = -1
		case err != nil:
			return err
		case text == "":
			at++
		case text == "s" && !reading:
			return nil
		case text == "c" && m.copies():
			m.copy(ctx, "link", connector.TokenPageOf(site), "it is in the lines above.")
		case text == "m" && at == connector.StepCreate:
			if err := m.text(ctx, "Ask an admin to allow API tokens", connector.BlockedMessage(p, site)); err != nil {
				return err
			}
		default:
			m.say("That is none of the answers here: Enter, " + strings.Join(words, ", ") + ".")
		}
	}
	return nil
}
