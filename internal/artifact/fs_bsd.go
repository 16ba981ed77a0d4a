// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build dragonfly || freebsd || netbsd || openbsd

package artifact

// publish gives a file its name without overwriting.
func publish(temp, name string) error { return link(temp, name) }
