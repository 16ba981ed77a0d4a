// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto/sha256"
	"encoding/asn1"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// byteRules check the encoding, and compare what was declared, cleared and
// issued.
var byteRules = []Rule{
	{
		ID: "cert.der", Level: Error, Citation: "RFC 5280 4.1, X.690 10 and 11, MRSP 5.2",
		Requirement: "strict DER: no encoded DEFAULT, minimal bits of keyUsage, nothing that another DER encoder would encode differently",
		Kinds:       allKinds, Check: checkDER,
	},
	{
		ID: "cert.version", Level: Error, Citation: "RFC 5280 4.1.2.1, 4.1.2.8, BR 7.1.1, 7.1.2",
		Requirement: "certificates are of version 3, without issuerUniqueID and subjectUniqueID",
		Kinds:       certKinds, Check: checkVersion,
	},
	{
		ID: "cert.declared-eq-issued", Level: Error, Citation: "house",
		Requirement: "the bytes have each declared field and nothing else, as read by a parser that did not build them",
		Record:      RecordDeclared, House: HouseDeclared,
		Kinds: allKinds, Declared: true, Check: checkDeclared,
	},
	{
		ID: "tbs.equal", Level: Error, Citation: "BR 4.3.1.2",
		Requirement: "the bytes linted are the bytes signed and the bytes delivered",
		Record:      RecordBytes,
		Kinds:       allKinds, Declared: true, Applies: wasCleared, Check: checkCleared,
	},
}

// wasCleared reports whether the object is checked on its way to a signature, or
// after it: an object that somebody else made was not cleared here.
func wasCleared(t *target) bool { return t.cleared != nil }

func checkCleared(t *target) []problem {
	if bytes.Equal(t.cleared, t.tbs) {
		return nil
	}
	return fault(FieldEncoding, "the cleared bytes have SHA-256 %x, the issued bytes %x", sha256.Sum256(t.cleared), sha256.Sum256(t.tbs))
}

func checkVersion(t *target) []problem {
	switch {
	case t.cert().Version != 3:
		return fault(FieldEncoding, "version %d", t.cert().Version)
	case t.cert().UniqueIDs:
		return fault(FieldEncoding, "a unique identifier")
	}
	return nil
}

func checkDER(t *target) (ps []problem) {
	if err := strictDER(t.der); err != nil {
		ps = append(ps, byClause(err, t.ofName(err, t.strictNames()))...)
	}
	for _, x := range t.exts {
		ps = append(ps, t.extensionDER(x)...)
	}
	if t.crl() != nil {
		for i := range t.crl().Entries {
			ps = append(ps, t.entryDER(&t.crl().Entries[i])...)
		}
	}
	for _, r := range t.read.Remarked() {
		if t.unreadName() && strings.Contains(r, "PrintableString") {
			continue // said of the name
		}
		ps = append(ps, fault(FieldEncoding, "%s", r)...)
	}
	return append(ps, t.encodedDefaults()...)
}

// ofName is what is not DER of an object; rest is what is left of it but for the names.
// That a private CA has such a name is told.
func (t *target) ofName(err, rest error) []problem {
	switch {
	case !t.unreadName():
		return fault(FieldEncoding, "%v", err)
	case rest != nil:
		return fault(FieldEncoding, "%v", rest)
	}
	return at(Notice, fault(FieldIssuer, "in the name of the existing CA, which stays byte for byte: %v", err))
}

// extensionDER checks one extension and its value.
func (t *target) extensionDER(x inspect.Extension) []problem {
	return notDER(x, t.extField(x.OID), "")
}

// notDER says what of an extension and its value is not DER, after words of its own.
func notDER(x inspect.Extension, field profiles.Field, of string, args ...any) (ps []problem) {
	args = append(args, inspect.OIDName(x.OID))
	if x.CriticalEncoded && !x.Critical {
		ps = append(ps, citing("X.690 11.5", fault(field, of+"%s has an encoded FALSE", args...))...)
	}
	if x.OID.Equal(inspect.OIDInvalidityDate) && len(x.Value) > 0 && x.Value[0] != asn1.TagGeneralizedTime {
		ps = append(ps, citing("RFC 5280 5.3.2", fault(field, of+"%s is no GeneralizedTime", args...))...)
	}
	if err := strictDER(x.Value); err != nil {
		ps = append(ps, byClause(err, fault(field, of+"%s: %v", append(args, err)...))...)
	}
	return ps
}

// entryDER checks the extensions of an entry. One that a private CA carries over, byte
// for byte, says what its readers have read before.
func (t *target) entryDER(e *inspect.RevokedEntry) (ps []problem) {
	was := t.previousEntry(e.Serial)
	carried := t.private() && was != nil && bytes.Equal(was.Raw, e.Raw)
	for _, x := range e.Extensions {
		if carried {
			ps = append(ps, at(Notice, notDER(x, t.entryField(e.Serial), "serial %x, as in the previous CRL: ", e.Serial))...)
		} else {
			ps = append(ps, notDER(x, t.entryField(e.Serial), "serial %x: ", e.Serial)...)
		}
	}
	return ps
}

// encodedDefaults finds values that DER leaves out, and extensions that cannot
// be read.
func (t *target) encodedDefaults() (ps []problem) {
	add := func(oid asn1.ObjectIdentifier, wrong bool, what string, err error) {
		switch {
		case err != nil:
			ps = append(ps, citing(clauseOf(oid, t.crl() != nil), fault(t.extField(oid), "%v", err))...)
		case wrong && oid.Equal(inspect.OIDKeyUsage):
			ps = append(ps, citing("X.690 11.2.2", fault(t.extField(oid), "%s", what))...)
		case wrong:
			ps = append(ps, citing("X.690 11.5", fault(t.extField(oid), "%s", what))...)
		}
	}
	bc, _, err := t.exts.BasicConstraints()
	add(inspect.OIDBasicConstraints, bc.CAEncoded && !bc.CA, "cA is an encoded FALSE", err)
	ku, present, err := t.exts.KeyUsage()
	add(inspect.OIDKeyUsage, present && !ku.Minimal, "keyUsage has trailing zero bits", err)
	nc, _, err := t.exts.NameConstraints()
	minimum := false
	for _, s := range append(nc.Permitted, nc.Excluded...) {
		minimum = minimum || s.MinimumEncoded && s.Minimum == 0
	}
	add(inspect.OIDNameConstraints, minimum, "a minimum of 0 is encoded", err)
	idp, _, _ := t.exts.IssuingDistributionPoint()
	isFalse := func(f inspect.Flag) bool { return f.Encoded && !f.Value }
	add(inspect.OIDIssuingDistributionPoint, slices.ContainsFunc([]inspect.Flag{idp.OnlyContainsUserCerts, idp.OnlyContainsCACerts, idp.OnlyContainsAttributeCerts, idp.IndirectCRL}, isFalse),
		"a FALSE is encoded", nil) // crl.idp has the error
	_, _, err = t.exts.Policies()
	add(inspect.OIDCertificatePolicies, false, "", err)
	_, _, err = t.exts.ExtKeyUsage()
	add(inspect.OIDExtKeyUsage, false, "", err)
	_, _, err = t.exts.SubjectKeyID()
	add(inspect.OIDSubjectKeyID, false, "", err)
	if t.resp() != nil && t.resp().VersionEncoded && t.resp().Version == 1 {
		ps = append(ps, citing("X.690 11.5", fault(FieldEncoding, "version v1 is encoded"))...)
	}
	return ps
}

// checkDeclared compares all fields; what has a rule of its own is compared
// there too, so that a finding names both.
func checkDeclared(t *target) (ps []problem) {
	return slices.Concat(t.declaredSignature(), rows[t.obj.Kind()].declared(t), t.declaredExtensionValues())
}

// declaredCertificate compares subject and length of the serial number.
func (t *target) declaredCertificate() []problem {
	ps, want := compareName(&t.cert().Subject, t.obj.certificate().Subject), t.obj.certificate().SerialOctets
	if octets := t.cert().Serial.BitLen()/8 + 1; octets != want {
		ps = append(ps, fault(FieldSerial, "%d octets, but %d are declared", octets, want)...)
	}
	return ps
}

// declaredRequest compares subject and attributes.
func (t *target) declaredRequest() []problem {
	return append(compareName(&t.req().Subject, t.obj.request().Subject), t.declaredAttributes()...)
}

// declaredSignature compares the signature algorithm.
func (t *target) declaredSignature() []problem {
	want, err := t.obj.Declared.SignatureAlgorithm().Identifier()
	if err != nil {
		return fault(FieldSignature, "%v", err)
	}
	if !bytes.Equal(t.alg, want) {
		return fault(FieldSignature, "AlgorithmIdentifier %x, but %s is declared", t.alg, t.obj.Declared.SignatureAlgorithm())
	}
	return nil
}

// declaredAttributes allows the one attribute that carries extensions.
func (t *target) declaredAttributes() []problem {
	want := 0
	if len(t.obj.request().Extensions) > 0 {
		want = 1
	}
	if len(t.req().Attributes) != want {
		return fault(FieldExtensions, "%d attributes, but %d are declared", len(t.req().Attributes), want)
	}
	return nil
}
