// Command saasconnect walks an admin from "I have no API token" to "this Jira or
// Confluence connector is proven to work and its token is kept safely", and proves it
// again whenever asked.
//
// This file introduces the rooms to each other and holds nothing else: it is the only one
// that knows everyone, reads the clock, and ends the process. Nothing in it reads a file
// or a network before the first frame, but for the terminal's own state and --ca-file.
package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"runtime"
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
	signals := desktop.WatchSignals(os.Exit)
	defer signals.Stop()
	build := cli.ReadBuild(version, commit, date)
	open := worlds{build}
	return cli.Run(signals.Context, os.Args[1:], stdio(), cli.System{
		Open: open.world, Fetch: secret.Fetch, Situations: situations, Build: build,
		ReadFile: disk.ReadFile, WriteFile: disk.WriteFile, Exists: disk.Exists,
		Exec: func(argv, env []string) (int, error) { return desktop.Execute(signals.Stop, argv, env) },
		Wizard: func(ctx context.Context, deps ui.Deps, start ui.Start, in io.Reader, out io.Writer, env []string) (string, error) {
			screen, done := signals.Screen(out)
			defer done()
			screens := wizard.Screens()
			maps.Copy(screens, manage.Screens())
			return ui.Run(ctx, deps, start, screens, in, screen, env)
		},
	})
}

// stdio are this process's ends.
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

// worlds opens what the wizard and the command line work with: Atlassian and this machine's store, or
// the pretend ones of practice.
type worlds struct{ build cli.Build }

func (w worlds) world(o cli.Options) (ui.Deps, error) {
	if o.Practice {
		return w.practice(o)
	}
	roots, err := authorities(o.CAFile)
	if err != nil {
		return ui.Deps{}, err
	}
	client := atlassian.NewClient(atlassian.ClientConfig{
		Proxy: atlassian.ProxyFrom(os.Getenv), Unused: atlassian.UnusedProxy(os.Getenv), Roots: roots,
		Now: time.Now, Timeout: o.Timeout, UserAgent: w.build.UserAgent(),
	})
	var saved ui.Store = store.OpenMemory(store.MemoryOptions{Now: time.Now})
	if !o.Unsaved {
		saved, err = store.Open(store.Options{Home: o.Home, KeyFile: o.KeyFile, Interactive: o.Interactive, Now: time.Now})
		if err != nil {
			return ui.Deps{}, err
		}
	}
	deps := w.desk(o, client, saved)
	deps.KeyFile, deps.Fetch, deps.Browse = o.KeyFile != "", secret.Fetch, desktop.Browser(os.Getenv)
	deps.SaaSAssure = ui.SaaSAssureAddress(os.Getenv("SAASCONNECT_SAASSURE_URL"))
	deps.OpenPractice = func(situation string) (ui.Deps, error) {
		return w.practice(cli.Options{Practice: true, Situation: situation, Timeout: o.Timeout})
	}
	deps.Close = client.Close
	return deps, nil
}

// desk is what both worlds have of this machine.
func (w worlds) desk(o cli.Options, client *atlassian.Client, saved ui.Store) ui.Deps {
	return ui.Deps{
		Version: w.build.Version, Now: time.Now, Observer: client, Store: saved, User: userName, Timeout: o.Timeout,
		Clipboard: desktop.Clipboard(os.Getenv), Copy: desktop.Copier(os.Getenv), Suspend: desktop.Suspender(),
	}
}

// userName is asked for when something is saved, not at the start: it reads a file.
func userName() string { return desktop.UserName(os.Getenv) }

// practice opens a pretend world: a cloud in memory, and a store that forgets.
func (w worlds) practice(o cli.Options) (ui.Deps, error) {
	world, known := fakecloud.FindWorld(o.Situation)
	if !known {
		return ui.Deps{}, fmt.Errorf("there is no situation %q", o.Situation)
	}
	memory := store.OpenMemory(store.MemoryOptions{Now: time.Now})
	for _, s := range world.Saved(time.Now()) {
		if err := add(memory, s); err != nil {
			return ui.Deps{}, fmt.Errorf("add the pretend connector of %s: %w", s.Site, err)
		}
	}
	latency := 250 * time.Millisecond // so that the checklist can be seen at work
	if o.Quick {
		latency = 0
	}
	cloud := world.Open(time.Now, latency)
	client := atlassian.NewClient(atlassian.ClientConfig{
		Dial: cloud.Dial, Proxy: cloud.Proxy, Roots: cloud.Roots(), Now: time.Now, Timeout: o.Timeout, UserAgent: w.build.UserAgent(),
	})
	seed := world.Seed
	first := ui.NewPracticeValues(seed.Site, seed.Email, seed.Token)
	first.Expires = day(seed.ExpiresOn(time.Now()))
	deps := w.desk(o, client, memory)
	deps.Practice = &ui.Practice{
		Situation: world.Name, Title: world.Title, Seed: first,
		Fixed: ui.NewPracticeValues(seed.Cure.Site, seed.Cure.Email, seed.Cure.Token), FixedHow: seed.Cure.How,
		Newer: func(email string) (atlassian.Token, atlassian.Receipt) {
			return atlassian.ReadToken(fakecloud.NewerToken(email))
		},
	}
	deps.Close = func() { client.Close(); cloud.Close() }
	return deps, nil
}

// add saves a pretend connector with its past.
func add(memory *store.Memory, s fakecloud.Saved) error {
	site, _, err := atlassian.ParseSite(s.Site)
	if err != nil {
		return err
	}
	c := connector.Connector{
		Product: connector.Product(s.Product), Site: site, Email: s.Email, Account: s.Account, KeptIn: connector.StorageMemory,
		TokenSince: s.TokenSince, Expires: day(s.Expires),
		Added: connector.Stamp{By: userName(), Role: connector.RoleGlobalAdmin, At: s.Checks[0]},
	}
	if s.PersonID != "" {
		c.Identity = &connector.Identity{ID: s.PersonID, Name: s.PersonName, Email: s.Email}
	}
	token, _ := atlassian.ReadToken(s.Token)
	ctx := context.Background()
	for i, at := range s.Checks {
		report := connector.PastReport(c, at)
		if s.Saw > 0 {
			report.Coverage = &connector.Coverage{Coverage: atlassian.Coverage{Count: s.Saw}}
		}
		if i == 0 {
			written := memory.Save(ctx, []connector.Write{{After: c, Token: token, Report: &report}})[0]
			c, err = written.Connector, written.Err
		} else {
			err = errors.Join(err, memory.Remember(ctx, c.ID, report))
		}
	}
	return err
}

// day is the date of a time, zero for none.
func day(at time.Time) connector.Date {
	if at.IsZero() {
		return connector.Date{}
	}
	return connector.DateOf(at)
}

// situations are the pretend worlds, for the command line.
func situations() []cli.Situation {
	var all []cli.Situation
	for _, w := range fakecloud.Worlds() {
		all = append(all, cli.Situation{
			Name: w.Name, Title: w.Title, Product: connector.Product(w.Product), Code: connector.Code(w.Code),
			Saw: w.Seed.Saw, StorageFault: w.Seed.StorageFault, Saved: w.Many,
		})
	}
	return all
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
