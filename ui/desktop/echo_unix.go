//go:build linux || darwin

package desktop

import "golang.org/x/sys/unix"

// Quiet switches a terminal's echo off until restore is called: what is typed meanwhile is not
// shown, and waits for who reads next. Ctrl+C and lines work as before. Where it is no terminal
// nothing happens.
func Quiet(fd int) (restore func()) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return func() {}
	}
	quiet := *before
	quiet.Lflag &^= unix.ECHO
	if unix.IoctlSetTermios(fd, setTermios, &quiet) != nil {
		return func() {}
	}
	return func() { _ = unix.IoctlSetTermios(fd, setTermios, before) } // there is nothing left to do about it
}
