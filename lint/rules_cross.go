// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// needExisting is what rules for cross-certificates ask for.
var needExisting = []Need{NeedExisting}

// crossRules compare a cross-certificate with the existing certificate.
var crossRules = []Rule{
	{
		ID: "cross.existing", Level: Error, Citation: "BR 7.1.2.2, else house",
		Requirement: "the existing certificate is supplied, is that of a CA, is valid, and complied with the rules of its own date (for a private CA noticed)",
		House:       HouseUnusable, Asked: packDates{PackTLS: dateBR2}, From: dateBR2, Kinds: crossKind, Needs: []Need{NeedExisting, NeedSigning}, Check: checkExisting,
	},
	{
		ID: "cross.subject", Level: Error, Citation: "BR 7.1.2.2, 7.1.4.1",
		Requirement: "the subject is byte-for-byte identical to that of the existing certificate",
		Kinds:       crossKind, Needs: needExisting, Check: checkCrossSubject,
	},
	{
		ID: "cross.spki", Level: Error, Citation: "BR 7.1.2.2",
		Requirement: "the subjectPublicKeyInfo is byte-for-byte identical to that of the existing certificate",
		Kinds:       crossKind, Needs: needExisting, Check: checkCrossKey,
	},
	{
		ID: "cross.ski", Level: Error, Citation: "house",
		Requirement: "the subjectKeyIdentifier is that of the existing certificate, so that paths can be built",
		House:       HouseUnusable, Kinds: crossKind, Needs: needExisting, Check: checkCrossSKI,
	},
	{
		ID: "cross.ku", Level: Warning, Citation: "house",
		Requirement: "keyUsage is not wider than that of the existing certificate",
		House:       HouseConflicts, Kinds: crossKind, Needs: needExisting, Check: checkCrossUsage,
	},
	{
		ID: "cross.pathlen", Level: Warning, Citation: "house",
		Requirement: "the path length is not wider than that of the existing certificate",
		House:       HouseConflicts, Kinds: crossKind, Needs: needExisting, Check: checkCrossPathLength,
	},
	{
		ID: "cross.pathlen-below", Level: Notice, Citation: "RFC 5280 6.1.4",
		Requirement: "a path length shorter than that of the existing certificate leaves out longer paths through CAs below it, which validate over the existing certificate alone",
		Kinds:       crossKind, Needs: needExisting, Check: checkCrossShorter,
	},
	{
		ID: "cross.eku-hierarchy", Level: Error, Citation: "CCADB Policy 6.3",
		Requirement: "a cross-certificate into a dedicated hierarchy has exactly the key purposes of that hierarchy",
		From:        dateCCADB63, Kinds: crossKind, Packs: []string{PackCCADB}, Intent: true, Check: checkHierarchy,
	},
	{
		ID: "cross.ev-oid", Level: Error, Citation: "CCADB Policy 6.3",
		Requirement: "2.23.140.1.1 MUST be present when both hierarchies are EV-capable",
		From:        dateCCADB63, Kinds: crossKind, Packs: []string{PackCCADB}, Needs: []Need{NeedExisting, NeedIssuer}, Check: checkEVPolicy,
	},
}

func checkExisting(t *target) (ps []problem) {
	e := t.ctx.Existing
	if !actsAsCA(e) {
		ps = append(ps, fault(FieldExisting, "%q is not a CA", e.Subject)...)
	}
	if e.NotAfter.Before(t.ctx.Signing) {
		ps = append(ps, fault(FieldExisting, "%q expired on %s", e.Subject, stamp(e.NotAfter.Time))...)
	}
	for _, f := range t.zlint.byOwnDate(e, t.ctx.ExistingSpecimen, t.purpose.Rules) {
		ps = append(ps, at(t.existing(), fault(FieldExisting, "by the rules of its own date: %s", strings.TrimSpace(fmt.Sprintf("%s (%s) %s", f.Rule, f.Citation, f.Details))))...)
	}
	if namesOwnKey(e) && t.ctx.ExistingSpecimen == nil {
		if err := verifiesItself(e); err != nil {
			ps = append(ps, fault(FieldExisting, "%q does not verify under its own key: %v", e.Subject, err)...)
		}
	}
	return ps
}

func checkCrossSubject(t *target) []problem {
	if bytes.Equal(t.cert().RawSubject, t.ctx.Existing.RawSubject) {
		return nil
	}
	return fault(FieldExisting, "subject %x, existing %x", t.cert().RawSubject, t.ctx.Existing.RawSubject)
}

func checkCrossKey(t *target) []problem {
	if bytes.Equal(t.spki, t.ctx.Existing.RawSPKI) {
		return nil
	}
	return fault(FieldExisting, "the key is not that of %q", t.ctx.Existing.Subject)
}

func checkCrossSKI(t *target) []problem {
	got, want := subjectKeyID(t.exts), subjectKeyID(t.ctx.Existing.Extensions)
	if len(want) == 0 || bytes.Equal(got, want) {
		return nil
	}
	return fault(t.extField(inspect.OIDSubjectKeyID), "identifier %x, existing %x", got, want)
}

func checkCrossUsage(t *target) []problem {
	old, present := usage(t.ctx.Existing.Extensions)
	now, _ := usage(t.exts)
	if extra := now &^ old; present && extra != 0 {
		return fault(t.extField(inspect.OIDKeyUsage), "%v is not in the existing certificate",
			inspect.KeyUsage{Bits: extra, BitLength: 9}.Names())
	}
	return nil
}

func checkCrossPathLength(t *target) []problem {
	old, _, err := t.ctx.Existing.BasicConstraints()
	now, _, err2 := t.exts.BasicConstraints()
	if err != nil || err2 != nil || old.PathLen == nil {
		return nil
	}
	if now.PathLen == nil || *now.PathLen > *old.PathLen {
		return fault(t.extField(inspect.OIDBasicConstraints), "the path length of the existing certificate is %d", *old.PathLen)
	}
	return nil
}

// checkCrossShorter says which paths end at the existing certificate (RFC 5280 6.1.4 l, m).
func checkCrossShorter(t *target) []problem {
	old, _, err := t.ctx.Existing.BasicConstraints()
	now, _, err2 := t.exts.BasicConstraints()
	if err != nil || err2 != nil || now.PathLen == nil || old.PathLen != nil && *old.PathLen <= *now.PathLen {
		return nil
	}
	field, was := t.extField(inspect.OIDBasicConstraints), "none"
	if old.PathLen != nil {
		was = strconv.Itoa(*old.PathLen)
	}
	return fault(field, "path length %d, that of the existing certificate: %s; a path with more CAs below does not validate over this certificate", *now.PathLen, was)
}

// hierarchyRows are the key purposes of a cross-certificate into a dedicated
// hierarchy (CCADB Policy 6.3).
var hierarchyRows = map[profiles.Intent][][]string{
	profiles.TLSServer:      {{purposeServer}, {purposeServer, purposeClient}},
	profiles.TLSConstrained: {{purposeServer}, {purposeServer, purposeClient}},
	profiles.ClientAuth:     {{purposeClient}},
	profiles.SMIME:          {{purposeEmail}, {purposeEmail, purposeClient}},
	profiles.CodeSigning:    {{purposeCode}},
	profiles.TimeStamping:   {{purposeTime}},
}

func checkHierarchy(t *target) []problem {
	field := t.extField(inspect.OIDExtKeyUsage)
	ekus, present := purposes(t.exts)
	rows, known := hierarchyRows[t.purpose.SubjectHierarchy]
	switch {
	case !known:
		return fault(FieldHierarchy, "the profile does not say which hierarchy the subject belongs to")
	case !present:
		return fault(field, "extKeyUsage is missing")
	case !slices.ContainsFunc(rows, func(row []string) bool { return sameSet(row, ekus) }):
		return fault(field, "%v is not in the table for %s", names(ekus), t.purpose.SubjectHierarchy)
	}
	return nil
}

// names names key purposes.
func names(oids []string) []string {
	out := make([]string, len(oids))
	for i, o := range oids {
		out[i] = purposeName(o)
	}
	return out
}

func checkEVPolicy(t *target) []problem {
	old, _ := policies(t.ctx.Existing.Extensions)
	outer, present := policies(t.issuer.Extensions)
	capable := !present || slices.Contains(outer, policyEV) || slices.Contains(outer, policyAny)
	now, _ := policies(t.exts)
	if slices.Contains(old, policyEV) && capable && !slices.Contains(now, policyEV) {
		return fault(t.extField(inspect.OIDCertificatePolicies), "the existing certificate has %s", policyEV)
	}
	return nil
}
