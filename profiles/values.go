// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"fmt"
	"strings"
	"time"

	"rootceremony/internal/source"
)

// Intent is the one purpose a CA serves.
type Intent string

// Intents of a CA.
const (
	TLSServer        Intent = "tls-server"
	TLSConstrained   Intent = "tls-constrained" // technically constrained, BR 7.1.2.5
	SMIME            Intent = "smime"
	SMIMEConstrained Intent = "smime-constrained" // technically constrained, SBR 7.1.5
	CodeSigning      Intent = "code-signing"
	TimeStamping     Intent = "time-stamping"
	ClientAuth       Intent = "client-auth"
	Private          Intent = "private" // no public trust
)

// RootScope is a use that root programs trust a root for. What is below it is bound
// by the documents of all its uses (BR 7.1.2.3).
type RootScope string

// Scopes of a root.
const (
	ScopeTLS     RootScope = "tls"
	ScopeSMIME   RootScope = "smime"
	ScopeCode    RootScope = "code-signing"
	ScopePrivate RootScope = "private" // in no root program
)

// IncludedNew says that a root is not in root programs yet.
const IncludedNew = "new"

// Scope is what a CRL or an OCSP response speaks about.
type Scope string

// Scopes; the permitted lifetimes differ (BR 4.9.7).
const (
	CACertificates         Scope = "ca-certificates"
	SubscriberCertificates Scope = "subscriber-certificates"
)

// ResponderID says how an OCSP response names its signer, RFC 6960 4.2.1.
type ResponderID string

// Ways to name a responder.
const (
	ResponderByKey  ResponderID = "by-key"
	ResponderByName ResponderID = "by-name"
)

// Reason is a CRL reason by its RFC 5280 5.3.1 name in YAML form.
type Reason string

// Reasons that a CA certificate may be revoked for.
const (
	KeyCompromise        Reason = "key-compromise"         // 1
	CACompromise         Reason = "ca-compromise"          // 2
	AffiliationChanged   Reason = "affiliation-changed"    // 3
	Superseded           Reason = "superseded"             // 4
	CessationOfOperation Reason = "cessation-of-operation" // 5
	PrivilegeWithdrawn   Reason = "privilege-withdrawn"    // 9
)

// Reasons that only entries of existing CRLs have.
const (
	CertificateHold Reason = "certificate-hold" // 6
	AACompromise    Reason = "aa-compromise"    // 10
	Unspecified     Reason = "unspecified"      // 0, which is expressed by no reason at all
	Unreadable      Reason = "unreadable"       // a code that there is not, or none in DER
)

// Code returns the value of the CRLReason ENUMERATED, or 0 for a name without one.
func (r Reason) Code() int {
	switch r {
	case KeyCompromise:
		return 1
	case CACompromise:
		return 2
	case AffiliationChanged:
		return 3
	case Superseded:
		return 4
	case CessationOfOperation:
		return 5
	case CertificateHold:
		return 6
	case PrivilegeWithdrawn:
		return 9
	case AACompromise:
		return 10
	}
	return 0
}

// Moment is a point in time, fixed or relative to the time of signing. Its JSON
// form is an RFC 3339 UTC time, "signing-day" or "signing-time", or a reference to
// the signing of a CRL of the same ceremony, as in "crl:ARTIFACT.signing-time".
type Moment string

// Moments relative to the time of signing.
const (
	SigningDay  Moment = "signing-day"  // 00:00:00 UTC of the day of signing
	SigningTime Moment = "signing-time" // the second of signing
)

const momentOf = "crl:"

// In gives the moment that m is in a CRL of this ceremony, for another object that
// says the same of a certificate: one that depends on the signing becomes a
// reference to the signing of that CRL.
func (m Moment) In(crl string) Moment {
	if m != SigningDay && m != SigningTime {
		return m
	}
	return Moment(momentOf + crl + "." + string(m))
}

// Of gives the CRL whose signing it follows from, and how, if it is a reference.
func (m Moment) Of() (crl string, as Moment, ok bool) {
	rest, ok := strings.CutPrefix(string(m), momentOf)
	crl, word, found := strings.Cut(rest, ".")
	as = Moment(word)
	return crl, as, ok && found && crl != "" && (as == SigningDay || as == SigningTime)
}

func (m Moment) refers() bool {
	_, _, ok := m.Of()
	return ok
}

// String says it for people.
func (m Moment) String() string {
	switch m {
	case SigningDay:
		return "the day of signing"
	case SigningTime:
		return "the time of signing"
	}
	if crl, as, ok := m.Of(); ok {
		return as.String() + " " + crl
	}
	return string(m)
}

// utcSeconds is the one form that a fixed moment has.
const utcSeconds = "2006-01-02T15:04:05Z"

// FixedMoment is the moment of a known time, which must have whole seconds.
func FixedMoment(t time.Time) Moment { return Moment(t.UTC().Format(utcSeconds)) }

// At gives the time that the moment is when the signing is at signing.
func (m Moment) At(signing time.Time) (time.Time, error) {
	signing = signing.UTC().Truncate(time.Second)
	switch m {
	case SigningTime:
		return signing, nil
	case SigningDay:
		return signing.Truncate(24 * time.Hour), nil
	}
	t, err := time.Parse(utcSeconds, string(m))
	if err != nil || t.Format(utcSeconds) != string(m) {
		return time.Time{}, fmt.Errorf("time %q is neither a UTC time with whole seconds nor a reference", string(m))
	}
	return t, nil
}

// Validity is when a certificate is valid: notAfter is inclusive (RFC 5280
// 4.1.2.5), so a length of one year ends one second before the anniversary.
type Validity struct {
	NotBefore Moment `json:"not_before"`
	NotAfter  End    `json:"not_after"`
}

// At gives both ends when signing happens at signing.
func (v Validity) At(signing time.Time) (notBefore, notAfter time.Time, err error) {
	if notBefore, err = v.NotBefore.At(signing); err != nil {
		return
	}
	notAfter, err = v.NotAfter.inclusive(notBefore)
	return
}

// End is a fixed time or a length counted from the start.
type End struct {
	Time Moment      `json:"time,omitempty"` // a fixed time
	For  source.Span `json:"for,omitzero"`
}

// inclusive gives the last second of a period that starts at start.
func (e End) inclusive(start time.Time) (time.Time, error) {
	if e.Time != "" {
		return e.Time.At(start)
	}
	return e.For.AddTo(start).Add(-time.Second), nil
}

// Next gives the time of a nextUpdate: start plus the length, less one second,
// since BR 7.2 counts nextUpdate as inclusive of its last second.
func (e End) Next(start time.Time) (time.Time, error) { return e.inclusive(start) }
