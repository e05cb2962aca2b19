//go:build race

package ui_test

// everyWindow is which windows each screen is drawn in: every seventh, since the race detector makes
// them five times as slow and finds nothing in what one goroutine draws. .ci/run draws all of them
// without it.
const everyWindow = 7
