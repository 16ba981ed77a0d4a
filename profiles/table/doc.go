// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package table writes a profile as the table for a CP or CPS: each field in
// encoded order, with the sections of the documents that ask for it.
package table
