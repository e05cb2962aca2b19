package atlassian

// Reading the few fields needed from JSON. A field of another type than expected counts as
// missing, and never makes the call fail, since Atlassian's own examples don't follow its schemas
// (serverInfo's doesn't).

import (
	"encoding/json"
	"net/http"
	"strings"
)

// IsUUID reports whether id is a UUID in lower case (RFC 9562). Only such an id becomes part of a
// path at the gateway or of a file's name.
func IsUUID(id string) bool {
	if len(id) != 36 {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}

// rawText returns a string field unchanged; "" where it is missing.
func rawText(object map[string]json.RawMessage, name string) string {
	var text string
	if json.Unmarshal(object[name], &text) != nil {
		return ""
	}
	return text
}

// textField returns a string field, cleaned; "" where it is missing.
func textField(object map[string]json.RawMessage, name string) string {
	return Clean(rawText(object, name), 120)
}

func boolField(object map[string]json.RawMessage, name string) *bool {
	var b *bool
	if json.Unmarshal(object[name], &b) != nil {
		return nil
	}
	return b
}

func objectField(object map[string]json.RawMessage, name string) map[string]json.RawMessage {
	var inner map[string]json.RawMessage
	if json.Unmarshal(object[name], &inner) != nil {
		return nil
	}
	return inner
}

func listField(object map[string]json.RawMessage, name string) ([]json.RawMessage, bool) {
	var list []json.RawMessage
	if json.Unmarshal(object[name], &list) != nil {
		return nil, false
	}
	return list, list != nil
}

func cloudID(object map[string]json.RawMessage) string {
	id := strings.ToLower(rawText(object, "cloudId"))
	if !IsUUID(id) {
		return ""
	}
	return id
}

// person reads a user of Jira or Confluence; nil where the object has none of its fields.
func person(object map[string]json.RawMessage) *Person {
	p := Person{
		ID:        accountID(object),
		Name:      firstText(object, "displayName", "publicName"),
		Email:     firstText(object, "emailAddress", "email"),
		Kind:      textField(object, "accountType"),
		App:       textField(object, "appType"),
		Active:    boolField(object, "active"),
		Anonymous: strings.EqualFold(textField(object, "type"), "anonymous"),
	}
	if p.Active == nil {
		p.Active = activeStatus(textField(object, "accountStatus"))
	}
	if p == (Person{}) {
		return nil
	}
	return &p
}

// activeStatus reads Confluence's status of an account. It returns nil for an unknown status
// ("unknown" is one), so that a new value doesn't make an account look deactivated.
func activeStatus(status string) *bool {
	var active bool
	switch strings.ToLower(status) {
	case "active":
		active = true
	case "inactive", "closed", "deactivated", "suspended":
	default:
		return nil
	}
	return &active
}

// accountID returns the account's id, which proves who is signed in, so it is never shortened or
// cleaned: "" where it would have to be. Atlassian documents at most 128 characters, so far
// digits, letters and dashes, and says not to rely on more:
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/.
func accountID(object map[string]json.RawMessage) string {
	id := rawText(object, "accountId")
	if len(id) > 128 || id != Clean(id, 128) || strings.ContainsAny(id, " \t") {
		return ""
	}
	return id
}

func firstText(object map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		if text := textField(object, name); text != "" {
			return text
		}
	}
	return ""
}

// operationsAdmin returns Confluence's admin right: the operation "administer" on "application"
// (https://community.developer.atlassian.com/t/29678). nil where the list has no valid operation,
// since everyone with access to Confluence has at least "use".
func operationsAdmin(object map[string]json.RawMessage) *bool {
	list, ok := listField(object, "operations")
	if !ok {
		return nil
	}
	admin, understood := false, false
	for _, item := range list {
		var operation map[string]json.RawMessage
		if json.Unmarshal(item, &operation) != nil {
			continue
		}
		name, target := textField(operation, "operation"), textField(operation, "targetType")
		understood = understood || (name != "" && target != "")
		admin = admin || (name == "administer" && target == "application")
	}
	if !understood {
		return nil
	}
	return &admin
}

// permissionsAdmin returns Jira's admin right: ADMINISTER or SYSTEM_ADMIN; nil where the answer
// has neither. In the cloud an admin has the first and may lack the second, so only the first
// decides that there is no right.
func permissionsAdmin(object map[string]json.RawMessage) *bool {
	permissions := objectField(object, "permissions")
	administer := boolField(objectField(permissions, "ADMINISTER"), "havePermission")
	system := boolField(objectField(permissions, "SYSTEM_ADMIN"), "havePermission")
	if system != nil && *system {
		return system
	}
	return administer
}

// coverage returns the count of an answer: Jira's total, or the number of results on one page. nil
// where there is neither.
func coverage(object map[string]json.RawMessage, h http.Header) *Coverage {
	var total *int
	if json.Unmarshal(object["total"], &total) == nil && total != nil && *total >= 0 {
		return &Coverage{Count: *total}
	}
	if results, ok := listField(object, "results"); ok {
		more := rawText(objectField(object, "_links"), "next") != "" ||
			strings.Contains(strings.ToLower(strings.Join(h.Values("Link"), ",")), `rel="next"`)
		return &Coverage{Count: len(results), AtLeast: more}
	}
	if values, ok := listField(object, "values"); ok {
		last := boolField(object, "isLast")
		return &Coverage{Count: len(values), AtLeast: last == nil || !*last}
	}
	return nil
}

// projectKeys returns the keys of a page of projects, unchanged and without invalid ones; nil
// where the answer has no list:
// https://support.atlassian.com/jira-cloud-administration/docs/edit-a-projects-details/
func projectKeys(object map[string]json.RawMessage) []string {
	values, ok := listField(object, "values")
	if !ok {
		return nil
	}
	keys := []string{}
	for _, value := range values {
		var project map[string]json.RawMessage
		if json.Unmarshal(value, &project) != nil {
			continue
		}
		if key := rawText(project, "key"); key != "" && len(key) <= 64 && Clean(key, 64) == key {
			keys = append(keys, key)
		}
	}
	return keys
}
