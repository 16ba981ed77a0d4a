// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Bounds of a serial number: RFC 5280 4.1.2.2 allows 20 octets; with 9 there
// are more than the 64 bits of a CSPRNG that BR 7.1.2 asks for.
const (
	minSerialOctets = 9
	maxSerialOctets = 20
)

// SerialNumber makes a serial number from as many random octets as it will have
// when encoded. It is positive and exactly that long.
//
// The top bit is the sign and is cleared; the other 8n-1 bits, 127 for the
// usual 16 octets, are those of the generator. Only when the first nine bits
// after clearing are zero, once in 256 times, would the encoding be an octet
// shorter; then the bit below the sign is set. So no number is more likely than
// 2 in 2^(8n-1): at least 126 bits of uncertainty with 16 octets, 70 with 9.
func SerialNumber(random []byte, octets int) (*big.Int, error) {
	switch {
	case octets < minSerialOctets || octets > maxSerialOctets:
		return nil, fmt.Errorf("a serial number of %d octets is not from %d to %d", octets, minSerialOctets, maxSerialOctets)
	case len(random) != octets:
		return nil, fmt.Errorf("got %d random octets for a serial number of %d octets", len(random), octets)
	case allEqual(random, 0x00), allEqual(random, 0xff):
		return nil, errors.New("the random octets are all the same")
	}
	b := slices.Clone(random)
	b[0] &= 0x7f
	if b[0] == 0 && b[1]&0x80 == 0 {
		b[0] = 0x40
	}
	return new(big.Int).SetBytes(b), nil
}

// allEqual reports whether every octet is v.
func allEqual(b []byte, v byte) bool {
	return !slices.ContainsFunc(b, func(x byte) bool { return x != v })
}

// checkSerial refuses a serial number that does not have its declared length.
func checkSerial(serial *big.Int, octets int) error {
	switch {
	case serial == nil || serial.Sign() <= 0:
		return errors.New("the serial number is not positive (RFC 5280 4.1.2.2)")
	case octets < minSerialOctets || octets > maxSerialOctets:
		return fmt.Errorf("a serial number of %d octets is not from %d to %d", octets, minSerialOctets, maxSerialOctets)
	case serial.BitLen()/8+1 != octets:
		return fmt.Errorf("the serial number has %d octets, not the declared %d", serial.BitLen()/8+1, octets)
	}
	return nil
}
