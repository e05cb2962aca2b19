package connector

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"saasconnect/atlassian"
)

// Reference is an external source that a token is read from each time it is needed. Exactly one
// field is set.
type Reference struct {
	Env     string   `json:"env,omitempty"`     // the name of an environment variable
	Command []string `json:"command,omitempty"` // a program and its arguments, run without a shell
	File    string   `json:"file,omitempty"`    // a path
}

// Words returns the source to append to [StorageName]: ": the environment variable ACME_TOKEN"; ""
// for nil.
func (r *Reference) Words() string {
	switch {
	case r == nil:
		return ""
	case r.Env != "":
		return ": the environment variable " + atlassian.Clean(r.Env, longestSource)
	case r.File != "":
		return ": the file " + atlassian.Clean(r.File, longestSource)
	}
	return ": the command " + atlassian.Clean(JoinCommand(r.Command), longestSource)
}

// Sound reports whether r names exactly one source; false for nil.
func (r *Reference) Sound() bool {
	if r == nil {
		return false
	}
	places := 0
	for _, named := range []bool{r.Env != "", r.File != "", len(r.Command) > 0 && r.Command[0] != ""} {
		if named {
			places++
		}
	}
	return places == 1
}

// longestSource is how many characters of a source are shown. connectors.json can be edited by
// hand, so a source may be of any length.
const longestSource = 300

// Source is a kind of external source.
type Source string

// The sources.
const (
	SourceEnv     Source = "env"
	SourceCommand Source = "command"
	SourceFile    Source = "file"
)

// ParseReference reads an external source as a person types it. problem says why it can't be one;
// "" where it can. It never repeats what was typed.
func ParseReference(from Source, text string) (ref *Reference, problem string) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, "Enter where to read the token from."
	case strings.ContainsFunc(text, unseen):
		return nil, "It contains an invisible character. Type it again."
	case atlassian.LooksSecret(text):
		return nil, "This looks like the token itself. Enter where to read it from."
	}
	switch from {
	case SourceEnv:
		name := strings.TrimPrefix(text, "$")
		if name == "" || strings.ContainsAny(name, "= \t\"'") {
			return nil, "Enter only the variable's name, without $ or its value: ACME_TOKEN."
		}
		return &Reference{Env: name}, ""
	case SourceFile:
		return &Reference{File: text}, ""
	case SourceCommand:
	}
	argv, err := SplitCommand(text, runtime.GOOS == "windows")
	if err != nil {
		return nil, "This command can't be parsed: " + err.Error() + "."
	}
	return &Reference{Command: argv}, ""
}

// unseen reports whether r is a character that a terminal would interpret or not show.
func unseen(r rune) bool { return r == utf8.RuneError || r != '\t' && !unicode.IsPrint(r) }

// escapable reports whether a backslash before r is an escape; quote is the open quotation mark, 0
// for none.
func escapable(r, quote rune) bool {
	return r == '"' || r == '\\' || quote == 0 && strings.ContainsRune("' \t\n", r)
}

// SplitCommand splits a command line into a program and its arguments. Spaces separate; '…' is
// taken literally, and so is "…" except for \" and \\; outside quotes a backslash escapes a space,
// a quotation mark or a backslash. Before anything else a backslash is literal; on Windows it always
// is, since paths are written with it: \\server\share\op.exe is a program. Nothing is expanded and no
// shell is run: $X, *, ~, | and ; are ordinary characters.
func SplitCommand(line string, windows bool) ([]string, error) {
	var argv []string
	var word strings.Builder
	var quote rune
	inWord, escaped := false, false
	for _, r := range line {
		switch {
		case escaped:
			if !escapable(r, quote) {
				word.WriteByte('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'' && !windows:
			escaped, inWord = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if inWord {
				argv = append(argv, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	switch {
	case quote != 0:
		return nil, errors.New("a quotation mark isn't closed")
	case escaped:
		return nil, errors.New("it ends with a backslash")
	}
	if inWord {
		argv = append(argv, word.String())
	}
	if len(argv) == 0 || argv[0] == "" {
		return nil, errors.New("it names no program")
	}
	return argv, nil
}

// JoinCommand writes a program and its arguments as [SplitCommand] reads them on every system,
// quoted where needed.
func JoinCommand(argv []string) string {
	words := make([]string, len(argv))
	for i, word := range argv {
		words[i] = word
		if word == "" || strings.ContainsAny(word, " \t\n'\"\\") {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'"'"'`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// Equal reports whether two references name the same source; two nil ones do.
func (r *Reference) Equal(other *Reference) bool {
	if r == nil || other == nil {
		return r == other
	}
	return r.Env == other.Env && r.File == other.File && slices.Equal(r.Command, other.Command)
}
