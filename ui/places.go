package ui

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
		return newPerson(on)
	case Sharing:
		return newSharing(on)
	case Account:
		return newAccount(on)
	case Replaced:
		return newReplaced(on)
	case Home, Practise, backwards, leave:
	}
	if len(on.session.entries) > 0 {
		return newList(on)
	}
	return newHome(on)
}
