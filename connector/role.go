package connector

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
