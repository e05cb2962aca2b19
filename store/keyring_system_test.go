package store

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"saasconnect/atlassian"
	"saasconnect/connector"
)

// The longest value that macOS is given makes a line that go-keyring does not refuse, and
// the longest one for Windows is the one that it takes there.
func TestKeyringLimits(t *testing.T) {
	most := 0
	for fits("darwin", most+1) {
		most++
	}
	uuid := "5b10a284-0000-4000-8000-5fb731aea58f"
	value := "go-keyring-base64:" + base64.StdEncoding.EncodeToString(make([]byte, most))
	line := fmt.Sprintf("add-generic-password -U -s '%s' -a '%s' -w '%s'\n", folder, uuid, value)
	if len(line) > 4096 || len(line) < 4000 {
		t.Errorf("%d bytes make a line of %d", most, len(line))
	}
	if !fits("windows", 2560) || fits("windows", 2561) || !fits("linux", 1<<20) {
		t.Error("the limits of Windows or Linux")
	}
}

// A token that the system's keyring can't hold is refused in words, and go-keyring is not
// asked. Every token of a likely length is held by all of them.
func TestTokenTooLongForTheKeyring(t *testing.T) {
	for length, refused := range map[int]map[string]bool{
		192:  {},
		1024: {},
		2400: {"windows": true},
		4000: {"windows": true, "darwin": true},
	} {
		site, _, err := atlassian.ParseSite("a-site-with-quite-a-long-name-for-a-company")
		if err != nil {
			t.Fatal(err)
		}
		c := connector.Connector{ID: "5b10a284-0000-4000-8000-5fb731aea58f", Site: site, Email: strings.Repeat("e", 64) + "@example.com", CloudID: "5b10a284-0000-4000-8000-5fb731aea58f"}
		value, err := seal(c, atlassian.NewToken(strings.Repeat("t", length)))
		if err != nil {
			t.Fatal(err)
		}
		for _, system := range []string{"linux", "darwin", "windows"} {
			k := pretended(false, connector.SafeReady)
			k.system = system
			asked := false
			set := k.set
			k.set = func(service, user, value string) error { asked = true; return set(service, user, value) }
			err := putProven(t.Context(), k, "ref", value)
			if want := refused[system]; want != (err != nil) || want == asked || want && whyOf(t, err) != "too-big" {
				t.Errorf("%d characters on %s: %v, asked %v", length, system, err, asked)
			}
		}
	}
}

// An error of a system that is not Linux has a name, too.
func TestKeyringTroubleElsewhere(t *testing.T) {
	for words, want := range map[string]connector.SafeWhy{
		"exit status 36":  connector.SafeWhyLocked,  // macOS: errSecInteractionNotAllowed, -25308
		"exit status 51":  connector.SafeWhyRefused, // errSecAuthFailed, -25293
		"exit status 128": connector.SafeWhyRefused, // errSecUserCanceled, -128
		"exit status 37":  connector.SafeWhyUnavailable,
		"A specified logon session does not exist. It may already have been terminated.": connector.SafeWhyUnavailable, // Windows, over SSH
	} {
		err := keyringTrouble(fmt.Errorf("%s", words), connector.SafeReady)
		if whyOf(t, err) != string(want) {
			t.Errorf("%s: %v", words, err)
		}
	}
}
