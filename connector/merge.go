package connector

import "strings"

// Merge carries a change over to a connector as it is now: whoever changed something else
// meanwhile, in another window or another process, loses nothing. before is what the change
// was made from, after what it made of it. ok is false where both changed the same fact to
// different ends: then nobody can tell which is meant, and now comes back as it is.
func Merge(now, before, after Connector) (merged Connector, ok bool) {
	merged = now
	ok = true
	carry(&merged.Name, before.Name, after.Name, &ok)
	carry(&merged.Site, before.Site, after.Site, &ok)
	carry(&merged.Email, before.Email, after.Email, &ok)
	carry(&merged.Account, before.Account, after.Account, &ok)
	carry(&merged.KeptIn, before.KeptIn, after.KeptIn, &ok)
	carry(&merged.Expires, before.Expires, after.Expires, &ok)
	if !sameReference(before.Reference, after.Reference) {
		ok = ok && (sameReference(now.Reference, before.Reference) || sameReference(now.Reference, after.Reference))
		merged.Reference = after.Reference
	}
	if !ok {
		return now, false
	}
	// What follows from a check or says who did it: the later one is right.
	latest(&merged.CloudID, before.CloudID, after.CloudID)
	latest(&merged.TokenSince, before.TokenSince, after.TokenSince)
	latest(&merged.Edited, before.Edited, after.Edited)
	latest(&merged.Replaced, before.Replaced, after.Replaced)
	if after.Identity != nil && (before.Identity == nil || *after.Identity != *before.Identity) {
		merged.Identity = after.Identity
	}
	return merged, true
}

// carry takes a fact's change over, and notes where it was changed to another end meanwhile.
func carry[T comparable](now *T, before, after T, ok *bool) {
	if before == after {
		return
	}
	if *now != before && *now != after {
		*ok = false
		return
	}
	*now = after
}

func latest[T comparable](now *T, before, after T) {
	if before != after {
		*now = after
	}
}

func sameReference(a, b *Reference) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Env == b.Env && a.File == b.File && strings.Join(a.Command, "\x00") == strings.Join(b.Command, "\x00")
}
