// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"net/url"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// purposeRules check key purposes and policies of subordinate CAs.
var purposeRules = []Rule{
	{
		ID: "sub.eku", Level: Error, Citation: "BR 7.1.2.10.6, 7.1.2.3.3, 7.1.2.2.4, 7.1.2.4, SBR 7.1.2.2 g, CSBR 7.1.2.2 g",
		Requirement: "extKeyUsage holds the purposes of this kind of CA and none that it MUST NOT have; never OCSPSigning, anyExtendedKeyUsage or (from 2026-03-15) precertificate signing; each once",
		From:        dateBR2, Kinds: subKinds, Packs: webPacks, Intent: true, Check: checkEKU,
	},
	{
		ID: "sub.policies", Level: Error, Citation: "BR 7.1.2.10.5, 7.1.2.3.2, 7.1.2.2.6, SBR 7.1.6.3, CSBR 7.1.6.3",
		Requirement: "certificatePolicies is anyPolicy alone (Affiliates only), or holds exactly one reserved policy identifier of the CA's purpose, first, and identifiers of the CA's own; the only qualifier is id-qt-cps with an http(s) URL, NOT RECOMMENDED",
		From:        dateBR2, Kinds: subKinds, Packs: webPacks, Check: checkPolicies,
	},
}

// ekuTable says what a CA of a purpose must have, may have and must not have.
// Other purposes are NOT RECOMMENDED.
type ekuTable struct {
	must     string
	may      []string
	mustNot  []string
	citation string
}

// never are the purposes that no CA may have.
var never = []string{purposeOCSP, purposeAny}

// ekuTables are the tables by declared purpose.
var ekuTables = map[profiles.Intent]ekuTable{
	profiles.TLSServer: {purposeServer, []string{purposeClient},
		[]string{purposeCode, purposeEmail, purposeTime}, "BR 7.1.2.10.6"},
	profiles.TLSConstrained: {purposeServer, []string{purposeClient},
		[]string{purposeCode, purposeEmail, purposeTime}, "BR 7.1.2.10.6"},
	profiles.SMIME: {purposeEmail, []string{purposeClient},
		[]string{purposeServer, purposeCode, purposeTime}, "SBR 7.1.2.2 g"},
	profiles.CodeSigning: {purposeCode, nil,
		[]string{purposeServer, purposeEmail, purposeTime}, "CSBR 7.1.2.2 g"},
	profiles.TimeStamping: {purposeTime, nil,
		[]string{purposeServer, purposeEmail, purposeCode}, "CSBR 7.1.2.2 g"},
	profiles.ClientAuth: {purposeClient, nil, []string{purposeServer}, "BR 7.1.2.3.3"},
}

func checkEKU(t *target) (ps []problem) {
	field := t.extField(inspect.OIDExtKeyUsage)
	ekus, present := purposes(t.exts)
	if !present {
		if t.kind(profiles.CrossCertifiedCA) {
			return at(Warning, fault(field, "extKeyUsage is missing: SHOULD be present for an Affiliate, MUST for others (BR 7.1.2.2.3)"))
		}
		return fault(field, "extKeyUsage is missing")
	}
	if len(ekus) == 0 {
		return fault(field, "extKeyUsage is empty or cannot be read")
	}
	if slices.Equal(ekus, []string{purposeAny}) && t.kind(profiles.CrossCertifiedCA) {
		return at(Warning, fault(field, "anyExtendedKeyUsage alone: BR 7.1.2.2.4 allows it to Affiliates, root programs do not"))
	}
	intent := t.purpose.Intent
	if t.kind(profiles.CrossCertifiedCA) && t.purpose.SubjectHierarchy != "" {
		intent = t.purpose.SubjectHierarchy
	}
	table, known := ekuTables[intent]
	if known && !slices.Contains(ekus, table.must) {
		ps = append(ps, fault(field, "%s is missing (%s)", purposeName(table.must), table.citation)...)
	}
	seen := map[string]bool{}
	for _, e := range ekus {
		switch {
		case seen[e]:
			ps = append(ps, fault(field, "duplicate %s", purposeName(e))...)
		case e == purposePrecert:
			ps = append(ps, since(datePrecert, fault(field, "%s MUST NOT be present", purposeName(e)))...)
		case slices.Contains(never, e) || slices.Contains(table.mustNot, e):
			ps = append(ps, fault(field, "%s MUST NOT be present", purposeName(e))...)
		case known && e != table.must && !slices.Contains(table.may, e):
			ps = append(ps, at(Warning, fault(field, "%s is NOT RECOMMENDED", purposeName(e)))...)
		}
		seen[e] = true
	}
	return ps
}

// purposeNames name key purposes as profiles do.
var purposeNames = map[string]string{
	purposeServer: "server-auth", purposeClient: "client-auth", purposeCode: "code-signing",
	purposeEmail: "email-protection", purposeTime: "time-stamping", purposeOCSP: "ocsp-signing",
	purposeAny: "any", purposePrecert: "precertificate signing", purposeVMC: "brand-indicator",
}

// purposeName names a key purpose.
func purposeName(oid string) string {
	if n := purposeNames[oid]; n != "" {
		return n
	}
	return oid
}

// reservedPolicy reports whether a policy is reserved for the purpose of the CA.
func (t *target) reservedPolicy(oid string) bool {
	switch t.purpose.Intent {
	case profiles.TLSServer, profiles.TLSConstrained:
		return slices.Contains(tlsPolicies, oid)
	case profiles.SMIME:
		return smimePolicy(oid)
	case profiles.CodeSigning:
		return oid == policyCode || oid == policyEVCode
	case profiles.TimeStamping:
		return oid == policyTime || oid == policyCode
	}
	return false
}

// smimePolicy reports whether a policy is one of SBR 7.1.6.1: four types of
// validation, three generations.
func smimePolicy(oid string) bool {
	rest, ok := strings.CutPrefix(oid, policyEmail)
	return ok && len(rest) == 3 && rest[0] >= '1' && rest[0] <= '4' && rest[1] == '.' && rest[2] >= '1' && rest[2] <= '3'
}

// needsReserved reports whether the documents the profile names ask for a
// reserved policy.
func (t *target) needsReserved() bool {
	switch t.purpose.Intent {
	case profiles.TLSServer, profiles.TLSConstrained:
		return t.pack(PackTLS)
	case profiles.SMIME:
		return t.pack(PackSMIME)
	case profiles.CodeSigning, profiles.TimeStamping:
		return t.pack(PackCodeSigning)
	}
	return false
}

func checkPolicies(t *target) (ps []problem) {
	field := t.extField(inspect.OIDCertificatePolicies)
	list, present, err := t.exts.Policies()
	switch {
	case err != nil:
		return fault(field, "%v", err)
	case !present:
		return nil // cert.extensions-required
	}
	ps = checkQualifiers(field, list)
	oids, _ := policies(t.exts)
	if slices.Contains(oids, policyAny) {
		if len(oids) > 1 {
			return append(ps, fault(field, "anyPolicy together with other policies")...)
		}
		return append(ps, at(Warning, fault(field, "anyPolicy: only for an Affiliate of the issuer"))...)
	}
	return append(ps, t.checkReserved(field, oids)...)
}

// checkReserved checks the reserved policies among a restricted set.
func (t *target) checkReserved(field profiles.Field, oids []string) (ps []problem) {
	reserved := slices.DeleteFunc(slices.Clone(oids), func(o string) bool { return !t.reservedPolicy(o) })
	switch {
	case t.needsReserved() && len(reserved) == 0:
		ps = fault(field, "no reserved policy identifier for %s", t.purpose.Intent)
	case t.needsReserved() && t.tlsIntent() && len(reserved) > 1 && t.kind(profiles.CrossCertifiedCA):
		ps = at(Warning, fault(field, "%d reserved policy identifiers: exactly one if subscribers chain directly", len(reserved)))
	case t.needsReserved() && t.tlsIntent() && len(reserved) > 1:
		ps = fault(field, "%d reserved policy identifiers", len(reserved))
	case len(reserved) > 0 && !t.reservedPolicy(oids[0]):
		ps = at(Warning, fault(field, "the reserved policy identifier is not the first"))
	}
	seen := map[string]bool{}
	for _, o := range oids {
		if seen[o] {
			ps = append(ps, fault(field, "duplicate policy %s", o)...)
		}
		seen[o] = true
		if slices.Contains(tlsPolicies, o) && !t.tlsIntent() {
			ps = append(ps, fault(field, "TLS policy %s in a CA for %s", o, t.purpose.Intent)...)
		}
	}
	return ps
}

// checkQualifiers checks policy qualifiers.
func checkQualifiers(field profiles.Field, list []inspect.Policy) (ps []problem) {
	for _, p := range list {
		for _, q := range p.Qualifiers {
			u, err := url.Parse(q.Value)
			switch {
			case q.Kind != inspect.QualifierCPS:
				ps = append(ps, fault(field, "policy %s has a qualifier other than id-qt-cps", p.OID)...)
			case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
				ps = append(ps, fault(field, "the CPS qualifier %q is not an http or https URL", q.Value)...)
			default:
				ps = append(ps, at(Warning, fault(field, "policy %s has a qualifier, which is NOT RECOMMENDED", p.OID))...)
			}
		}
	}
	return ps
}
