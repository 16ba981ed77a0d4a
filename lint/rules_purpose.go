// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// purposeRules check key purposes and policies of subordinate CAs.
var purposeRules = []Rule{
	{
		ID: "sub.eku", Level: Error, Citation: "BR 7.1.2.10.6, 7.1.2.3.3, 7.1.2.2.4, 7.1.2.4, SBR 7.1.2.2 g, CSBR 7.1.2.2 g",
		Requirement: "extKeyUsage holds the purposes of this kind of CA and none that it MUST NOT have; below a root for TLS never OCSPSigning, anyExtendedKeyUsage or precertificate signing, which had CAs of its own until 2026-03-15; each once",
		Since:       packDates{PackTLS: dateBR171, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR}, Kinds: subKinds, Intent: true, Check: checkEKU,
	},
	{
		ID: "sub.eku-smime", Level: Error, Citation: "SBR 1.0.16, 7.1.2.2 g (ballot SMC018), CCADB Policy 6.3",
		Requirement: "the only purposes of a CA for S/MIME are emailProtection and perhaps clientAuth: of a cross-certificate since 2026-09-28, of any subordinate CA since 2027-07-01",
		From:        dateSMC018, Kinds: subKinds, Packs: []string{PackSMIME}, Intent: true, Applies: forMail, Check: checkMailEKU,
	},
	{
		ID: "sub.policies", Level: Error, Citation: "BR 7.1.2.10.5, 7.1.2.3.2, 7.1.2.2.6, SBR 7.1.2.2 a, 7.1.6.3, CSBR 7.1.2.2 a, 7.1.6.3",
		Requirement: "certificatePolicies is anyPolicy alone (Affiliates only), or holds reserved policy identifiers of the CA's purpose (BR: exactly one, first; CSBR: or, for others than Affiliates, identifiers of the CA's own with a CPS URL) and identifiers of the CA's own; qualifiers: BR: only id-qt-cps with an http(s) URL, NOT RECOMMENDED; SBR: an http(s) URL, or a notice with explicitText and without noticeRef",
		Since:       sinceProfiles, Kinds: subKinds, Check: checkPolicies,
	},
}

// ekuTable says what a CA of a purpose must have, may have and must not have by a
// document.
type ekuTable struct {
	pack     string
	from     time.Time
	must     string
	may      []string // others are warned of; nil: none is
	mustNot  []string
	citation string
}

// ekuTables are the tables that apply to a declared purpose: that of the document for
// the purpose, and that of the BR for what is below a root for TLS.
var ekuTables = map[profiles.Intent][]ekuTable{
	profiles.TLSServer:        {tlsTable},
	profiles.TLSConstrained:   {tlsTable},
	profiles.SMIME:            {mailTable, otherTable},
	profiles.SMIMEConstrained: {mailTable, otherTable},
	profiles.CodeSigning: {otherTable, {PackCodeSigning, dateCSBR, purposeCode, []string{},
		[]string{purposeServer, purposeEmail, purposeTime, purposeAny}, "CSBR 7.1.2.2 g"}},
	profiles.TimeStamping: {otherTable, {PackCodeSigning, dateCSBR, purposeTime, []string{},
		[]string{purposeServer, purposeEmail, purposeCode, purposeAny}, "CSBR 7.1.2.2 g"}},
	profiles.ClientAuth: {otherTable},
	"":                  {otherTable},
	profiles.Private:    {otherTable},
}

// Tables that several purposes share. OCSPSigning is forbidden since BR 2.0.0.
//
//nolint:gochecknoglobals // rows of the table above
var (
	tlsTable = ekuTable{PackTLS, dateBR171, purposeServer, []string{purposeClient},
		[]string{purposeCode, purposeEmail, purposeTime, purposeAny}, "BR 7.1.2.10.6"}
	mailTable = ekuTable{PackSMIME, dateSMIME, purposeEmail, nil,
		[]string{purposeServer, purposeCode, purposeTime, purposeAny}, "SBR 7.1.2.2 g"}
	otherTable = ekuTable{PackTLS, dateBR171, "", nil, []string{purposeServer, purposeAny}, "BR 7.1.2.3.3"}
)

func checkEKU(t *target) (ps []problem) {
	field := t.extField(inspect.OIDExtKeyUsage)
	ekus, present := purposes(t.exts)
	cross := t.kind(profiles.CrossCertifiedCA)
	switch {
	case !present && cross && t.pack(PackTLS):
		return citing("BR 7.1.2.2.3", at(t.affiliateOnly(), fault(field, "extKeyUsage is missing: SHOULD be present for an Affiliate, MUST for others%s", t.whether())))
	case !present && cross:
		return nil // SBR 7.1.2.2 g: MAY; since SMC018 sub.eku-smime
	case !present:
		return citing(t.purposeClauses(), fault(field, "extKeyUsage is missing"))
	case len(ekus) == 0:
		return citing(t.purposeClauses(), fault(field, "extKeyUsage is empty or cannot be read"))
	case slices.Equal(ekus, []string{purposeAny}) && cross && !t.pack(PackSMIME, PackCodeSigning):
		return citing("BR 7.1.2.2.4", at(t.affiliateOnly(), fault(field, "anyExtendedKeyUsage alone: it is allowed to Affiliates, and root programs do not allow it%s", t.whether())))
	}
	if slices.Equal(ekus, []string{purposePrecert}) && t.pack(PackTLS) {
		return citing("BR 7.1.2.4", since(datePrecert, fault(field, "no CA for precertificates alone may be issued")))
	}
	for _, table := range ekuTables[t.servedIntent()] {
		if t.pack(table.pack) {
			ps = append(ps, since(table.from, table.check(field, ekus))...)
		}
	}
	seen := map[string]bool{}
	for _, e := range ekus {
		switch {
		case seen[e]:
			ps = append(ps, citing(t.purposeClauses(), fault(field, "duplicate %s", purposeName(e)))...)
		case (e == purposePrecert || e == purposeOCSP) && t.pack(PackTLS):
			ps = append(ps, citing(t.cited("BR 7.1.2.10.6, 7.1.2.3.3, 7.1.2.2.4"), since(dateBR2, fault(field, "%s MUST NOT be present", purposeName(e))))...)
		}
		seen[e] = true
	}
	return ps
}

// servedIntent is what the certified CA serves: of a cross-certificate, what its
// hierarchy does.
func (t *target) servedIntent() profiles.Intent {
	if t.kind(profiles.CrossCertifiedCA) && t.purpose.SubjectHierarchy != "" {
		return t.purpose.SubjectHierarchy
	}
	return t.purpose.Intent
}

// check compares purposes with a table.
func (e ekuTable) check(field profiles.Field, ekus []string) (ps []problem) {
	if e.must != "" && !slices.Contains(ekus, e.must) {
		ps = append(ps, fault(field, "%s is missing", purposeName(e.must))...)
	}
	for _, p := range slices.Compact(slices.Sorted(slices.Values(ekus))) {
		switch {
		case slices.Contains(e.mustNot, p):
			ps = append(ps, fault(field, "%s MUST NOT be present", purposeName(p))...)
		case e.may != nil && p != e.must && p != purposeOCSP && p != purposePrecert && !slices.Contains(e.may, p):
			ps = append(ps, at(Warning, fault(field, "%s is NOT RECOMMENDED", purposeName(p)))...)
		}
	}
	return citing(e.citation, ps)
}

// purposeClauses are those of the tables that bind the CA.
func (t *target) purposeClauses() string {
	var out []string
	for _, table := range ekuTables[t.servedIntent()] {
		if t.pack(table.pack) {
			out = append(out, table.citation)
		}
	}
	return strings.Join(out, ", ")
}

// forMail limits a rule to CAs that serve S/MIME.
func forMail(t *target) bool {
	return slices.Contains([]profiles.Intent{profiles.SMIME, profiles.SMIMEConstrained}, t.servedIntent())
}

func checkMailEKU(t *target) []problem {
	field := t.extField(inspect.OIDExtKeyUsage)
	ekus, present := purposes(t.exts)
	cross := t.kind(profiles.CrossCertifiedCA)
	from := dateSMC018EKU
	if cross {
		from = dateSMC018
	}
	switch {
	case !present && cross:
		return fault(field, "extKeyUsage is missing")
	case !present || sameSet(ekus, []string{purposeEmail}) || sameSet(ekus, []string{purposeEmail, purposeClient}):
		return nil // sub.eku
	}
	return since(from, fault(field, "extKeyUsage %v is not emailProtection, or emailProtection and clientAuth", names(ekus)))
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
	case profiles.SMIME, profiles.SMIMEConstrained:
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
	case profiles.SMIME, profiles.SMIMEConstrained:
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
	ps = t.checkQualifiers(field, list)
	oids, _ := policies(t.exts)
	switch {
	case !slices.Contains(oids, policyAny):
		return append(ps, t.checkReserved(field, oids)...)
	case len(oids) > 1 && t.pack(PackTLS, PackSMIME):
		return append(ps, fault(field, "anyPolicy together with other policies")...)
	}
	if t.affiliate() {
		return ps
	}
	return append(ps, at(t.affiliateOnly(), fault(field, "anyPolicy: only for an Affiliate of the issuer%s", t.whether()))...)
}

// checkReserved checks the reserved policies among a restricted set.
func (t *target) checkReserved(field profiles.Field, oids []string) (ps []problem) {
	reserved := slices.DeleteFunc(slices.Clone(oids), func(o string) bool { return !t.reservedPolicy(o) })
	tls := t.needsReserved() && t.tlsIntent()
	switch {
	case t.needsReserved() && len(reserved) == 0 && t.pack(PackCodeSigning):
		ps = t.ownPolicies(field)
	case t.needsReserved() && len(reserved) == 0:
		ps = fault(field, "no reserved policy identifier for %s", t.purpose.Intent)
	case tls && len(reserved) > 1 && t.kind(profiles.CrossCertifiedCA):
		ps = since(dateBR2, at(Warning, fault(field, "%d reserved policy identifiers: exactly one if subscribers chain directly", len(reserved))))
	case tls && len(reserved) > 1:
		ps = since(dateBR2, fault(field, "%d reserved policy identifiers", len(reserved)))
	case tls && len(reserved) > 0 && !t.reservedPolicy(oids[0]):
		ps = since(dateBR2, at(Warning, fault(field, "the reserved policy identifier is not the first")))
	}
	seen := map[string]bool{}
	for _, o := range oids {
		if seen[o] {
			ps = append(ps, citing("RFC 5280 4.2.1.4", fault(field, "duplicate policy %s", o))...)
		}
		seen[o] = true
		if slices.Contains(tlsPolicies, o) && !t.tlsIntent() && t.pack(PackTLS) && !t.kind(profiles.CrossCertifiedCA) {
			ps = append(ps, citing("BR 7.1.2.3.2", since(dateBR2, fault(field, "TLS policy %s in a CA for %s", o, t.purpose.Intent)))...)
		}
	}
	return ps
}

// affiliate reports whether the CA is known to be an Affiliate of its issuer.
func (t *target) affiliate() bool { return t.ctx.Affiliate != nil && *t.ctx.Affiliate }

// foreigner reports whether it is known to be none.
func (t *target) foreigner() bool { return t.ctx.Affiliate != nil && !*t.ctx.Affiliate }

// affiliateOnly is the level of what only an Affiliate may have: an error where the CA is
// known to be none, and else a warning.
func (t *target) affiliateOnly() Status {
	if t.foreigner() {
		return Error
	}
	return Warning
}

// whether says why that is only a warning, where nobody says who the CA is.
func (t *target) whether() string {
	if t.ctx.Affiliate == nil {
		return "; nobody says whether it is one"
	}
	return ""
}

// ownPolicies is about a CA for code that has identifiers of the CA's own alone, which
// others than Affiliates may (CSBR 7.1.6.3).
func (t *target) ownPolicies(field profiles.Field) []problem {
	p := fault(field, "no reserved policy identifier for %s: only for others than Affiliates of the issuer%s", t.purpose.Intent, t.whether())
	switch {
	case t.foreigner():
		return nil
	case !t.affiliate():
		p = at(Warning, p)
	}
	return since(t.sinceCodePolicy(), p)
}

// sinceCodePolicy is the day since which CSBR 7.1.6.3 asks for a reserved policy.
func (t *target) sinceCodePolicy() time.Time {
	if t.purpose.Intent == profiles.TimeStamping {
		return dateCSBRTime
	}
	return dateCSBR
}

// checkQualifiers checks policy qualifiers.
func (t *target) checkQualifiers(field profiles.Field, list []inspect.Policy) (ps []problem) {
	cps, own := false, !slices.ContainsFunc(list, func(p inspect.Policy) bool { return t.reservedPolicy(p.OID.String()) || p.OID.String() == policyAny })
	for _, p := range list {
		for _, q := range p.Qualifiers {
			cps = cps || q.Kind == inspect.QualifierCPS
			ps = append(ps, t.checkQualifier(field, p.OID.String(), q)...)
		}
	}
	if (own || t.foreigner()) && !cps && !t.affiliate() && t.pack(PackCodeSigning) && t.needsReserved() {
		ps = append(ps, citing("CSBR 7.1.2.2 a", at(t.affiliateOnly(), fault(field, "no CPS qualifier, which a CA that is no Affiliate of the issuer has%s", t.whether())))...)
	}
	return ps
}

// checkQualifier checks one policy qualifier.
func (t *target) checkQualifier(field profiles.Field, policy string, q inspect.Qualifier) []problem {
	u, err := url.Parse(q.Value)
	switch {
	case q.Kind == inspect.QualifierCPS && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == ""):
		return fault(field, "the CPS qualifier %q is not an http or https URL", q.Value)
	case q.Kind != inspect.QualifierCPS && t.pack(PackTLS):
		return since(dateBR2, fault(field, "policy %s has a qualifier other than id-qt-cps", policy))
	case q.Kind == inspect.QualifierNotice && t.pack(PackSMIME) && (q.NoticeRef || q.Value == ""):
		return citing("SBR 7.1.2.2 a", fault(field, "the notice of policy %s has a noticeRef, or no explicitText", policy))
	case t.pack(PackTLS):
		return since(dateBR2, at(Warning, fault(field, "policy %s has a qualifier, which is NOT RECOMMENDED", policy)))
	}
	return nil
}
