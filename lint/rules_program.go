// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// programRules check certificates against the policies of root programs.
var programRules = []Rule{
	{
		ID: "prog.chrome-eku", Level: Error, Citation: "CRP 1.8, 1.3.2",
		Requirement: "extKeyUsage of a subordinate CA disclosed since 2026-06-15 is exactly serverAuth; since 2025-06-15 it is serverAuth, or serverAuth and clientAuth (disclosure is due within days of the signing, so the day of signing is used as that of disclosure)",
		From:        dateCCADB63, Kinds: subKinds, Packs: []string{PackChrome}, Check: checkChromeEKU,
	},
	{
		ID: "prog.chrome-subca-3y", Level: Warning, Citation: "CRP 1.8, 1.3.1.3",
		Requirement: "a subordinate CA SHOULD be valid for at most three years",
		From:        dateChrome18, Kinds: subKinds, Packs: []string{PackChrome}, Check: checkChromeLifetime,
	},
	{
		ID: "prog.apple-purpose", Level: Error, Citation: "ARP 2.0, 1.7, Appendix A",
		Requirement: "a subordinate CA signed since 2026-08-01 has an extKeyUsage without anyExtendedKeyUsage that is exactly one Trust Purpose, or until 2027-07-01, below a root of several Trust Purposes (its scope), has none of their purposes; a warning where nobody says what the root is for",
		From:        dateApple2, Kinds: subKinds, Packs: []string{PackApple}, Check: checkApplePurpose,
	},
	{
		ID: "prog.mozilla-eku", Level: Error, Citation: "MRSP 3.1, 5.3",
		Requirement: "intermediate certificates created after January 1, 2019 contain an extKeyUsage, without anyExtendedKeyUsage, and not both serverAuth and emailProtection; cross-certificates that share a key with a root are exempt (which the existing certificate shows)",
		From:        dateMozilla, Kinds: subKinds, Packs: []string{PackMozilla}, Check: checkMozillaEKU,
	},
	{
		ID: "prog.mozilla-dedicated", Level: Error, Citation: "MRSP 3.1, 7.5.1, 7.5.2",
		Requirement: "below a root added after March 15, 2025 (included: DATE or new) a subordinate CA has an extKeyUsage that asserts, for websites, only serverAuth or serverAuth and clientAuth, for email emailProtection and neither serverAuth nor codeSigning, timeStamping or anyExtendedKeyUsage",
		From:        dateMRSP75, Kinds: subKinds, Packs: []string{PackMozilla}, Check: checkMozillaDedicated,
	},
	{
		ID: "prog.ms-separate", Level: Error, Citation: "MTRP 1.2, 3.1.13",
		Requirement: "an issuing CA does not combine serverAuth with emailProtection, codeSigning or timeStamping",
		From:        dateMTRP, Kinds: subKinds, Packs: []string{PackMicrosoft}, Check: checkMicrosoftEKU,
	},
	{
		ID: "prog.ms-status", Level: Error, Citation: "MTRP 1.2, 3.1.10",
		Requirement: "an issuing CA certificate contains a CRL distribution point or the URL of an OCSP responder; a CRL should be smaller than 10 MB where there is no such URL",
		From:        dateMTRP, Kinds: append(slices.Clone(subKinds), profiles.CRL), Packs: []string{PackMicrosoft}, Check: checkMicrosoftStatus,
	},
	{
		ID: "prog.ms-ocsp", Level: Warning, Citation: "MTRP 1.2, 3.2.2",
		Requirement: "an OCSP response is valid for at least eight hours and at most seven days",
		From:        dateMTRP, Kinds: responseKind, Packs: []string{PackMicrosoft}, Check: checkMicrosoftResponse,
	},
	{
		ID: "prog.ms-root-purpose", Level: Error, Citation: "MTRP 1.2, 3.4.3",
		Requirement: "a root submitted since 2026-07-01 is for at most one of server authentication, S/MIME and code signing, by its declared scope and its extKeyUsage; the first two with client authentication, the third with client authentication and time stamping, and no other combination is allowed; without a date of submission notBefore is used, and the finding is a warning",
		From:        dateMTRP, Kinds: rootKind, Packs: []string{PackMicrosoft}, Check: checkMicrosoftPurpose,
	},
	{
		ID: "prog.ms-root-validity", Level: Error, Citation: "MTRP 1.2, 3.1.8",
		Requirement: "a root signed since 2026-07-01 is valid for at most 10 years from its submission, without a minimum; one signed before, for at least 8 and at most 25 years (MTRP 1.1); without a date of submission notBefore is used, and the finding is a warning",
		From:        dateMTRP, Kinds: rootKind, Packs: []string{PackMicrosoft}, Check: checkMicrosoftRoot,
	},
}

func checkChromeEKU(t *target) []problem {
	ekus, _ := purposes(t.exts)
	if slices.Equal(ekus, []string{purposeServer}) {
		return nil
	}
	p := fault(t.extField(inspect.OIDExtKeyUsage), "%s: it has to be serverAuth alone (before 2026-06-15 with clientAuth, too)", t.saidPurposes())
	if sameSet(ekus, []string{purposeServer, purposeClient}) {
		return since(dateChromeEKU, p)
	}
	return p
}

// saidPurposes says which key purposes there are.
func (t *target) saidPurposes() string {
	ekus, present := purposes(t.exts)
	if !present {
		return "extKeyUsage is missing"
	}
	return fmt.Sprintf("extKeyUsage %v", names(ekus))
}

func checkChromeLifetime(t *target) []problem {
	if !t.cert().NotAfter.Before(t.cert().NotBefore.AddDate(3, 0, 0)) {
		return fault(FieldValidity, "%s to %s is more than three years", stamp(t.cert().NotBefore.Time), stamp(t.cert().NotAfter.Time))
	}
	return nil
}

// applePurposes are the Trust Purposes of ARP 2.0, Appendix A.
var applePurposes = [][]string{
	{purposeServer}, {purposeServer, purposeClient}, {purposeEmail}, {purposeEmail, purposeClient},
	{purposeClient}, {purposeTime}, {purposeVMC},
}

func checkApplePurpose(t *target) []problem {
	ekus, _ := purposes(t.exts)
	if slices.ContainsFunc(applePurposes, func(p []string) bool { return sameSet(p, ekus) }) {
		return nil
	}
	p := fault(t.extField(inspect.OIDExtKeyUsage), "%s: it is not a Trust Purpose", t.saidPurposes())
	listed := append(slices.Concat(applePurposes...), purposeAny)
	switch unlisted := len(ekus) > 0 && !slices.ContainsFunc(ekus, func(e string) bool { return slices.Contains(listed, e) }); {
	case unlisted && len(t.purpose.Scope) > 1: // ARP 1.7 (b)
		return since(dateAppleOne, p)
	case unlisted && len(t.purpose.Scope) == 0 && t.signedAt().Before(dateAppleOne):
		return at(Warning, fault(p[0].field, "extKeyUsage %v: it is not a Trust Purpose: only below a root of several, and nobody says what it is for", names(ekus)))
	}
	return p
}

func checkMozillaEKU(t *target) []problem {
	field := t.extField(inspect.OIDExtKeyUsage)
	switch e := t.ctx.Existing; {
	case !t.kind(profiles.CrossCertifiedCA):
	case e == nil:
		return lacksContext(profiles.Field{}, NeedExisting)
	case SelfSigned(e):
		return nil
	}
	ekus, present := purposes(t.exts)
	server, email := slices.Contains(ekus, purposeServer), slices.Contains(ekus, purposeEmail)
	switch {
	case !present:
		return fault(field, "extKeyUsage is missing")
	case slices.Contains(ekus, purposeAny) || server && email:
		return fault(field, "extKeyUsage %v has anyExtendedKeyUsage, or serverAuth and emailProtection", names(ekus))
	}
	return nil
}

func checkMicrosoftEKU(t *target) []problem {
	ekus, _ := purposes(t.exts)
	for _, other := range []string{purposeEmail, purposeCode, purposeTime} {
		if slices.Contains(ekus, purposeServer) && slices.Contains(ekus, other) {
			return fault(t.extField(inspect.OIDExtKeyUsage), "extKeyUsage %v combines serverAuth with %s", names(ekus), purposeName(other))
		}
	}
	return nil
}
