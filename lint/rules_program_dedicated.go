// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// checkMozillaDedicated compares with what a root is trusted for: its scope, or else
// one of both.
func checkMozillaDedicated(t *target) []problem {
	day, known := t.included()
	if known && !day.IsZero() && !day.After(dateMRSP75) {
		return nil
	}
	// A root that was made later was not added before.
	known = known || t.issuer != nil && SelfSigned(t.issuer) && t.issuer.NotBefore.After(dateMRSP75)
	ekus, _ := purposes(t.exts)
	websites := sameSet(ekus, []string{purposeServer}) || sameSet(ekus, []string{purposeServer, purposeClient})
	email := slices.Contains(ekus, purposeEmail) && !slices.ContainsFunc(ekus, func(e string) bool {
		return slices.Contains([]string{purposeServer, purposeCode, purposeTime, purposeAny}, e)
	})
	tls, mail := t.trustedFor(profiles.ScopeTLS), t.trustedFor(profiles.ScopeSMIME)
	if tls && websites || mail && email || !tls && !mail {
		return nil
	}
	field := t.extField(inspect.OIDExtKeyUsage)
	if !known {
		return lacksContext(field, NeedInclusion)
	}
	return fault(field, "%s, below a root that is included after 2025-03-15", t.saidPurposes())
}

// trustedFor reports whether a root is declared to be trusted for something, or may
// be by the packs of the profile where it does not say.
func (t *target) trustedFor(s profiles.RootScope) bool {
	if len(t.purpose.Scope) > 0 {
		return slices.Contains(t.purpose.Scope, s)
	}
	return s == profiles.ScopeTLS && t.pack(PackTLS) || s == profiles.ScopeSMIME && t.pack(PackSMIME)
}

// microsoftCRL is the size that a CRL should stay below, in octets.
const microsoftCRL = 10_000_000

func checkMicrosoftStatus(t *target) []problem {
	if t.crl() != nil {
		if n := len(t.der); n >= microsoftCRL {
			return at(Warning, fault(FieldEntries, "the CRL has %d octets", n))
		}
		return nil
	}
	if has(t.exts, inspect.OIDCRLDistributionPoints) || slices.ContainsFunc(t.urls(), func(p place) bool { return p.ocsp }) {
		return nil
	}
	return fault(FieldExtensions, "neither a CRL distribution point nor the URL of an OCSP responder")
}

func checkMicrosoftResponse(t *target) []problem {
	s := t.single()
	if s.NextUpdate == nil {
		return nil // ocsp.window
	}
	if span := s.NextUpdate.Sub(s.ThisUpdate.Time) + time.Second; span < 8*time.Hour || span > 7*day {
		return fault(FieldNextUpdate, "%s to %s is not eight hours to seven days", stamp(s.ThisUpdate.Time), stamp(s.NextUpdate.Time))
	}
	return nil
}

// rootPurposes are the key purposes that a root is declared for.
func (t *target) rootPurposes() []string {
	out, _ := purposes(t.exts)
	for scope, purpose := range map[profiles.RootScope]string{
		profiles.ScopeTLS: purposeServer, profiles.ScopeSMIME: purposeEmail, profiles.ScopeCode: purposeCode,
	} {
		if slices.Contains(t.purpose.Scope, scope) {
			out = append(out, purpose)
		}
	}
	switch t.purpose.Intent {
	case profiles.TLSServer, profiles.TLSConstrained:
		out = append(out, purposeServer)
	case profiles.SMIME, profiles.SMIMEConstrained:
		out = append(out, purposeEmail)
	case profiles.CodeSigning:
		out = append(out, purposeCode)
	case profiles.TimeStamping:
		out = append(out, purposeTime)
	}
	return slices.Compact(slices.Sorted(slices.Values(out)))
}

// microsoftSets are the combinations that a root may be authorized for: the first
// purpose with any of the others (MTRP 3.4.3).
var microsoftSets = [][]string{
	{purposeServer, purposeClient}, {purposeEmail, purposeClient}, {purposeCode, purposeClient, purposeTime},
}

func checkMicrosoftPurpose(t *target) []problem {
	have := t.rootPurposes()
	permitted := func(set []string) bool { return slices.Contains(have, set[0]) && subset(have, set) }
	if len(have) < 2 || slices.ContainsFunc(microsoftSets, permitted) {
		return nil
	}
	day, submitted := t.cert().NotBefore.Time, !t.ctx.Submission.IsZero()
	if submitted {
		day = t.ctx.Submission
	}
	switch {
	case day.Before(dateMicrosoft10):
		return nil
	case submitted:
		return fault(FieldSubmission, "a root for %v, which is no combination that is allowed", names(have))
	}
	return at(Warning, fault(FieldSubmission, "a root for %v, which is no combination that is allowed; notBefore is used, because no date of submission is given", names(have)))
}

// subset reports whether all words of a list are in another.
func subset(list, in []string) bool {
	return !slices.ContainsFunc(list, func(w string) bool { return !slices.Contains(in, w) })
}
