// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import "errors"

// Text writes a faithful dump of an object in encoded order.
func Text(der []byte) (string, error) { return "", errors.New("not written yet") }
