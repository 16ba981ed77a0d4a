// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package preflight holds what is checked before a ceremony, and looks at the host:
// whether it is offline, keeps secrets to itself, and has room for a bundle.
//
// A check has a [Level]: what follows if it is not met. Nothing about the host stops
// a ceremony unless the site file says so, because a team may have reasons: an HSM
// on a network needs an interface, and a trial runs on somebody's laptop. People see
// each warning before the first question, and the record keeps it.
package preflight
