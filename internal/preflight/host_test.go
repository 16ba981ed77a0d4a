// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package preflight_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"rootceremony/internal/preflight"
	"rootceremony/internal/preflight/preflighttest"
)

// TestHost guards what people are told of the host: each check sees the one thing
// that it is for, says what to do, and counts what cannot be read as not met.
func TestHost(t *testing.T) {
	for _, c := range []struct {
		name, check string
		change      map[string]string // of the files of a calm host; "-" takes one away
		root        bool
		environ     []string
		found, next string
	}{
		{name: "an interface is up", check: "network", change: map[string]string{"sys/class/net/eth0/flags": "0x1003\n"}, found: "interfaces that are up: eth0", next: "ip link set dev eth0 down"},
		{name: "an interface that cannot be asked", check: "network", change: map[string]string{"sys/class/net/eth0/flags": "-"}, found: "eth0"},
		{name: "no interfaces known", check: "network", change: map[string]string{"proc/self/net/dev": "-"}, found: "not seen: this system has no /proc/self/net/dev"},
		{name: "swap", check: "swap", change: map[string]string{"proc/swaps": "Filename Type Size\n/dev/sda2 partition 1\n/swap file 1\n"}, found: "/dev/sda2 /swap", next: "swapoff -a"},
		{name: "a crash handler", check: "core-dumps", change: map[string]string{"proc/sys/kernel/core_pattern": "|/usr/share/apport/apport %p\n"}, found: "is given to /usr/share/apport/apport %p", next: "sysctl -w kernel.core_pattern=core"},
		{name: "dumps of shielded programs", check: "core-dumps", change: map[string]string{"proc/sys/fs/suid_dumpable": "2\n"}, found: "shield themselves", next: "sysctl -w fs.suid_dumpable=0"},
		{name: "tiocsti", check: "legacy-tiocsti", change: map[string]string{"proc/sys/dev/tty/legacy_tiocsti": "1\n"}, found: "yes", next: "sysctl -w dev.tty.legacy_tiocsti=0"},
		{name: "a kernel before 6.2", check: "legacy-tiocsti", change: map[string]string{"proc/sys/dev/tty/legacy_tiocsti": "-"}, found: "not seen"},
		{name: "ptrace", check: "ptrace-scope", change: map[string]string{"proc/sys/kernel/yama/ptrace_scope": "0\n"}, found: "yes", next: "sysctl -w kernel.yama.ptrace_scope=2"},
		{name: "no number", check: "ptrace-scope", change: map[string]string{"proc/sys/kernel/yama/ptrace_scope": "none\n"}, found: `"none", and not a number`},
		{name: "root", check: "root", root: true, found: "runs as root: yes", next: "run it as a user"},
		{name: "a folder of libraries", check: "variables", environ: []string{"PATH=/bin", "LD_LIBRARY_PATH=/tmp", "GODEBUG=x509sha1=1,rsa1024min=0"}, found: "code comes from: GODEBUG, LD_LIBRARY_PATH", next: "unset GODEBUG"},
		{name: "a configuration of OpenSSL", check: "variables", environ: []string{"OPENSSL_CONF=/tmp/x"}, found: "OPENSSL_CONF", next: "unset OPENSSL_CONF"},
		{name: "entropy", check: "entropy", change: map[string]string{"proc/sys/kernel/random/entropy_avail": "40\n"}, found: "40 bits", next: "generator"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := preflighttest.CalmHost()
			h.Root, h.Environ = c.root, c.environ
			files := maps.Clone(h.Files.(fstest.MapFS))
			for name, text := range c.change {
				if delete(files, name); text != "-" {
					files[name] = &fstest.MapFile{Data: []byte(text)}
				}
			}
			h.Files = files
			for _, required := range []bool{false, true} {
				want := map[bool]preflight.Outcome{false: preflight.Warning, true: preflight.Failed}[required]
				for _, got := range h.Checks(func(name string) bool { return required && name == c.check }) {
					switch {
					case got.Name != c.check && got.Outcome != preflight.OK:
						t.Errorf("%s: %s is %s: %s", c.name, got.Name, got.Outcome, got.Found)
					case got.Name == c.check && (got.Outcome != want || !strings.Contains(got.Found, c.found) || !strings.Contains(got.Next, c.next) || got.Next == ""):
						t.Errorf("required %t: %+v", required, got)
					}
				}
			}
		})
	}
}

// TestCalmHost guards that nothing is said of a host where all is well, and that
// every check that a site file can require is made.
func TestCalmHost(t *testing.T) {
	var made []string
	for _, c := range preflighttest.CalmHost().Checks(func(string) bool { return true }) {
		if made = append(made, c.Name); c.Outcome != preflight.OK {
			t.Errorf("%+v", c)
		}
	}
	if !slices.Equal(made, preflight.HostChecks()) {
		t.Errorf("made: %q", made)
	}
}
