package wizard

import "saasconnect/ui"

// Screens are the screens of connecting, from the first one to the hand-over.
func Screens() ui.Screens {
	return ui.Screens{
		ui.ScreenHome:         newHome,
		ui.ScreenProduct:      newProduct,
		ui.ScreenGuide:        newGuide,
		ui.ScreenInstructions: newGuide,
		ui.ScreenForm:         newForm,
		ui.ScreenStorage:      newStorage,
		ui.ScreenUnlock:       newUnlock,
		ui.ScreenChecking:     newChecking,
		ui.ScreenDiagnosis:    newDiagnosis,
		ui.ScreenMessage:      newMessage,
		ui.ScreenSaving:       newSaving,
		ui.ScreenSuccess:      newSuccess,
		ui.ScreenHandover:     newHandover,
		ui.ScreenExpiry:       newExpiry,
		ui.ScreenNotSaved:     newTrouble,
		ui.ScreenAdd:          newHome,
		ui.ScreenReference:    newReference,
		ui.ScreenRole:         newRole,
		ui.ScreenOtherAccount: newOtherAccount,
		ui.ScreenSharing:      newSharing,
		ui.ScreenDuplicate:    newDuplicate,
		ui.ScreenReplaced:     newReplaced,
	}
}
