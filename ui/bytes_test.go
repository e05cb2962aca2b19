package ui

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// What a key costs on the wire to a distant terminal: `go test ./ui -run '^$' -bench Bytes
// -benchtime 40x`. The yardstick is a program that shows bubbles' table and nothing else.

// counted is a terminal that counts.
type counted struct {
	mu    sync.Mutex
	bytes bytes.Buffer
	last  time.Time
}

func (c *counted) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = time.Now()
	return c.bytes.Write(p)
}

// settled waits until nothing more comes, and says how much there was so far.
func (c *counted) settled() int {
	for {
		time.Sleep(40 * time.Millisecond)
		c.mu.Lock()
		quiet, n := time.Since(c.last) > 60*time.Millisecond, c.bytes.Len()
		c.mu.Unlock()
		if quiet {
			return n
		}
	}
}

// tableAlone is the yardstick: the same rows in a window as high.
type tableAlone struct{ table.Model }

func (t tableAlone) Init() tea.Cmd { return nil }

func (t tableAlone) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	t.Model, cmd = t.Model.Update(msg)
	return t, cmd
}

func (t tableAlone) View() tea.View {
	v := tea.NewView(t.Model.View())
	v.AltScreen = true
	return v
}

// yardstick has the columns, the rows and the styles of the list.
func yardstick(b *testing.B) tableAlone {
	l := deskApp(b, Home, 1000).screen.(*listScreen)
	t := l.plainRow.table
	rows := make([]table.Row, len(l.shown))
	for i, e := range l.shown {
		for _, cell := range l.cells(l.drawn, e, false) { // a colour inside would end that of the chosen row
			rows[i] = append(rows[i], ansi.Strip(cell))
		}
	}
	t.SetStyles(table.Styles{Header: l.look.faint.PaddingRight(1), Cell: l.look.plain.PaddingRight(1), Selected: l.look.accent.Bold(true)})
	t.SetRows(rows)
	t.SetHeight(l.height + 1)
	t.Focus()
	return tableAlone{t}
}

// BenchmarkBytes is the bytes that one step takes: within the window, and where it scrolls.
func BenchmarkBytes(b *testing.B) {
	for _, from := range []int{3, 400} {
		for name, model := range map[string]tea.Model{"ours": deskApp(b, Home, 1000), "table": yardstick(b)} {
			where := "within"
			if from > 100 {
				where = "scrolling"
			}
			b.Run(name+"/"+where, func(b *testing.B) { sending(b, model, from) })
		}
	}
}

func sending(b *testing.B, model tea.Model, from int) {
	b.Helper()
	out := &counted{last: time.Now()}
	p := tea.NewProgram(model, tea.WithInput(strings.NewReader("")), tea.WithOutput(out), tea.WithWindowSize(200, 60),
		tea.WithEnvironment([]string{"TERM=xterm-256color", "COLORTERM=truecolor", "CLICOLOR_FORCE=1"}), tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond))
	ended := make(chan error, 1)
	go func() { _, err := p.Run(); ended <- err }()
	down := tea.KeyPressMsg{Code: 'j', Text: "j"}
	for range from {
		p.Send(down)
	}
	before := out.settled()
	b.ResetTimer()
	after := before
	for i := range b.N {
		if from < 100 && i%20 >= 10 {
			p.Send(tea.KeyPressMsg{Code: 'k', Text: "k"}) // back, before it scrolls
		} else {
			p.Send(down)
		}
		after = out.settled()
	}
	b.StopTimer()
	b.ReportMetric(float64(after-before)/float64(b.N), "bytes/key")
	b.ReportMetric(0, "ns/op")
	p.Quit()
	if err := <-ended; err != nil && !strings.Contains(fmt.Sprint(err), "EOF") {
		b.Fatal(err)
	}
}
