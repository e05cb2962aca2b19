package setup

import (
	"time"

	"saasconnect/connector"
)

// Question is what is open about a Draft: something that a person must answer, or the next step to
// do. The wizard has a screen for each, the command line a flag, a prompt or an exit code.
type Question int

// The questions, in the order in which they come up.
const (
	// AskRole: the person's role in SaaSAssure is not known.
	AskRole Question = iota
	// NotAllowed: the role may not do this.
	NotAllowed
	// AskConnection: [Problems] names what is missing or wrong.
	AskConnection
	// Duplicate: there is another connector like it ([Draft.DuplicateOf]).
	Duplicate
	// ChooseStorage: it is not decided where the token is stored.
	ChooseStorage
	// CreatePassphrase: the encrypted file was chosen, and there is none yet.
	CreatePassphrase
	// Unlock: the encrypted file is needed and locked.
	Unlock
	// TestStorage: the storage was not tested yet ([Service.TestStorage]).
	TestStorage
	// Check: it was not checked as it is now ([Service.Check]).
	Check
	// Failing: it was checked and doesn't work. Something has to be changed, or it is saved anyway
	// where [Draft.CanSaveFailing].
	Failing
	// OtherAccount: the new token belongs to another account than the old one.
	OtherAccount
	// AskShare: other connectors most likely have the old token ([Draft.SharedWith]).
	AskShare
	// Save: no question is open ([Service.Save]).
	Save
	// Done: there is nothing to save, since the role may only check.
	Done
)

// Known is what [Next] and [Problems] need besides the Draft.
type Known struct {
	Now     time.Time
	Role    connector.Role
	Entries []connector.Entry // all that are saved, for duplicates and sharing
	// Storages are the states of the storages; nil where they were not determined.
	Storages []connector.StorageStatus
	// KeyFile is true where a key file opens the encrypted file, so that no passphrase is needed.
	KeyFile bool
}

// Storage returns the state of a kind of storage; StorageAbsent where it was not determined.
func (k Known) Storage(kind connector.StorageKind) connector.StorageStatus {
	for _, s := range k.Storages {
		if s.Kind == kind {
			return s
		}
	}
	return connector.StorageStatus{Kind: kind, State: connector.StorageAbsent}
}

// UsualStorage returns the storage to use without asking: the chosen one, else the keyring where
// it is ready, else the encrypted file where a key file opens it; "" where a person must decide.
// The chosen one is never replaced by another: if it can't be used, testing it says so.
func (k Known) UsualStorage(chosen connector.StorageKind) connector.StorageKind {
	if chosen != "" && chosen != connector.StorageReference { // a reference is never the default: it is chosen per token
		return chosen
	}
	for _, kind := range []connector.StorageKind{connector.StorageKeyring, connector.StorageMemory} {
		if k.Storage(kind).State == connector.StorageReady {
			return kind
		}
	}
	if k.KeyFile && k.Storage(connector.StorageFile).Usable() {
		return connector.StorageFile
	}
	return ""
}

// Next returns the open question of a Draft. Answering one leads to another, and finally to Save,
// Done or NotAllowed.
func Next(d Draft, k Known) Question {
	saves := k.Role.MaySave()
	switch {
	case k.Role == connector.RoleUnknown:
		return AskRole
	case !saves && d.task != Add:
		return NotAllowed
	case len(Problems(d, k)) > 0:
		return AskConnection
	case saves && !d.duplicate && d.DuplicateOf(k) != nil:
		return Duplicate
	}
	if saves {
		if q, open := d.storageQuestion(k); open {
			return q
		}
	}
	if d.needsCheck() {
		switch {
		case !d.checked:
			return Check
		case !d.report.Good() && !(d.keepFailing && d.CanSaveFailing()):
			return Failing
		}
	}
	switch {
	case !saves:
		return Done
	case d.task == Replace && !d.otherAccount && d.IsOtherAccount():
		return OtherAccount
	case d.task == Replace && !d.shared && len(d.SharedWith(k)) > 0:
		return AskShare
	}
	return Save
}

// needsCheck reports whether the task needs a check at Atlassian. Changing other facts than the
// site and email doesn't; a Move is verified by reading the token back.
func (d Draft) needsCheck() bool {
	switch d.task {
	case Add, Replace:
		return true
	case Edit:
		return d.Readdresses()
	case Move:
	}
	return false
}

// CanSaveFailing reports whether a new connector may be saved although it doesn't work, since it
// is fixed elsewhere or may pass.
func (d Draft) CanSaveFailing() bool { return d.task == Add && d.checked && d.report.Keepable }

// NextStorage returns the open question about the storages that the Draft needs; false for none.
// Callers that settle it before the token is typed prevent that one is typed that can't be stored.
func NextStorage(d Draft, k Known) (Question, bool) { return d.storageQuestion(k) }

// storageQuestion returns the open question about the storage for the token, and about the one it
// has to be read from; false for none.
func (d Draft) storageQuestion(k Known) (Question, bool) {
	if d.storage == "" || d.task == Move && d.storage == d.saved.KeptIn {
		return ChooseStorage, true
	}
	if d.task == Edit { // the token stays there, so no test of writing is needed
		return Unlock, d.Readdresses() && d.storage == connector.StorageFile && d.locked(k)
	}
	if d.task == Move && d.saved.KeptIn == connector.StorageFile && d.locked(k) {
		return Unlock, true
	}
	if d.storage == connector.StorageFile && !d.tested && !k.KeyFile {
		switch k.Storage(connector.StorageFile).State {
		case connector.StorageNew:
			return CreatePassphrase, true
		case connector.StorageLocked:
			return Unlock, true
		case connector.StorageReady, connector.StorageAbsent, connector.StorageUnresponsive, connector.StorageBroken:
		}
	}
	return TestStorage, !d.tested && d.storage != connector.StorageReference
}

func (d Draft) locked(k Known) bool {
	return !k.KeyFile && k.Storage(connector.StorageFile).State == connector.StorageLocked
}

// DuplicateOf returns a saved connector that this one would duplicate: one for the same product,
// site and email, or else one for the same product and SaaSAssure account, which SaaSAssure would
// refuse. nil for none, and where an Edit doesn't change what is compared.
func (d Draft) DuplicateOf(k Known) *connector.Entry {
	if same := d.sameConnection(k.Entries); same != nil {
		return same
	}
	if _, asksAccount := d.asksDuplicate(); asksAccount {
		return connector.SameAccountAs(d.compared(), k.Entries)
	}
	return nil
}

// HasConnectionOf reports whether duplicate is one for the same product, site and email.
func (d Draft) HasConnectionOf(duplicate connector.Entry) bool {
	return d.sameConnection([]connector.Entry{duplicate}) != nil
}

func (d Draft) sameConnection(among []connector.Entry) *connector.Entry {
	if asksConnection, _ := d.asksDuplicate(); asksConnection {
		return connector.SameConnectionAs(d.compared(), among)
	}
	return nil
}

// asksDuplicate reports whether the Draft is compared with others by connection and by account: an
// Edit only by what it changes.
func (d Draft) asksDuplicate() (connection, account bool) {
	return d.task == Add || d.task == Edit && d.Readdresses(),
		d.task == Add || d.task == Edit && d.facts.Account != d.saved.Account
}

// compared returns the Draft as a connector with the fields that are compared.
func (d Draft) compared() connector.Connector {
	return connector.Connector{ID: d.saved.ID, Product: d.facts.Product, Site: d.Site(), Email: d.Email(), Account: d.facts.Account}
}

// IsOtherAccount reports whether the new token belongs to another account than the old one.
func (d Draft) IsOtherAccount() bool {
	before, now := d.saved.Person(), d.report.Identity
	return before != nil && now != nil && before.ID != now.ID
}

// SharedWith returns the connectors that most likely have the old token too, and those named by
// AlsoFor.
func (d Draft) SharedWith(k Known) []connector.Entry {
	return connector.Sharing(d.saved.Connector, k.Entries, d.also)
}
