package fakecloud

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Jira. Paths, fields and types follow developer.atlassian.com/cloud/jira/platform/rest/v3 (its
// OpenAPI document). Refusals follow measurements on live sites in 2026 by
// github.com/brekkylab/backlot, backlot/errors/atlassian.py.

func serveJira(w http.ResponseWriter, r *http.Request, s site) {
	rest := strings.HasPrefix(r.URL.Path, "/rest/")
	switch cred := credentialOf(r); {
	case !s.jira:
		// A site whose Jira was removed still has its tenant_info. Reported by users.
		missingTenant(w, r)
	case !rest && r.URL.Path == "/":
		w.Header().Set("Location", s.origin()+"/login.jsp?os_destination=%2Fdefault.jsp")
		w.WriteHeader(http.StatusFound)
	case !rest:
		send(w, http.StatusNotFound, "text/html;charset=utf-8", "<!DOCTYPE html><html><head><title>Oops, you&#39;ve found a dead link.</title></head></html>")
	case s.listed:
		addressRejected(w)
	case cred.bearer:
		sendJSON(w, http.StatusForbidden, "application/json", map[string]string{"error": "Failed to parse Connect Session Auth Token"})
	case cred.password:
		passwordDeprecated(w)
	default:
		jiraAnswer(w, r, s, cred.atSite())
	}
}

// jiraAnswer answers as Jira, at the site or behind the gateway.
func jiraAnswer(w http.ResponseWriter, r *http.Request, s site, who caller) {
	w.Header().Set("X-Arequestid", w.Header().Get("Atl-Traceid"))
	if who.failed {
		// The only sign that a 200 is anonymous.
		// Sources: backlot; github.com/MrRefactoring/jira.js, issue 418.
		w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	}
	switch r.URL.Path {
	case "/rest/api/3/myself":
		if who.person == nil {
			mustAuthenticate(w, r, s)
			return
		}
		sendJSON(w, http.StatusOK, jiraJSON, who.jiraUser(s))
	case "/rest/api/3/mypermissions":
		myPermissions(w, r, who)
	case "/rest/api/3/permissions":
		allPermissions(w, r, s, who)
	case "/rest/api/3/project/search":
		projects(w, r, s, who)
	case "/rest/api/3/serverInfo":
		sendJSON(w, http.StatusOK, jiraJSON, serverInfo(s))
	default:
		// Source: backlot.
		sendJSON(w, http.StatusNotFound, "application/problem+json;charset=UTF-8", map[string]any{
			"type": "about:blank", "title": "Not Found", "status": 404,
			"detail": "No endpoint " + r.Method + " " + r.URL.Path + ".", "instance": r.URL.Path,
		})
	}
}

const jiraJSON = "application/json;charset=UTF-8"

// mustAuthenticate sends Jira's refusal: always plain text, with the content type that was asked
// for. Source: backlot.
func mustAuthenticate(w http.ResponseWriter, r *http.Request, s site) {
	kind := "text/plain"
	switch accept := r.Header.Get("Accept"); {
	case strings.Contains(accept, "application/json"):
		kind = "application/json"
	case strings.Contains(accept, "*/*"):
		kind = "text/html;charset=UTF-8"
	}
	w.Header().Set("WWW-Authenticate", fmt.Sprintf("OAuth realm=%q", url.QueryEscape(s.origin())))
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	send(w, http.StatusUnauthorized, kind, "Client must be authenticated to access this resource.")
}

// passwordDeprecated sends the answer to an account's password. Source: a user's report,
// Space-Exporter, issue 11 (2023).
func passwordDeprecated(w http.ResponseWriter) {
	send(w, http.StatusUnauthorized, "text/plain", "Basic authentication with passwords is deprecated.  For more information, "+
		"see: https://developer.atlassian.com/cloud/confluence/deprecation-notice-basic-auth/")
}

// addressRejected sends the answer to an address outside the IP allowlist. Source: a vendor's
// knowledge base, page 1384133808. That it comes before the sign-in, and is the same in
// Confluence, is invented.
func addressRejected(w http.ResponseWriter) {
	jiraError(w, http.StatusForbidden, "The IP address has been rejected because it is not on the allowed list. See your admin for more information.")
}

// jiraError sends the specification's ErrorCollection.
func jiraError(w http.ResponseWriter, status int, messages ...string) {
	sendJSON(w, status, jiraJSON, map[string]any{"errorMessages": messages, "errors": map[string]string{}})
}

// jiraUser returns the account as in the specification's example of a User.
func (p *person) jiraUser(s site) map[string]any {
	user := map[string]any{
		"self":             s.origin() + "/rest/api/3/user?accountId=" + url.QueryEscape(p.id),
		"accountId":        p.id,
		"accountType":      p.kind,
		"avatarUrls":       map[string]string{"48x48": "https://avatar-management--avatars.example.com/48"},
		"displayName":      p.name,
		"active":           !p.inactive,
		"timeZone":         "Australia/Sydney",
		"locale":           "en_US",
		"groups":           map[string]any{"size": 3, "items": []any{}},
		"applicationRoles": map[string]any{"size": 1, "items": []any{}},
		"expand":           "groups,applicationRoles",
	}
	if p.app != "" {
		user["appType"] = p.app
	}
	if !p.hidden {
		user["emailAddress"] = p.email
	}
	return user
}

// myPermissions sends the requested permissions. An anonymous caller is answered too, and has
// none. The refusals of a missing and of an unknown key were recorded by
// github.com/Alknoma/minutehand.
func myPermissions(w http.ResponseWriter, r *http.Request, who caller) {
	asked := r.URL.Query().Get("permissions")
	if asked == "" {
		jiraError(w, http.StatusBadRequest, "The 'permissions' query parameter is required.")
		return
	}
	known := globalPermissions()
	answer, unknown := map[string]any{}, map[string]string{}
	for key := range strings.SplitSeq(asked, ",") {
		at := slices.IndexFunc(known, func(p permission) bool { return p.key == key })
		if at < 0 {
			unknown[key] = "Unrecognized permission"
			continue
		}
		// The ids are invented.
		answer[key] = map[string]any{
			"id": strconv.Itoa(at), "key": key, "name": known[at].name, "type": "GLOBAL", "description": known[at].name + ".",
			"havePermission": who.may(key),
		}
	}
	if len(unknown) > 0 {
		sendJSON(w, http.StatusBadRequest, jiraJSON, map[string]any{"errorMessages": []string{}, "errors": unknown})
		return
	}
	sendJSON(w, http.StatusOK, jiraJSON, map[string]any{"permissions": answer})
}

// allPermissions sends all permissions, to administrators only, as the specification says.
func allPermissions(w http.ResponseWriter, r *http.Request, s site, who caller) {
	switch {
	case who.person == nil:
		mustAuthenticate(w, r, s)
	case !who.jiraAdmin:
		jiraError(w, http.StatusForbidden, "Only Jira administrators can retrieve all permissions.")
	default:
		all := map[string]any{}
		for _, p := range globalPermissions() {
			all[p.key] = map[string]any{"key": p.key, "name": p.name, "type": "GLOBAL", "description": p.name + "."}
		}
		sendJSON(w, http.StatusOK, jiraJSON, map[string]any{"permissions": all})
	}
}

type permission struct{ key, name string }

// globalPermissions returns the keys and names of the global permissions. Source:
// developer.atlassian.com community, thread 85449.
func globalPermissions() []permission {
	return []permission{
		{"ADMINISTER", "Administer Jira"}, {"SYSTEM_ADMIN", "Jira System Administrators"},
		{"CREATE_PROJECT", "Create projects"}, {"BULK_CHANGE", "Bulk Change"},
		{"USER_PICKER", "Browse users and groups"}, {"CREATE_SHARED_OBJECTS", "Create Shared Objects"},
		{"MANAGE_GROUP_FILTER_SUBSCRIPTIONS", "Manage Group Filter Subscriptions"},
	}
}

func (who caller) may(key string) bool {
	switch {
	case who.person == nil:
		return false
	case key == "BULK_CHANGE", key == "USER_PICKER", key == "CREATE_SHARED_OBJECTS":
		return true
	}
	return who.jiraAdmin && key != "SYSTEM_ADMIN" // Atlassian Cloud gives SYSTEM_ADMIN to no customer
}

// projects sends a page of projects as the specification's PageBeanProject, sorted by key, which
// is the default. action=browse returns the projects that the account can open; action=view, the
// default, also those that it administers, which for an administrator of Jira are all. An
// anonymous caller gets none.
func projects(w http.ResponseWriter, r *http.Request, s site, who caller) {
	var keys []string
	if who.person != nil {
		for n := range who.projects {
			keys = append(keys, fmt.Sprintf("P%d", n+1))
		}
		if who.jiraAdmin && r.URL.Query().Get("action") != "browse" {
			keys = append(keys, who.closed...)
		}
	}
	slices.Sort(keys)
	total := len(keys)
	start, size := number(r, "startAt", 0), min(number(r, "maxResults", 50), 100)
	values := []any{}
	for n := start; n < min(start+size, total); n++ {
		id := strconv.Itoa(10000 + n)
		values = append(values, map[string]any{
			"self": s.origin() + "/rest/api/3/project/" + id, "id": id, "key": keys[n],
			"name": "Project " + keys[n], "projectTypeKey": "software", "simplified": false, "style": "classic", "isPrivate": false,
		})
	}
	page := map[string]any{
		"self": s.origin() + r.URL.RequestURI(), "maxResults": size, "startAt": start, "total": total,
		"isLast": start+len(values) >= total, "values": values,
	}
	if start+len(values) < total {
		page["nextPage"] = fmt.Sprintf("%s/rest/api/3/project/search?startAt=%d&maxResults=%d", s.origin(), start+len(values), size)
	}
	sendJSON(w, http.StatusOK, jiraJSON, page)
}

// number returns a query parameter as a number; otherwise where it is missing or invalid.
func number(r *http.Request, name string, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}

// serverInfo returns the answer to a call that needs no sign-in, so it proves nothing about a
// token. Source: github.com/ankitpokhrel/jira-cli, pkg/jira/testdata/serverinfo.json.
func serverInfo(s site) map[string]any {
	return map[string]any{
		"baseUrl": s.origin(), "version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0},
		"deploymentType": "Cloud", "buildNumber": 100204, "buildDate": "2022-08-12T12:59:12.000+0200",
		"serverTime": "2022-08-15T21:08:52.725+0200", "scmInfo": "948b370c557f4bbf768b92203f3aca5d86ee9758",
		"serverTitle": "Jira", "defaultLocale": map[string]string{"locale": "en_US"},
	}
}
