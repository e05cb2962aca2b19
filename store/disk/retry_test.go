package disk

import (
	"errors"
	"testing"
	"time"
)

func TestRetry(t *testing.T) {
	busy, broken := errors.New("busy"), errors.New("broken")
	isBusy := func(err error) bool { return errors.Is(err, busy) }
	for name, c := range map[string]struct {
		answers []error // the last one is repeated
		want    error
		calls   int
	}{
		"at once":     {[]error{nil}, nil, 1},
		"after a bit": {[]error{busy, busy, nil}, nil, 3},
		"broken":      {[]error{broken}, broken, 1},
		"then broken": {[]error{busy, broken}, broken, 2},
		"for ever":    {[]error{busy}, busy, 11},
	} {
		var slept time.Duration
		calls := 0
		err := retry(isBusy, func(d time.Duration) { slept += d }, func() error {
			calls++
			return c.answers[min(calls, len(c.answers))-1]
		})
		if !errors.Is(err, c.want) || calls != c.calls || slept > 1100*time.Millisecond {
			t.Errorf("%s: %v after %d calls and %s", name, err, calls, slept)
		}
	}
}
