package cli_test

import (
	"os"

	"filippo.io/age"
)

// Two kinds of key file. A passphrase costs half a second of a processor each time, which is
// what it is for; so all but the tests of passphrases take an age identity.

// writeKey writes a key file that holds an age identity.
func writeKey(path string) error {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(identity.String()+"\n"), 0o600)
}

// writePassphrase writes a key file that holds a passphrase.
func writePassphrase(path string) error {
	return os.WriteFile(path, []byte("a long passphrase for the tests alone\n"), 0o600)
}
