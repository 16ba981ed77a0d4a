// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
)

// Validity one second too long, because its last second was forgotten.
func TestIncident_LetsEncrypt1715455(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, swap(atValidity, []byte("291130235959Z"), []byte("291201000000Z"))(t, w.e1), "cert.validity")
	root := valid(rootProfile(t), "2026-12-01T00:00:00Z", "2051-12-02T00:00:00Z")
	stopped(t, certificate(t, root, key(t, algorithm.ECDSAP384, "root"), nil), "root.validity")
}

// The same class, of other CAs.
func TestIncident_LetsEncrypt1715672(t *testing.T) { TestIncident_LetsEncrypt1715455(t) }
func TestIncident_Certigna1667744(t *testing.T)    { TestIncident_LetsEncrypt1715455(t) }
func TestIncident_IdenTrust1663080(t *testing.T)   { TestIncident_LetsEncrypt1715455(t) }

// One subject and key in two certificates that disagree.
func TestIncident_DigiCert1647084(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, only(caFaults, "the same name as another key")[0].breaks(t, w.e1), "set.dn-key")
	stopped(t, only(subFaults, "the same key under another name")[0].breaks(t, w.e1), "set.dn-key")
}

// The wrong reasons on a CRL.
func TestIncident_Actalis1914419(t *testing.T) {
	m := revokingLater(t, newHierarchy(t))
	for _, code := range []int{0, 6, 10} {
		stopped(t, carried(reason(code))(t, m), "crl.entry-reason", "crl.continuity")
	}
	stopped(t, carried(reason(8))(t, m), "crl.entry-belongs", "crl.continuity")
}

// https in CDP and AIA.
func TestIncident_1963456(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, only(subFaults, "https in a CRL distribution point")[0].breaks(t, w.e1), "cert.url")
	stopped(t, only(subFaults, "https in authorityInfoAccess")[0].breaks(t, w.e1), "cert.url")
}

// ldap in CDP and AIA.
func TestIncident_1906690(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, only(subFaults, "ldap in a CRL distribution point")[0].breaks(t, w.e1), "cert.url")
	stopped(t, only(subFaults, "ldap in authorityInfoAccess")[0].breaks(t, w.e1), "cert.url")
}

// One serial number for two certificates.
func TestIncident_1636140(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, only(issuedFaults, "a serial number that was used")[0].breaks(t, w.e1), "set.serial-unique")
}

// The same class, of other CAs.
func TestIncident_1677737(t *testing.T) { TestIncident_1636140(t) }
func TestIncident_1907667(t *testing.T) { TestIncident_1636140(t) }

// basicConstraints that is not critical, attributes in the wrong order.
func TestIncident_SeveralCAs2024(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, flagged(inspect.OIDBasicConstraints, nil)(t, w.e1), "cert.criticality", "cert.extensions-closed")
	stopped(t, only(orderFaults, "common name before organization")[0].breaks(t, w.e1), "cert.rdn-order")
}

// A rehearsal found that the roots would have signed OCSP without
// digitalSignature.
func TestIncident_LetsEncryptRehearsal2020(t *testing.T) { TestIncident_GTS1652581(t) }

// A rehearsal found another method of the subject key identifier, which breaks
// the paths of a cross-certificate.
func TestIncident_LetsEncryptRehearsal2023(t *testing.T) {
	w := newHierarchy(t)
	other := bytes.Repeat([]byte{7}, 20)
	stopped(t, fixed(inspect.OIDSubjectKeyID, append([]byte{4, 20}, other...)...)(t, w.cross), "cross.ski", "cert.ski")
	stopped(t, fixed(inspect.OIDSubjectKeyID, append([]byte{4, 20}, other...)...)(t, w.e1), "cert.ski")
}

// Typed by hand: a revocation after thisUpdate, and a path that nobody can build.
func TestIncident_HandWrittenInputs(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, entry(1e9, reason(4))(t, revokingLater(t, w)), "crl.entry-dates")
	condemned(t, resign(t, w.e1, w.e1, w.e1.tbs), "chain.signature")
	listed(t, "cer.inputs")
}

// A reason was declared and not encoded, because the encoder ignores the field.
func TestIncident_ReasonNotEncoded(t *testing.T) {
	stopped(t, carried()(t, revokingLater(t, newHierarchy(t))), "cert.declared-eq-issued", "crl.entry-reason")
}

// A module was reset and kept unknown administrators and keys that can do too
// much: not a question about an object.
func TestIncident_CalyxHSM2026(t *testing.T) { listed(t, "cer.hsm-empty", "cer.key-attributes") }

// A profile failed after the key was made: held by planning first.
func TestIncident_OrphanKeys(t *testing.T) { listed(t, "cer.plan-first", "cer.parked-keys") }
