package ui

import (
	"cmp"
	"runtime/debug"

	"saasconnect/connector"
	"saasconnect/connector/setup"
)

// The wizard's state machine in one table: screen × event -> screen, and where Esc leads. Tests hold
// it to this: each screen can be reached, has a way home, and has a row for each event it can end in.

// ScreenID names a screen.
type ScreenID string

// The screens.
const (
	ScreenHome         ScreenID = "home"
	ScreenProduct      ScreenID = "product"      // requirements, role, where to start
	ScreenGuide        ScreenID = "guide"        // the eight steps of creating a token
	ScreenInstructions ScreenID = "instructions" // the same, only to be read
	ScreenForm         ScreenID = "form"         // site, email, token
	ScreenStorage      ScreenID = "storage"      // where to store the token
	ScreenUnlock       ScreenID = "unlock"       // the passphrase of the encrypted file
	ScreenChecking     ScreenID = "checking"     // the check, live
	ScreenDiagnosis    ScreenID = "diagnosis"    // what is wrong and what to do
	ScreenMessage      ScreenID = "message"      // a text for the person who can fix it
	ScreenSaving       ScreenID = "saving"       // the token goes into its storage
	ScreenSuccess      ScreenID = "success"
	ScreenHandover     ScreenID = "handover"  // entering it in SaaSAssure
	ScreenExpiry       ScreenID = "expiry"    // the token's exact expiry date
	ScreenNotSaved     ScreenID = "not-saved" // it could not be saved
	ScreenAdd          ScreenID = "add"       // what to add, once there are connectors
	ScreenDuplicate    ScreenID = "duplicate" // a second one for the same SaaSAssure account?
	ScreenDetail       ScreenID = "detail"    // one saved connector
	ScreenRemove       ScreenID = "remove"
	ScreenEdit         ScreenID = "edit"          // a saved connector's name, site, email, account
	ScreenEditSeveral  ScreenID = "edit-several"  // account and expiry date of several
	ScreenReference    ScreenID = "reference"     // where a token is that is stored outside this program
	ScreenRole         ScreenID = "role"          // the SaaSAssure role
	ScreenOtherAccount ScreenID = "other-account" // the new token is another account's
	ScreenSharing      ScreenID = "sharing"       // other connectors with the same token
	ScreenReplaced     ScreenID = "replaced"      // the new token is used now
	ScreenPractice     ScreenID = "practice"      // the nested wizard on a pretend world
	ScreenImport       ScreenID = "import"        // which file to import connectors from
	ScreenExport       ScreenID = "export"        // which file to export them to

	// ScreenList is what Home shows once there are connectors; no way leads there but Home's.
	ScreenList ScreenID = "list"

	// screenExit ends the wizard.
	screenExit ScreenID = "(exit)"
)

// Event is how a screen ends. The zero event means: still here.
type Event string

// The events.
const (
	None Event = ""
	Back Event = "back" // the one way back of the screen; an overlay is left without a result
	// Answered: a question about the task has its answer, or what was to be done next about it
	// is done. setup.Next says which comes now, and questions where it is asked.
	Answered Event = "answered"
	// Done: an overlay is left with its result; elsewhere the screen has come to its end.
	Done Event = "done"

	AddConnector    Event = "add"
	SkipGuide       Event = "skip"
	ReadGuide       Event = "instructions"
	ImportFile      Event = "import"
	ExportFile      Event = "export"
	TryPractice     Event = "practice"
	Quit            Event = "quit"
	ChooseStorage   Event = "storage"
	AskRole         Event = "role"
	StartAdding     Event = "begin"
	OpenConnector   Event = "open"
	RemoveConnector Event = "remove"
	Removed         Event = "removed"
	NeedsUnlock     Event = "unlock"
	RereadGuide     Event = "reread"
	StorageChosen   Event = "chosen"
	OtherStorage    Event = "other"
	EditForm        Event = "edit"
	EditFacts       Event = "edit-facts"
	Edited          Event = "edited"
	EditSeveral     Event = "edit-several"
	Replaced        Event = "replaced"
	UseReference    Event = "reference"
	Retry           Event = "retry"
	WriteMessage    Event = "message"
	GoHome          Event = "leave"
	Saved           Event = "saved"
	NotSaved        Event = "not-saved"
	HandOver        Event = "handover"
	SetExpiry       Event = "expiry"
)

// screenRow is where a screen leads.
type screenRow struct {
	to   map[Event]ScreenID
	back ScreenID // where Esc leads
	// Where Esc leads instead in these tasks; "" for the same screen.
	replacing, editing, moving ScreenID
	// failing is where it leads instead where a remedy of a diagnosis led here.
	failing ScreenID
	// begun is where it leads instead where another product was begun after a success.
	begun ScreenID
}

// screenTable is the table. Overlays have no way back of their own: they lie over another screen.
func screenTable() map[ScreenID]screenRow {
	return map[ScreenID]screenRow{
		ScreenHome: {to: map[Event]ScreenID{
			AddConnector: ScreenProduct, SkipGuide: ScreenForm, ReadGuide: ScreenInstructions,
			TryPractice: ScreenPractice, StartAdding: ScreenAdd, OpenConnector: ScreenDetail,
			NeedsUnlock: ScreenUnlock, HandOver: ScreenHandover, AskRole: ScreenRole,
			RemoveConnector: ScreenRemove, ImportFile: ScreenImport, ExportFile: ScreenExport, Quit: screenExit,
			EditSeveral: ScreenEditSeveral, RereadGuide: ScreenGuide,
		}, back: ScreenHome},
		ScreenAdd: {to: map[Event]ScreenID{
			AddConnector: ScreenProduct, SkipGuide: ScreenForm, ReadGuide: ScreenInstructions,
			TryPractice: ScreenPractice, ImportFile: ScreenImport, Quit: screenExit,
		}, back: ScreenHome},
		ScreenImport:       {to: map[Event]ScreenID{GoHome: ScreenHome}, back: ScreenHome},
		ScreenExport:       {to: map[Event]ScreenID{GoHome: ScreenHome}, back: ScreenHome},
		ScreenInstructions: {to: map[Event]ScreenID{Done: ScreenHome, WriteMessage: ScreenMessage}, back: ScreenHome},
		ScreenPractice:     {back: ScreenHome},

		ScreenProduct: {to: map[Event]ScreenID{
			ReadGuide: ScreenGuide, SkipGuide: ScreenForm, TryPractice: ScreenPractice,
			WriteMessage: ScreenMessage, AskRole: ScreenRole,
		}, back: ScreenAdd},
		ScreenGuide:     {to: map[Event]ScreenID{Done: ScreenForm, WriteMessage: ScreenMessage}, back: ScreenProduct, replacing: ScreenDetail, failing: ScreenDiagnosis},
		ScreenForm:      {to: map[Event]ScreenID{ChooseStorage: ScreenStorage, NeedsUnlock: ScreenUnlock, AskRole: ScreenRole}, back: ScreenProduct, replacing: ScreenGuide, failing: ScreenDiagnosis, begun: ScreenSuccess},
		ScreenStorage:   {to: map[Event]ScreenID{StorageChosen: ScreenForm, NeedsUnlock: ScreenUnlock, UseReference: ScreenReference}, back: ScreenForm, moving: ScreenDetail},
		ScreenReference: {to: map[Event]ScreenID{StorageChosen: ScreenForm}, back: ScreenStorage},
		ScreenDuplicate: {to: map[Event]ScreenID{GoHome: ScreenHome}, back: ScreenForm, editing: ScreenEdit},
		ScreenChecking:  {back: ScreenForm, editing: ScreenEdit},
		ScreenDiagnosis: {to: map[Event]ScreenID{
			EditForm: ScreenForm, EditFacts: ScreenEdit, RereadGuide: ScreenGuide, Retry: ScreenChecking, WriteMessage: ScreenMessage, NeedsUnlock: ScreenUnlock, SetExpiry: ScreenExpiry,
		}, back: ScreenForm, editing: ScreenEdit},
		ScreenOtherAccount: {to: map[Event]ScreenID{EditForm: ScreenForm}, back: ScreenForm},
		ScreenSharing:      {back: ScreenForm},
		ScreenSaving: {to: map[Event]ScreenID{
			Saved: ScreenSuccess, Replaced: ScreenReplaced, Edited: ScreenDetail, NotSaved: ScreenNotSaved, NeedsUnlock: ScreenUnlock,
		}, back: ScreenForm, editing: ScreenEdit, moving: ScreenDetail},
		ScreenNotSaved: {to: map[Event]ScreenID{
			Retry: ScreenSaving, ChooseStorage: ScreenStorage, EditForm: ScreenForm, OpenConnector: ScreenDetail,
			GoHome: ScreenHome,
		}, back: ScreenForm, editing: ScreenEdit, moving: ScreenDetail},
		ScreenSuccess: {to: map[Event]ScreenID{
			Done: ScreenHome, HandOver: ScreenHandover, SetExpiry: ScreenExpiry, WriteMessage: ScreenMessage,
			EditFacts: ScreenEdit,
		}, back: ScreenHome},
		ScreenReplaced: {to: map[Event]ScreenID{Done: ScreenDetail, HandOver: ScreenHandover, SetExpiry: ScreenExpiry}, back: ScreenDetail},

		ScreenDetail: {to: map[Event]ScreenID{
			NeedsUnlock: ScreenUnlock, WriteMessage: ScreenMessage, HandOver: ScreenHandover, SetExpiry: ScreenExpiry, RemoveConnector: ScreenRemove,
			RereadGuide: ScreenGuide, EditForm: ScreenForm, EditFacts: ScreenEdit, AskRole: ScreenRole, ChooseStorage: ScreenStorage,
		}, back: ScreenHome},
		ScreenEdit:        {to: map[Event]ScreenID{Done: ScreenDetail}, back: ScreenDetail, failing: ScreenDiagnosis},
		ScreenEditSeveral: {to: map[Event]ScreenID{Done: ScreenHome, GoHome: ScreenHome}, back: ScreenHome},
		ScreenRemove:      {to: map[Event]ScreenID{Removed: ScreenHome, GoHome: ScreenHome}, back: ScreenDetail},

		ScreenUnlock:   {to: map[Event]ScreenID{OtherStorage: ScreenStorage}},
		ScreenRole:     {},
		ScreenMessage:  {},
		ScreenHandover: {to: map[Event]ScreenID{NeedsUnlock: ScreenUnlock, AskRole: ScreenRole, GoHome: ScreenHome}},
		ScreenExpiry:   {to: map[Event]ScreenID{GoHome: ScreenHome}},
	}
}

// overlay reports whether a screen lies over another one, and is left for that one.
func overlay(p ScreenID) bool {
	switch p {
	case ScreenUnlock, ScreenRole, ScreenMessage, ScreenHandover, ScreenExpiry:
		return true
	}
	return false
}

// questions is where each question about a task is asked, and what is to be done next about it
// is done.
func questions(task setup.Task) map[setup.Question]ScreenID {
	facts := ScreenForm
	if task == setup.Edit {
		facts = ScreenEdit
	}
	return map[setup.Question]ScreenID{
		setup.AskRole: ScreenRole, setup.NotAllowed: ScreenDetail, setup.AskConnection: facts, setup.Duplicate: ScreenDuplicate,
		setup.ChooseStorage: ScreenStorage, setup.CreatePassphrase: ScreenUnlock, setup.Unlock: ScreenUnlock, setup.TestStorage: ScreenForm,
		setup.Check: ScreenChecking, setup.Failing: ScreenDiagnosis, setup.OtherAccount: ScreenOtherAccount, setup.AskShare: ScreenSharing,
		setup.Save: ScreenSaving, setup.Done: ScreenSuccess,
	}
}

// wayBack is where Esc leads.
func (r screenRow) wayBack(s *Setup) ScreenID {
	instead := r.begun
	if s.Before == nil {
		instead = map[setup.Task]ScreenID{setup.Replace: r.replacing, setup.Edit: r.editing, setup.Move: r.moving}[s.Task()]
	}
	if s.Diagnosed != nil {
		instead = cmp.Or(r.failing, instead)
	}
	return cmp.Or(instead, r.back)
}

// Closed is the overlay that was left for the screen it lay over.
type Closed struct {
	From ScreenID
	done bool // with its result
}

// By reports whether an overlay was left with its result.
func (p Closed) By(overlay ScreenID) bool { return p.done && p.From == overlay }

// lead goes from the present screen to where an event leads, by the table.
func (a *App) lead(ev Event) (to ScreenID, left Closed) {
	at := a.table[a.at]
	switch {
	case overlay(a.at) && (ev == Back || ev == Done):
		return a.pop(ev == Done)
	case ev == Back:
		to = at.wayBack(a.setup)
	case ev == Answered:
		next := setup.Next(a.setup.Draft, a.on().Known())
		to = questions(a.setup.Task())[next]
		switch next {
		case setup.CreatePassphrase:
			a.setup.Unlocking = connector.StorageNew
		case setup.Unlock:
			a.setup.Unlocking = connector.StorageLocked
		}
	default:
		known := false
		if to, known = at.to[ev]; !known {
			panic(&PanicError{What: "there is no way on from " + string(a.at) + " for " + string(ev), Stack: string(debug.Stack())})
		}
	}
	if to == ScreenDetail && a.setup.FromSelection && (ev == Back || ev == Done) {
		to = ScreenHome
	}
	switch {
	case to == ScreenProduct && a.session.Settings.Role == connector.RoleUnknown:
		a.below, to = []ScreenID{ScreenProduct}, ScreenRole // it says what this role may do
	case to == ScreenAdd && len(a.session.Entries) == 0:
		a.below, to = nil, ScreenHome // which is the same then
	case overlay(to):
		a.below = append(a.below, a.at)
	default:
		a.below = nil
	}
	return to, Closed{}
}

// pop leaves an overlay. What can't go on without its result is left as well.
func (a *App) pop(with bool) (to ScreenID, left Closed) {
	to, left = ScreenHome, Closed{a.at, with}
	if n := len(a.below); n > 0 {
		to, a.below = a.below[n-1], a.below[:n-1]
	}
	if !with && (to == ScreenSaving || to == ScreenProduct && a.session.Settings.Role == connector.RoleUnknown) {
		a.at = to
		to, _ = a.lead(Back)
	}
	return to, left
}
