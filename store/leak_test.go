package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// noCanaryInError looks at every way an error can be printed, down to its last cause.
func noCanaryInError(t testing.TB, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if strings.Contains(fmt.Sprintf(format, err), "CANARY") {
				t.Errorf("%s of %T shows the token", format, err)
			}
		}
	}
}
