package store

import (
	"encoding/base64"
	"runtime"
)

// What the keyrings of the systems are called, and how much they hold. The limits are asked
// before go-keyring is: on macOS it finds out only after it has started a program, which it
// then leaves behind (keyring_darwin.go of 0.2.8: it returns between Start and Wait).

// keyringTitle is a system's keyring as people there call it.
func keyringTitle(system string) string {
	switch system {
	case "darwin":
		return "the system keyring (macOS Keychain)"
	case "windows":
		return "the system keyring (Windows Credential Manager)"
	case "linux":
		return "the system keyring (Secret Service)"
	}
	return "the system keyring"
}

func keyringRemedy(system string) string {
	if system == "linux" {
		return "Install and start gnome-keyring, KWallet or KeePassXC, or keep tokens in the encrypted file"
	}
	return "Keep tokens in the encrypted file"
}

const (
	// credentialBytes is CRED_MAX_CREDENTIAL_BLOB_SIZE, in bytes as they are: nothing is made
	// UTF-16. Source: learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw.
	credentialBytes = 5 * 512
	// securityLine is what one line of /usr/bin/security -i may hold, so go-keyring.
	securityLine = 4096
	// aroundTheValue is the rest of that line, with room for quotation marks:
	// add-generic-password -U -s SERVICE -a UUID -w go-keyring-base64:…
	aroundTheValue = 160
)

// fits reports whether a system's keyring takes a value of so many bytes. A token of 192
// characters makes one of some 450.
func fits(system string, bytes int) bool {
	switch system {
	case "windows":
		return bytes <= credentialBytes
	case "darwin":
		return base64.StdEncoding.EncodedLen(bytes)+aroundTheValue <= securityLine
	}
	return true
}

func (k *keyring) fits(value []byte) bool {
	system := k.system
	if system == "" {
		system = runtime.GOOS
	}
	return fits(system, len(value))
}
