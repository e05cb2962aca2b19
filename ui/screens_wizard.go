package ui

// WizardScreens are the screens of connecting, from the first one to the hand-over.
func WizardScreens() Screens {
	return Screens{
		Home:         newHome,
		Product:      newProduct,
		Guide:        newGuide,
		Instructions: newGuide,
		Form:         newForm,
		Storage:      newStorage,
		Unlock:       newUnlock,
		Checking:     newChecking,
		Diagnosis:    newDiagnosis,
		Message:      newMessage,
		Saving:       newSaving,
		Success:      newSuccess,
		Handover:     newHandover,
		Expiry:       newExpiry,
		Trouble:      newTrouble,
		Begin:        newHome,
		Elsewhere:    newElsewhere,
		Role:         newRole,
		Person:       newOtherAccount,
		Sharing:      newSharing,
		Account:      newDuplicate,
		Replaced:     newReplaced,
	}
}
