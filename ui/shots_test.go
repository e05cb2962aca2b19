package ui_test

import (
	"strings"
	"time"
)

// What is done in front of the camera. Screens are waited for by their words, so that a
// small change to the wizard changes the pictures and not these.

// How long a screen rests: to be noticed, to be looked at, to be read.
const (
	notice = 700 * time.Millisecond
	look   = 1500 * time.Millisecond
	read   = 3500 * time.Millisecond
)

// theWholeFlow is what a new user lives through, with a mistake that is easily made.
func theWholeFlow(s *studio) {
	s.see("No connectors yet")
	s.roll()
	s.rest(look)
	s.press("enter")
	s.see("Which role do you have")
	s.rest(look)
	s.press("enter")
	s.see("I have a token")
	s.rest(look)
	s.press("enter")
	s.see("step 1 of 8")
	s.rest(look)
	for _, step := range strings.Fields("2 3 4 5 6 7 8") {
		s.press("right")
		s.see("step " + step + " of 8")
		s.rest(notice)
	}
	s.press("enter")
	s.see("Site URL")
	s.rest(notice)
	s.write("acme")
	s.press("enter")
	s.see("exists")
	s.paste(s.world.seedEmail)
	s.rest(notice)
	s.press("enter")
	s.pasteToken(s.world.seedToken)
	s.rest(look)
	s.press("enter")
	s.see("This token was made with scopes")
	s.rest(read)
	s.theRemedy()
}

// theRemedy follows the diagnosis's first line: the step with the right button, and a new
// token in the old one's place.
func (s *studio) theRemedy() {
	s.press("enter")
	s.see("step 6 of 8")
	s.rest(2 * notice)
	for _, step := range strings.Fields("7 8") {
		s.press("right")
		s.see("step " + step + " of 8")
		s.rest(notice / 2)
	}
	s.press("enter")
	s.see("paste to replace")
	s.rest(notice)
	s.pasteToken(s.world.cureToken)
	s.rest(notice)
	s.press("enter")
	s.see("proven and saved")
	s.rest(read)
}

// pasteToken pastes a token, which the form answers with a receipt.
func (s *studio) pasteToken(token string) {
	s.paste(token)
	s.see("characters, complete")
}

// theStepThatMatters is the button that is easily missed.
func theStepThatMatters(s *studio) {
	s.see("No connectors yet")
	s.press("enter")
	s.see("I have a token")
	s.press("enter")
	s.see("step 1 of 8")
	for _, step := range strings.Fields("2 3 4 5 6") {
		s.press("right")
		s.see("step " + step + " of 8")
	}
}

// fill fills the form with what the pretend world knows, and sends it.
func (s *studio) fill() {
	s.see("No connectors yet")
	s.press("s")
	s.see("Site URL")
	s.paste("acme")
	s.press("enter")
	s.see("exists")
	s.paste(s.world.seedEmail)
	s.press("enter")
	s.pasteToken(s.world.seedToken)
	s.see("the system keyring")
	s.press("enter")
}

// theCheckAtWork is the checklist with its first answers.
func theCheckAtWork(s *studio) {
	s.fill()
	s.see("whether you administer")
	s.rest(4 * beat)
}

func theMissingRight(s *studio) {
	s.fill()
	s.see("does not administer Jira")
}

// theList is many customers, as their rows flip.
func theList(s *studio) {
	s.see("30 connectors")
	s.press("R")
	s.see("failing now")
}

// theDetail is a connector that has lost its admin right.
func theDetail(s *studio) {
	s.see("30 connectors")
	s.press("R")
	s.see("does not administer Jira")
	s.press("enter")
	s.see("Lost the admin right")
}
