package connector

import (
	"slices"
	"strings"
)

// Sharing returns the other connectors that the token of c can serve: those of the same site and
// email, which most likely have the same token now, and of the same email those whose ids are in
// also. A token belongs to an account, so it works for both products on all of its sites.
// Connectors with an external source are left out, since this program can't replace the token
// there.
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

// SameConnectionAs returns another connector for the same product, site and email; nil for none.
// Adding a second one nearly always means that the token of the first is to be replaced.
func SameConnectionAs(c Connector, all []Entry) *Entry {
	for _, e := range all {
		if e.ID != c.ID && e.Product == c.Product && e.Site == c.Site && strings.EqualFold(e.Email, c.Email) {
			return &e
		}
	}
	return nil
}

// SameAccountAs returns another connector for the same product and SaaSAssure account; nil for
// none. SaaSAssure takes one connector of a product per account. Two connectors without an account
// count as the same account, since they may be.
func SameAccountAs(c Connector, all []Entry) *Entry {
	for _, e := range all {
		if e.ID != c.ID && e.Product == c.Product && SameAccount(e.Account, c.Account) {
			return &e
		}
	}
	return nil
}

// SameConnectionWords returns the question about a second connector for the same product, site and
// email.
func SameConnectionWords(same Entry) (title, why string) {
	product := ProductTitle(same.Product)
	return same.Name + " already connects " + product + " on " + same.Site.Host() + " for " + same.Email,
		"To use another token, replace the token of that connector. A second connector for the same site and email is rarely needed."
}

// SameAccount reports whether two names of SaaSAssure accounts are the same, ignoring case and
// surrounding spaces.
func SameAccount(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// SameAccountWords returns the question about a second connector for the same product and
// SaaSAssure account.
func SameAccountWords(c Connector, same Entry) (title, why string) {
	product := ProductTitle(c.Product)
	if c.Account == "" {
		return "There is already a " + product + " connector: " + same.Name,
			"SaaSAssure takes one " + product + " connector per account, and neither has an account assigned. If they are for different accounts, assign one."
	}
	return same.Name + " is already the " + product + " connector of " + c.Account,
		"SaaSAssure takes one " + product + " connector per account. You can save and check a second one here, but not add it there."
}
