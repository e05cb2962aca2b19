//go:build amd64 || arm64

package cli_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This file holds the fence: this test's binary again, which forbids itself some system
// calls and becomes the program. The kernel kills it (SIGSYS) at the first one, so what
// ends by itself made none, whichever library would have been it.

// What can be forbidden.
const (
	fenceSockets  = "sockets"  // of any kind: a network, a proxy, a bus
	fencePrograms = "programs" // another process
	fenceTerminal = "terminal" // another setting of a terminal
)

// The offsets in struct seccomp_data (linux/seccomp.h), on machines that write the low half
// of a number first.
const (
	atCall, atMachine, atFirst, atSecond = 0, 4, 16, 24
)

// fence forbids what is named, and becomes the program in the arguments. It returns only
// where that can't be.
func fence(what string) int {
	runtime.LockOSThread() // the filter is this thread's, and exec keeps it
	rules := rulesAgainst(what)
	program := unix.SockFprog{Len: uint16(len(rules)), Filter: &rules[0]}
	err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	if err == nil {
		if _, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&program))); errno != 0 {
			err = errno
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return noFence
	}
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, fencing+"=") })
	fmt.Fprintln(os.Stderr, syscall.Exec(os.Args[1], os.Args[1:], env))
	return 98
}

func rulesAgainst(what string) []unix.SockFilter {
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	is := func(n uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: n, Jt: yes, Jf: no}
	}
	kill := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_KILL_PROCESS}
	machine := uint32(unix.AUDIT_ARCH_X86_64)
	if runtime.GOARCH == "arm64" {
		machine = unix.AUDIT_ARCH_AARCH64
	}
	rules := []unix.SockFilter{load(atMachine), is(machine, 1, 0), kill}
	never := func(call uint32) { rules = append(rules, load(atCall), is(call, 0, 1), kill) }
	switch what {
	case fenceSockets:
		never(unix.SYS_SOCKET)
		never(unix.SYS_SOCKETPAIR)
	case fencePrograms:
		never(unix.SYS_CLONE3) // Go's runtime makes its threads by clone
		thread := unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: unix.CLONE_THREAD, Jt: 1}
		rules = append(rules, load(atCall), is(unix.SYS_CLONE, 0, 3), load(atFirst), thread, kill)
	case fenceTerminal:
		for _, request := range []uint32{unix.TCSETS, unix.TCSETSW, unix.TCSETSF} {
			rules = append(rules, load(atCall), is(unix.SYS_IOCTL, 0, 3), load(atSecond), is(request, 0, 1), kill)
		}
	}
	return append(rules, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
}
