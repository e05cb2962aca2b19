package atlassian

// This file reads the few fields that are needed out of JSON. The rule: a field of
// another type than expected is a field that is not there, never a failed call, since
// Atlassian's own examples break its schemas (serverInfo's does).

import (
	"encoding/json"
	"net/http"
	"strings"
)

// IsUUID reports whether an id is a UUID in small letters (RFC 9562), which is the only form
// that ever becomes part of a gateway's path, or of a file's name.
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

// rawText is a string field as it came, "" where there is none.
func rawText(object map[string]json.RawMessage, name string) string {
	var text string
	if json.Unmarshal(object[name], &text) != nil {
		return ""
	}
	return text
}

// textField is a string field, cleaned.
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

// person reads Jira's and Confluence's user, nil where nothing of one is there.
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

// activeStatus reads Confluence's status of an account. One that is not known says nothing:
// an account must not be called switched off for a word that is new ("unknown" is one).
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

// accountID is what proves who is signed in, so it is taken as it came or not at all.
// Atlassian gives it at most 128 characters, digits, letters and dashes so far, and says
// not to rely on more: https://developer.atlassian.com/cloud/jira/platform/rest/v3/.
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

// operationsAdmin is Confluence's admin right: "administer" on "application"
// (https://community.developer.atlassian.com/t/29678). A list with no operation in it is
// no answer: whoever may use Confluence has at least "use".
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

// permissionsAdmin is Jira's: ADMINISTER or SYSTEM_ADMIN. In the cloud a site's admin has
// the first and need not have the second, so only the first's "no" is a no.
func permissionsAdmin(object map[string]json.RawMessage) *bool {
	permissions := objectField(object, "permissions")
	administer := boolField(objectField(permissions, "ADMINISTER"), "havePermission")
	system := boolField(objectField(permissions, "SYSTEM_ADMIN"), "havePermission")
	if system != nil && *system {
		return system
	}
	return administer
}

// coverage counts what a page says there is: Jira's total, or the results of one page.
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

// projectKeys are the keys of a page of projects, as they came; not nil where there is a list.
// One that is no key is left out: https://support.atlassian.com/jira-cloud-administration/docs/edit-a-projects-details/
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
