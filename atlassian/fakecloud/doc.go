// Package fakecloud is a pretend Atlassian Cloud: an http.Handler and a line (dial,
// TLS with its own authority, proxy), with situations as data. It is part of the
// program: practice runs on it, and so do most tests.
//
// It imports nothing of ours: a fake that shares code with the client would confirm
// the client's mistakes. Every answer names its source or says "invented".
package fakecloud
