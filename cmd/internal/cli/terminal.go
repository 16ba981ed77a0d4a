// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import "errors"

// Terminal is where people are asked.
type Terminal interface{}

// ControllingTerminal opens the terminal that this process was started from.
func ControllingTerminal() (Terminal, error) { return nil, errors.New("no terminal") }
