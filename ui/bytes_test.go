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
// -benchtime 20x`. The yardstick is a program that shows bubbles' table, alone or with the
// lines that the list has above and below it.

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

// tableAlone is the yardstick: the same rows in a window as high, and with around the same
// lines above and below them.
type tableAlone struct {
	table.Model
	around *listScreen
}

func (t tableAlone) Init() tea.Cmd { return nil }

func (t tableAlone) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	t.Model, cmd = t.Model.Update(msg)
	return t, cmd
}

func (t tableAlone) View() tea.View {
	text := t.Model.View()
	if l := t.around; l != nil {
		l.choose(t.Cursor())
		text = l.look.faint.Render(l.position()) + "\n" + text + "\n\n" + l.chosen()
	}
	v := tea.NewView(text)
	v.AltScreen = true
	return v
}

// yardstick has the columns, the rows and the styles of the list. A colour inside would end
// that of the chosen row.
func yardstick(tb testing.TB) tableAlone {
	tb.Helper()
	l := deskApp(tb, Home, 1000).screen.(*listScreen)
	var heads []table.Column
	for _, c := range l.drawn {
		heads = append(heads, table.Column{Title: c.title, Width: c.width})
	}
	rows := make([]table.Row, len(l.shown))
	for i, e := range l.shown {
		for at, c := range l.drawn {
			cell := ansi.Strip(c.cell(e))
			if at == 0 {
				cell = l.pointed(false, cell)
			}
			rows[i] = append(rows[i], cell)
		}
	}
	t := table.New(table.WithColumns(heads), table.WithRows(rows), table.WithWidth(l.look.width), table.WithHeight(l.height+1), table.WithFocused(true),
		table.WithStyles(table.Styles{Header: l.look.faint.PaddingRight(1), Cell: l.look.plain.PaddingRight(1), Selected: *l.look.chosen.Style}))
	return tableAlone{t, nil}
}

// TestRowsAreTheTables: heads and rows stand where bubbles' table would put them.
func TestRowsAreTheTables(t *testing.T) {
	ours, theirs := deskApp(t, Home, 1000).screen.(*listScreen), yardstick(t)
	names, lines := []string{"", "日本語の名前", "e\u0301té", "👩‍👩‍👧 family", strings.Repeat("long ", 40)}, 0
	for i := range ours.shown {
		ours.shown[i].Name = names[i%len(names)] + ours.shown[i].Name
		theirs.Rows()[i][0] = ours.pointed(false, ours.shown[i].Name)
	}
	theirs.UpdateViewport()
	for range 3 {
		want := strings.Split(ansi.Strip(theirs.Model.View()), "\n")
		for i, line := range strings.Split(ansi.Strip(ours.tableText()), "\n") {
			line = strings.Replace(line, ours.look.mark.pointer, " ", 1)
			if i >= len(want) || strings.TrimRight(line, " ") != strings.TrimRight(want[i], " ") {
				t.Fatalf("line %d:\n%q, the table's is\n%q", i, line, want[min(i, len(want)-1)])
			}
			lines++
		}
		ours.choose(ours.at + ours.height)
		theirs.MoveDown(ours.height)
	}
	if lines < 100 {
		t.Errorf("only %d lines", lines)
	}
}

// BenchmarkBytes is the bytes that one step takes: within the window, and where it scrolls.
func BenchmarkBytes(b *testing.B) {
	for _, from := range []int{3, 400} {
		surrounded := yardstick(b)
		surrounded.around = deskApp(b, Home, 1000).screen.(*listScreen)
		for name, model := range map[string]tea.Model{"ours": deskApp(b, Home, 1000), "table": yardstick(b), "table-and-lines": surrounded} {
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
