//go:build !race

package connector_test

// every is which combinations the laws check: all of them.
const every = 1
