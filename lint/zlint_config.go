// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"strings"
	"time"

	zlint "github.com/zmap/zlint/v3/lint"

	"rootceremony/profiles"
)

// zlintVersion is the version of zlint that go.mod pins; a test compares them.
const zlintVersion = "v3.7.3"

// costlyLints take more time than all others together. They look only at keys
// and signatures.
var costlyLints = []string{
	"e_cert_issued_by_compromised_emudhra_ca",
	"e_ecdsa_small_private_key",
	"e_rsa_fermat_factorization",
}

// Specimens are spared all of them. Two search for the private key, which
// key.quality does further and once for each key, and the keys of specimens are
// thrown away or were looked into. The third tries the signature with eight keys,
// and a specimen has none. What was signed is checked by all.

// zlintKeyBits is how far zlint searches for a private key of ECDSA: as far as those of
// Mozilla bug 2083449 were. It is a second opinion on key.quality, which searches to
// 2^[smallKeyBits] by code of its own. By its default of 16 bits zlint spends a quarter
// of a second on a table for P-384 in each process, twice what verify takes for the rest.
const zlintKeyBits = 8

// baseSources hold for every object, regardless of who trusts it.
var baseSources = []zlint.LintSource{
	zlint.RFC3279, zlint.RFC5280, zlint.RFC5480, zlint.RFC5891,
	zlint.RFC6960, zlint.RFC6962, zlint.RFC8813, zlint.Community,
}

// packSources are the zlint sources that a rule pack of a profile adds. Packs
// without an entry have no lints in zlint.
var packSources = map[string][]zlint.LintSource{
	PackTLS:         {zlint.CABFBaselineRequirements, zlint.CABFEVGuidelines},
	PackSMIME:       {zlint.CABFSMIMEBaselineRequirements},
	PackCodeSigning: {zlint.CABFCSBaselineRequirements},
	PackMozilla:     {zlint.MozillaRootStorePolicy},
	PackApple:       {zlint.AppleRootStorePolicy},
	PackChrome:      {zlint.ChromeRootStorePolicy},
}

// sourceDates are the days of documents to which zlint has lints that are older.
var sourceDates = map[zlint.LintSource]time.Time{
	zlint.CABFBaselineRequirements: dateBR1,
	zlint.CABFEVGuidelines:         time.Date(2007, 6, 12, 0, 0, 0, 0, time.UTC), // EVG 1.0
}

// sourcesOf gives the zlint sources that the packs of a profile ask for.
func sourcesOf(packs []string) map[zlint.LintSource]bool {
	on := make(map[zlint.LintSource]bool)
	for _, s := range baseSources {
		on[s] = true
	}
	for _, p := range packs {
		for _, s := range packSources[p] {
			on[s] = true
		}
	}
	return on
}

// allSources lists what a registry is filtered by, so that it is never the
// global one: Filter with empty options returns that, and its configuration
// would leak.
func allSources() zlint.SourceList {
	list := append(zlint.SourceList(nil), baseSources...)
	return append(list, zlint.CABFBaselineRequirements, zlint.CABFEVGuidelines,
		zlint.CABFSMIMEBaselineRequirements, zlint.CABFCSBaselineRequirements,
		zlint.MozillaRootStorePolicy, zlint.AppleRootStorePolicy,
		zlint.ChromeRootStorePolicy, zlint.EtsiEsi)
}

// zlintSettings are the settings of zlint that matter to a ceremony. zlint
// silently ignores misspelt keys, so its TOML is only ever made here.
type zlintSettings struct {
	crossCertificate bool // a cross-certified CA may keep the name it has
	subscriberCRL    bool // the CRL covers subscriber certificates: 10 days
	specimen         bool // the signature is static: it is not tried, nor are keys searched again
}

// toml renders the settings.
func (s zlintSettings) toml() string {
	var b strings.Builder
	fmt.Fprintf(&b, "[e_crl_next_update_invalid]\nSubscriberCRL = %t\n", s.subscriberCRL)
	fmt.Fprintf(&b, "[e_subj_orgunit_in_ca_cert]\nCrossCert = %t\n", s.crossCertificate)
	fmt.Fprintf(&b, "[e_ca_multiple_reserved_policy_oids]\nCrossCert = %t\n", s.crossCertificate)
	fmt.Fprintf(&b, "[e_ecdsa_small_private_key]\nBits = %d\n", zlintKeyBits)
	fmt.Fprintf(&b, "[CABFBaselineRequirementsConfig]\nCrossSignedCa = %t\n", s.crossCertificate)
	return b.String()
}

// without names the lints that are left out.
func (s zlintSettings) without(keyLints bool) []string {
	if !keyLints || s.specimen {
		return costlyLints
	}
	return nil
}

// settingsFor chooses the settings by what was declared.
func settingsFor(obj *Object, specimen bool) zlintSettings {
	s := zlintSettings{crossCertificate: obj.Kind() == profiles.CrossCertifiedCA, specimen: specimen}
	if crl := obj.revocationList(); crl != nil {
		s.subscriberCRL = crl.Covers == profiles.SubscriberCertificates
	}
	return s
}
