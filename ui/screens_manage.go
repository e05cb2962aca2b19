package ui

// ManageScreens are the screens about saved connectors.
func ManageScreens() Screens {
	return Screens{
		List:        newList,
		Import:      func(on stage) screen { return newFiles(on, false) },
		Export:      func(on stage) screen { return newFiles(on, true) },
		Detail:      newDetail,
		Remove:      newRemove,
		Edit:        newEdit,
		EditSeveral: newEditSeveral,
	}
}
