// Package fakecloud is a pretend Atlassian Cloud: an http.Handler and a line (dial,
// TLS with its own authority, proxy), with situations as data. It is part of the
// program: practice runs on it, and so do most tests.
//
// Its geography is the same in every situation: the same sites, people and tokens, so
// that whatever is typed wrong ends as it would at Atlassian, and is cured by typing
// what is right. A [Situation] adds what to type first, and the weather: answers and
// faults that the world would not give on a good day.
//
// Faults of the line last as long as the cloud does. Answers that say "later" (429, 5xx,
// a challenge, silence) pass by themselves some seconds after they were first met, so
// that a second check succeeds; each situation's Cure says so.
//
// It imports nothing of ours: a fake that shares code with the client would confirm
// the client's mistakes. Every answer names its source or says "invented". Nothing it
// does opens a port, reads a file or writes to the terminal.
package fakecloud
