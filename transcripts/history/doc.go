// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package history is the one fold over the events of a journal. It takes the
// lines as they come and answers with typed values: who is in the room, which plan
// and site hold, what each attempt of a step, each call of a token, each key and
// each artifact came to. It checks nothing, looks into no file, and knows of a plan
// only what the journal says; the checkers ask it what was the case.
//
// The grammar of a journal asks it nothing: it is the second telling of the same
// lines, by which verify finds out that this one can be believed.
package history
