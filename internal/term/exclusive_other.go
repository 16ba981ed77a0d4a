// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package term

// take, give and guard do nothing: no PKCS#11 module is loaded on this system.
func (d *device) take() error         { return nil }
func (d *device) give() error         { return nil }
func (d *device) guard() (end func()) { return func() {} }
