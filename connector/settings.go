package connector

// Settings are the answers that are asked for once and saved.
type Settings struct {
	Role Role `json:"role,omitempty"`
	// KeepIn is the chosen storage; "" means the first one that is ready.
	KeepIn StorageKind `json:"keep_in,omitempty"`
}

// With returns s, overridden by the fields of set that are not empty.
func (s Settings) With(set Settings) Settings {
	if set.Role != RoleUnknown {
		s.Role = set.Role
	}
	if set.KeepIn != "" {
		s.KeepIn = set.KeepIn
	}
	return s
}

// Role is the SaaSAssure role that a person says they have. This program can't verify it;
// SaaSAssure itself enforces roles. Without one of the two admin roles nothing is saved here.
type Role string

// The roles. The texts of the first two are the values of --role and of files.
const (
	RoleUnknown      Role = ""              // not asked yet
	RoleGlobalAdmin  Role = "global-admin"  // "Global Admin"
	RoleAccountAdmin Role = "account-admin" // "Account Admin"
	RoleOther        Role = "other"         // any other role: may read, check and practice, but not save
)

// MaySave reports whether the role may add, edit, replace and remove connectors.
func (r Role) MaySave() bool { return r == RoleGlobalAdmin || r == RoleAccountAdmin }

// Title returns the role as SaaSAssure writes it.
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
	return "not set"
}

// ParseRole reads a role as typed ("global-admin", "Global Admin", "other", "viewer"); the empty
// text is RoleUnknown. known is false for any other text: it may be a typo, so it is RoleOther, which
// allows nothing.
func ParseRole(text string) (role Role, known bool) {
	switch normalRole(text) {
	case "":
		return RoleUnknown, true
	case "globaladmin":
		return RoleGlobalAdmin, true
	case "accountadmin":
		return RoleAccountAdmin, true
	case "other", "anotherrole", "viewer":
		return RoleOther, true
	}
	return RoleOther, false
}

// normalRole returns text in lower case without spaces, hyphens and underscores.
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

// Values about the installation. The store fills them; screens and commands show them.

// TidyReport is what Tidy deleted, and what it could not delete yet.
type TidyReport struct {
	Collected int `json:"swept"` // orphaned tokens that were deleted
	Temps     int `json:"temps"` // temporary files of writers that were killed
	// Histories is how many histories of removed connectors were deleted: a report was saved after
	// the removal.
	Histories   int `json:"histories"`
	Uncollected int `json:"loose"` // references whose tokens are still to be deleted
	// Young is how many of Uncollected are too recent to delete: the write may still be in progress.
	Young int `json:"young"`
	// Unasked are the storages with something to delete that could not be opened.
	Unasked []StorageStatus `json:"unasked,omitempty"`
}

// FileCheck is one result of Store.CheckFiles, which changes nothing and reads no secret.
type FileCheck struct {
	What    string  `json:"what"` // the file or folder: "connectors file"
	Where   string  `json:"where"`
	Verdict Verdict `json:"verdict"` // Working, Attention, Failing, Unknown or Skipped
	Detail  string  `json:"detail"`  // a short sentence part: "readable by others (mode 0644)"
	Remedy  string  `json:"remedy"`  // verb first, "" where nothing has to be done
}
