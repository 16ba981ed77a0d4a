// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package approval checks people's signatures (SSHSIG) by a trust policy, and
// counts the people behind them.
//
// # What a signature means
//
// A namespace fixes the meaning, and there is one for each meaning. A signature
// made for one of them means nothing in another. People make signatures with
// ssh-keygen and all that it can use: files, agents, FIDO2 devices, smart
// cards. Their private keys never enter this process.
//
// # Who may say what
//
// One policy, whose digest is given from outside, names people with their keys,
// roles with their thresholds, and what each kind of object needs. A threshold
// counts people, never keys or signatures. Auditors attend and review; they are
// no part of what approves. A wrong signature by a known key fails the whole
// object, so that somebody investigates.
//
// # Stricter than ssh-keygen
//
// ssh-keygen -Y verify accepts a signature of a FIDO device that nobody touched,
// and text around a signature. Both are refused here.
package approval
