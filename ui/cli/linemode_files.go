package cli

import (
	"context"
	"errors"
	"strings"

	"saasconnect/connector"
)

// Files in line mode: the commands import and export as they are, which ask and answer its way.

// importFile asks for a file, says what importing it would do, and does it if that is wanted.
func (m *lineMode) importFile(ctx context.Context) error {
	if may, err := m.allowed(ctx, connector.Entry{Connector: connector.Connector{Product: connector.Jira}}, "import connectors from a file"); !may {
		return err
	}
	m.title("Import connectors from a file", "The columns are product, site and email; name, account and expires where they are known; and token_env, token_command or token_file, where the token is to be read. A file never holds a token itself. Nothing is sent or saved before you have seen what would be done.")
	m.say("The same as saasconnect import: the whole file is read first, and you see what would be done before anything is sent or saved.")
	return m.withFile(ctx, "File name (customers.csv or customers.json):", func(r *run, path string) error {
		return r.importAsked(ctx, path, m.role)
	})
}

// exportFile asks for a file, and writes all connectors to it.
func (m *lineMode) exportFile(ctx context.Context) error {
	m.title("Export connectors to a file", "The file holds no token. Where a token is read from a variable, a command or a file, that is named. Import reads the file again, here or on another computer.")
	m.say("The same as saasconnect export: all connectors, without any token. A name that ends in .json makes a JSON file, any other a CSV file.")
	return m.withFile(ctx, "File name (connectors.csv or connectors.json):", func(r *run, path string) error {
		return r.exportAsked(ctx, path)
	})
}

// withFile asks for a file's name until a command did with it what it is for, or the person goes back.
func (m *lineMode) withFile(ctx context.Context, question string, do func(r *run, path string) error) error {
	for {
		path, err := m.line(ctx, question)
		if err == nil {
			err = m.everywhere(path)
		}
		switch {
		case errors.Is(err, errLineAgain):
			continue
		case err != nil:
			return err
		case path == "" || path == "-":
			m.say("Problem: Enter a file name.")
			continue
		case strings.HasPrefix(path, ":"):
			_ = m.noCommand(path) // it is asked again
			continue
		}
		r := m.asCommand()
		err = do(r, r.named(path))
		m.storages = nil // one may have been opened
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errLineBack), errors.Is(err, errLineQuit), errors.Is(err, errNoMoreInput):
			return err
		case r.tellEnd(ctx, err):
			return nil
		}
	}
}

// asCommand is a run of a command as line mode does it, in the world that it has open: all of it goes to one
// output, questions are numbered, marks are words, and nothing is written over.
func (m *lineMode) asCommand() *run {
	own, page := *m.r, *m.r.out
	page.colour, page.words = false, true
	own.inLines, own.flags.plain = true, true
	own.out, own.err, own.asks = &page, &page, m.ask
	own.stdio.Err, own.stdio.ErrIsTerminal = own.answers, true
	return &own
}
