package setup

import (
	"time"

	"saasconnect/connector"
)

// Question is what is open about a Draft: something that only a person can answer, or something
// that is to be done next. The wizard has a screen for each, the command line a flag, a prompt,
// or an exit code.
type Question int

// The questions, in the order in which they come up.
const (
	// AskRole: what the person may do in SaaSAssure is not known.
	AskRole Question = iota
	// NotAllowed: the role may not do this. There is no way on.
	NotAllowed
	// AskConnection: [Problems] names what is missing or wrong.
	AskConnection
	// Duplicate: there is another connector like it ([Draft.DuplicateOf]).
	Duplicate
	// ChooseStorage: where the token goes is not decided.
	ChooseStorage
	// CreatePassphrase: the encrypted file was chosen, and there is none yet.
	CreatePassphrase
	// Unlock: the encrypted file is locked, and is needed.
	Unlock
	// TestStorage: the storage was not tested yet ([Service.TestStorage]).
	TestStorage
	// Check: it was not checked as it is now ([Service.Check]).
	Check
	// Failing: it was checked and doesn't work; something has to be changed, or it is saved all
	// the same where its report allows that.
	Failing
	// OtherAccount: the new token is another account's than the old one.
	OtherAccount
	// AskShare: other connectors most likely have the old token ([Draft.SharedWith]).
	AskShare
	// Save: nothing is open any more ([Service.Save]).
	Save
	// Done: there is nothing to save: the check was all that was asked for.
	Done
)

// Known is what Next and Problems look at besides the Draft.
type Known struct {
	Now     time.Time
	Role    connector.Role
	Entries []connector.Entry // all that are saved, for duplicates and sharing
	// Storages are what they were found to be; nil where they were not looked at.
	Storages []connector.StorageStatus
	// KeyFile: a file opens the encrypted file, so that no passphrase is asked for.
	KeyFile bool
}

// Storage is what a kind of storage was found to be; absent where it was not.
func (k Known) Storage(kind connector.StorageKind) connector.StorageStatus {
	for _, s := range k.Storages {
		if s.Kind == kind {
			return s
		}
	}
	return connector.StorageStatus{Kind: kind, State: connector.StorageAbsent}
}

// UsualStorage is the storage that a new token goes to without asking: the one that was chosen
// before, else the keyring where it is ready, else the encrypted file where a key file opens it.
// "" where that is for a person to decide. One that was chosen is never exchanged for another one:
// where it can't be used, testing it says so.
func (k Known) UsualStorage(chosen connector.StorageKind) connector.StorageKind {
	if chosen != "" && chosen != connector.StorageReference { // a reference was chosen for tokens that came that way
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

// Next is the question that is open about a Draft. Each answer leads on: to another question, and
// in the end to Save, Done or NotAllowed.
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

// needsCheck: words are saved as they are, and a move is checked by reading the token back.
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

// CanSaveFailing: it may be saved although it doesn't work, since the cure lies elsewhere.
func (d Draft) CanSaveFailing() bool { return d.task == Add && d.checked && d.report.Keepable }

// NextStorage is the question that is open about the storages a Draft needs; false for none. It is
// for who settles that before the token is typed, so that no one types one that can't be stored.
func NextStorage(d Draft, k Known) (Question, bool) { return d.storageQuestion(k) }

// storageQuestion is what is open about the storages that the task needs: the one that the token
// goes to, and the one that it is in where it has to be read.
func (d Draft) storageQuestion(k Known) (Question, bool) {
	if d.storage == "" || d.task == Move && d.storage == d.saved.KeptIn {
		return ChooseStorage, true
	}
	if d.task == Edit { // the token stays where it is: reading it is the test
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

// DuplicateOf is another connector that this one would stand beside: one for the same product,
// site and email, or else one for the same product and SaaSAssure account, which SaaSAssure would
// not take. nil where there is none, and where it is not changed into one.
func (d Draft) DuplicateOf(k Known) *connector.Entry {
	if same := d.sameConnection(k.Entries); same != nil {
		return same
	}
	if _, asksAccount := d.asksDuplicate(); asksAccount {
		return connector.SameAccountAs(d.compared(), k.Entries)
	}
	return nil
}

// HasConnectionOf: that duplicate is one for the same product, site and email.
func (d Draft) HasConnectionOf(duplicate connector.Entry) bool {
	return d.sameConnection([]connector.Entry{duplicate}) != nil
}

func (d Draft) sameConnection(among []connector.Entry) *connector.Entry {
	if asksConnection, _ := d.asksDuplicate(); asksConnection {
		return connector.SameConnectionAs(d.compared(), among)
	}
	return nil
}

// asksDuplicate is in what it is asked whether it would be a second connector: not where it stays
// what it was.
func (d Draft) asksDuplicate() (connection, account bool) {
	return d.task == Add || d.task == Edit && d.Readdresses(),
		d.task == Add || d.task == Edit && d.facts.Account != d.saved.Account
}

// compared is what other connectors are compared with.
func (d Draft) compared() connector.Connector {
	return connector.Connector{ID: d.saved.ID, Product: d.facts.Product, Site: d.Site(), Email: d.Email(), Account: d.facts.Account}
}

// IsOtherAccount: the token turned out to be another account's than the connector's was.
func (d Draft) IsOtherAccount() bool {
	before, now := d.saved.Person(), d.report.Identity
	return before != nil && now != nil && before.ID != now.ID
}

// SharedWith are the connectors that most likely have the old token too, and those that were named.
func (d Draft) SharedWith(k Known) []connector.Entry {
	return connector.Sharing(d.saved.Connector, k.Entries, d.also)
}
