//go:build race

package connector_test

// every is which combinations the laws look at: with the race detector, which makes them
// eight times as slow, every thirteenth. .ci/run looks at all of them without it.
const every = 13
