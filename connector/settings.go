package connector

// Settings are what was asked once and is remembered.
type Settings struct {
	Role Role `json:"role,omitempty"`
	// KeepIn is the storage that was chosen; "" means the first one that is ready.
	KeepIn StorageKind `json:"keep_in,omitempty"`
}

// With is the settings with those of set that are set.
func (s Settings) With(set Settings) Settings {
	if set.Role != RoleUnknown {
		s.Role = set.Role
	}
	if set.KeepIn != "" {
		s.KeepIn = set.KeepIn
	}
	return s
}

// Role is the SaaSAssure role a person says they have. SaaSAssure itself enforces
// roles; this program asks and refuses to save without one of the two, and cannot
// verify the answer.
type Role string

// The roles. The texts of the first two are what --role takes and files hold.
const (
	RoleUnknown      Role = ""              // not asked yet
	RoleGlobalAdmin  Role = "global-admin"  // "Global Admin"
	RoleAccountAdmin Role = "account-admin" // "Account Admin"
	RoleOther        Role = "other"         // anyone else: may read, check, practise, not save
)

// MaySave reports whether the role may add, edit, replace and remove connectors.
func (r Role) MaySave() bool { return r == RoleGlobalAdmin || r == RoleAccountAdmin }

// Title is the role as SaaSAssure writes it.
func (r Role) Title() string {
	switch r {
	case RoleGlobalAdmin:
		return "Global Admin"
	case RoleAccountAdmin:
		return "Account Admin"
	case RoleOther:
		return "another role"
	case RoleUnknown:
	}
	return "not said yet"
}

// ParseRole reads a role as written on a command line ("global-admin", "Global Admin").
// Any other text than the two admins' is RoleOther, the empty one RoleUnknown.
func ParseRole(text string) Role {
	switch normalRole(text) {
	case "":
		return RoleUnknown
	case "globaladmin":
		return RoleGlobalAdmin
	case "accountadmin":
		return RoleAccountAdmin
	}
	return RoleOther
}

// normalRole drops what people write differently: case, blanks, hyphens, underscores.
func normalRole(text string) string {
	var b []rune
	for _, r := range text {
		switch {
		case r >= 'A' && r <= 'Z':
			b = append(b, r+'a'-'A')
		case r == ' ' || r == '-' || r == '_' || r == '\t' || r == '\n' || r == '\r':
		default:
			b = append(b, r)
		}
	}
	return string(b)
}

// Small values about the installation itself: what tidying up did, and what a look at its
// files found. The store fills them, a screen or a command shows them.

// TidyReport is what tidying up did and left.
type TidyReport struct {
	Collected int `json:"swept"` // values deleted that nobody needs any more
	Temps     int `json:"temps"` // temporary files of writers that were killed
	// Histories are those of connectors that are gone: a report landed after the removal.
	Histories   int `json:"histories"`
	Uncollected int `json:"loose"` // references whose values are still to be deleted
	// Young are those of Uncollected that are too young for it: a write may still be under way.
	Young int `json:"young"`
	// Unasked are the storages that hold something to be deleted and could not be asked.
	Unasked []StorageStatus `json:"unasked,omitempty"`
}

// FileCheck is one thing that a look at the installation's files found. A look changes
// nothing and reads no secret.
type FileCheck struct {
	What    string  `json:"what"` // the file or folder: "the file of connectors"
	Where   string  `json:"where"`
	Verdict Verdict `json:"verdict"` // Working, Attention, Failing, Unknown or Skipped
	Detail  string  `json:"detail"`  // a short sentence part: "open to others (mode 0644)"
	Remedy  string  `json:"remedy"`  // verb first, "" where nothing has to be done
}
