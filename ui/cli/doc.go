// Package cli is the same program without screens: cobra commands, line prompts, JSON.
//
// Its rules of speech:
//
//   - stdout carries the answer, stderr everything else. With --json the answer is one
//     object, errors included.
//   - Scripts rely on the exit codes (exit.go) and on the JSON (result.go): fields may be
//     added, never renamed.
//   - A question is only asked of a terminal, and never with --no-input; where it would
//     have to be asked and can't be, the program says which flag answers it (exit 6).
//   - A token comes in by stdin, environment, command or file and never by an argument,
//     and nothing here can print one.
//   - An error is one line, "saasconnect: …", and a hint line that says what to do.
//
// It touches no file, process or socket itself: what it needs from outside is handed in
// by main as a [Stdio] and an [Outside].
package cli
