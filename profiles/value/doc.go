// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package value holds the basic types of profiles: kinds of objects, object
// identifiers, octets and distinguished names. They are below package profiles,
// since extensions (package ext) are made of them, and objects, which profiles
// describes, are made of extensions.
package value
