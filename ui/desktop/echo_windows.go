package desktop

import "golang.org/x/sys/windows"

// Quiet switches a console's echo off until restore is called: what is typed meanwhile is not
// shown, and waits for who reads next. Where it is no console nothing happens.
func Quiet(fd int) (restore func()) {
	var before uint32
	console := windows.Handle(fd)
	if windows.GetConsoleMode(console, &before) != nil || windows.SetConsoleMode(console, before&^windows.ENABLE_ECHO_INPUT) != nil {
		return func() {}
	}
	return func() { _ = windows.SetConsoleMode(console, before) } // there is nothing left to do about it
}
