// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package ceremony plans and runs a ceremony; it is the only room where the
// order of things is decided.
//
// Load reads a ceremony file and all that it names into a Plan. Preview builds
// every object of the plan with specimen keys and lints it at both ends of the
// window. Execute does the same steps with real keys, people and a record.
// Verify rebuilds and relints what a bundle claims. All three build an object
// by the same code, from the plan and a set of values for what planning cannot
// know: public keys, serial numbers and moments of signing.
package ceremony
