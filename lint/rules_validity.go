// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// Bounds of the validity of a root (BR 7.1.2.1.1), in seconds and inclusive.
const (
	minRoot = 2922 * day
	maxRoot = 9132 * day
)

// validityRules check the dates of certificates.
var validityRules = []Rule{
	{
		ID: "root.validity", Level: Error, Citation: "BR 7.1.2.1.1",
		Requirement: "the validity period of a root CA certificate is at least 2922 days and at most 9132 days, also when it is reissued",
		From:        dateBR2, Kinds: rootKind, Packs: tlsPack, Check: checkRootValidity,
	},
	{
		ID: "cert.validity", Level: Error, Citation: "RFC 5280 4.1.2.5, BR 6.3.2",
		Requirement: "notBefore to notAfter, inclusive, is what was declared",
		House:       HouseDeclared, Kinds: certKinds, Needs: []Need{NeedSigning}, Declared: true, Check: checkValidity,
	},
	{
		ID: "cert.time", Level: Error, Citation: "RFC 5280 4.1.2.5",
		Requirement: "notAfter is not before notBefore (house: a second is too short); whole seconds, UTCTime through 2049, GeneralizedTime from 2050",
		Kinds:       certKinds, Check: checkTimes,
	},
	{
		ID: "time.not-before", Level: Error, Citation: "BR 7.1.2.1.1, 7.1.2.10.1, 7.1.2.8.1, 7.1.2.2.1",
		Requirement: "notBefore is a value within one day prior to the time of signing; of a cross-certificate it may be the earliest notBefore of the existing certificate; never in the future",
		From:        dateBR2, Kinds: certKinds, Packs: tlsPack, Needs: []Need{NeedSigning}, Check: checkNotBefore,
	},
	{
		ID: "time.not-after", Level: Error, Citation: "BR 7.1.2.10.1, else house",
		Requirement: "notAfter is not before the time of signing",
		Kinds:       certKinds, House: HouseUnusable, Asked: packDates{PackTLS: dateBR2}, Needs: []Need{NeedSigning}, Check: checkNotAfter,
	},
	{
		ID: "chain.validity-nested", Level: Error, Citation: "house",
		Requirement: "the validity is within that of the issuer: outside of it there is no path (a warning of what was published, if both overlap)",
		House:       HouseUnusable, Kinds: issuedKinds, Needs: []Need{NeedIssuer}, Check: checkNested,
	},
}

// seconds is the length of the validity, inclusive of its last second. It counts
// in the calendar: a [time.Duration] ends at 292 years.
func seconds(c *inspect.Certificate) int64 {
	return c.NotAfter.Unix() - c.NotBefore.Unix() + 1
}

func checkRootValidity(t *target) []problem {
	from, to := stamp(t.cert().NotBefore.Time), stamp(t.cert().NotAfter.Time)
	switch n := seconds(t.cert()); {
	case n < int64(minRoot/time.Second):
		return fault(FieldValidity, "%s, from %s to %s, is less than 2922 days", length(n), from, to)
	case n > int64(maxRoot/time.Second):
		return fault(FieldValidity, "%s, from %s to %s, is more than 9132 days", length(n), from, to)
	}
	return nil
}

// length writes a number of seconds in days, and what is left.
func length(n int64) string {
	const perDay = int64(day / time.Second)
	switch days, rest := n/perDay, n%perDay; rest {
	case 0:
		return fmt.Sprintf("%d days", days)
	case 1:
		return fmt.Sprintf("%d days and 1 second", days)
	default:
		return fmt.Sprintf("%d days and %d seconds", days, rest)
	}
}

func checkTimes(t *target) (ps []problem) {
	c := t.cert()
	for _, v := range []inspect.Time{c.NotBefore, c.NotAfter} {
		if why := badTime(v); why != "" {
			ps = append(ps, fault(FieldValidity, "%s %s", stamp(v.Time), why)...)
		}
	}
	switch c.NotAfter.Compare(c.NotBefore.Time) {
	case -1:
		ps = append(ps, fault(FieldValidity, "notAfter %s is before notBefore %s", stamp(c.NotAfter.Time), stamp(c.NotBefore.Time))...)
	case 0: // RFC 5280 has both inside
		ps = append(ps, house(at(Warning, fault(FieldValidity, "valid for the one second %s", stamp(c.NotAfter.Time))))...)
	}
	return ps
}

func checkValidity(t *target) []problem {
	c := t.cert()
	from, to, err := t.obj.certificate().Validity.At(t.ctx.Signing)
	switch {
	case err != nil:
		return fault(FieldValidity, "declared validity: %v", err)
	case !from.Equal(c.NotBefore.Time) || !to.Equal(c.NotAfter.Time):
		return fault(FieldValidity, "declared %s to %s, encoded %s to %s",
			stamp(from), stamp(to), stamp(c.NotBefore.Time), stamp(c.NotAfter.Time))
	}
	return nil
}

// badTime says what is wrong with the encoding of a time, if anything. Of the forms of
// RFC 5280 4.1.2.5 no UTCTime is after 2049, and none has a fraction of a second; others
// are not read at all.
func badTime(v inspect.Time) string {
	if v.Year() < 2050 && v.Tag != inspect.TagUTCTime {
		return "is not a UTCTime"
	}
	return ""
}

func checkNotBefore(t *target) []problem {
	from, signing := t.cert().NotBefore.Time, t.ctx.Signing
	earliest := signing.Add(-day)
	if t.kind(profiles.CrossCertifiedCA) && t.ctx.Existing != nil {
		if e := t.ctx.Existing.NotBefore.Time; e.Before(earliest) {
			earliest = e
		}
	}
	switch {
	case from.After(signing):
		return fault(FieldValidity, "notBefore %s is after the signing at %s", stamp(from), stamp(signing))
	case from.Before(earliest):
		return fault(FieldValidity, "notBefore %s is before %s", stamp(from), stamp(earliest))
	}
	return nil
}

func checkNotAfter(t *target) []problem {
	if t.cert().NotAfter.Before(t.ctx.Signing) {
		return fault(FieldValidity, "notAfter %s is before the signing at %s", stamp(t.cert().NotAfter.Time), stamp(t.ctx.Signing))
	}
	return nil
}

// checkNested compares the validity with that of the issuer. Where both overlap there is a
// path for that time, which of what was published is a warning, as for a CRL.
func checkNested(t *target) (ps []problem) {
	own, issuer := t.cert(), t.issuer
	if own.NotBefore.Before(issuer.NotBefore.Time) {
		ps = append(ps, fault(FieldValidity, "notBefore %s is before that of the issuer, %s",
			stamp(own.NotBefore.Time), stamp(issuer.NotBefore.Time))...)
	}
	if own.NotAfter.After(issuer.NotAfter.Time) {
		ps = append(ps, fault(FieldValidity, "notAfter %s is after that of the issuer, %s",
			stamp(own.NotAfter.Time), stamp(issuer.NotAfter.Time))...)
	}
	if t.ctx.Published && t.overlaps() {
		return at(Warning, ps)
	}
	return ps
}

// overlaps reports whether there is a moment at which the certificate and its issuer are
// both valid.
func (t *target) overlaps() bool {
	own, issuer := t.cert(), t.issuer
	return !own.NotAfter.Before(issuer.NotBefore.Time) && !issuer.NotAfter.Before(own.NotBefore.Time)
}
