// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// corrected is a lint of zlint that is corrected: an object of which it is wrong, and
// what the correction covers and leaves alone by kind and purpose.
type corrected struct {
	rule           string
	level          Status // of the lint
	wrong          func(*testing.T, *hierarchy) *made
	covers, leaves []profiles.Object
}

// kindOnly declares an object of a kind, of rule packs.
func kindOnly(kind profiles.Kind, packs ...string) profiles.Object {
	return &profiles.Certificate{Kind: kind, Purpose: profiles.Purpose{Rules: packs}}
}

// meant declares a subordinate CA of a purpose.
func meant(p profiles.Purpose) profiles.Object {
	return &profiles.Certificate{Kind: profiles.SubordinateCA, Purpose: p}
}

// ofFailing is an object of a table of TestFailing.
func ofFailing(rule, name string) func(*testing.T, *hierarchy) *made {
	all := allFailing()
	return all[slices.IndexFunc(all, func(c failing) bool { return c.rule == rule && c.name == name })].make
}

// cas are declared CA certificates of all kinds.
func cas(packs ...string) []profiles.Object {
	return []profiles.Object{kindOnly(profiles.RootCA, packs...), kindOnly(profiles.SubordinateCA, packs...), kindOnly(profiles.CrossCertifiedCA, packs...)}
}

// responders declare an OCSP responder.
func responders(packs ...string) []profiles.Object {
	return []profiles.Object{kindOnly(profiles.OCSPResponder, packs...)}
}

// served declares subordinate CAs of some intents.
func served(intents ...profiles.Intent) (out []profiles.Object) {
	for _, i := range intents {
		out = append(out, meant(profiles.Purpose{Intent: i}))
	}
	return out
}

// answers declares subordinate CAs that answer OCSP in some ways.
func answers(ways ...string) (out []profiles.Object) {
	for _, w := range ways {
		out = append(out, meant(profiles.Purpose{OCSP: w}))
	}
	return out
}

var correctedLints = []corrected{
	{"n_ca_digital_signature_not_set", Notice, func(_ *testing.T, w *hierarchy) *made { return w.root }, answers(ocspNone, ocspDelegated), answers(ocspDirect, "")},
	{"e_mailbox_validated_allowed_subjectdn_attributes", Error, mailCA(func(c *profiles.Certificate) *profiles.Certificate { return c }), cas(), responders()},
	{"n_ct_sct_policy_count_unsatisfied", Notice, func(_ *testing.T, w *hierarchy) *made { return w.delegate },
		append(cas(), responders()...), []profiles.Object{&profiles.RevocationList{}}},
	{"e_ext_name_constraints_not_critical", Error, func(t *testing.T, w *hierarchy) *made {
		return flagged(inspect.OIDNameConstraints, nil)(t, certificate(t, constrainedProfile(t), key(t, algorithm.ECDSAP384, "nc"), w.root))
	}, append(cas(PackTLS), cas(PackSMIME)...), append(cas(PackRFC5280), responders(PackTLS)...)},
	{"e_ocsp_cert_cp_forbidden", Error, ofFailing("ocspcert.exact", "policies"), append(responders(), cas()...), []profiles.Object{&profiles.RevocationList{}}},
	{"e_ocsp_cert_cdp_forbidden", Error, withOCSPSigning, cas(), responders()},
	{"e_ocsp_cert_invalid_ku", Error, withOCSPSigning, cas(), responders()},
	{"e_incorrect_ku_encoding", Fatal, fixed(inspect.OIDKeyUsage, 3, 1, 0).of(theE1), append(cas(), responders()...), nil},
	{"e_superfluous_ku_encoding", Error, fixed(inspect.OIDKeyUsage, 3, 1, 0).of(theE1), append(cas(), responders()...), nil},
	{"n_sub_ca_eku_not_technically_constrained", Notice, sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return aimed(purposed(c, purposeCode, purposeAny), profiles.CodeSigning)
	}), served(profiles.SMIME, profiles.SMIMEConstrained, profiles.CodeSigning, profiles.TimeStamping, profiles.ClientAuth, profiles.Private),
		served(profiles.TLSServer, profiles.TLSConstrained, "")},
	{"n_sub_ca_eku_missing", Notice, drop(inspect.OIDExtKeyUsage).of(theE1), cas(), responders()},
	{"n_mp_allowed_eku", Notice, drop(inspect.OIDExtKeyUsage).of(theE1), cas(), responders()},
	{"n_multiple_subject_rdn", Notice, ofFailing("cert.rdn-single", "two attributes in one RDN"), cas(), responders()},
	{"e_sub_cert_crl_distribution_points_does_not_contain_url", Error,
		valued(inspect.OIDCRLDistributionPoints, point("https://x1.c.example.com/root-x1.crl")).of(theE1), cas(), responders()},
	{"e_sub_cert_crl_distribution_points_marked_critical", Error, flagged(inspect.OIDCRLDistributionPoints, critical).of(theE1), cas(), responders()},
	{"w_sub_cert_certificate_policies_marked_critical", Warning, flagged(inspect.OIDCertificatePolicies, critical).of(theE1), cas(), responders()},
	{"e_sub_cert_eku_server_auth_client_auth_missing", Error, maker(theCross1).but(breaking(serving(purposeAny)), bindingOn("2022-01-01", PackTLS)), cas(), responders()}, // until 2023-09-15
	{"e_sub_cert_not_is_ca", Error, fixed(inspect.OIDKeyUsage, 3, 2, 1, 2).of(theE1), cas(), responders()},
}

// withOCSPSigning is a CA that has OCSPSigning, with distribution points and the bits of a CA.
var withOCSPSigning = sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
	return purposed(c, purposeServer, purposeOCSP)
})

// Each correction is of something that zlint says, and sets aside what it is about and
// nothing else: a finding that it covers by mistake is one that nobody sees.
func TestCorrections(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	if len(correctedLints) != len(corrections) {
		t.Errorf("%d corrections, %d tests", len(corrections), len(correctedLints))
	}
	for _, c := range correctedLints {
		i := slices.IndexFunc(corrections, func(x correction) bool { return x.rule == c.rule })
		if i < 0 {
			t.Errorf("no correction of %s", c.rule)
			continue
		}
		reason := corrections[i].reason
		r := c.wrong(t, w).check(l)
		if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == c.rule && f.Suppressed == reason }) {
			t.Errorf("%s corrects nothing:%s", c.rule, show(r))
		}
		says := corrections[i].says
		for _, d := range c.covers {
			c.expect(t, d, EngineZLint, c.level, says, reason)
			c.expect(t, d, EngineCeremony, c.level, says, "")
			if says != "" {
				c.expect(t, d, EngineZLint, c.level, "something else", "")
			}
			if w := worse[c.level]; w != "" {
				c.expect(t, d, EngineZLint, w, says, "")
			}
		}
		for _, d := range append(c.leaves, nil) {
			c.expect(t, d, EngineZLint, c.level, says, "")
		}
	}
}

// worse is the next status.
var worse = map[Status]Status{Notice: Warning, Error: Fatal}

// expect compares what becomes of a finding of the lint.
func (c *corrected) expect(t *testing.T, d profiles.Object, engine string, level Status, details, reason string) {
	t.Helper()
	found := []Finding{{Rule: c.rule, Engine: engine, Status: level, Sense: details}, {Rule: "e_another", Engine: EngineZLint, Status: Notice}}
	suppress(&Object{Declared: d}, found)
	if found[0].Suppressed != reason || found[1].Suppressed != "" {
		t.Errorf("%s %s of %s, %+v: %q, want %q", engine, level, c.rule, d, found[0].Suppressed, reason)
	}
}
