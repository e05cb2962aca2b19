package store

import (
	"context"
	"testing"

	"saasconnect/atlassian"
)

// TestWhatIsThrownApart: a panic while a key is derived, or a safe is looked at, is thrown where
// it is waited for, so that the terminal is given back.
func TestWhatIsThrownApart(t *testing.T) {
	defer func() {
		if thrown, ok := recover().(*atlassian.Thrown); !ok || thrown.What != "thrown apart" {
			t.Errorf("thrown: %#v", thrown)
		}
	}()
	_ = aside(t.Context(), func(context.Context) error { panic("thrown apart") })
	t.Error("nothing was thrown")
}
