// Package fakeservice is a pretend Secret Service on a real D-Bus, for tests on Linux: it does
// what real ones do on their bad days. It is linked into no program.
// Source of the interface: specifications.freedesktop.org/secret-service.
package fakeservice
