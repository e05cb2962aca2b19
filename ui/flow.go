package ui

import (
	"cmp"
	"runtime/debug"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// The whole state machine in one table: place × event -> place, and where Esc leads. Tests prove
// that every place is reachable, has a way home and leads nowhere undefined.

// Place is where the person is in the wizard.
type Place string

// The places.
const (
	Home         Place = "home"
	Product      Place = "product"      // requirements, role, where to start
	Guide        Place = "guide"        // the eight steps of making a token
	Instructions Place = "instructions" // the same, only to be read
	Form         Place = "form"         // site, e-mail, token
	Storage      Place = "safe"         // where to keep the token
	Unlock       Place = "unlock"       // the passphrase of the encrypted file
	Checking     Place = "checking"     // the check, live
	Diagnosis    Place = "diagnosis"    // what is wrong and what to do
	Message      Place = "message"      // a ready text for whoever can cure it
	Saving       Place = "saving"       // into the safe
	Success      Place = "success"
	Handover     Place = "handover" // entering it in SaaSAssure
	Expiry       Place = "expiry"   // the token's exact expiry date
	Trouble      Place = "trouble"  // it could not be kept
	Begin        Place = "begin"    // what to add, once there are connectors
	Account      Place = "account"  // a second one for the same SaaSAssure account?
	Detail       Place = "detail"   // one saved connector
	Remove       Place = "remove"
	Edit         Place = "edit"         // a saved connector's name, site, e-mail, account
	EditSeveral  Place = "edit-several" // account and expiry date of several
	Elsewhere    Place = "elsewhere"    // where a token is that is kept outside this program
	Role         Place = "role"         // the SaaSAssure role
	Person       Place = "person"       // the new token is another person's
	Sharing      Place = "sharing"      // other connectors with the same token
	Replaced     Place = "replaced"     // the new token is in force
	Practise     Place = "practise"     // the nested wizard on a pretend world
	Import       Place = "import"       // which file to import connectors from
	Export       Place = "export"       // which file to export them to

	// List is what Home shows once there are connectors; no way leads there but Home's.
	List Place = "list"

	// leave ends the wizard.
	leave Place = "(exit)"
)

// event is how a screen ends. The zero event means: still here.
type event string

// The events.
const (
	still event = ""
	back  event = "back" // the one way back of the place; an overlay is left without a result
	// answered: a question about the task has its answer, or what was to be done next about it
	// is done. setup.Next says which comes now, and questions where it is asked.
	answered event = "answered"
	// done: an overlay is left with its result; elsewhere the place has come to its end.
	done event = "done"

	add          event = "add"
	skip         event = "skip"
	guide        event = "instructions"
	imports      event = "import"
	exports      event = "export"
	practise     event = "practise"
	quit         event = "quit"
	chooses      event = "safe"
	asksRole     event = "role"
	starts       event = "begin"
	opens        event = "open"
	removes      event = "remove"
	removed      event = "removed"
	locked       event = "unlock"
	reread       event = "reread"
	chosen       event = "chosen"
	otherStorage event = "other"
	edit         event = "edit"
	edits        event = "edit-facts"
	edited       event = "edited"
	editsSeveral event = "edit-several"
	replaced     event = "replaced"
	outside      event = "elsewhere"
	retry        event = "retry"
	message      event = "message"
	home         event = "leave"
	kept         event = "kept"
	notKept      event = "notkept"
	handover     event = "handover"
	expiry       event = "expiry"
)

// row is where a place leads.
type row struct {
	on   map[event]Place
	back Place // where Esc leads
	// Where Esc leads instead in these tasks; "" for the same place.
	replacing, editing, moving Place
	// failing is where it leads instead once a check failed.
	failing Place
	// begun is where it leads instead where another product was begun after a success.
	begun Place
}

// flow is the table. Overlays have no way back of their own: they lie over a place.
func flow() map[Place]row {
	return map[Place]row{
		Home: {on: map[event]Place{
			add: Product, skip: Form, guide: Instructions, practise: Practise, starts: Begin, opens: Detail, locked: Unlock,
			handover: Handover, asksRole: Role, removes: Remove, imports: Import, exports: Export, quit: leave,
			editsSeveral: EditSeveral, reread: Guide,
		}, back: Home},
		Begin:        {on: map[event]Place{add: Product, skip: Form, guide: Instructions, practise: Practise, imports: Import, quit: leave}, back: Home},
		Import:       {on: map[event]Place{home: Home}, back: Home},
		Export:       {on: map[event]Place{home: Home}, back: Home},
		Instructions: {on: map[event]Place{done: Home, message: Message}, back: Home},
		Practise:     {back: Home},

		Product:   {on: map[event]Place{guide: Guide, skip: Form, practise: Practise, message: Message, asksRole: Role}, back: Begin},
		Guide:     {on: map[event]Place{done: Form, message: Message}, back: Product, replacing: Detail, failing: Diagnosis},
		Form:      {on: map[event]Place{chooses: Storage, locked: Unlock, asksRole: Role}, back: Product, replacing: Guide, begun: Success},
		Storage:   {on: map[event]Place{chosen: Form, locked: Unlock, outside: Elsewhere}, back: Form, moving: Detail},
		Elsewhere: {on: map[event]Place{chosen: Form}, back: Storage},
		Account:   {on: map[event]Place{home: Home}, back: Form, editing: Edit},
		Checking:  {back: Form, editing: Edit},
		Diagnosis: {on: map[event]Place{
			edit: Form, edits: Edit, reread: Guide, retry: Checking, message: Message, locked: Unlock, expiry: Expiry,
		}, back: Form, editing: Edit},
		Person:  {on: map[event]Place{edit: Form}, back: Form},
		Sharing: {back: Form},
		Saving: {on: map[event]Place{
			kept: Success, replaced: Replaced, edited: Detail, notKept: Trouble, locked: Unlock,
		}, back: Form, editing: Edit, moving: Detail},
		Trouble:  {on: map[event]Place{retry: Saving, chooses: Storage, edit: Form, opens: Detail, home: Home}, back: Form, editing: Edit, moving: Detail},
		Success:  {on: map[event]Place{done: Home, handover: Handover, expiry: Expiry, message: Message, edits: Edit}, back: Home},
		Replaced: {on: map[event]Place{done: Detail, handover: Handover, expiry: Expiry}, back: Detail},

		Detail: {on: map[event]Place{
			locked: Unlock, message: Message, handover: Handover, expiry: Expiry, removes: Remove,
			reread: Guide, edit: Form, edits: Edit, asksRole: Role, chooses: Storage,
		}, back: Home},
		Edit:        {on: map[event]Place{done: Detail}, back: Detail},
		EditSeveral: {on: map[event]Place{done: Home, home: Home}, back: Home},
		Remove:      {on: map[event]Place{removed: Home, home: Home}, back: Detail},

		Unlock:   {on: map[event]Place{otherStorage: Storage}},
		Role:     {},
		Message:  {},
		Handover: {on: map[event]Place{locked: Unlock, asksRole: Role, home: Home}},
		Expiry:   {on: map[event]Place{home: Home}},
	}
}

// overlay reports whether a place lies over another one, and is left for that one.
func overlay(p Place) bool {
	switch p {
	case Unlock, Role, Message, Handover, Expiry:
		return true
	}
	return false
}

// questions is where each question about a task is asked, and what is to be done next about it
// is done.
func questions(task setup.Task) map[setup.Question]Place {
	facts := Form
	if task == setup.Edit {
		facts = Edit
	}
	return map[setup.Question]Place{
		setup.AskRole: Role, setup.NotAllowed: Detail, setup.AskConnection: facts, setup.Duplicate: Account,
		setup.ChooseStorage: Storage, setup.CreatePassphrase: Unlock, setup.Unlock: Unlock, setup.TestStorage: Form,
		setup.Check: Checking, setup.Failing: Diagnosis, setup.OtherAccount: Person, setup.AskShare: Sharing,
		setup.Save: Saving, setup.Done: Success,
	}
}

// wayBack is where Esc leads.
func (r row) wayBack(s *Setup) Place {
	instead := r.begun
	if s.Before == nil {
		instead = map[setup.Task]Place{setup.Replace: r.replacing, setup.Edit: r.editing, setup.Move: r.moving}[s.task()]
	}
	if report, checked := s.Draft.Report(); checked && !report.Good() {
		instead = cmp.Or(r.failing, instead)
	}
	return cmp.Or(instead, r.back)
}

// popped is the overlay that was left for the place it lay over.
type popped struct {
	from Place
	done bool // with its result
}

// by reports whether an overlay was left with its result.
func (p popped) by(overlay Place) bool { return p.done && p.from == overlay }

// lead goes from the present place to where an event leads, by the table.
func (a *App) lead(ev event) (to Place, left popped) {
	at := a.table[a.place]
	switch {
	case overlay(a.place) && (ev == back || ev == done):
		return a.pop(ev == done)
	case ev == back:
		to = at.wayBack(a.setup)
	case ev == answered:
		next := setup.Next(a.setup.Draft, a.on().known())
		to = questions(a.setup.task())[next]
		switch next {
		case setup.CreatePassphrase:
			a.setup.Unlocking = connector.StorageNew
		case setup.Unlock:
			a.setup.Unlocking = connector.StorageLocked
		}
	default:
		known := false
		if to, known = at.on[ev]; !known {
			panic(&Crash{What: "there is no way on from " + string(a.place) + " for " + string(ev), Stack: string(debug.Stack())})
		}
	}
	switch {
	case to == Product && a.session.settings.Role == connector.RoleUnknown:
		a.below, to = []Place{Product}, Role // it says what this role may do
	case to == Begin && len(a.session.entries) == 0:
		a.below, to = nil, Home // which is the same then
	case overlay(to):
		a.below = append(a.below, a.place)
	default:
		a.below = nil
	}
	return to, popped{}
}

// pop leaves an overlay. What can't go on without its result is left as well.
func (a *App) pop(with bool) (to Place, left popped) {
	to, left = Home, popped{a.place, with}
	if n := len(a.below); n > 0 {
		to, a.below = a.below[n-1], a.below[:n-1]
	}
	if !with && (to == Saving || to == Product && a.session.settings.Role == connector.RoleUnknown) {
		a.place = to
		to, _ = a.lead(back)
	}
	return to, left
}
