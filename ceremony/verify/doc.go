// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package verify rebuilds and checks what a bundle claims, and shares nothing
// with the room that made it but the plan.
package verify
