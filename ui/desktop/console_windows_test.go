package desktop

import (
	"testing"
	"time"
)

// waiting is a console that no one types at: its Close waits for the reader, as Windows' does.
type waiting struct{ begun, typed chan struct{} }

func (w waiting) Read([]byte) (int, error) {
	close(w.begun)
	<-w.typed
	return 0, nil
}

func (w waiting) Close() error {
	<-w.typed
	return nil
}

// TestClosingAKeyboardThatIsRead: Ctrl+Break at a question ends the program, whether anything is typed
// or not.
func TestClosingAKeyboardThatIsRead(t *testing.T) {
	of := waiting{make(chan struct{}), make(chan struct{})}
	k := &Keyboard{file: of}
	go func() { _, _ = k.Read(nil) }()
	<-of.begun
	closed := make(chan struct{})
	go func() { _ = k.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for a key")
	}
	close(of.typed)
}
