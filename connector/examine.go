package connector

// Small values about the installation itself: what tidying up did, and what a look at its
// files found. The store fills them, a screen or a command shows them.

// TidyReport is what tidying up did and left.
type TidyReport struct {
	Swept int `json:"swept"` // values deleted that nobody needs any more
	Temps int `json:"temps"` // temporary files of writers that were killed
	Loose int `json:"loose"` // references that are noted as loose still
	// Young are those of Loose that are too young to be swept: a write may still be under way.
	Young int `json:"young"`
	// Unasked are the safes that hold something to be deleted and could not be asked.
	Unasked []SafeStatus `json:"unasked,omitempty"`
}

// Examined is one thing that a look at the installation's files found. A look changes
// nothing and reads no secret.
type Examined struct {
	What    string  `json:"what"` // the file or folder: "the file of connectors"
	Where   string  `json:"where"`
	Verdict Verdict `json:"verdict"` // Working, Attention, Failing, Unknown or Skipped
	Detail  string  `json:"detail"`  // a short sentence part: "open to others (mode 0644)"
	Remedy  string  `json:"remedy"`  // verb first, "" where nothing has to be done
}
