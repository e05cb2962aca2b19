// Package store remembers: connectors in connectors.json, tokens in storages (store/secret), the
// last reports apart from both.
//
//   - The rename of connectors.json is the one commit point. Every reference into a storage is
//     written down before the storage is asked to keep anything under it, so no crash leaves a
//     token that nobody knows of (save.go).
//   - A lock is held to read, change and write the file, and never while a storage is asked: a
//     keyring may wait for a person.
//   - Every call into a storage has a limit. A storage is never chosen because another one failed,
//     and nothing is ever stored in clear.
//   - A stored token says whom it is for. A changed connectors.json can't send it to another site.
//   - Reports and outcomes can be lost: they wait for no lock and no disk, and nothing waits for them.
package store
