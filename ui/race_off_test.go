//go:build !race

package ui_test

// everyWindow is which windows each screen is drawn in: all of them.
const everyWindow = 1
