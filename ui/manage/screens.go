package manage

import "saasconnect/ui"

// Screens are the screens about saved connectors.
func Screens() ui.Screens {
	return ui.Screens{
		ui.ScreenList:        newList,
		ui.ScreenImport:      func(on ui.Base) ui.Screen { return newFiles(on, false) },
		ui.ScreenExport:      func(on ui.Base) ui.Screen { return newFiles(on, true) },
		ui.ScreenDetail:      newDetail,
		ui.ScreenRemove:      newRemove,
		ui.ScreenEdit:        newEdit,
		ui.ScreenEditSeveral: newEditSeveral,
	}
}
