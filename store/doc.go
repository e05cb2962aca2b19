// Package store stores connectors in connectors.json, tokens in storages (store/secret), and the
// last reports apart from both.
//
//   - The rename of connectors.json is the one commit point. Every reference into a storage is
//     written down before anything is stored under it, so no crash leaves a token that no file
//     mentions (save.go).
//   - A lock is held to read, change and write the file, and never while a storage is asked: a
//     keyring may wait for a password.
//   - Every call into a storage has a limit. A storage is never chosen because another one failed,
//     and no token is ever stored as plain text.
//   - A stored token says whom it is for. A changed connectors.json can't send it to another site.
//   - Reports and outcomes can be lost: they wait for no lock and no disk, and nothing waits for them.
package store
