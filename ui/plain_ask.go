package ui

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"saasconnect/atlassian"
)

// What plain mode asks: a number where a screen has choices, a text where it has a field.

// numbered is a list of choices, of whatever they are.
type numbered interface {
	// count is how many there are.
	count() int
	// point puts the pointer on one, from 0.
	point(i int)
}

var errNotUnderstood = errors.New("not understood")

// turn asks one question, and acts on the answer.
func (t *talk) turn(ctx context.Context) error {
	app := t.open()
	if in, at := fieldOf(app.screen); in != nil {
		return t.askField(ctx, app, in, at)
	}
	if s, ok := app.screen.(interface{ Finding() bool }); ok && s.Finding() {
		return t.askWords(ctx, app)
	}
	return t.askChoice(ctx, app)
}

// fieldOf is the field in focus, where the screen has one.
func fieldOf(s screen) (*inputs, int) {
	f, ok := s.(interface{ Field() (*inputs, int) })
	if !ok {
		return nil, 0
	}
	return f.Field()
}

func choicesOf(s screen) numbered {
	c, ok := s.(interface{ Choices() numbered })
	if !ok {
		return nil
	}
	return c.Choices()
}

// askField asks for what belongs in a field. Enter alone keeps what is there.
func (t *talk) askField(ctx context.Context, app *App, in *inputs, at int) error {
	commands := commandsOf(app, true)
	t.offer(commands)
	text, err := t.readField(ctx, in, at)
	if err != nil {
		return err
	}
	c := find(commands, spelled(text))
	switch {
	case c != nil && text != ":clear":
		return t.do(app, *c)
	case text != ":clear" && c == nil && !in.specs[at].masked && strings.HasPrefix(text, ":"):
		t.person.Say("There is no command " + atlassian.Clean(text, longestAnswer) + " here.")
		t.asked = "" // so they are said again
		return nil
	}
	t.again(app.look)
	spec := in.specs[at]
	switch {
	case text == ":clear":
		in.set(at, "")
	case !spec.masked && atlassian.LooksSecret(text):
		t.person.Say(app.look.mark.warn + " That looked like a token, so it was dropped. It stands on this screen now: clear it, and revoke the token if somebody else can read it. The token has a question of its own, which does not show it.")
		return nil
	case text != "":
		in.set(at, text)
		t.tell()
	}
	t.send(tea.KeyPressMsg{Code: tea.KeyEnter})
	t.tell()
	t.drop(app, in, at)
	return nil
}

// drop empties a field whose value was refused, so that Enter alone does not offer it again.
// An edit keeps it: there the second Enter may be the answer.
func (t *talk) drop(app *App, in *inputs, at int) {
	now, still := fieldOf(app.screen)
	if now == in && still == at && app.place != Edit && !app.waits() {
		in.set(at, "")
	}
}

// spelled is a command by its usual name: ? is help everywhere, and practice is spelled in
// two ways.
func spelled(text string) string {
	switch text {
	case "?":
		return ":help"
	case ":practice":
		return ":practise"
	}
	return text
}

// longestAnswer is how much of an answer is repeated in its question.
const longestAnswer = 120

func (t *talk) readField(ctx context.Context, in *inputs, at int) (string, error) {
	spec, value := in.specs[at], in.value(at)
	question := spec.title
	switch {
	case spec.masked && spec.placeholder != "":
		return t.person.Secret(ctx, question+", "+spec.placeholder)
	case spec.masked:
		return t.person.Secret(ctx, question)
	case value != "":
		question += " [" + atlassian.Clean(value, longestAnswer) + "]"
	case spec.placeholder != "":
		question += " (" + spec.placeholder + ")"
	}
	return t.person.Line(ctx, question+":")
}

// askWords asks for a text that is no field: what to look for in the list.
func (t *talk) askWords(ctx context.Context, app *App) error {
	text, err := t.person.Line(ctx, "Find (part of a name, a site or an account; Enter shows all):")
	if err != nil {
		return err
	}
	if text == "" {
		t.send(tea.KeyPressMsg{Code: tea.KeyEscape})
		return nil
	}
	clear(t.told) // what matches is said anew
	t.again(app.look)
	t.send(tea.PasteMsg{Content: text})
	t.send(tea.KeyPressMsg{Code: tea.KeyEnter})
	return nil
}

// askChoice asks for a number or a letter.
func (t *talk) askChoice(ctx context.Context, app *App) error {
	commands, choices := commandsOf(app, false), choicesOf(app.screen)
	t.offer(commands)
	n := 0
	if choices != nil {
		n = choices.count()
	}
	for {
		text, err := t.person.Line(ctx, questionFor(app, n))
		if err != nil {
			return err
		}
		err = t.answer(app, choices, n, commands, text)
		if !errors.Is(err, errNotUnderstood) {
			return err
		}
		t.person.Say(refusal(n, commands))
	}
}

func (t *talk) answer(app *App, choices numbered, n int, commands []command, text string) error {
	t.again(app.look)
	number, err := strconv.Atoi(text)
	if text == ":help" || text == ":back" {
		text = map[string]string{":help": "?", ":back": "b"}[text]
	}
	c := find(commands, text)
	switch {
	case c != nil:
		return t.do(app, *c)
	case text == "" && n > 0:
		choices.point(0)
	case text == "" && enterOf(app) != "":
	case err == nil && number >= 1 && number <= n:
		choices.point(number - 1)
	default:
		return errNotUnderstood
	}
	t.send(tea.KeyPressMsg{Code: tea.KeyEnter})
	return nil
}

func questionFor(app *App, n int) string {
	enter := enterOf(app)
	switch {
	case n > 1:
		return fmt.Sprintf("1 to %d, Enter for 1:", n)
	case n == 1:
		return "Enter for 1:"
	case enter != "":
		return "Enter for " + enter + ":"
	}
	return "A letter:"
}

func refusal(n int, commands []command) string {
	words := []string{"Enter"}
	if n > 0 {
		words = append(words, fmt.Sprintf("a number from 1 to %d", n))
	}
	for _, c := range commands {
		words = append(words, c.word)
	}
	return "That is none of the answers here: " + strings.Join(words, ", ") + "."
}

// do presses a command's key.
func (t *talk) do(app *App, c command) error {
	if c.word == "?" || c.word == ":help" {
		t.explain(app)
		return nil
	}
	t.send(c.press)
	if c.word == ":practise" { // the value is typed; Enter is what a person would press next
		t.tell()
		t.send(tea.KeyPressMsg{Code: tea.KeyEnter})
	}
	return nil
}

// explain says what the screen is for, and then all of it again.
func (t *talk) explain(app *App) {
	t.person.Say("")
	if s, ok := app.screen.(interface{ Help() string }); ok {
		t.person.Say(s.Help())
	}
	t.person.Say("A number takes the choice with that number, Enter alone the first one, or what stands in brackets. b goes back, Ctrl+C ends the program. Where a text is asked for, commands have a colon before them: :back.")
	t.screen = nil
}
