// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Host is the machine, as its kernel tells of it.
type Host struct {
	Files   fs.FS    // the root folder, of which proc and sys are read; see proc(5)
	Root    bool     // the program runs as root
	Environ []string // variables of the program, as NAME=VALUE
}

// ThisHost is the machine that the program runs on.
func ThisHost() *Host {
	return &Host{Files: os.DirFS("/"), Root: os.Geteuid() == 0, Environ: os.Environ()}
}

// hostCheck is one thing that is looked at on the host. All warn, unless the site
// file requires them.
type hostCheck struct {
	name string
	look func(h *Host) (finding, error)
}

// finding is what a look at the host found, and what to try if it is not met.
type finding struct {
	met   bool
	found string
	next  string
}

// hostChecks are made in this order.
var hostChecks = []hostCheck{
	// An offline CA is "maintained in an offline state" (NetSec 1.1.c of the CA/Browser
	// Forum). An HSM on a network needs an interface, so this is no requirement by itself.
	{"network", (*Host).network},
	// The pages with PINs are locked (mlock(2)), but not what a module copies of them.
	{"swap", (*Host).swap},
	// This program and its workers cannot be dumped (prctl(2), PR_SET_DUMPABLE). Other
	// programs that get a PIN can: the services of a smart card or of a vendor.
	{"core-dumps", (*Host).coreDumps},
	// With TIOCSTI another program of the same user types answers into this terminal
	// (ioctl_tty(2); Linux 6.2 can refuse it).
	{"legacy-tiocsti", func(h *Host) (finding, error) {
		n, err := h.sysctl("dev.tty.legacy_tiocsti")
		return finding{n == 0, fmt.Sprintf("a program can type into another's terminal: %s", yes(n != 0)), "sysctl -w dev.tty.legacy_tiocsti=0"}, err
	}},
	// Without Yama any program of the same user reads the memory of another that does
	// not shield itself (ptrace(2)), such as that of a vendor's service.
	{"ptrace-scope", func(h *Host) (finding, error) {
		n, err := h.sysctl("kernel.yama.ptrace_scope")
		return finding{n > 0, fmt.Sprintf("a program can read another's memory: %s", yes(n == 0)), "sysctl -w kernel.yama.ptrace_scope=2"}, err
	}},
	// A module that runs as root can do anything: answer for people, read every PIN.
	{Root, (*Host).root},
	// The program, its workers and their modules take code from where these say.
	{Variables, (*Host).variables},
	// Ids and the seal key come from the kernel (random(4)); 256 bits are what it has
	// when its generator is ready, and before Linux 5.18 it may report somewhat less.
	{"entropy", func(h *Host) (finding, error) {
		n, err := h.sysctl("kernel.random.entropy_avail")
		return finding{n >= 128, fmt.Sprintf("%d bits, of at least 128", n), "let the host run for a minute, or attach a hardware generator"}, err
	}},
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// HostChecks names what is looked at on the host: the keys of host: in a site file.
func HostChecks() []string {
	var names []string
	for _, c := range hostChecks {
		names = append(names, c.name)
	}
	return names
}

// Checks looks at the host. What the site file requires is a requirement, all else a
// warning; what cannot be read is not met.
func (h *Host) Checks(required func(name string) bool) []Check {
	var all []Check
	for _, c := range hostChecks {
		level := Warn
		if required(c.name) {
			level = Require
		}
		f, err := c.look(h)
		switch {
		case err != nil:
			all = append(all, Unmet(c.name, level, "not seen: "+err.Error(), "look at it by hand; what cannot be read is not met"))
		case f.met:
			all = append(all, Met(c.name, level, f.found))
		default:
			all = append(all, Unmet(c.name, level, f.found, f.next))
		}
	}
	return all
}

// network lists the interfaces that are up (IFF_UP of netdevice(7)) but for the loopback.
func (h *Host) network() (finding, error) {
	table, err := h.text("proc/self/net/dev")
	if err != nil {
		return finding{}, err
	}
	var up []string
	for line := range strings.Lines(table) {
		name, _, is := strings.Cut(strings.TrimSpace(line), ":")
		if !is || name == "lo" {
			continue
		}
		if isUp, err := h.isUp(name); isUp || err != nil { // of one that cannot be asked nobody knows that it is down
			up = append(up, name)
		}
	}
	if len(up) == 0 {
		return finding{met: true, found: "no interface is up"}, nil
	}
	slices.Sort(up)
	return finding{found: "interfaces that are up: " + strings.Join(up, " "), next: "ip link set dev " + up[0] + " down"}, nil
}

func (h *Host) isUp(name string) (bool, error) {
	text, err := h.text("sys/class/net/" + name + "/flags")
	if err != nil {
		return false, err
	}
	flags, err := strconv.ParseUint(strings.TrimPrefix(text, "0x"), 16, 64)
	return flags&1 != 0, err
}

// swap lists the places to which memory is swapped (proc(5), /proc/swaps).
func (h *Host) swap() (finding, error) {
	table, err := h.text("proc/swaps")
	if err != nil {
		return finding{}, err
	}
	var on []string
	for i, line := range strings.Split(table, "\n") {
		if fields := strings.Fields(line); i > 0 && len(fields) > 0 {
			on = append(on, fields[0])
		}
	}
	if len(on) == 0 {
		return finding{met: true, found: "off"}, nil
	}
	return finding{found: "memory is swapped to " + strings.Join(on, " "), next: "swapoff -a"}, nil
}

// coreDumps looks for who gets the memory of programs that crash (core(5)).
func (h *Host) coreDumps() (finding, error) {
	pattern, err := h.text("proc/sys/kernel/core_pattern")
	if err != nil {
		return finding{}, err
	}
	dumpable, err := h.sysctl("fs.suid_dumpable")
	switch {
	case err != nil:
		return finding{}, err
	case strings.HasPrefix(pattern, "|"):
		return finding{found: "the memory of programs that crash is given to " + strings.TrimPrefix(pattern, "|"), next: "sysctl -w kernel.core_pattern=core"}, nil
	case dumpable != 0:
		return finding{found: "made also of programs that shield themselves", next: "sysctl -w fs.suid_dumpable=0"}, nil
	}
	return finding{met: true, found: "not collected, nor made of shielded programs"}, nil
}

func (h *Host) root() (finding, error) {
	return finding{!h.Root, RunsAsRoot(h.Root), "run it as a user that owns nothing else"}, nil
}

// variables names those that are set, and that say where code comes from.
func (h *Host) variables() (finding, error) {
	var set []string
	for _, entry := range h.Environ {
		name, value, _ := strings.Cut(entry, "=")
		if name == "GODEBUG" {
			value = strings.Join(slices.DeleteFunc(strings.Split(value, ","), func(s string) bool { return s == ofZcrypto }), ",")
		}
		if value != "" && Directs(name) {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return finding{met: true, found: NoVariables}, nil
	}
	slices.Sort(set)
	return finding{found: "variables that say where code comes from: " + FirstOf(set), next: "unset " + set[0]}, nil
}

// directing are variables of the loader (ld.so(8), dyld(1)), of the C library, of the
// OpenSSL that modules use (config(5), openssl-env(7)), and of Go, whose GODEBUG makes
// packages take what they refuse. A name that ends in * is a beginning.
var directing = []string{"LD_*", "DYLD_*", "GLIBC_TUNABLES", "GCONV_PATH", "GODEBUG", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"}

// ofZcrypto is what zcrypto, a part of zlint, adds to GODEBUG of this program: old RSA
// keys can be read.
const ofZcrypto = "rsa1024min=0"

var plainName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// Directs reports whether a variable says where a program takes code from, or which.
func Directs(name string) bool {
	return plainName.MatchString(name) && slices.ContainsFunc(directing, func(d string) bool {
		begin, is := strings.CutSuffix(d, "*")
		return name == d || is && strings.HasPrefix(name, begin)
	})
}

// sysctl reads a number of sysctl(8).
func (h *Host) sysctl(name string) (int, error) {
	text, err := h.text("proc/sys/" + strings.ReplaceAll(name, ".", "/"))
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%s is %q, and not a number", name, text)
	}
	return n, nil
}

// text reads a small file of the kernel, without the end of its last line.
func (h *Host) text(name string) (string, error) {
	data, err := fs.ReadFile(h.Files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("this system has no /%s", name)
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(data)), nil
}
