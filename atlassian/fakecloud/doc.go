// Package fakecloud is a pretend Atlassian Cloud: an http.Handler and a connection (dial,
// TLS with its own CA, proxy), with situations as data. It is part of the
// program: practice runs on it, and so do most tests.
//
// Sites, people and tokens are the same in every situation, so that what is typed wrong
// ends as it would at Atlassian, and works once it is typed right. A [Situation] adds
// what to type first, and faults: answers and broken connections. A [World] is one of
// them, or fifty connectors that are each in one.
//
// Faults of the connection last as long as the cloud does. Answers that say "later" (429, 5xx,
// a challenge, silence) pass by themselves some seconds after they were first met, so
// that a second check succeeds; each situation's Cure says so.
//
// It imports nothing of ours: a fake that shares code with the client would confirm
// the client's mistakes. Every answer names its source or says "invented". Nothing it
// does opens a port, reads a file or writes to the terminal.
package fakecloud
