// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package foreign names what a file is that is none of those that the program reads,
// and the command that makes one of it: text of Windows, containers of certificates,
// keys, error pages of servers. It reads the first bytes only, believes nothing, and
// shows nothing of what is in a file. All readers of files ask it, so that the same
// file gets the same message everywhere.
package foreign
