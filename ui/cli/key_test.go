package cli_test

import "os"

// writeKey makes a file that unlocks the encrypted file unattended.
func writeKey(path string) error {
	return os.WriteFile(path, []byte("a long passphrase for the tests alone\n"), 0o600)
}
