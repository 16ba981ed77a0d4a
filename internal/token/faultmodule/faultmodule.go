// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package faultmodule carries the C source of a PKCS#11 module that stands in
// front of a real one and misbehaves on request, for tests.
package faultmodule

import _ "embed" // for Source

// Source is the C source, compiled by tokentest.BuildFaultModule.
//
//go:embed faultp11.c
var Source []byte
