// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
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
		ID: "prog.apple-purpose", Level: Error, Citation: "ARP 2.0, 1.7",
		Requirement: "a subordinate CA signed since 2026-08-01 has an extKeyUsage without anyExtendedKeyUsage that is exactly one Trust Purpose",
		From:        dateApple2, Kinds: subKinds, Packs: []string{PackApple}, Check: checkApplePurpose,
	},
	{
		ID: "prog.mozilla-eku", Level: Error, Citation: "MRSP 3.1, 5.3, 7.5",
		Requirement: "intermediate certificates contain an extKeyUsage, without anyExtendedKeyUsage, and not both serverAuth and emailProtection; cross-certificates that share a key with a root are exempt",
		From:        dateMozilla, Kinds: subKinds, Packs: []string{PackMozilla}, Check: checkMozillaEKU,
	},
	{
		ID: "prog.ms-separate", Level: Error, Citation: "MTRP 1.2, 3.1.13",
		Requirement: "an issuing CA does not combine serverAuth with emailProtection, codeSigning or timeStamping",
		Kinds:       subKinds, Packs: []string{PackMicrosoft}, Check: checkMicrosoftEKU,
	},
	{
		ID: "prog.ms-root-validity", Level: Error, Citation: "MTRP 1.2, 3.1.8",
		Requirement: "a root signed since 2026-07-01 is valid for at most 10 years from its submission, without a minimum; one signed before, for at least 8 and at most 25 years (MTRP 1.1); without a date of submission notBefore is used, which is never later",
		Kinds:       rootKind, Packs: []string{PackMicrosoft}, Check: checkMicrosoftRoot,
	},
}

func checkChromeEKU(t *target) []problem {
	ekus, _ := purposes(t.exts)
	if slices.Equal(ekus, []string{purposeServer}) {
		return nil
	}
	p := fault(t.extField(inspect.OIDExtKeyUsage), "extKeyUsage %v", names(ekus))
	if sameSet(ekus, []string{purposeServer, purposeClient}) {
		return since(dateChromeEKU, p)
	}
	return p
}

func checkChromeLifetime(t *target) []problem {
	if !t.cert().NotAfter.Before(t.cert().NotBefore.AddDate(3, 0, 0)) {
		return fault(FieldValidity, "%s to %s", stamp(t.cert().NotBefore.Time), stamp(t.cert().NotAfter.Time))
	}
	return nil
}

// applePurposes are the Trust Purposes of ARP 1.7.
var applePurposes = [][]string{
	{purposeServer}, {purposeServer, purposeClient}, {purposeEmail}, {purposeEmail, purposeClient},
	{purposeClient}, {purposeTime}, {purposeVMC},
}

func checkApplePurpose(t *target) []problem {
	ekus, _ := purposes(t.exts)
	if !slices.ContainsFunc(applePurposes, func(p []string) bool { return sameSet(p, ekus) }) {
		return fault(t.extField(inspect.OIDExtKeyUsage), "extKeyUsage %v is not a Trust Purpose", names(ekus))
	}
	return nil
}

func checkMozillaEKU(t *target) []problem {
	field := t.extField(inspect.OIDExtKeyUsage)
	if e := t.ctx.Existing; t.kind(profiles.CrossCertifiedCA) && e != nil && selfIssued(e) {
		return nil
	}
	ekus, present := purposes(t.exts)
	server, email := slices.Contains(ekus, purposeServer), slices.Contains(ekus, purposeEmail)
	switch {
	case !present:
		return fault(field, "extKeyUsage is missing")
	case slices.Contains(ekus, purposeAny) || server && email:
		return fault(field, "extKeyUsage %v", names(ekus))
	case email && (slices.Contains(ekus, purposeCode) || slices.Contains(ekus, purposeTime)):
		return fault(field, "extKeyUsage %v (MRSP 7.5.2)", names(ekus))
	}
	return nil
}

func checkMicrosoftEKU(t *target) []problem {
	ekus, _ := purposes(t.exts)
	for _, other := range []string{purposeEmail, purposeCode, purposeTime} {
		if slices.Contains(ekus, purposeServer) && slices.Contains(ekus, other) {
			return fault(t.extField(inspect.OIDExtKeyUsage), "extKeyUsage %v", names(ekus))
		}
	}
	return nil
}
