// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package event has the facts that a journal can hold and the form of its lines:
// each [Event] is a struct with its word, what its fields may hold, and how
// people read it; a [Record] is the line around it. [Types] is the closed list.
//
// What the events of a journal mean together is for others: this package looks
// at one line at a time.
package event
