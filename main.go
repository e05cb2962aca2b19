// Command saasconnect walks an admin from "I have no API token" to "this Jira or
// Confluence connector is proven to work and its token is kept safely", and proves it
// again whenever asked.
//
// This file introduces the rooms to each other and holds nothing else: it is the only one
// that knows everyone, reads the clock, and ends the process. Nothing in it reads a file
// or a network before the first frame, but for the terminal's own state and --ca-file.
package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"saasconnect/atlassian"
	"saasconnect/atlassian/fakecloud"
	"saasconnect/connector"
	"saasconnect/store"
	"saasconnect/store/disk"
	"saasconnect/store/secret"
	"saasconnect/ui"
	"saasconnect/ui/cli"
	"saasconnect/ui/desktop"
	"saasconnect/ui/manage"
	"saasconnect/ui/wizard"
)

// Set by the linker in releases: -ldflags "-X main.version=1.2.0 -X main.commit=… -X main.date=…".
var version, commit, date string

func main() { os.Exit(run()) }

func run() int {
	// Started by a double click on Windows, the wizard is what is wanted; cobra would
	// print that this is a command line tool and wait.
	cobra.MousetrapHelpText = ""
	// Go's HTTP/2 logs what a server does wrong, in a server's words, onto the screen.
	log.SetOutput(io.Discard)
	_ = store.Harden() // a second net: where it is not to be had, the program runs all the same
	var shown atomic.Pointer[screen]
	ctx, stop := interruptibleInput(&shown)
	defer stop()
	return cli.Run(ctx, os.Args[1:], stdio(), cli.System{
		Open: open, Wizard: showWizard(&shown), Fetch: secret.Fetch, Situations: situations, Build: build(),
		ReadFile: disk.ReadFile, WriteFile: disk.WriteFile, Exists: disk.Exists,
		Exec: func(argv, env []string) (int, error) { return desktop.Execute(stop, argv, env) },
	})
}

// showWizard is ui.Run, which says in shown whether it has the terminal's other screen.
func showWizard(shown *atomic.Pointer[screen]) func(context.Context, ui.Deps, ui.Start, io.Reader, io.Writer, []string) (string, error) {
	return func(ctx context.Context, w ui.Deps, start ui.Start, in io.Reader, out io.Writer, env []string) (string, error) {
		if f, ok := out.(*os.File); ok {
			s := &screen{file: f}
			shown.Store(s)
			defer shown.Store(nil)
			out = s
		}
		return ui.Run(ctx, w, start, screens(), in, out, env)
	}
}

// screen is the terminal that the wizard draws on, until it is left.
type screen struct {
	file   *os.File // not embedded: io.Copy would find its ReadFrom and go past Write
	mu     sync.Mutex
	pushed int // the keyboard's enhancements that were pushed and not popped
	left   bool
}

// Write drops what comes after the screen was left: it would switch on again what leaving switched off.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left {
		return len(p), nil
	}
	s.pushed += bytes.Count(p, []byte(pushKeys)) - bytes.Count(p, []byte(popKeys))
	return s.file.Write(p)
}

// Read, Close and Fd are the terminal's, which Bubble Tea looks for.
func (s *screen) Read(p []byte) (int, error) { return s.file.Read(p) }
func (s *screen) Close() error               { return s.file.Close() }
func (s *screen) Fd() uintptr                { return s.file.Fd() }

// leave gives the terminal back as it was found.
func (s *screen) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = true
	_, _ = s.file.WriteString(leaveScreen + strings.Repeat(popKeys, max(0, s.pushed))) // there is nothing left to do about it
}

// leaveScreen is what Bubble Tea writes at its end: the first screen, the cursor, no bracketed
// paste, keys and colors as they were. The keyboard's enhancements lie on a stack of the terminal's:
// they are pushed and popped, and popping once too often would take away somebody else's.
const (
	leaveScreen = "\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[>4m\x1b[m"
	pushKeys    = "\x1b[>1u"
	popKeys     = "\x1b[<1u"
)

// interruptibleInput is a context that the first SIGINT, SIGTERM, SIGHUP, SIGQUIT or SIGABRT
// ends. The second one ends the process, with the terminal as it was found; shown says whether
// its other screen has to be left for that. SIGPIPE keeps Go's default, and
// nohup its word. On Windows Ctrl+C and Ctrl+Break are SIGINT, and the closing of the
// console is SIGTERM.
func interruptibleInput(shown *atomic.Pointer[screen]) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	before, _ := term.GetState(int(os.Stdin.Fd())) // nil where stdin is no terminal
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGABRT)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		<-signals
		cancel()
		<-signals
		if before != nil {
			_ = term.Restore(int(os.Stdin.Fd()), before) // there is nothing left to do about it
		}
		if s := shown.Load(); s != nil {
			left := make(chan struct{})
			go func() { s.leave(); close(left) }()
			select {
			case <-left:
			case <-time.After(time.Second): // a terminal that takes nothing is not waited for
			}
		}
		os.Exit(130)
	}()
	return ctx, func() { signal.Stop(signals); cancel() }
}

func stdio() cli.Stdio {
	isTerminal := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		width = 0
	}
	return cli.Stdio{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InIsTerminal: isTerminal(os.Stdin), OutIsTerminal: isTerminal(os.Stdout), ErrIsTerminal: isTerminal(os.Stderr),
		Width: width, Env: os.Environ(), FoldEnv: runtime.GOOS == "windows",
		NoEscapes:    !desktop.Escapes(os.Stdout) || !desktop.Escapes(os.Stderr),
		OpenTerminal: func() (cli.Terminal, error) { return desktop.OpenTerminal() }, Quiet: desktop.Quiet,
	}
}

// ── worlds ─────────────────────────────────────────────────────────────────────

// open opens the real world, or the pretend one.
func open(o cli.Options) (ui.Deps, error) {
	if o.Practice {
		return practice(o)
	}
	roots, err := authorities(o.CAFile)
	if err != nil {
		return ui.Deps{}, err
	}
	client := atlassian.NewClient(atlassian.ClientConfig{
		Proxy: atlassian.ProxyFrom(os.Getenv), Unused: atlassian.UnusedProxy(os.Getenv), Roots: roots, Now: time.Now, Timeout: o.Timeout, UserAgent: userAgent(),
	})
	var shelf ui.Store = store.OpenMemory(store.MemoryOptions{Now: time.Now})
	if !o.Unsaved {
		shelf, err = store.Open(store.Options{Home: o.Home, KeyFile: o.KeyFile, Interactive: o.Interactive, Now: time.Now})
		if err != nil {
			return ui.Deps{}, err
		}
	}
	return ui.Deps{
		Version: build().Version, Now: time.Now, Observer: client, Store: shelf, KeyFile: o.KeyFile != "", User: userName, Timeout: o.Timeout,
		Browse: desktop.Browser(os.Getenv), Clipboard: desktop.Clipboard(os.Getenv), Copy: desktop.Copier(os.Getenv), Fetch: secret.Fetch,
		Suspend: desktop.Suspender(), SaaSAssure: ui.SaaSAssureAddress(os.Getenv("SAASCONNECT_SAASSURE_URL")),
		OpenPractice: func(situation string) (ui.Deps, error) {
			return practice(cli.Options{Practice: true, Situation: situation, Timeout: o.Timeout})
		},
		Close: client.Close,
	}, nil
}

// userName is asked for when something is saved, not at the start: it reads a file.
func userName() string { return desktop.UserName(os.Getenv) }

// practice opens the pretend world: an in-memory line and a store that forgets.
func practice(o cli.Options) (ui.Deps, error) {
	if o.Situation == customers {
		return practiceCustomers(o)
	}
	situation := fakecloud.Situations()[0]
	if o.Situation != "" {
		var known bool
		if situation, known = fakecloud.Find(o.Situation); !known {
			return ui.Deps{}, fmt.Errorf("there is no situation %q", o.Situation)
		}
	}
	memory := store.OpenMemory(store.MemoryOptions{Now: time.Now})
	if seed := situation.Seed; seed.Saw > 0 { // only a saved connector has a check before
		c := fakecloud.Customer{Site: seed.Site, Situation: situation, TokenAge: 30, Proven: []int{1}}
		if err := addCustomer(memory, c, time.Now()); err != nil {
			return ui.Deps{}, fmt.Errorf("add the pretend connector: %w", err)
		}
	}
	return pretend(o, situation, fakecloud.Open(situation, time.Now, latency(o)), memory), nil
}

func latency(o cli.Options) time.Duration {
	if o.Quick {
		return 0
	}
	return 250 * time.Millisecond // so that the checklist can be seen at work
}

// pretend is the world on a pretend cloud.
func pretend(o cli.Options, situation fakecloud.Situation, cloud *fakecloud.Cloud, memory *store.Memory) ui.Deps {
	client := atlassian.NewClient(atlassian.ClientConfig{
		Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: o.Timeout, UserAgent: userAgent(),
	})
	seed := situation.Seed
	first := values(seed.Site, seed.Email, seed.Token)
	first.Expires = lastDay(seed, time.Now())
	return ui.Deps{
		Version: build().Version, Now: time.Now, Observer: client, Store: memory, User: userName, Timeout: o.Timeout,
		Clipboard: desktop.Clipboard(os.Getenv), Copy: desktop.Copier(os.Getenv), Suspend: desktop.Suspender(),
		Practice: &ui.Practice{
			Situation: situation.Name, Title: situation.Title,
			Seed: first, Fixed: values(seed.Cure.Site, seed.Cure.Email, seed.Cure.Token), FixedHow: seed.Cure.How,
			Newer: func(email string) (atlassian.Token, atlassian.Receipt) {
				return atlassian.ReadToken(fakecloud.NewerToken(email))
			},
		},
		Close: func() { client.Close(); cloud.Close() },
	}
}

// customers is the situation in which there are many saved connectors.
const (
	customers      = "customers"
	customersTitle = "Fifty saved connectors of a service provider, half of which need someone."
)

// practiceCustomers opens the world of someone who comes back.
func practiceCustomers(o cli.Options) (ui.Deps, error) {
	all := fakecloud.Customers(50)
	memory := store.OpenMemory(store.MemoryOptions{Now: time.Now})
	for _, c := range all {
		if err := addCustomer(memory, c, time.Now()); err != nil {
			return ui.Deps{}, fmt.Errorf("add the pretend connector of %s: %w", c.Account, err)
		}
	}
	situation := fakecloud.Situations()[0]
	situation.Name, situation.Title = customers, customersTitle
	return pretend(o, situation, fakecloud.OpenMany(fakecloud.Sites(all), time.Now, latency(o)), memory), nil
}

// addCustomer saves one of them, with a past in which all was well.
func addCustomer(memory *store.Memory, c fakecloud.Customer, now time.Time) error {
	ctx := context.Background()
	site, _, err := atlassian.ParseSite(c.Site)
	if err != nil {
		return err
	}
	seed, added := c.Situation.Seed, now.AddDate(0, 0, -c.TokenAge)
	saved := connector.Connector{
		Product: connector.Product(c.Situation.Product), Site: site, Email: seed.Email, Account: c.Account, KeptIn: connector.StorageMemory,
		TokenSince: added, Added: connector.Stamp{By: desktop.UserName(os.Getenv), Role: connector.RoleGlobalAdmin, At: added},
	}
	saved.Expires = lastDay(seed, now)
	if c.Situation.Code == string(connector.CodeTokenScoped) {
		saved.TokenSince = now // what was proven was the token before it: this one never worked here
	}
	if id, name := fakecloud.Account(seed.Email); id != "" {
		saved.Identity = &connector.Identity{ID: id, Name: name, Email: seed.Email}
	}
	token, _ := atlassian.ReadToken(seed.Token)
	past := func(at time.Time) connector.Report {
		r := connector.PastReport(saved, at)
		if seed.Saw > 0 {
			r.Coverage = &connector.Coverage{Coverage: atlassian.Coverage{Count: seed.Saw}}
		}
		return r
	}
	first := past(added)
	written := memory.Save(ctx, []connector.Write{{After: saved, Token: token, Report: &first}})[0]
	err = written.Err
	for i := len(c.Proven) - 1; i >= 0 && err == nil; i-- {
		err = memory.Remember(ctx, written.Connector.ID, past(now.AddDate(0, 0, -c.Proven[i])))
	}
	return err
}

// lastDay is a seed's recorded last day, "20d" or "-3d" from now; zero for none.
func lastDay(seed fakecloud.Seed, now time.Time) connector.Date {
	days, err := strconv.Atoi(strings.TrimSuffix(seed.Expires, "d"))
	if err != nil {
		return connector.Date{}
	}
	return connector.DateOf(now.AddDate(0, 0, days))
}

// values reads a pretend token as a pasted one is read; "" is none.
func values(site, email, text string) ui.PracticeValues {
	v := ui.PracticeValues{Site: site, Email: email}
	if text != "" {
		v.Token, v.Receipt = atlassian.ReadToken(text)
	}
	return v
}

func situations() []cli.Situation {
	var all []cli.Situation
	for _, s := range fakecloud.Situations() {
		all = append(all, cli.Situation{
			Name: s.Name, Title: s.Title, Product: connector.Product(s.Product), Code: connector.Code(s.Code),
			Saw: s.Seed.Saw, StorageFault: s.Seed.StorageFault,
		})
	}
	return append(all, cli.Situation{Name: customers, Title: customersTitle, Saved: true})
}

// authorities are the system's and those of a file; nil means the system's alone.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the file of authorities %q can't be read", file)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	read := atlassian.ReadAuthorities(data)
	for _, certificate := range read.Certificates {
		pool.AddCert(certificate)
	}
	if problem, remedy := connector.AuthoritiesProblem(file, read); len(read.Certificates) == 0 {
		return nil, fmt.Errorf("--ca-file: %s. %s", problem, remedy)
	}
	return pool, nil
}

// ── this machine ───────────────────────────────────────────────────────────────

func userAgent() string { return "saasconnect/" + build().Version }

// build is what the linker was told, else what the Go tool noted by itself.
func build() cli.Build {
	b := cli.Build{Version: version, Commit: commit, Date: date, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if ok && b.Version == "" {
		b.Version = strings.TrimPrefix(info.Main.Version, "v")
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value[:min(len(s.Value), 12)]
			case "vcs.time":
				b.Date = s.Value
			}
		}
	}
	b.Date, _, _ = strings.Cut(b.Date, "T") // the day is enough
	if b.Version == "" || b.Version == "(devel)" {
		b.Version = "dev"
	}
	return b
}

// screens are all of the wizard's.
func screens() ui.Screens {
	all := wizard.Screens()
	maps.Copy(all, manage.Screens())
	return all
}
