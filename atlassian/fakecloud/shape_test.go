package fakecloud_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"saasconnect/atlassian/fakecloud"
)

// otherID is the cloud id of no site.
const otherID = "00000000-6d1e-4b8a-9c35-7e1d20b94a63"

// shape is what a JSON object of Atlassian's may contain; testdata/shapes.txt explains its
// notation.
type shape struct {
	fields   map[string]string
	required []string
	open     bool
}

type shapes map[string]*shape

func readShapes(t *testing.T) shapes {
	t.Helper()
	data, err := os.ReadFile("testdata/shapes.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := shapes{}
	var at *shape
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		head, isHead := strings.CutPrefix(line, "== ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case isHead:
			name, source, found := strings.Cut(head, ": ")
			if !found || source == "" || all[name] != nil {
				t.Fatalf("a shape without a source, or twice: %s", line)
			}
			at = &shape{fields: map[string]string{}}
			all[name] = at
		case line == "...":
			at.open = true
		default:
			field, kind, _ := strings.Cut(line, " ")
			if name, must := strings.CutSuffix(field, "!"); must {
				field, at.required = name, append(at.required, name)
			}
			at.fields[field] = kind
		}
	}
	return all
}

// wrong returns what is wrong with a value, each with its path.
func (all shapes) wrong(kind, place string, value any) []string {
	is := func(ok bool) []string {
		if ok {
			return nil
		}
		return []string{fmt.Sprintf("%s is %v (%T), not %s", place, value, value, kind)}
	}
	if at := all[kind]; at != nil {
		return all.wrongObject(at, place, value)
	}
	switch {
	case kind == "any":
		return nil
	case kind == "string":
		_, ok := value.(string)
		return is(ok)
	case kind == "boolean":
		_, ok := value.(bool)
		return is(ok)
	case kind == "integer":
		n, ok := value.(float64)
		return is(ok && n == math.Trunc(n))
	case strings.HasPrefix(kind, "["):
		list, ok := value.([]any)
		found := is(ok)
		for i, one := range list {
			found = append(found, all.wrong(strings.Trim(kind, "[]"), fmt.Sprintf("%s[%d]", place, i), one)...)
		}
		return found
	case strings.HasPrefix(kind, "{"):
		members, ok := value.(map[string]any)
		found := is(ok)
		for name, one := range members {
			found = append(found, all.wrong(strings.Trim(kind, "{}"), place+"."+name, one)...)
		}
		return found
	}
	text, ok := value.(string)
	return is(ok && slices.Contains(strings.Split(kind, "|"), text))
}

func (all shapes) wrongObject(at *shape, place string, value any) (found []string) {
	members, ok := value.(map[string]any)
	if !ok {
		return []string{place + " is no object"}
	}
	for _, name := range at.required {
		if _, has := members[name]; !has {
			found = append(found, place+"."+name+" is missing")
		}
	}
	for name, one := range members {
		kind, known := at.fields[name]
		switch {
		case known:
			found = append(found, all.wrong(kind, place+"."+name, one)...)
		case !at.open:
			found = append(found, place+"."+name+" is none of Atlassian's fields")
		}
	}
	return found
}

// shapeOf returns the shape that an answer must have; "" where its body isn't a JSON object.
func shapeOf(r *http.Request, w *httptest.ResponseRecorder) string {
	path := r.URL.Path
	if r.URL.Host == "api.atlassian.com" {
		path = strings.TrimPrefix(path, "/ex/jira/")
		path = strings.TrimPrefix(path, "/ex/confluence/")[len(cloudID):]
	}
	kind, _, _ := mime.ParseMediaType(w.Header().Get("Content-Type"))
	body := w.Body.Bytes()
	switch {
	case kind == "application/problem+json":
		return "problem"
	case kind != "application/json" || len(body) == 0 || body[0] != '{':
		return ""
	case w.Code != http.StatusOK && strings.HasPrefix(string(body), `{"errorMessages"`):
		return "jira.Errors"
	case strings.Contains(string(body), "errorCode"):
		return "edge.Unavailable"
	case w.Code != http.StatusOK && strings.HasPrefix(string(body), `{"code"`): // also at a site: tokensBlocked
		return "gateway.Error"
	case r.URL.Host == "api.atlassian.com" && w.Code == http.StatusNotFound && strings.Contains(string(body), `"timestamp"`):
		return "gateway.NoTenant"
	case w.Code == http.StatusForbidden && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer") && !strings.HasPrefix(path, "/wiki"):
		return "jira.BadBearer"
	case w.Code == http.StatusOK && path == "/_edge/tenant_info":
		return "tenant"
	case w.Code != http.StatusOK && strings.HasPrefix(path, "/wiki/api/v2/"):
		return "confluence.Errors"
	case w.Code != http.StatusOK && strings.HasPrefix(path, "/wiki/"):
		return "confluence.Error"
	}
	switch path {
	case "/rest/api/3/myself":
		return "jira.User"
	case "/rest/api/3/mypermissions":
		return "jira.Permissions"
	case "/rest/api/3/project/search":
		return "jira.Projects"
	case "/rest/api/3/serverInfo":
		return "jira.Server"
	case "/wiki/rest/api/user/current":
		if strings.Contains(string(body), `"anonymous"`) {
			return "confluence.Anonymous"
		}
		return "confluence.User"
	case "/wiki/api/v2/spaces":
		return "confluence.Spaces"
	}
	return "(no shape)"
}

// TestShapes makes every call to the cloud, at every host, for every account, in every situation,
// and compares each answer with Atlassian's specification.
func TestShapes(t *testing.T) {
	all := readShapes(t)
	met := map[string]int{}
	askEverything(t, func(r *http.Request, w *httptest.ResponseRecorder) {
		name := shapeOf(r, w)
		if name == "" {
			return
		}
		met[name]++
		var value any
		if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
			if !strings.HasSuffix(w.Body.String(), `"displayName":`) { // brokenJSON is cut off on purpose
				t.Errorf("%s: %d is no JSON: %v", r.URL, w.Code, err)
			}
			return
		}
		if all[name] == nil {
			t.Fatalf("%s: %d has no shape: %.200s", r.URL, w.Code, w.Body)
		}
		for _, wrong := range all.wrong(name, name, value) {
			t.Errorf("%s: %d: %s", r.URL, w.Code, wrong)
		}
	})
	for name := range all {
		part := slices.ContainsFunc(slices.Collect(maps.Values(all)), func(s *shape) bool {
			return slices.ContainsFunc(slices.Collect(maps.Values(s.fields)), func(kind string) bool { return strings.Trim(kind, "[]{}") == name })
		})
		if met[name] == 0 && !part {
			t.Errorf("no answer has the shape %s", name)
		}
	}
	t.Logf("answers by shape: %v", met)
}

func askEverything(t *testing.T, visit func(*http.Request, *httptest.ResponseRecorder)) {
	t.Helper()
	silent := []string{"slow", "timed-out", "timed-out-midway", "cut-off"} // answer late, or not completely
	for _, s := range fakecloud.Situations() {
		if slices.Contains(silent, s.Name) {
			continue
		}
		cloud := fakecloud.Open(s, time.Now, 0)
		for _, host := range []string{"acme", "acme-wiki", "acme-desk", "acme-vault", "acme-public", "acme-old", "nobody"} {
			for _, path := range []string{
				"/_edge/tenant_info", "/rest/api/3/myself", "/rest/api/3/mypermissions?permissions=ADMINISTER,SYSTEM_ADMIN", "/rest/api/3/mypermissions",
				"/rest/api/3/project/search?maxResults=1", "/rest/api/3/serverInfo", "/rest/api/3/nope", "/wiki/rest/api/user/current?expand=operations",
				"/wiki/rest/api/user/current", "/wiki/api/v2/spaces?limit=250", "/wiki/rest/api/nope", "/wiki/api/v2/nope",
			} {
				product := "jira"
				if strings.HasPrefix(path, "/wiki/") {
					product = "confluence"
				}
				for _, address := range []string{"https://" + host + ".atlassian.net" + path, gateway + product + "/" + cloudID + path,
					gateway + product + "/" + otherID + path} {
					for _, sign := range []option{func(*http.Request) {}, basic(s.Seed.Email, s.Seed.Token), header("Authorization", "Bearer "+s.Seed.Token)} {
						r := httptest.NewRequest(http.MethodGet, address, nil)
						r.Header.Set("Accept", "application/json")
						sign(r)
						w := httptest.NewRecorder()
						cloud.ServeHTTP(w, r)
						visit(r, w)
					}
				}
			}
		}
		cloud.Close()
	}
}
