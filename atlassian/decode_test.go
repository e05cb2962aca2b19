package atlassian

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func object(t testing.TB, text string) map[string]json.RawMessage {
	t.Helper()
	var o map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestPerson reads the examples in Atlassian's OpenAPI documents, and invalid variants of them.
func TestPerson(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		json string
		want *Person
	}{
		{`{"accountId":"5b10a2844c20165700ede21g","accountType":"atlassian","active":true,"applicationRoles":{"items":[],"size":1},"displayName":"Mia Krystof","emailAddress":"mia@example.com","key":"","name":"","self":"https://your-domain.atlassian.net/rest/api/3/user?accountId=5b10a2844c20165700ede21g"}`,
			&Person{ID: "5b10a2844c20165700ede21g", Name: "Mia Krystof", Email: "mia@example.com", Kind: "atlassian", Active: &yes}},
		{`{"type":"known","accountId":"5bff","accountType":"atlassian","email":"","publicName":"Foo Bar","accountStatus":"closed"}`,
			&Person{ID: "5bff", Name: "Foo Bar", Kind: "atlassian", Active: &no}},
		{`{"type":"anonymous","profilePicture":{},"displayName":"Anonymous"}`, &Person{Name: "Anonymous", Anonymous: true}},
		{`{"accountId":"5b10","accountType":"app","appType":"service","emailAddress":null,"active":false}`, &Person{ID: "5b10", Kind: "app", App: "service", Active: &no}},
		{`{"accountId":17,"displayName":{},"emailAddress":true,"active":"true","accountType":null}`, nil},
		{`{}`, nil},
	} {
		got := person(object(t, c.json))
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(c.want)
		if string(a) != string(b) {
			t.Errorf("%s\n got %s\nwant %s", c.json, a, b)
		}
	}
}

func said(b *bool) string {
	if b == nil {
		return "unsaid"
	}
	return fmt.Sprint(*b)
}

func TestAdminRights(t *testing.T) {
	for text, want := range map[string]string{
		`{"permissions":{"ADMINISTER":{"id":"0","key":"ADMINISTER","type":"GLOBAL","havePermission":true}}}`: "true",
		`{"permissions":{"ADMINISTER":{"havePermission":false},"SYSTEM_ADMIN":{"havePermission":true}}}`:     "true",
		`{"permissions":{"ADMINISTER":{"havePermission":false},"SYSTEM_ADMIN":{"havePermission":false}}}`:    "false",
		`{"permissions":{"SYSTEM_ADMIN":{"havePermission":false}}}`:                                          "unsaid",
		`{"permissions":{"EDIT_ISSUES":{"havePermission":true}}}`:                                            "unsaid",
		`{"permissions":{"ADMINISTER":{"havePermission":"true"}}}`:                                           "unsaid",
		`{"permissions":[]}`: "unsaid",
		`{}`:                 "unsaid",
	} {
		if got := said(permissionsAdmin(object(t, text))); got != want {
			t.Errorf("%s: %s; want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		`{"operations":[{"operation":"use","targetType":"application"},{"operation":"administer","targetType":"application"}]}`: "true",
		`{"operations":[{"operation":"use","targetType":"application"}]}`:                                                       "false",
		`{"operations":[{"operation":"administer","targetType":"space"}]}`:                                                      "false",
		`{"operations":[5,null,{"operation":"administer","targetType":"application"}]}`:                                         "true",
		`{"operations":[5]}`: "unsaid", `{"operations":[]}`: "unsaid", `{"operations":null}`: "unsaid", `{"operations":{}}`: "unsaid", `{}`: "unsaid",
	} {
		if got := said(operationsAdmin(object(t, text))); got != want {
			t.Errorf("%s: %s; want %s", text, got, want)
		}
	}
}

func TestCoverageCounts(t *testing.T) {
	next := http.Header{"Link": {`</wiki/api/v2/spaces?cursor=x>; rel="next"`}}
	for _, c := range []struct {
		json string
		head http.Header
		want string
	}{
		{`{"isLast":false,"maxResults":2,"total":7,"values":[{},{}]}`, nil, "&{7 false}"},
		{`{"total":0}`, nil, "&{0 false}"},
		{`{"total":"7","values":[{}],"isLast":true}`, nil, "&{1 false}"},
		{`{"total":-1}`, nil, "<nil>"}, {`{"total":1.5}`, nil, "<nil>"},
		{`{"results":[{},{}],"_links":{"base":"x"}}`, nil, "&{2 false}"},
		{`{"results":[{},{}],"_links":{"next":"/wiki"}}`, nil, "&{2 true}"},
		{`{"results":[{}]}`, next, "&{1 true}"},
		{`{"results":[]}`, nil, "&{0 false}"}, {`{"results":null}`, nil, "<nil>"}, {`{}`, nil, "<nil>"},
	} {
		if got := fmt.Sprint(coverage(object(t, c.json), c.head)); got != c.want {
			t.Errorf("%s: %s; want %s", c.json, got, c.want)
		}
	}
}

func TestPhrases(t *testing.T) {
	for body, want := range map[string]Phrase{
		"Client must be authenticated to access this resource.":                                                        PhraseMustAuthenticate,
		`{"message":"Client must be authenticated to access this resource.","status-code":401}`:                        PhraseMustAuthenticate,
		"Basic authentication with passwords is deprecated.  For more information, see: https://x":                     PhrasePassword,
		`{"error":"Failed to parse Connect Session Auth Token"}`:                                                       PhraseBearer,
		`{"errorMessages":["The IP address has been rejected because it is not on the allowed list."]}`:                PhraseIPRejected,
		`{"code":401,"message":"Unauthorized; scope does not match"}`:                                                  PhraseScope,
		`{"code":401,"message":"Unauthorized"}`:                                                                        PhraseUnauthorized,
		`{"errorCode":"OTHER","errorMessage":"Site temporarily unavailable"}`:                                          PhraseUnavailable,
		"<html><title>Atlassian Cloud Notifications - Page Unavailable</title>":                                        PhraseUnavailable,
		`{"statusCode":403,"message":"x: 403 FORBIDDEN \"Request rejected because caller cannot access Confluence\""}`: PhraseNoConfluence,
		`{"message":"Current user not permitted to use Confluence","statusCode":403}`:                                  PhraseNoConfluence,
		`<!doctype html><html lang="en"><head><title>HTTP Status 401 – Unauthorized</title></head></html>`:             PhraseTomcat401,
		"<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>":                                  PhraseFront,
		`<html>Page unavailable, says a proxy`:                                                                         PhraseNone,
		strings.Repeat(" x", 40<<10) + "scope does not match":                                                          PhraseNone,
		"": PhraseNone,
	} {
		o := Observation{Status: 401}
		o.readBody([]byte(body), http.Header{"Content-Type": {"application/json"}})
		if o.Phrase != want {
			t.Errorf("%.60s: %q; want %q", body, o.Phrase, want)
		}
		o = Observation{Status: 200}
		o.readBody([]byte(body), http.Header{})
		if o.Phrase != PhraseNone {
			t.Errorf("%.60s: recognized in a 200", body)
		}
	}
}

// FuzzAnswer: no body causes a panic, or a text that was not cleaned.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"accountId":"5b10","displayName":"\u001b[31m","operations":[{}],"total":3,"results":[]}`), 200, "application/json")
	f.Add([]byte(`{"permissions":{"ADMINISTER":{"havePermission":1}}}`), 200, "")
	f.Add([]byte("\xef\xbb\xbf<html>HTTP Status 401"), 401, "text/html")
	f.Add([]byte(`{"cloudId":"`+testCloudID+`"}`), 200, "application/json")
	f.Fuzz(func(t *testing.T, body []byte, status int, kind string) {
		for _, call := range []Call{CallTenant, CallIdentity, CallPermissions, CallCoverage, CallGateway, CallJiraIdentity} {
			o := Observation{Call: call, Status: status}
			o.readBody(body, http.Header{"Content-Type": {kind}})
			if o.CloudID != "" && !IsUUID(o.CloudID) {
				t.Fatalf("cloud id %q", o.CloudID)
			}
			if p := o.Person; p != nil {
				for _, text := range []string{p.ID, p.Name, p.Email, p.Kind, p.App} {
					if text != Clean(text, 120) {
						t.Fatalf("%q is not clean", text)
					}
				}
			}
			if o.Coverage != nil && o.Coverage.Count < 0 {
				t.Fatalf("coverage %+v", o.Coverage)
			}
		}
	})
}
