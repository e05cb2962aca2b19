package setup

import (
	"strings"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// Field is what a [Problem] is about: a flag, a field of the form, or a column of a file.
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

// Problem is one thing that is wrong with a Draft, in words for a person. They never contain a
// token.
type Problem struct {
	Field Field
	Words string
}

// Problems returns what is wrong with a Draft, found offline; none where it can be checked. It is
// the validation of the form, of flags and of rows in a file. A name, account or expiry date that
// is saved already is not validated again, since a newer rule may not accept it.
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
		add(FieldProduct, "Choose jira or confluence.")
	default:
		add(FieldProduct, `"`+atlassian.Clean(string(p), 40)+`" is not a product. Use jira or confluence.`)
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

// ProblemWith returns the first problem of a field; "" for none.
func ProblemWith(d Draft, k Known, f Field) string {
	for _, p := range Problems(d, k) {
		if p.Field == f {
			return p.Words
		}
	}
	return ""
}

// tokenProblem returns what is wrong with the token. One that replaces a token from an external
// source, and stays a reference, needs a source to read it from.
func (d Draft) tokenProblem() string {
	if d.task == Replace && d.saved.KeptIn == connector.StorageReference && d.storage == connector.StorageReference && d.reference == nil {
		return "This token is read from an external source" + d.saved.Reference.Words() + ". Put the new token there and check again, or set another source."
	}
	receipt := d.receipt
	if d.token.IsZero() && receipt.Wrong == atlassian.TokenOK { // no token was entered
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
