package ui

import (
	"strings"

	"saasconnect/atlassian"
)

// What the pretend world offers to type.

// PracticeValues are three values for the form.
type PracticeValues struct {
	Site    string
	Email   string
	Token   atlassian.Token
	Receipt atlassian.Receipt
}

// toType is what the form can be filled with.
func (p *Practice) toType(s *Setup) PracticeValues {
	v := p.values(s.Tries)
	if s.Task != Replacing || p.Newer == nil {
		return v
	}
	if token, receipt := p.Newer(s.email()); !token.IsZero() {
		return PracticeValues{Site: s.Site, Email: s.Email, Token: token, Receipt: receipt}
	}
	return v
}

// values are the situation's own at first, and those that cure it after it was seen.
func (p *Practice) values(tries int) PracticeValues {
	if tries > 0 && !p.Cure.Token.IsZero() {
		return p.Cure
	}
	return p.Seed
}

// hint says what can be typed, and after a failure that no typing cures, what would help.
func (p *Practice) hint(s *Setup, key string) string {
	tries := s.Tries
	if s.Task == Replacing {
		return "To practise: " + key + " types a new token of " + p.toType(s).Email + " for you."
	}
	if tries > 0 && p.Cure.Token.IsZero() && p.CureHow != "" {
		return "What would cure this situation: " + p.CureHow
	}
	v := p.values(tries)
	return strings.Join([]string{"To practise: site " + v.Site, "e-mail " + v.Email, "and " + key + " in each line types the value for you."}, ", ")
}
