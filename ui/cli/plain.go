package cli

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"

	"saasconnect/ui"
)

// Plain mode's end of the line: the wizard's words go to stdout, wrapped at blanks and
// with nothing but printable characters and line feeds, so that a log of it reads well;
// answers come from the terminal on stdin.

// talker is a ui.Prompter on a terminal.
type talker struct {
	asks *asker
	page *paper
	clip io.Writer // nil where the terminal has no clipboard
}

func (t talker) Say(text string) {
	if text == "" {
		t.page.blank()
		return
	}
	t.page.para(0, text)
}

func (t talker) Line(ctx context.Context, question string) (string, error) {
	return t.asks.line(ctx, t.page.plain(question))
}

func (t talker) Secret(ctx context.Context, question string) (string, error) {
	return t.asks.secret(ctx, t.page.plain(question))
}

// Copy hands a text to the terminal's clipboard (OSC 52, xterm's control sequences). It
// moves no cursor and paints nothing.
func (t talker) Copy() func(string) {
	if t.clip == nil {
		return nil
	}
	return func(text string) {
		fmt.Fprintf(t.clip, "\x1b]52;c;%s\x07", base64.StdEncoding.EncodeToString([]byte(text)))
	}
}

// talks is who the wizard can talk to line by line: plain mode was asked for, or the
// terminal has no screen control, and a person sits at it. nil otherwise.
func (r *run) talks() ui.Prompter {
	in, ok := r.stdio.In.(Terminal)
	dumb := r.stdio.getenv("TERM") == "dumb"
	if !ok || !r.stdio.InIsTerminal || r.flags.noInput || !r.isPlain() && !(dumb && r.stdio.OutIsTerminal) {
		return nil
	}
	t := talker{asks: &asker{from: in, to: r.stdio.Out, width: r.stdio.Width}, page: r.out}
	if r.stdio.OutIsTerminal && !dumb {
		t.clip = r.stdio.Out
	}
	return t
}
