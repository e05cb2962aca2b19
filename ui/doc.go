// Package ui is the wizard's frame: a Bubble Tea program that shows screens, leads from one to the next,
// and holds what they share. The screens themselves are in [saasconnect/ui/wizard] (connecting, from the
// first screen to the hand-over) and [saasconnect/ui/manage] (what is saved); main hands them in as
// [Screens]. What they draw with is in [saasconnect/ui/widget].
//
// Everything outside the terminal comes in as [Deps]. What a check concludes is package connector's,
// what comes next package setup's: screens ask and show.
//
// The rules of this package and of the screens:
//
//   - No I/O in Update or View. A command is a named function with a context and a limit; it copies
//     its inputs and answers with one message that bears the [RequestID] of the screen that asked. An
//     answer to a screen that was left is dropped.
//   - A screen ends by returning an [Event]; where that leads is in one table (table.go). Nothing else
//     leads from screen to screen.
//   - The token never reaches a View: screens hold an atlassian.Token, and the one field it is typed
//     into masks it. Only the hand-over shows it, for ten seconds, when it is asked to.
//   - Color is never the only sign of a meaning, and nothing that a server sent is shown uncleaned.
package ui
