// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package run carries a plan out: it rehearses, runs, resumes, does steps again
// and goes on by an amended plan, with tokens, people and a record.
//
// It is the only room that has keys sign. What it did before, it believes only
// as far as package verify does.
package run
