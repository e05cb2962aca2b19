package setup

import (
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Field is what a Problem is about: the name of a flag, a line of the form, a column.
type Field string

// The fields.
const (
	FieldProduct Field = "product"
	FieldSite    Field = "site"
	FieldEmail   Field = "email"
	FieldToken   Field = "token"
	FieldName    Field = "name"
	FieldAccount Field = "account"
	FieldExpiry  Field = "expires"
)

// Problem is one thing that is wrong with a Draft, in words for a person that hold no token.
type Problem struct {
	Field Field
	Words string
}

// Problems are what is wrong with a Draft, found offline; none where it can be checked. It is the
// one validation there is: of the form, of flags, and of rows of a file. A name, an account and an
// expiry date that are saved are right as they stand, whatever a rule that came later says.
func Problems(d Draft, k Known) []Problem {
	var all []Problem
	add := func(f Field, words string) {
		if words != "" {
			all = append(all, Problem{f, words})
		}
	}
	if d.task == Move {
		return nil
	}
	switch p := d.facts.Product; p {
	case connector.Jira, connector.Confluence:
	case "":
		add(FieldProduct, "There is none: jira or confluence.")
	default:
		add(FieldProduct, `"`+atlassian.Clean(string(p), 40)+`" is not one: jira or confluence.`)
	}
	add(FieldSite, connector.SiteProblem(d.facts.Site))
	add(FieldEmail, connector.EmailProblem(d.facts.Email))
	if d.task == Add || d.task == Replace {
		add(FieldToken, d.tokenProblem())
	}
	if d.task == Add && d.facts.Name != "" || d.task != Add && d.facts.Name != d.saved.Name {
		add(FieldName, nameProblem(d, k))
	}
	if d.task == Add || d.facts.Account != d.saved.Account {
		add(FieldAccount, connector.AccountProblem(d.facts.Account))
	}
	_, words := d.expiry(k.Now)
	add(FieldExpiry, words)
	return all
}

// ProblemWith is what is wrong with one field; "" for nothing.
func ProblemWith(d Draft, k Known, f Field) string {
	for _, p := range Problems(d, k) {
		if p.Field == f {
			return p.Words
		}
	}
	return ""
}

// tokenProblem: a token whose place is outside has to be named by a place again.
func (d Draft) tokenProblem() string {
	if d.task == Replace && d.saved.KeptIn == connector.StorageReference && d.storage == connector.StorageReference && d.reference == nil {
		return "This token is kept elsewhere" + d.saved.Reference.Words() + ". Put the new one there and check again, or name where else it is."
	}
	receipt := d.receipt
	if d.token.IsZero() && receipt.Wrong == atlassian.TokenOK { // nothing was put in
		_, receipt = atlassian.ReadToken("")
	}
	return connector.TokenProblem(receipt)
}

// NameTaken is the problem of a name that another connector has.
const NameTaken = "There is already a connector with this name."

func nameProblem(d Draft, k Known) string {
	if words := connector.NameProblem(d.facts.Name); words != "" {
		return words
	}
	for _, e := range k.Entries {
		if e.ID != d.saved.ID && strings.EqualFold(e.Name, d.facts.Name) {
			return NameTaken
		}
	}
	return ""
}
