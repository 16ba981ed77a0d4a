// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package create writes a first ceremony file, with the profiles and the site file that
// it needs, from a few answers.
//
// Answers have a default each, so that a purpose alone is enough. The same [Question]
// reads a flag and what people type at the terminal. What is written plans without a
// finding: Check builds it in memory before there is a file.
package create
