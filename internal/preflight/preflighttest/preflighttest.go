// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package preflighttest has a host for tests.
package preflighttest

import (
	"testing/fstest"

	"rootceremony/internal/preflight"
)

// CalmHost is a host of which there is nothing to say: it is offline and keeps what
// it has to itself.
func CalmHost() *preflight.Host {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"proc/self/net/dev":                    "Inter-|   Receive\n face |bytes\n    lo: 0 0\n  eth0: 0 0\n",
		"sys/class/net/eth0/flags":             "0x1002\n",
		"proc/swaps":                           "Filename\t\t\t\tType\n",
		"proc/sys/kernel/core_pattern":         "core\n",
		"proc/sys/fs/suid_dumpable":            "0\n",
		"proc/sys/dev/tty/legacy_tiocsti":      "0\n",
		"proc/sys/kernel/yama/ptrace_scope":    "1\n",
		"proc/sys/kernel/random/entropy_avail": "256\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return &preflight.Host{Files: files, Environ: []string{"PATH=/bin", "LD_LIBRARY_PATH=", "LDFLAGS=-O2", "GODEBUG=rsa1024min=0", "SOFTHSM2_CONF=/etc/softhsm2.conf"}}
}
