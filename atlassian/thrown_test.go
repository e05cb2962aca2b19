package atlassian_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"saasconnect/atlassian"
)

// TestWhatACallThrows: a panic in the goroutine of a call is raised again in the goroutine that
// waits for it.
func TestWhatACallThrows(t *testing.T) {
	client := atlassian.NewClient(atlassian.ClientConfig{
		Proxy: func(*http.Request) (*url.URL, error) { panic("thrown in a call") }, Now: time.Now, Timeout: 5 * time.Second,
	})
	defer client.Close()
	site, _, err := atlassian.ParseSite("acme")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		thrown, ok := recover().(*atlassian.PanicError)
		if !ok || thrown.What != "thrown in a call" || len(thrown.Stack) == 0 {
			t.Errorf("thrown: %#v", thrown)
		}
	}()
	client.Lookup(context.Background(), site)
	t.Error("nothing was thrown")
}

// TestWhatIsThrownApart: a panic while a key is derived, or a storage is probed, is raised again
// in the goroutine that waits for it, so that the terminal is restored.
func TestWhatIsThrownApart(t *testing.T) {
	defer func() {
		if thrown, ok := recover().(*atlassian.PanicError); !ok || thrown.What != "thrown apart" {
			t.Errorf("thrown: %#v", thrown)
		}
	}()
	done := atlassian.Apart(func() error { panic("thrown apart") })
	_ = (<-done)()
	t.Error("nothing was thrown")
}
