// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// Dates from which rules are in force.
var (
	dateRFC3280   = time.Date(2002, 4, 1, 0, 0, 0, 0, time.UTC)   // RFC 3280 4.2.1.3: keyUsage in all CAs
	dateUTF8      = time.Date(2004, 1, 1, 0, 0, 0, 0, time.UTC)   // RFC 3280 4.1.2.4
	dateBR1       = time.Date(2012, 7, 1, 0, 0, 0, 0, time.UTC)   // BR 1.0
	dateBR171     = time.Date(2020, 8, 20, 0, 0, 0, 0, time.UTC)  // BR 1.7.1
	dateRootsOnly = time.Date(2016, 6, 30, 0, 0, 0, 0, time.UTC)  // BR 6.1.7
	dateReasons   = time.Date(2020, 9, 30, 0, 0, 0, 0, time.UTC)  // BR 1.7.1: 7.1.4.1, and reasons in 7.2 and 7.3
	dateNoHold    = time.Date(2023, 9, 15, 0, 0, 0, 0, time.UTC)  // CSBR 4.9.13
	dateInvalid   = time.Date(2022, 7, 1, 0, 0, 0, 0, time.UTC)   // CSBR 7.2.2
	dateCCADB2    = time.Date(2025, 7, 15, 0, 0, 0, 0, time.UTC)  // CCADB Policy 2.0
	dateBR2       = time.Date(2023, 9, 15, 0, 0, 0, 0, time.UTC)  // BR 2.0.0, certificate profiles
	dateBRCRL     = time.Date(2024, 3, 15, 0, 0, 0, 0, time.UTC)  // BR CRL profile
	dateEntropy   = time.Date(2016, 9, 30, 0, 0, 0, 0, time.UTC)  // 64 bits in serial numbers
	dateSMIME     = time.Date(2023, 9, 1, 0, 0, 0, 0, time.UTC)   // SBR 1.0.0
	datePrecert   = time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)  // BR 7.1.2.4
	dateChrome18  = time.Date(2026, 2, 5, 0, 0, 0, 0, time.UTC)   // CRP 1.8
	dateCCADB63   = time.Date(2025, 6, 15, 0, 0, 0, 0, time.UTC)  // CCADB Policy 6.3
	dateChromeEKU = time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)  // CRP 1.3.2
	dateApple2    = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)   // ARP 2.0
	dateAppleOne  = time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)   // ARP 1.7: no more purposes that are not listed
	dateSMC017    = time.Date(2026, 9, 15, 0, 0, 0, 0, time.UTC)  // SBR 1.0.15, ballot SMC017v2
	dateSMC013    = time.Date(2025, 8, 22, 0, 0, 0, 0, time.UTC)  // SBR 1.0.11, ballot SMC013
	dateBR111     = time.Date(2012, 11, 7, 0, 0, 0, 0, time.UTC)  // BR 1.1.1, ballot 93: 6.1.6
	dateMRSP29    = time.Date(2023, 9, 1, 0, 0, 0, 0, time.UTC)   // MRSP 2.9: 7.4
	dateChrome15  = time.Date(2024, 1, 16, 0, 0, 0, 0, time.UTC)  // CRP 1.5: age of keys, term limit
	dateMozilla   = time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)   // MRSP 5.3
	dateMRSP27    = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)   // MRSP 2.7
	dateMRSP75    = time.Date(2025, 3, 15, 0, 0, 0, 0, time.UTC)  // MRSP 7.5: roots added after this day
	dateSmallMail = time.Date(2027, 9, 15, 0, 0, 0, 0, time.UTC)  // SBR 1.0.15, small keys of issuing CAs
	dateSMC018    = time.Date(2026, 9, 28, 0, 0, 0, 0, time.UTC)  // SBR 1.0.16, ballot SMC018
	dateSMC018EKU = time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)   // SBR 1.0.16: emailProtection and clientAuth only
	dateMTRP      = time.Date(2025, 10, 13, 0, 0, 0, 0, time.UTC) // MTRP 1.0, the oldest version in its repository
	dateCSBR      = time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)   // CSBR 2, the first day of its table of dates
	dateCSBR3     = time.Date(2022, 6, 29, 0, 0, 0, 0, time.UTC)  // CSBR 3.0, the oldest that asks CAs for 4096 bits
	dateMRSP22    = time.Date(2016, 11, 7, 0, 0, 0, 0, time.UTC)  // MRSP 2.2, the oldest version in its repository
	dateMRSP23    = time.Date(2016, 12, 16, 0, 0, 0, 0, time.UTC) // MRSP 2.3: nextUpdate in OCSP responses
	dateCSBRTime  = time.Date(2022, 3, 31, 0, 0, 0, 0, time.UTC)  // CSBR 7.1.6.3, time stamping
)

// day is how long a day lasts (BR 6.3.2).
const day = 24 * time.Hour

// webPacks are the rule packs of the CA/Browser Forum.
var webPacks = []string{PackTLS, PackSMIME, PackCodeSigning}

// sinceProfiles are the days of the profiles of CA certificates in the documents of
// the CA/Browser Forum.
var sinceProfiles = packDates{PackTLS: dateBR2, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR}

// tlsPack is the pack of the TLS Baseline Requirements alone.
var tlsPack = []string{PackTLS}

// Key purposes.
const (
	purposeServer  = "1.3.6.1.5.5.7.3.1"
	purposeClient  = "1.3.6.1.5.5.7.3.2"
	purposeCode    = "1.3.6.1.5.5.7.3.3"
	purposeEmail   = "1.3.6.1.5.5.7.3.4"
	purposeTime    = "1.3.6.1.5.5.7.3.8"
	purposeOCSP    = "1.3.6.1.5.5.7.3.9"
	purposeVMC     = "1.3.6.1.5.5.7.3.31"
	purposeAny     = "2.5.29.37.0"
	purposePrecert = "1.3.6.1.4.1.11129.2.4.4"
)

// Certificate policies.
const (
	policyAny    = "2.5.29.32.0"
	policyEV     = "2.23.140.1.1"
	policyEVCode = "2.23.140.1.3"
	policyCode   = "2.23.140.1.4.1"
	policyTime   = "2.23.140.1.4.2"
	policyEmail  = "2.23.140.1.5." // and two more arcs
)

// tlsPolicies are the reserved policies of TLS (BR 7.1.6.1).
var tlsPolicies = []string{"2.23.140.1.2.1", "2.23.140.1.2.2", "2.23.140.1.2.3", policyEV}

// Bits of key usage, as inspect gives them.
const (
	usageDigitalSignature = 1 << 0
	usageNonRepudiation   = 1 << 1
	usageCertSign         = 1 << 5
	usageCRLSign          = 1 << 6
)

// pack reports whether the profile names a rule pack.
func (t *target) pack(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(t.purpose.Rules, n) })
}

// public reports whether the CA/Browser Forum or Mozilla has a say.
func (t *target) public() bool { return t.pack(webPacks...) || t.pack(PackMozilla) }

// kind reports whether the object is of one of the kinds.
func (t *target) kind(kinds ...profiles.Kind) bool { return slices.Contains(kinds, t.obj.Kind()) }

// tlsIntent reports whether a CA is declared to serve TLS.
func (t *target) tlsIntent() bool {
	return t.purpose.Intent == profiles.TLSServer || t.purpose.Intent == profiles.TLSConstrained
}

// mailIntent reports whether a CA is declared to serve S/MIME.
func (t *target) mailIntent() bool {
	return t.purpose.Intent == profiles.SMIME || t.purpose.Intent == profiles.SMIMEConstrained
}

// has reports whether an extension is there.
func has(x inspect.Extensions, oid asn1.ObjectIdentifier) bool {
	_, n := x.Extension(oid)
	return n > 0
}

// purposes gives the extended key usage in dotted form.
func purposes(x inspect.Extensions) (out []string, present bool) {
	ids, present, err := x.ExtKeyUsage()
	if err != nil {
		return nil, present
	}
	return dotted(ids), present
}

// IsResponder reports whether a certificate with these extensions is for an OCSP
// responder: its purposes include OCSPSigning (RFC 6960 4.2.2.2).
func IsResponder(x inspect.Extensions) bool {
	ekus, _ := purposes(x)
	return slices.Contains(ekus, purposeOCSP)
}

// policies gives the certificate policies in dotted form.
func policies(x inspect.Extensions) (out []string, present bool) {
	list, present, err := x.Policies()
	if err != nil {
		return nil, present
	}
	for _, p := range list {
		out = append(out, p.OID.String())
	}
	return out, present
}

// dotted writes object identifiers.
func dotted(ids []asn1.ObjectIdentifier) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out
}

// usage gives the key usage bits.
func usage(x inspect.Extensions) (uint16, bool) {
	ku, present, err := x.KeyUsage()
	return ku.Bits, present && err == nil
}

// subjectKeyID gives the subject key identifier, or nil.
func subjectKeyID(x inspect.Extensions) []byte {
	id, present, err := x.SubjectKeyID()
	if !present || err != nil {
		return nil
	}
	return id
}

// declaredExtensions gives the declared extensions of any object.
func (t *target) declaredExtensions() []profiles.Extension { return t.obj.Declared.AllExtensions() }

// extField names an extension as the profile does, or the list of extensions
// when the profile does not have it.
func (t *target) extField(oid asn1.ObjectIdentifier) profiles.Field {
	name := oid.String()
	for _, e := range t.declaredExtensions() {
		if string(e.OID()) == name {
			return profiles.FieldOf(&e)
		}
	}
	return FieldExtensions
}

// others gives the siblings that are not the object itself.
func (t *target) others() []Sibling {
	return slices.DeleteFunc(slices.Clone(t.ctx.Siblings), func(s Sibling) bool {
		return s.Cert == nil || s.Artifact == t.obj.Artifact || t.cert() != nil && bytes.Equal(s.Cert.Raw, t.cert().Raw)
	})
}

// sameSet reports whether two lists hold the same words.
func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// stamp writes a time for people.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
