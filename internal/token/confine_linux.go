// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package token

import (
	"os/exec"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// startConfined starts a worker with less than the rights of its user. The kernel
// takes them from a thread, for good, and what the thread starts inherits that: the
// thread is one that ends.
//
// The worker hides its memory itself, but only once it runs. A program that another
// module left behind could open it in the moment before, and wait there for the PIN.
func startConfined(command *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() { // the main thread never ends, and is taken for the whole program
			started <- startConfined(command)
			runtime.UnlockOSThread()
			return
		}
		confineThread() // the thread ends with this function, because it is not unlocked
		started <- command.Start()
	}()
	return <-started
}

// confineThread takes rights away, as far as the kernel knows how: a set-user-ID
// program such as sudo gives no others (prctl(2), PR_SET_NO_NEW_PRIVS), and, in a
// Landlock domain (landlock(7)), no process outside the worker can be traced, its
// memory and its descriptors among that, or, since Linux 6.12, be sent a signal. What
// files may be used is not restricted: modules have configurations, devices and
// sockets wherever their vendors put them.
func confineThread() {
	_ = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 || abi < landlockRefer {
		return
	}
	attr := unix.LandlockRulesetAttr{Handled_access_fs: unix.LANDLOCK_ACCESS_FS_REFER}
	size := unsafe.Sizeof(attr.Handled_access_fs)
	if abi >= landlockScoped {
		attr.Scoped = unix.LANDLOCK_SCOPE_SIGNAL
		size = unsafe.Offsetof(attr.Quiet_access_fs)
	}
	ruleset, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
	if errno != 0 {
		return
	}
	defer func() { _ = unix.Close(int(ruleset)) }()
	if allowRenames(int(ruleset)) == nil {
		_, _, _ = unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0)
	}
}

// Versions of Landlock. With the first, no file can be moved to another folder.
const (
	landlockRefer  = 2 // Linux 5.19
	landlockScoped = 6 // Linux 6.12
)

// allowRenames gives back what every ruleset takes: to move a file to another folder.
func allowRenames(ruleset int) error {
	root, err := unix.Open("/", unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(root) }()
	beneath := unix.LandlockPathBeneathAttr{Allowed_access: unix.LANDLOCK_ACCESS_FS_REFER, Parent_fd: int32(root)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&beneath)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
