package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Real processes on one folder, with the encrypted file as their safe.

const workerMark = "SAASCONNECT_TEST_WORKER" // a folder, where this process is a worker

// TestMain turns the test program into a worker where it is asked to be one.
func TestMain(m *testing.M) {
	if home := os.Getenv(workerMark); home != "" {
		os.Exit(work(home))
	}
	if task := os.Getenv(randomMark); task != "" {
		os.Exit(writeUntilKilled(task))
	}
	if change := os.Getenv(doomedMark); change != "" {
		os.Exit(changeUntilKilled(change))
	}
	os.Exit(m.Run())
}

func keyed(home string) (*Store, error) {
	return Open(Options{Home: home, KeyFile: filepath.Join(home, "key"), Now: time.Now, testOnlyFactor: 10})
}

// work adds, replaces and removes until it is ended, and says each thing that is done.
func work(home string) int {
	s, err := keyed(home)
	if err != nil {
		fmt.Println("failed", err)
		return 1
	}
	site, _, _ := atlassian.ParseSite("acme")
	for n := 0; ; n++ {
		c := connector.Connector{Product: connector.Jira, Site: site, Email: "mia@example.com", KeptIn: connector.StorageFile}
		added, err := add(s, context.Background(), c, atlassian.NewToken(canary), connector.Report{})
		if err == nil && n%3 == 1 {
			err = replaced(s, context.Background(), added, atlassian.NewToken(canary+"2"))
		}
		if err == nil && n%3 == 2 {
			err = removed(s.Remove(context.Background(), added.ID))
		} else if err == nil {
			fmt.Println("kept", added.ID)
		}
		var file *connector.StoreError
		if errors.As(err, &file) && file.Why == connector.StoreBusy {
			continue // told so, after five seconds of a slow disk: nothing was changed
		}
		if err != nil {
			fmt.Println("failed", err)
			return 1
		}
	}
}

// TestKilledProcesses runs two workers at a time on one folder and kills them with no
// warning, again and again: what was said to be kept is kept, every token can be read, and
// no encrypted file is unknown. SAASCONNECT_TEST_ROUNDS makes it go on for longer.
func TestKilledProcesses(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("SAASCONNECT_TEST_ROUNDS"))
	if err != nil {
		rounds = 6
	}
	var home string
	var kept map[string]bool
	total := 0
	chance := rand.New(rand.NewPCG(1, uint64(rounds)))
	for round := range rounds {
		if round%20 == 0 { // a folder that grows for ever is another test's matter
			home, kept = inMemory(t), map[string]bool{}
			if err := os.WriteFile(filepath.Join(home, "key"), []byte("correct horse battery\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var mu sync.Mutex
		var wait sync.WaitGroup
		for worker := range 2 {
			// Differently far each time, so that the kill falls into different steps.
			lines := 1 + (round*7+worker*3)%11
			more := time.Duration(chance.Int64N(int64(40 * time.Millisecond)))
			wait.Go(func() {
				ids := killAfter(t, home, lines, more)
				mu.Lock()
				defer mu.Unlock()
				for _, id := range ids {
					kept[id] = true
				}
				total += len(ids)
			})
		}
		wait.Wait()
		s, err := keyed(home)
		if err != nil {
			t.Fatal(err)
		}
		afterTheKill(t, s, kept)
	}
	t.Logf("%d rounds, %d connectors", rounds, total)
}

// killAfter starts a worker, kills it some time after so many lines, in the midst of
// whatever it does then, and returns what it kept. Nothing here waits for that time.
func killAfter(t *testing.T, home string, lines int, more time.Duration) []string {
	t.Helper()
	worker := exec.CommandContext(t.Context(), os.Args[0])
	worker.Env = append(os.Environ(), workerMark+"="+home)
	out, err := worker.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := worker.Start(); err != nil {
		t.Error(err)
		return nil
	}
	var kept []string
	for read := bufio.NewScanner(out); read.Scan(); {
		what, id, _ := strings.Cut(read.Text(), " ")
		if what != "kept" {
			t.Errorf("a worker says: %s", read.Text())
		}
		kept = append(kept, id)
		if len(kept) == lines {
			// What it says until it is gone is still read.
			time.AfterFunc(more, func() { _ = worker.Process.Kill() })
		}
	}
	_ = worker.Wait() // it was killed
	return kept
}

func afterTheKill(t *testing.T, s *Store, kept map[string]bool) {
	t.Helper()
	content := contentOf(t, s)
	listed := map[string]bool{"identity": true}
	there := map[string]bool{}
	for _, l := range content.References {
		listed[l.Ref] = true
	}
	for _, c := range content.Connectors {
		listed[c.Ref], there[c.ID] = true, true
		if _, err := s.Token(t.Context(), c.ID); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	for id := range kept {
		if !there[id] {
			t.Errorf("%s was kept, and is gone", id)
		}
	}
	files, err := filepath.Glob(filepath.Join(s.encrypted.Dir(), "*.age"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		if !listed[strings.TrimSuffix(filepath.Base(file), ".age")] {
			t.Errorf("no record of %s", file)
		}
	}
}
