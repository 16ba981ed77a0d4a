// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

// RehearsalMark begins the labels and file names of a rehearsal.
const RehearsalMark = "REHEARSAL"
