package ui

import "saasconnect/connector/setup"

// The whole state machine in one table: place × event -> place. "back" needs no row:
// it pops the trail. Tests prove that every place is reachable, has a way home and
// leads nowhere undefined.

// Place is where the person is in the wizard.
type Place string

// The places.
const (
	Home      Place = "home"
	Product   Place = "product"   // requirements, role, where to start
	Guide     Place = "guide"     // the eight steps of making a token
	Form      Place = "form"      // site, e-mail, token
	Safe      Place = "safe"      // where to keep the token
	Unlock    Place = "unlock"    // the passphrase of the encrypted file
	Checking  Place = "checking"  // the check, live
	Diagnosis Place = "diagnosis" // what is wrong and what to do
	Message   Place = "message"   // a ready text for whoever can cure it
	Saving    Place = "saving"    // into the safe
	Success   Place = "success"
	Handover  Place = "handover" // entering it in SaaSAssure
	Expiry    Place = "expiry"   // the token's exact last day
	Trouble   Place = "trouble"  // it could not be kept
	Begin     Place = "begin"    // what to add, once there are connectors
	Account   Place = "account"  // a second one for the same SaaSAssure account?
	Detail    Place = "detail"   // one saved connector
	Remove    Place = "remove"
	Edit      Place = "edit"      // a saved connector's name, site, e-mail, account
	Elsewhere Place = "elsewhere" // where a token is that is kept outside this program
	Role      Place = "role"      // the SaaSAssure role
	Person    Place = "person"    // the new token is another person's
	Sharing   Place = "sharing"   // other connectors with the same token
	Replaced  Place = "replaced"  // the new token is in force
	Practise  Place = "practise"  // the nested wizard on a pretend world

	// backwards is where a "back" leads: the place before this one.
	backwards Place = "(back)"
	// leave ends the wizard.
	leave Place = "(exit)"
)

// event is how a screen ends. The zero event means: still here.
type event string

// The events. back is understood everywhere.
const (
	still event = ""
	back  event = "back"

	add       event = "add"
	skip      event = "skip"
	guide     event = "instructions"
	practise  event = "practise"
	quit      event = "quit"
	done      event = "done"
	answered  event = "answered" // the next question says where to
	chooses   event = "safe"
	asksRole  event = "role"
	starts    event = "begin"
	opens     event = "open"
	removes   event = "remove"
	removed   event = "removed"
	locked    event = "unlock"
	reread    event = "reread"
	chosen    event = "chosen"
	unlocked  event = "unlocked"
	otherSafe event = "other"
	cancelled event = "cancelled"
	edit      event = "edit"
	edits     event = "edit-facts"
	edited    event = "edited"
	replaced  event = "replaced"
	outside   event = "elsewhere"
	retry     event = "retry"
	message   event = "message"
	home      event = "leave"
	kept      event = "kept"
	notKept   event = "notkept"
	handover  event = "handover"
	expiry    event = "expiry"
)

// flow is the table.
func flow() map[Place]map[event]Place {
	return map[Place]map[event]Place{
		Home:  {add: Product, skip: Form, guide: Guide, practise: Practise, starts: Begin, opens: Detail, locked: Unlock, quit: leave},
		Begin: {add: Product, skip: Form, guide: Guide, practise: Practise, quit: leave},
		Detail: {
			locked: Unlock, message: Message, handover: Handover, expiry: Expiry, removes: Remove,
			reread: Guide, edit: Form, edits: Edit, asksRole: Role, chooses: Safe, home: Home, retry: Checking,
		},
		Edit:      {done: backwards},
		Role:      {chosen: backwards},
		Remove:    {removed: Home, home: Home},
		Product:   {guide: Guide, skip: Form, practise: Practise, message: Message},
		Guide:     {done: Form, message: Message, home: Home},
		Form:      {chooses: Safe, locked: Unlock, reread: Guide, asksRole: Role},
		Safe:      {chosen: backwards, locked: Unlock, outside: Elsewhere},
		Elsewhere: {chosen: backwards},
		Unlock:    {unlocked: backwards, otherSafe: Safe, retry: Saving},
		Checking:  {cancelled: Form, edits: Edit},
		Person:    {edit: Form},
		Sharing:   {},
		Account:   {home: Home},
		Diagnosis: {
			edit: Form, edits: Edit, reread: Guide, retry: Checking,
			message: Message, locked: Unlock, home: Home, expiry: Expiry,
		},
		Message:  {done: backwards},
		Saving:   {kept: Success, replaced: Replaced, edited: Detail, notKept: Trouble, locked: Unlock},
		Success:  {done: Home, retry: Checking, handover: Handover, expiry: Expiry, message: Message, edits: Edit},
		Replaced: {done: Detail, handover: Handover, expiry: Expiry},
		Handover: {done: backwards, locked: Unlock},
		Expiry:   {done: backwards, home: Home},
		Trouble:  {retry: Saving, chooses: Safe, edit: Form, home: Home},
		Practise: {done: Home},
	}
}

// questionsAsked is where each question about a task is asked, and what is to be done next about
// it is done.
func questionsAsked() map[setup.Question]Place {
	return map[setup.Question]Place{
		setup.AskRole: Role, setup.NotAllowed: Detail, setup.AskConnection: Form, setup.Duplicate: Account,
		setup.ChooseStorage: Safe, setup.CreatePassphrase: Unlock, setup.Unlock: Unlock, setup.TestStorage: Form,
		setup.Check: Checking, setup.Failing: Diagnosis, setup.OtherAccount: Person, setup.AskShare: Sharing,
		setup.Save: Saving, setup.Done: Success,
	}
}

// passing reports whether a place only works and then moves on by itself: "back" never
// leads there.
func passing(p Place) bool { return p == Checking || p == Saving || p == Safe }

// settled reports whether a place ends what came before it: "back" from there leads
// home, since what was done is done.
func settled(p Place) bool { return p == Success || p == Replaced }

// trail is the way that led here, for "back".
type trail []Place

// advance is the trail after moving from one place to another. Going to a place that is
// already on the trail goes back to it rather than around in a circle.
func (t trail) advance(from, to Place) trail {
	if to == Home || settled(to) || (settled(from) || from == Saving) && to == Detail {
		return nil
	}
	for i, p := range t {
		if p == to {
			return t[:i:i]
		}
	}
	if passing(from) || from == to || from == Unlock && to == Safe { // another storage instead of unlocking
		return t
	}
	return append(t[:len(t):len(t)], from)
}

// pop is the place before this one, and the trail that leads there. With no trail left
// that is home.
func (t trail) pop() (Place, trail) {
	if len(t) == 0 {
		return Home, nil
	}
	return t[len(t)-1], t[:len(t)-1]
}

// newScreen makes the screen of a place. Places that are no screen of their own
// (Practise, the exit) never get here.
func newScreen(p Place, on stage) screen {
	switch p {
	case Product:
		return newProduct(on)
	case Guide:
		return newGuide(on)
	case Form:
		return newForm(on)
	case Safe:
		return newSafe(on)
	case Unlock:
		return newUnlock(on)
	case Checking:
		return newChecking(on)
	case Diagnosis:
		return newDiagnosis(on)
	case Message:
		return newMessage(on)
	case Saving:
		return newSaving(on)
	case Success:
		return newSuccess(on)
	case Handover:
		return newHandover(on)
	case Expiry:
		return newExpiry(on)
	case Trouble:
		return newTrouble(on)
	case Begin:
		return newHome(on)
	case Detail:
		return newDetail(on)
	case Remove:
		return newRemove(on)
	case Edit:
		return newEdit(on)
	case Elsewhere:
		return newElsewhere(on)
	case Role:
		return newRole(on)
	case Person:
		return newOtherAccount(on)
	case Sharing:
		return newSharing(on)
	case Account:
		return newDuplicate(on)
	case Replaced:
		return newReplaced(on)
	case Home, Practise, backwards, leave:
	}
	if len(on.session.entries) > 0 {
		return newList(on)
	}
	return newHome(on)
}
