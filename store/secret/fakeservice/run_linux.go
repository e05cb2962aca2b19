package fakeservice

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const (
	// InsideMark is the variable that names the part that a process is to run.
	InsideMark = "SAASCONNECT_TEST_INSIDE"
	// BehaveMark is the variable that says how a service in a process of its own behaves.
	BehaveMark = "SAASCONNECT_TEST_BEHAVE"
	// ServeMark is the part that offers a service until its bus ends.
	ServeMark = "serve"
)

// BusConfig is the configuration of a bus that can start no service; its socket is at SOCKET.
const BusConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=SOCKET</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`

// StartBus starts a bus and returns its address and how to end it. What is given besides
// goes into its configuration.
func StartBus(t *testing.T, besides ...string) (address string, end func()) {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		if os.Getenv("SAASCONNECT_TEST_KEYRING") == "required" {
			t.Fatal("dbus-daemon is required and not installed")
		}
		t.Skip("dbus-daemon is not installed")
	}
	dir, err := os.MkdirTemp("", "bus") // a test's own folder can be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	config := filepath.Join(dir, "bus.conf")
	text := strings.Replace(BusConfig, "SOCKET", filepath.Join(dir, "socket"), 1)
	text = strings.Replace(text, "</busconfig>", strings.Join(besides, "")+"</busconfig>", 1)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("dbus-daemon", "--nofork", "--print-address", "--config-file="+config)
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		_ = daemon.Process.Kill()
		_ = daemon.Wait() // it was killed
	})
	t.Cleanup(end)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the bus gave no address: %v", err)
	}
	return strings.TrimSpace(line), end
}

// Part is one part of a test that runs in a process of its own.
type Part struct {
	Name string
	Run  func(*testing.T)
}

// Run runs each part in a process of its own, with a bus of its own: go-keyring keeps one
// connection to one bus for a whole process. The test that calls it must do nothing else. A
// canary in what a part prints fails the test.
func Run(t *testing.T, parts []Part) {
	t.Helper()
	inside := os.Getenv(InsideMark)
	if inside == ServeMark {
		serve(t)
	}
	for _, part := range parts {
		if inside == part.Name {
			part.Run(t)
		}
		if inside != "" {
			continue
		}
		t.Run(part.Name, func(t *testing.T) {
			address, _ := StartBus(t)
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSecretService$", "-test.v")
			child.Env = append(os.Environ(), InsideMark+"="+part.Name, "DBUS_SESSION_BUS_ADDRESS="+address)
			out, err := child.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if strings.Contains(string(out), "CANARY") {
				t.Error("the token stands in the output")
			}
		})
	}
}

// serve offers a service until its bus ends, and says when it is ready and when it prompts.
func serve(t *testing.T) {
	p := New(t, os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	p.Behave(os.Getenv(BehaveMark))
	fmt.Println("ready")
	for {
		select {
		case <-p.Prompted:
			fmt.Println("prompted")
		case <-p.Conn.Context().Done():
			return
		}
	}
}

// Distant starts a service in a process of its own, so that it can be frozen and killed as a
// real one can, and returns the process and what it says. The test that calls it must be
// named TestSecretService and call Run.
func Distant(t *testing.T, behave string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestSecretService$")
	child.Env = append(os.Environ(), InsideMark+"="+ServeMark, BehaveMark+"="+behave)
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { End(child) })
	says := bufio.NewScanner(out)
	waitFor(t, says, "ready")
	return child, says
}

func waitFor(t *testing.T, says *bufio.Scanner, word string) {
	t.Helper()
	for says.Scan() {
		if says.Text() == word {
			return
		}
	}
	t.Fatalf("the service never said %s", word)
}

// End kills a service that Distant started.
func End(child *exec.Cmd) {
	_ = child.Process.Kill()
	_ = child.Wait() // it was killed
}
