// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"errors"
	"fmt"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Rows of the extensions of an entry of a CRL.
var (
	_ = reads(known{name: "reasonCode", oid: OIDReasonCode, text: textReason})
	_ = reads(known{name: "invalidityDate", oid: OIDInvalidityDate, text: textInvalidityDate})
)

// readReason reads the first reasonCode leniently: openssl and older tools
// have written INTEGER, and rules have to see that.
func (e *RevokedEntry) readReason() {
	x, count := e.Extension(OIDReasonCode)
	if count == 0 {
		return
	}
	e.ReasonTag = -1
	d := newDecoder(x.Value, "reasonCode")
	tag := casn1.ENUM
	if d.at(casn1.INTEGER) {
		tag = casn1.INTEGER
	}
	n := d.small(tag, "")
	if d.end(); d.err() != nil {
		return
	}
	e.Reason, e.ReasonTag = &n, int(tag)
}

// ReasonEnumerated reports whether reasonCode is an ENUMERATED, as RFC 5280 5.3.1 has
// it.
func (e *RevokedEntry) ReasonEnumerated() bool { return e.ReasonTag == int(casn1.ENUM) }

// InvalidityDate reads invalidityDate of a CRL entry, RFC 5280 5.3.2.
func (x Extensions) InvalidityDate() (Time, bool, error) {
	return read(x, OIDInvalidityDate, func(d *decoder) Time { return d.generalized("") })
}

// reasonNames are the values of RFC 5280 5.3.1; 7 is not used.
var reasonNames = [...]string{"unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
	"superseded", "cessationOfOperation", "certificateHold", "", "removeFromCRL",
	"privilegeWithdrawn", "aACompromise"}

// ReasonNamed reports whether RFC 5280 5.3.1 has a revocation reason with this value.
func ReasonNamed(reason int) bool {
	return reason >= 0 && reason < len(reasonNames) && reasonNames[reason] != ""
}

// ReasonName returns the name of a revocation reason, RFC 5280 5.3.1.
func ReasonName(reason int) string {
	if !ReasonNamed(reason) {
		return fmt.Sprintf("reason %d", reason)
	}
	return reasonNames[reason]
}

func textReason(p *printer, x Extensions) error {
	e := RevokedEntry{Extensions: x}
	e.readReason()
	if e.Reason == nil {
		return errors.New("reasonCode is neither ENUMERATED nor INTEGER")
	}
	p.line("reason", "%d (%s), %s", *e.Reason, ReasonName(*e.Reason), TagName(e.ReasonTag))
	return nil
}

func textInvalidityDate(p *printer, x Extensions) error {
	t, _, err := x.InvalidityDate()
	if err == nil {
		p.time("date", t)
	}
	return err
}
