// Package fakecloud is a fake Atlassian Cloud in memory: an http.Handler, connections (dial, TLS
// with its own CA, a proxy), and situations as data. It is part of the program: practice mode runs
// on it, and so do most tests.
//
// Sites, accounts and tokens are the same in every situation, so that wrong input ends as it would
// at Atlassian, and works once it is corrected. A [Situation] adds what to type first, and faults:
// wrong answers and broken connections. A [World] is one situation, or fifty saved connectors that
// are each in one.
//
// Faults of the connection last as long as the cloud. Temporary answers (429, 5xx, a CAPTCHA, no
// answer) end some seconds after they were first sent, so that a second check succeeds; the
// situation's Cure says so.
//
// The package imports no other of this module: a fake that shares code with the client would share
// its mistakes. Every answer names its source or is marked as invented. It opens no port, reads no
// file and writes nothing to the terminal.
package fakecloud
