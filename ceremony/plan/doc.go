// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package plan loads a ceremony file and all that it names, builds every object
// of it with specimen keys, lints each one together with all others, and shows it.
//
// Load reads the files into a Plan. NewPreview builds every object of the plan
// and lints it at the ends of the window and between. A Builder makes an object
// from the plan and a set of values for what planning cannot know: public keys,
// serial numbers and moments of signing. The rooms that carry a plan out and that
// verify a bundle build by the same code.
package plan
