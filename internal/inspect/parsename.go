// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

// ParseName reads the DER of a Name. RFC 5280 4.1.2.4.
func ParseName(der []byte) (Name, error) {
	d := newDecoder(der, "name")
	n := d.distinguishedName("")
	d.end()
	return n, d.err()
}
