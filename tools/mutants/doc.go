// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Command mutants tells which branches of the rules of lint could be lost without
// a test that fails.
//
// It builds the tests of lint once, from an overlay in which each condition, each
// finding and each yes or no of the rules has a switch, and each rule and
// correction of the tables can be changed. First all mutants meet the corpus in
// one process, then those that survive meet the other tests that reach them, each
// in a process of its own. What survives that is listed, unless reasons.txt says
// why no test can tell; a reason that nothing needs any more is listed, too.
package main
