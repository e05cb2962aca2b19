package secret

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"saasconnect/connector"
)

// TestBusThatStalls: a bus that stops in the middle of a message, wherever in it, is one
// that does not answer in time, and ends no program.
func TestBusThatStalls(t *testing.T) {
	var reply bytes.Buffer
	err := (&dbus.Message{Type: dbus.TypeMethodReply, Body: []any{":1.5"}, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(uint32(1)), dbus.FieldSignature: dbus.MakeVariant(dbus.SignatureOf("")),
	}}).EncodeTo(&reply, binary.LittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "bus") // a test's own folder can be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for n := range reply.Len() {
		name := filepath.Join(dir, "socket")
		listener, err := net.Listen("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			stallingBus(listener, reply.Bytes()[:n])
		}()
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+strings.ReplaceAll(name, "-", "%2d"))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if seen := lookAtKeyring(ctx); seen.state != connector.StorageUnresponsive {
			t.Errorf("after %d bytes: %s, %s", n, seen.state, seen.detail)
		}
		cancel()
		<-done // the connection was closed from here
		_ = listener.Close()
	}
}

// stallingBus signs one client in, sends the beginning of a message, and waits until the
// client hangs up.
func stallingBus(listener net.Listener, beginning []byte) {
	conn, err := listener.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		answer := "REJECTED EXTERNAL\r\n"
		switch {
		case err != nil:
			return
		case strings.HasPrefix(line, "BEGIN"):
			_, _ = conn.Write(beginning)
			_, _ = io.Copy(io.Discard, in)
			return
		case strings.HasPrefix(line, "AUTH EXTERNAL"):
			answer = "OK 0123456789abcdef0123456789abcdef\r\n"
		case strings.HasPrefix(line, "NEGOTIATE"):
			answer = "AGREE_UNIX_FD\r\n"
		}
		_, _ = io.WriteString(conn, answer)
	}
}
