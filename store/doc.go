// Package store remembers: connectors in connectors.json, tokens in safes, the last
// reports apart from both.
//
// The rules of this room:
//
//   - The rename of connectors.json is the one commit point. Every reference into a safe
//     is written down before the safe is touched, so that no crash leaves a secret that
//     nobody knows of (see store.go).
//   - A lock is held for a read-change-write of the file, never while a safe is asked:
//     a keyring may wait for a person.
//   - Every call into a safe has a limit. A safe is never chosen by itself after another
//     one failed, and nothing is ever kept in clear.
//   - What a safe holds says whom it is for. A changed connectors.json can't send a token
//     to another site.
package store
