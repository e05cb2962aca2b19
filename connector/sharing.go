package connector

import (
	"slices"
	"strings"
)

// Connectors that share a token or an account.

// Sharing are the other connectors that one token can serve: those of the same site and email,
// which very likely have the same one now, and among those of the same email the ones whose ids are
// in also. A token belongs to an account, so both products, and all its sites, can use one. Those
// with an external source are left out: this program can't replace what they read.
func Sharing(c Connector, all []Entry, also []string) []Entry {
	var found []Entry
	for _, e := range all {
		near := e.Site == c.Site || slices.Contains(also, e.ID)
		if e.ID != c.ID && near && strings.EqualFold(e.Email, c.Email) && e.KeptIn != StorageReference {
			found = append(found, e)
		}
	}
	return found
}

// SameConnectionAs is another connector for the same product, site and email, nil for none. A second
// one nearly always means another token for the first.
func SameConnectionAs(c Connector, all []Entry) *Entry {
	for _, e := range all {
		if e.ID != c.ID && e.Product == c.Product && e.Site == c.Site && strings.EqualFold(e.Email, c.Email) {
			return &e
		}
	}
	return nil
}

// SameAccountAs is another connector for the same product and the same SaaSAssure account, nil for
// none: SaaSAssure takes one instance of a connector per account. Two connectors without
// an account may be for the same one.
func SameAccountAs(c Connector, all []Entry) *Entry {
	for _, e := range all {
		if e.ID != c.ID && e.Product == c.Product && SameAccount(e.Account, c.Account) {
			return &e
		}
	}
	return nil
}

// SameConnectionWords are the question about a second one for the same product, site and email.
func SameConnectionWords(same Entry) (title, why string) {
	product := ProductTitle(same.Product)
	return same.Name + " already connects " + product + " on " + same.Site.Host() + " for " + same.Email,
		"To use another token, replace the token of that connector. A second connector for the same site and email is rarely needed."
}

// SameAccount reports whether two names of SaaSAssure accounts are the same, ignoring case and spaces
// around them.
func SameAccount(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// SameAccountWords are the question about a second one for the same product and SaaSAssure account.
func SameAccountWords(c Connector, same Entry) (title, why string) {
	product := ProductTitle(c.Product)
	if c.Account == "" {
		return "There is already a " + product + " connector: " + same.Name,
			"SaaSAssure takes one " + product + " connector per account, and neither has an account assigned. If they are for different accounts, assign one."
	}
	return same.Name + " is already the " + product + " connector of " + c.Account,
		"SaaSAssure takes one " + product + " connector per account. You can save and check a second one here, but not add it there."
}
