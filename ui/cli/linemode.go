package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
	"saasconnect/connector/setup"
	"saasconnect/ui"
)

// Line mode: the wizard's tasks line by line, for screen readers, serial lines, logs, and
// terminals without screen control. What is open about a task is asked of setup.Next; here are
// the menus that lead to the tasks. The rules:
//
//   - Nothing is repainted, and nothing is said while a line is being typed.
//   - No spinner, no color, no picture; marks are words ("OK:", "Problem:").
//   - Choices are numbered. Enter takes the first.
//   - What is hidden says so, and is asked for with the echo off. What looks like a token in
//     a line that was shown is dropped.
//   - The end of the input and Ctrl+C end the program: what is saved stays saved, and what is
//     not is dropped whole.

// lineMode is one run of it, in the real world or in the pretend one.
type lineMode struct {
	r       *run // its world, its clock and its paper
	ask     *prompter
	saying  sync.Mutex     // for say: waiting says something by the way
	clip    func(string)   // hands a text to the terminal's clipboard; nil where it has none
	role    connector.Role // RoleUnknown until it is asked
	titled  string         // what is being done
	help    string         // what ? says about it, besides the keys
	offered string         // the choices that were said last
	entries []connector.Entry

	storages []connector.StorageStatus // as they were found; nil: not looked at yet
	added    connector.Connector       // the last one that this run added
	copied   atomic.Int64              // of a token, to the clipboard
	lost     bool                      // it was interrupted, and a change is not answered
}

// hasLines reports whether line mode can ask here: it was wanted, or the terminal has no screen
// control, and a person sits at it.
func (r *run) hasLines() bool {
	_, ok := r.stdio.In.(Terminal)
	return ok && r.stdio.InIsTerminal && !r.flags.noInput && (r.isPlain() || r.isDumb() && r.stdio.OutIsTerminal)
}

func (r *run) isDumb() bool { return r.stdio.getenv("TERM") == "dumb" }

// runLines runs line mode on a world until it ends, and returns what the run saved. Errors are
// those of the asker, and of the context.
func (r *run) runLines(ctx context.Context, w ui.Deps, start ui.Start) (summary string, err error) {
	own := *r
	own.world = &w
	from, _ := r.stdio.In.(Terminal) // hasLines
	m := &lineMode{r: &own, role: start.Role, ask: &prompter{from: from, to: r.answers, width: r.stdio.Width, lines: true}}
	if r.stdio.OutIsTerminal && !r.isDumb() {
		m.clip = own.sendToClipboard
	}
	m.say("Line by line: answer each question and press Enter. b goes back, q quits, ? explains; where a text is asked for it is :back, :quit and :help. Ctrl+C ends the program.")
	m.banner()
	go m.tidy(ctx)
	if err = lineEnd(m.begin(ctx, start)); err == nil {
		err = m.home(ctx)
	}
	if errors.Is(err, errLineQuit) {
		err = nil
	}
	return m.summary(), err
}

// tidy deletes what a crash may have left. Nobody waits for it, and what can't be deleted stays
// noted.
func (m *lineMode) tidy(ctx context.Context) {
	defer atlassian.Catch(func(*atlassian.PanicError) {})
	ctx, cancel := context.WithTimeout(ctx, lineTidyLimit)
	defer cancel()
	_, _ = m.service().Tidy(ctx)
}

const (
	lineTidyLimit = 30 * time.Second
	lineLoadLimit = 10 * time.Second
)

func (m *lineMode) world() *ui.Deps { return m.r.world }

func (m *lineMode) service() setup.Service { return m.r.world.Service() }

func (m *lineMode) now() time.Time { return m.r.world.Now() }

func (m *lineMode) today() connector.Date { return connector.DateOf(m.now()) }

// summary is what was saved, for the end.
func (m *lineMode) summary() string {
	c := m.added
	switch {
	case m.world().Practice != nil:
		return ""
	case m.lost:
		return "It ended while saving, so it may or may not be saved. See what is: saasconnect list"
	case c.ID == "":
		return ""
	}
	return fmt.Sprintf("%s: %s on %s, stored in %s.\nCheck it again at any time: saasconnect check %s",
		c.Name, connector.ProductTitle(c.Product), c.Site.Origin(), connector.StorageName(c.KeptIn), c.Name)
}

// banner says that the world is the pretend one.
func (m *lineMode) banner() {
	if p := m.world().Practice; p != nil {
		m.say("")
		m.say("PRACTICE: nothing here is real. " + connector.Capitalize(p.Title))
	}
}

// begin does the task that a command named, before the menu is shown.
func (m *lineMode) begin(ctx context.Context, start ui.Start) error {
	if start.Place == "" {
		return nil
	}
	if !m.load(ctx) {
		return nil
	}
	t := &lineTask{d: start.Setup.Draft}
	switch start.Place {
	case ui.ScreenGuide:
		return m.replace(ctx, m.entry(ctx, start.Setup.Saved.ID))
	case ui.ScreenEdit:
		return m.edit(ctx, m.entry(ctx, start.Setup.Saved.ID))
	case ui.ScreenHome:
		p, err := m.askProduct(ctx)
		if err != nil {
			return err
		}
		f := t.d.Facts()
		f.Product = p
		t.d.Set(f)
	}
	return m.add(ctx, t)
}

func (m *lineMode) askProduct(ctx context.Context) (connector.Product, error) {
	m.title("Connect", "")
	products := []connector.Product{connector.Jira, connector.Confluence}
	n, err := m.choose(ctx, connector.ProductTitle(products[0]), connector.ProductTitle(products[1]))
	return products[n], err
}

// load reads what is saved, those that need someone first, and what role is remembered. It says
// what went wrong, and reports whether nothing did.
func (m *lineMode) load(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, lineLoadLimit)
	defer cancel()
	entries, err := m.world().Store.Load(ctx)
	settings, settingsErr := m.world().Store.Settings(ctx)
	for _, words := range m.world().Store.Notices() {
		m.say("Note: " + words)
	}
	m.role = cmp.Or(m.role, settings.Role)
	if err = cmp.Or(err, settingsErr); err != nil {
		m.trouble(err)
		return false
	}
	today := m.today()
	slices.SortStableFunc(entries, func(a, b connector.Entry) int { return connector.CompareUrgency(a, b, today) })
	m.entries = entries
	return true
}

// entry is a saved connector as it is now, with its reports; the zero Entry where it is gone.
func (m *lineMode) entry(ctx context.Context, id string) connector.Entry {
	for _, e := range m.entries {
		if e.ID == id {
			e.Reports = m.world().Store.Reports(ctx, id)
			return e
		}
	}
	return connector.Entry{}
}

// lineOption is a choice, and what it leads to.
type lineOption struct {
	words string
	do    func(context.Context) error
}

// lineGoOn goes on with what is open.
func lineGoOn(context.Context) error { return nil }

// lineDone ends a task, or the menu after it.
func lineDone(context.Context) error { return errLineDone }

// lineLeave is the way out of a task.
func lineLeave() lineOption { return lineOption{"Leave without saving", lineDone} }

// menu asks for one of the options and does it.
func (m *lineMode) menu(ctx context.Context, options []lineOption) error {
	n, err := m.pick(ctx, options)
	if err != nil {
		return err
	}
	return options[n].do(ctx)
}

// pick asks for one of the options.
func (m *lineMode) pick(ctx context.Context, options []lineOption) (int, error) {
	words := make([]string, len(options))
	for i, o := range options {
		words[i] = o.words
	}
	return m.choose(ctx, words...)
}

// home is the main menu, until the person quits.
func (m *lineMode) home(ctx context.Context) error {
	for {
		m.title(strings.TrimRight("SaaSAssure connectors, "+m.world().Version, ", "), "Nothing is sent to SaaSAssure from here; a connector is entered there in its own form.")
		if m.load(ctx) && len(m.entries) == 0 {
			m.say("No connectors yet. A connector lets SaaSAssure back up one Jira or Confluence site. You need: the Global Admin or Account Admin role in SaaSAssure, and an Atlassian account with admin permission.")
		}
		options := m.homeOptions()
		n, err := m.pick(ctx, options)
		if errors.Is(err, errLineBack) {
			m.say("This is the first menu: q quits.")
			continue
		}
		if err == nil {
			err = lineEnd(options[n].do(ctx))
		}
		if err != nil {
			return err
		}
	}
}

func (m *lineMode) homeOptions() []lineOption {
	quit := "Quit"
	if m.world().Practice != nil {
		quit = "End the practice"
	}
	connect := func(p connector.Product) lineOption {
		return lineOption{"Connect " + connector.ProductTitle(p), func(ctx context.Context) error { return m.add(ctx, &lineTask{d: setup.New(p)}) }}
	}
	var options []lineOption
	if n := len(m.entries); n > 0 {
		words := connector.Plural(n, "connector")
		if needs := m.stateWords(connector.Failing, connector.Attention, connector.Unknown); needs != "" {
			words += ": " + needs
		}
		options = append(options, lineOption{"List and open connectors (" + words + ")", m.list}, lineOption{"Check connectors", m.checkMany})
	}
	options = append(options, connect(connector.Jira), connect(connector.Confluence))
	if m.world().OpenPractice != nil {
		options = append(options, lineOption{"Practice on a demo site", m.practice})
	}
	options = append(options, lineOption{"Read how to create the API token", func(ctx context.Context) error {
		return m.walk(ctx, connector.Jira, atlassian.Site{}, 0, true)
	}})
	if m.world().Practice == nil {
		options = append(options, lineOption{"Import connectors from a file", m.importFile})
		if len(m.entries) > 0 {
			options = append(options, lineOption{"Export connectors to a file", m.exportFile})
		}
	}
	if m.role != connector.RoleUnknown {
		options = append(options, lineOption{"Change your role (now: " + m.role.Title() + ")", m.askRole})
	}
	return append(options, lineOption{quit, func(context.Context) error { return errLineQuit }})
}

// practice runs line mode on the pretend world, and comes back.
func (m *lineMode) practice(ctx context.Context) error {
	w, err := m.world().OpenPractice("")
	if err != nil {
		m.say("Problem: The practice world could not be opened.")
		return nil
	}
	if w.Close != nil {
		defer w.Close()
	}
	w.Practice.Nested = true
	own := *m.r
	own.world = &w
	inner := &lineMode{r: &own, ask: m.ask, clip: m.clip}
	inner.banner()
	if err := inner.home(ctx); !errors.Is(err, errLineQuit) {
		return err
	}
	m.say("")
	m.say("The practice has ended.")
	return nil
}
