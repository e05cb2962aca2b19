// Command saasconnect walks an admin from "I have no API token" to "this Jira or
// Confluence connector is proven to work and its token is kept safely", and proves it
// again whenever asked.
//
// This file builds what the packages need and hands it to them: only it imports all of them, reads
// the clock and ends the process. Nothing in it reads a file or the network before the first frame;
// it asks only for the terminal's state.
package main

import (
	"context"
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
	"saasconnect/store"
	"saasconnect/store/disk"
	"saasconnect/store/secret"
	"saasconnect/ui"
	"saasconnect/ui/cli"
	"saasconnect/ui/desktop"
	"saasconnect/ui/manage"
	"saasconnect/ui/practice"
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
		Open: open.world, Fetch: secret.Fetch, Build: build,
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
	client := atlassian.NewClient(atlassian.ClientConfig{
		Proxy: atlassian.ProxyFrom(os.Getenv), Unused: atlassian.UnusedProxy(os.Getenv), Roots: o.Roots,
		Now: time.Now, Timeout: o.Timeout, UserAgent: w.build.UserAgent(),
	})
	var saved ui.Store = store.OpenMemory(store.MemoryOptions{Now: time.Now})
	if !o.Unsaved {
		var err error
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
	latency := 250 * time.Millisecond // so that the checklist can be seen at work
	if o.Quick {
		latency = 0
	}
	world, err := practice.Open(practice.Options{
		Situation: o.Situation, Latency: latency, Timeout: o.Timeout, UserAgent: w.build.UserAgent(), User: userName, Now: time.Now,
	})
	if err != nil {
		return ui.Deps{}, err
	}
	memory := store.OpenMemory(store.MemoryOptions{Now: time.Now, Storages: world.Storages})
	for _, s := range world.Saved {
		if err := memory.Add(context.Background(), s.Entry, s.Token); err != nil {
			return ui.Deps{}, fmt.Errorf("add the pretend connector of %s: %w", s.Entry.Site, err)
		}
	}
	if err := memory.Fail(context.Background(), world.Fault); err != nil {
		return ui.Deps{}, fmt.Errorf("make the pretend storage fail: %w", err)
	}
	deps := w.desk(o, world.Client, memory)
	deps.Practice, deps.Close = world.Values, world.Close
	return deps, nil
}
