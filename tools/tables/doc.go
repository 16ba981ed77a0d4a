// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Command tables tells which tables of the packages that verify a record could be empty
// without a test that fails.
//
// A table is a package variable that is a map, a slice or an array when the program
// starts: each is found by its declaration, and gets a switch that leaves it empty before
// anything else is made of it. The tests are built once, from an overlay with the
// switches. Each table is emptied in a run of its own of the tests of its package and, if
// none of them fails, of the packages that use it. A table that no test misses is listed,
// unless reasons.txt says why none can; a reason that nothing needs any more is listed,
// too.
package main
