package atlassian

import (
	"strings"
	"testing"
)

// TestReport2Reason: an answer's own sentence is taken if it says something, from every field that
// Atlassian's servers use, cleaned, limited, and without the credentials.
func TestReport2Reason(t *testing.T) {
	token := NewToken(pretendToken())
	long := strings.Repeat("a rather long sentence ", 40)
	for name, c := range map[string]struct {
		reply reply
		want  string
	}{
		"the gateway's message":      {reply{403, nil, `{"code":403,"message":"Your admin has blocked API token access for external users. Contact your admin to find out why."}`}, "Your admin has blocked API token access for external users. Contact your admin to find out why."},
		"Jira's messages":            {reply{403, nil, `{"errorMessages":["You do not have the permission."],"errors":{}}`}, "You do not have the permission."},
		"the edge's":                 {reply{404, nil, `{"errorCode":"OTHER","errorMessage":"Site temporarily unavailable"}`}, "Site temporarily unavailable"},
		"a problem's detail":         {reply{410, nil, `{"title":"Gone","detail":"This call was removed."}`}, "This call was removed."},
		"a short text":               {reply{403, map[string]string{"Content-Type": "text/plain"}, "Basic access is off here."}, "Basic access is off here."},
		"what a terminal would obey": {reply{403, nil, `{"message":"a\u001b]52;c;x\u0007 b \u202e c d"}`}, "a b c d"},
		"too long":                   {reply{403, nil, `{"message":"` + long + `"}`}, Clean(long, longestReason)},
		"an exception":               {reply{403, nil, `{"message":"com.atlassian.confluence.StacklessResponseStatusException: 403 FORBIDDEN \"Request rejected\""}`}, ""},
		"another exception":          {reply{500, nil, `{"message":"java.lang.IllegalStateException: no tenant here"}`}, ""},
		"a program's name":           {reply{500, nil, `{"message":"at com.atlassian.jira in line 7"}`}, ""},
		"a word":                     {reply{401, nil, `{"code":401,"message":"Unauthorized"}`}, ""},
		"what every refusal says":    {reply{401, nil, "Client must be authenticated to access this resource."}, ""},
		"another type":               {reply{403, nil, `{"message":{"a":"b c d"},"errorMessages":[7]}`}, ""},
		"a page":                     {reply{403, map[string]string{"Content-Type": "text/html"}, "<html><body>no way in here</body></html>"}, ""},
		"the token itself":           {reply{403, nil, `{"message":"you sent ` + token.Reveal() + ` to us"}`}, redacted},
		"of a good answer":           {reply{200, nil, `{"message":"all is well here","accountId":"5b10"}`}, ""},
	} {
		cloud := newCloud(t, goodReplies().with(pathMyself, c.reply), nil)
		seen := cloud.client(t).Observe(t.Context(), askFor(t, Jira), token, nil)
		if got := must(t, seen, CallIdentity).Reason; got != c.want || len([]rune(got)) > longestReason {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
