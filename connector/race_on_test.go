//go:build race

package connector_test

// every is which combinations the laws check: every thirteenth, since the race detector makes them
// eight times as slow. .ci/run checks all of them without it.
const every = 13
