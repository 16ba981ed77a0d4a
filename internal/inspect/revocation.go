// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"fmt"
	"math/big"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// RevocationList is a CRL as it was encoded. RFC 5280 5.1.
type RevocationList struct {
	Raw, RawTBS, RawIssuer []byte

	Version         int // 1 or 2
	InnerAlgorithm  []byte
	OuterAlgorithm  []byte
	Issuer          Name
	ThisUpdate      Time
	NextUpdate      *Time
	HasEntriesField bool // revokedCertificates is there; with no entry that is against RFC 5280 5.1.2.6
	Entries         []RevokedEntry
	EntryCount      int
	Extensions
	Signature []byte

	// Remarks are what the second parser tolerated but called wrong.
	Remarks []string
}

// RevokedEntry is one entry of a CRL. RFC 5280 5.1.2.6, 5.3.
type RevokedEntry struct {
	Raw    []byte
	Serial *big.Int
	Date   Time
	// Reason is the value of reasonCode, nil when absent or unreadable.
	Reason *int
	// ReasonTag is the universal tag reasonCode was encoded in, 10 for
	// ENUMERATED; 0 when absent, -1 when unreadable.
	ReasonTag int
	Extensions
}

// ParseRevocationList reads a CRL of up to 16 MiB with both parsers.
func ParseRevocationList(der []byte) (*RevocationList, error) { return readList(der, nil) }

func readList(der []byte, faults *[]Fault) (*RevocationList, error) {
	l, err := walkList(der, faults)
	if err != nil {
		return nil, err
	}
	if err := forgive(l.compare(), faults); err != nil {
		return nil, err
	}
	return l, nil
}

func walkList(der []byte, faults *[]Fault) (*RevocationList, error) {
	if len(der) > maxList {
		return nil, fmt.Errorf("certificateList: %d bytes, more than %d", len(der), maxList)
	}
	var entries []RevokedEntry
	l, err := scanList(bytes.Clone(der), func(e *RevokedEntry) error {
		entries = append(entries, *e)
		return nil
	}, faults)
	if err != nil {
		return nil, err
	}
	l.Entries = entries
	return l, nil
}

// scanList reads a CRL of any size with the own walk only and hands each entry to a
// function, which may use the entry until it returns. Slices of the result and of entries
// are slices of der. An error of the function ends the scan and is returned.
func scanList(der []byte, each func(*RevokedEntry) error, faults *[]Fault) (*RevocationList, error) {
	l := &RevocationList{Raw: der}
	d := forgiving(der, "certificateList", faults)
	outer := d.open(casn1.SEQUENCE, "")
	d.end()
	l.RawTBS = outer.raw(casn1.SEQUENCE, "tbsCertList")
	l.OuterAlgorithm = outer.algorithm("signatureAlgorithm")
	l.Signature = outer.bitOctets("signatureValue")
	outer.end()
	l.walkTBS(outer.over(l.RawTBS, "").open(casn1.SEQUENCE, "tbsCertList"), each)
	if err := d.err(); err != nil {
		return nil, err
	}
	return l, nil
}

// walkTBS reads the fields of TBSCertList, RFC 5280 5.1.2.
func (l *RevocationList) walkTBS(d *decoder, each func(*RevokedEntry) error) {
	l.Version = 1
	if d.at(casn1.INTEGER) {
		if l.Version = d.small(casn1.INTEGER, "version") + 1; l.Version != 2 {
			d.wrong("RFC 5280 5.1.2.1", "version %d", l.Version)
		}
	}
	l.InnerAlgorithm = d.algorithm("signature")
	l.Issuer = d.distinguishedName("issuer")
	l.RawIssuer = l.Issuer.Raw
	l.ThisUpdate = d.moment("thisUpdate")
	if d.atTime() {
		t := d.moment("nextUpdate")
		l.NextUpdate = &t
	}
	if l.HasEntriesField = d.at(casn1.SEQUENCE); l.HasEntriesField {
		l.walkEntries(d.open(casn1.SEQUENCE, "revokedCertificates"), each)
	}
	if d.at(constructed(0)) {
		in := d.open(constructed(0), "")
		l.Extensions = in.extensions("crlExtensions")
		in.end()
	}
	d.end()
	if l.Version < 2 && l.Extensions != nil {
		d.wrong("RFC 5280 5.1.2.1", "version %d with extensions", l.Version)
	}
}

func (l *RevocationList) walkEntries(d *decoder, each func(*RevokedEntry) error) {
	e := new(RevokedEntry)
	for d.more() {
		l.EntryCount++
		*e = d.revokedEntry(l.EntryCount)
		if d.err() != nil {
			return
		}
		if err := each(e); err != nil {
			d.state.err = err
		}
	}
}

func (d *decoder) revokedEntry(n int) RevokedEntry {
	var e RevokedEntry
	in, raw := d.sequence(n)
	e.Raw = raw
	e.Serial = in.integer("userCertificate")
	e.Date = in.moment("revocationDate")
	if in.more() {
		e.Extensions = in.extensions("crlEntryExtensions")
	}
	in.end()
	if e.Extensions != nil {
		e.readReason()
	}
	return e
}
