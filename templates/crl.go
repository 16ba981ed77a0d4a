// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
	"rootceremony/profiles/value"
)

// RevocationList returns the TBSCertList (RFC 5280 5.1) of a CRL that is signed
// at that moment. Entries come out sorted by serial number. The caller has
// replaced references to certificates of the same ceremony.
func RevocationList(l *profiles.RevocationList, signing time.Time, issuer Issuer) ([]byte, error) {
	tbs, err := revocationList(l, signing, issuer)
	if err != nil {
		return nil, fmt.Errorf("building CRL %s: %w", l.Artifact, err)
	}
	return tbs, nil
}

func revocationList(l *profiles.RevocationList, signing time.Time, issuer Issuer) ([]byte, error) {
	if err := wholeSeconds(signing); err != nil {
		return nil, err
	}
	if _, err := value.ParseName(issuer.Name); err != nil {
		return nil, fmt.Errorf("encoding issuer: %w", err)
	}
	this, next, err := updates(l.ThisUpdate, l.NextUpdate, signing)
	if err != nil {
		return nil, err
	}
	number, err := crlNumber(l.Number)
	if err != nil {
		return nil, err
	}
	extensions, err := encodeExtensions(l.Extensions, extensionContext{issuer: issuer, number: number})
	if err != nil {
		return nil, err
	}
	entries, err := encodeEntries(l.Entries, signing)
	if err != nil {
		return nil, err
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1) // v2
			addAlgorithm(b, l.Signature)
			b.AddBytes(issuer.Name)
			addTime(b, this)
			addTime(b, next)
			b.AddBytes(entries)
			if len(extensions) > 0 {
				b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddBytes(extensions) })
			}
		})
	})
}

// updates gives thisUpdate and nextUpdate.
func updates(start profiles.Moment, end profiles.End, signing time.Time) (this, next time.Time, err error) {
	if this, err = start.At(signing); err != nil {
		return this, next, fmt.Errorf("encoding thisUpdate: %w", err)
	}
	if next, err = end.Next(this); err != nil {
		return this, next, fmt.Errorf("encoding nextUpdate: %w", err)
	}
	if !next.After(this) {
		return this, next, errors.New("nextUpdate is not after thisUpdate")
	}
	return this, next, nil
}

// crlNumber reads a CRL number of at most 20 octets (RFC 5280 5.2.3); see
// [profiles.CRLNumberBits].
func crlNumber(decimal string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(decimal, 10)
	if !ok || n.String() != decimal {
		return nil, fmt.Errorf("the CRL number %q is not a decimal number", decimal)
	}
	if n.Sign() < 0 || n.BitLen() > 160 {
		return nil, fmt.Errorf("the CRL number %s is not from 0 to 2^160-1 (RFC 5280 5.2.3)", decimal)
	}
	return n, nil
}

// entry is a revoked certificate ready to be sorted.
type entry struct {
	serial     *big.Int
	encoded    []byte // as it was before; nil for one that is written
	date       time.Time
	reason     int       // 0 for none
	invalidity time.Time // zero for none
	others     []profiles.EntryExtension
}

// encodeEntries returns revokedCertificates, or nothing for an empty list,
// which is left out (RFC 5280 5.1.2.6).
func encodeEntries(list []profiles.RevokedEntry, signing time.Time) ([]byte, error) {
	if len(list) == 0 {
		return nil, nil
	}
	entries := make([]entry, len(list))
	for i := range list {
		e, err := readEntry(&list[i], signing)
		if err != nil {
			return nil, fmt.Errorf("entry %q: %w", list[i].Serial, err)
		}
		entries[i] = e
	}
	slices.SortFunc(entries, func(a, b entry) int { return a.serial.Cmp(b.serial) })
	for i := range entries[1:] {
		if entries[i].serial.Cmp(entries[i+1].serial) == 0 {
			return nil, fmt.Errorf("serial number %x is revoked twice", entries[i].serial)
		}
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, e := range entries {
				addEntry(b, e)
			}
		})
	})
}

// readEntry reads one line of a bound CRL.
func readEntry(e *profiles.RevokedEntry, signing time.Time) (entry, error) {
	serial, err := revokedSerial(string(e.Serial))
	if err != nil {
		return entry{}, err
	}
	date, err := e.Date.At(signing)
	if err != nil {
		return entry{}, fmt.Errorf("revocation date: %w", err)
	}
	if e.Reason != "" && e.Reason.Code() == 0 {
		return entry{}, fmt.Errorf("unknown reason %q", string(e.Reason))
	}
	out := entry{serial: serial, encoded: e.Encoded, date: date, reason: e.Reason.Code(), others: e.Extensions}
	if e.InvalidityDate != "" {
		if out.invalidity, err = e.InvalidityDate.At(signing); err != nil {
			return entry{}, fmt.Errorf("invalidity date: %w", err)
		}
	}
	return out, nil
}

// revokedSerial reads the serial number of an issued certificate. Old tools issued
// negative ones, zero, and ones of more than 20 octets, which can be revoked, too
// (RFC 5280 4.1.2.2).
func revokedSerial(hex string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(hex, 16)
	if !ok || n.Text(16) != hex {
		return nil, errors.New("not a serial number in lower-case hexadecimal; resolve references first")
	}
	return n, nil
}

// Extensions of an entry: id-ce-cRLReasons and id-ce-invalidityDate.
const (
	oidReason         profiles.OID = "2.5.29.21"
	oidInvalidityDate profiles.OID = "2.5.29.24"
)

// addEntry writes one entry, or copies it. The reason is an ENUMERATED in a
// non-critical extension (RFC 5280 5.3.1); unspecified is expressed by leaving it out.
func addEntry(b *cryptobyte.Builder, e entry) {
	if e.encoded != nil {
		b.AddBytes(e.encoded)
		return
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(e.serial)
		addTime(b, e.date)
		if e.reason == 0 && e.invalidity.IsZero() && len(e.others) == 0 {
			return
		}
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { addEntryExtensions(b, e) })
	})
}

// addEntryExtensions writes the extensions of an entry. invalidityDate is always
// GeneralizedTime (RFC 5280 5.3.2).
func addEntryExtensions(b *cryptobyte.Builder, e entry) {
	if e.reason != 0 {
		addExtension(b, oidReason, false, []byte{byte(asn1.ENUM), 1, byte(e.reason)})
	}
	if !e.invalidity.IsZero() {
		date, err := build(func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(e.invalidity) })
		if err != nil {
			b.SetError(err)
			return
		}
		addExtension(b, oidInvalidityDate, false, date)
	}
	for _, x := range e.others {
		addExtension(b, x.OID, false, x.DER)
	}
}
