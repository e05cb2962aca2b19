// Package ui is the wizard: a Bubble Tea program that shows what the rest of the
// house concludes and remembers. It imports connector and Charm, and everything
// outside the terminal reaches it through a [World].
//
// The rules of this room:
//
//   - No I/O in Update or View. A command is a named function with a context and a
//     limit; it copies its inputs and answers with one message that bears the asker's
//     ticket. An answer to a question nobody waits for any more is dropped.
//   - A screen ends by returning an [event]; where that leads stands in one table
//     (flow.go). Nothing else moves the wizard from place to place.
//   - The token never reaches a View: screens hold an atlassian.Token, and the one
//     field it is typed into masks it.
//   - Meaning never by colour alone, and no word of a server's uncleaned.
package ui
