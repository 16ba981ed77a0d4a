// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package event has the facts that a journal can record, and the form of its lines:
// each [Event] is a struct with its name, the checks of its fields, and the sentence
// that people read; a [Record] is the line around it. [Types] is the closed list.
//
// This package looks at one line at a time; other packages say what the events of a
// journal mean together.
package event
