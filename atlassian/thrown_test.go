package atlassian

import "testing"

// TestWhatIsThrownApart: a panic while a key is derived, or a storage is looked at, is thrown
// where it is waited for, so that the terminal is given back.
func TestWhatIsThrownApart(t *testing.T) {
	defer func() {
		if thrown, ok := recover().(*Thrown); !ok || thrown.What != "thrown apart" {
			t.Errorf("thrown: %#v", thrown)
		}
	}()
	done := Apart(func() error { panic("thrown apart") })
	_ = (<-done)()
	t.Error("nothing was thrown")
}
