package connector

import (
	"slices"
	"strings"
)

// Connectors that share a token or an account.

// Sharing are the other connectors that one token can serve: those of the same site and e-mail,
// which very likely have the same one now, and among those of the same e-mail the ones whose ids are
// in also. A token belongs to an account, so both products, and all its sites, can use one. Those
// kept elsewhere are left out: what they read is not this program's to replace.
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

// SameConnectionAs is another connector for the same product, site and e-mail, nil for none: who adds a
// second one nearly always means another token for the first.
func SameConnectionAs(c Connector, all []Entry) *Entry {
	for _, e := range all {
		if e.ID != c.ID && e.Product == c.Product && e.Site == c.Site && strings.EqualFold(e.Email, c.Email) {
			return &e
		}
	}
	return nil
}

// SameAccountAs is another connector for the same product and the same SaaSAssure account, nil for
// none: SaaSAssure takes one instance of a connector per account. Accounts that were not
// named may be the same one.
func SameAccountAs(c Connector, all []Entry) *Entry {
	for _, e := range all {
		if e.ID != c.ID && e.Product == c.Product && SameAccount(e.Account, c.Account) {
			return &e
		}
	}
	return nil
}

// SameConnectionWords say what is doubtful about a second one of the same product, site and e-mail.
func SameConnectionWords(same Entry) (title, why string) {
	product := ProductTitle(same.Product)
	return same.Name + " is the " + product + " connector of " + same.Site.Host() + " and " + same.Email + " already",
		"To use another token for it, replace its token. A second connector of the same site and email is rarely meant."
}

// SameAccount reports whether two names of SaaSAssure accounts, as they are written, are one.
func SameAccount(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// SameAccountWords say what is doubtful about a second one.
func SameAccountWords(c Connector, twin Entry) (title, why string) {
	product := ProductTitle(c.Product)
	if c.Account == "" {
		return "There is a " + product + " connector already: " + twin.Name,
			"SaaSAssure takes one " + product + " connector for each of its accounts, and for neither of the two an account is named. If they are for different accounts, name this one's."
	}
	return twin.Name + " is the " + product + " connector of " + c.Account + " already",
		"SaaSAssure takes one " + product + " connector for each of its accounts. A second one can be kept and checked here, but not be added there."
}
