package ui_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"saasconnect/ui"
)

// While a person still types the token the connection is made, without credentials: the
// check that follows makes no handshake of its own, on screens and line by line.

func TestTheCheckFindsItsConnectionMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		s := newStage(t, "situation ok\nrole global-admin\nlatency 100ms\n")
		defer s.end()
		for _, k := range strings.Fields("enter enter s") {
			s.press(k)
		}
		s.typing("acme")
		s.press("enter")
		time.Sleep(time.Second)
		s.settle()
		if n, asked := s.world.cloud.Connections(), s.world.cloud.Requests(); n != 1 || len(asked) != 1 || asked[0].Authorized {
			t.Fatalf("after the site's line: %d handshakes, requests %+v", n, asked)
		}
		s.typing(s.world.seedEmail)
		s.press("enter")
		s.sendPaste(s.world.seedToken)
		s.press("enter")
		time.Sleep(time.Second)
		s.settle()
		if n, asked := s.world.cloud.Connections(), len(s.world.cloud.Requests()); n != 1 || asked != 5 {
			t.Errorf("after the check: %d handshakes, %d requests\n%s", n, asked, s.frame())
		}
	})
}

func (s *actor) typing(text string) {
	for _, r := range text {
		s.send(keyNamed(s.t, string(r)))
	}
}

func TestTheCheckFindsItsConnectionMadeLineByLine(t *testing.T) {
	board, err := txtar.ParseFile("testdata/talks/first-connector.txtar")
	if err != nil {
		t.Fatal(err)
	}
	script, _, _ := strings.Cut(string(board.Comment), "secret @token")
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(storyTime))
		w := openTestWorld(t, settingsOf(t, script))
		a := &actor{t: t, world: w}
		p := &person{t: t, paste: a.paste}
		for line := range strings.Lines(script + "secret @token") {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "answer") || strings.HasPrefix(line, "secret") {
				p.lines = append(p.lines, line)
			}
		}
		if _, err := ui.RunPlain(t.Context(), w.world, ui.Start{}, p); err != nil && !errors.Is(err, errEnd) {
			t.Error(err)
		}
		if n := w.cloud.Connections(); n != 1 || !strings.Contains(p.said.String(), "proven") {
			t.Errorf("%d handshakes\n%s", n, p.said.String())
		}
		w.close()
		time.Sleep(10 * time.Minute) // every limit runs out, every goroutine ends
	})
}
