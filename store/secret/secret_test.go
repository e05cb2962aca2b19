package secret

import (
	"strings"
	"testing"

	"saasconnect/connector"
)

// FuzzDecodeEnvelope: whatever a storage gives back, a token comes out of it only where it is bound to
// this very connector, and no error quotes it.
func FuzzDecodeEnvelope(f *testing.F) {
	for _, s := range []string{
		"", "{}", "null", canary, `{"v":1}`, `{"v":2,"token":"x"}`, `{"v":1,"token":"x","origin":"https://evil.example","email":"mia@example.com","connector":"id"}`,
		`{"v":1,"token":"x","origin":"https://acme.atlassian.net","email":"MIA@example.com","connector":"id"}`,
		`{"v":1,"token":"x","origin":"https://acme.atlassian.net","email":"mia@example.com","connector":"id","cloud_id":"c"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		c := acmeJira(t, connector.StorageFile)
		c.ID = "id"
		token, err := decodeEnvelope(connector.StorageFile, c, value)
		if (err == nil) == token.IsZero() {
			t.Fatalf("a token and an error, or neither: %v", err)
		}
		if err == nil {
			text := string(value)
			for _, bound := range []string{"https://acme.atlassian.net", `"id"`} {
				if !strings.Contains(text, bound) && !strings.Contains(text, `\`) {
					t.Errorf("a token that is not bound to %s came out of %q", bound, text)
				}
			}
			return
		}
		if len(value) > 12 && strings.Contains(err.Error(), string(value)) {
			t.Errorf("the error quotes what was kept: %v", err)
		}
	})
}
