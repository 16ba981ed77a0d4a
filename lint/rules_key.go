// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // a name for a key, not a signature (RFC 5280 4.2.1.2)
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// keyKinds are the kinds of objects that carry a subject's key.
var keyKinds = append(slices.Clone(certKinds), profiles.CertRequest)

// ruleKeyQuality also checks keys before there is an object.
const ruleKeyQuality = "key.quality"

// keyRules check public keys, serial numbers and algorithms.
var keyRules = []Rule{
	{
		ID: ruleKeyQuality, Level: Error, Citation: "BR 6.1.1.3, 6.1.5, 6.1.6",
		Requirement: "RSA: at least 2048 bits, divisible by 8, e odd and at least 3 (SHOULD 2^16+1 to 2^256-1), modulus odd, not the power of a prime, not the product of close primes (SHOULD: without factors smaller than 752); EC: a valid point on P-256, P-384 or P-521, and no private key d for which d or n-d is at most 2^21 (fatal: anyone can compute it); house where no document asked for it yet (BR: sizes since 2012-07-01, exponents and factors since 2012-11-07)",
		Kinds:       keyKinds, Check: checkKeyQuality,
	},
	{
		ID: "key.signer", Level: Error, Citation: "BR 6.1.1.3, 6.2",
		Requirement: "the key that signs is not one whose private key anyone can compute",
		House:       HouseUnusable, Kinds: allKinds, Applies: signedByOther, Needs: []Need{NeedIssuerKey}, Check: checkSigner,
	},
	{
		ID: "key.size-program", Level: Error, Citation: "CSBR 6.1.5.1, MTRP 1.2, 3.1.20",
		Requirement: "code signing and time stamping CAs: RSA of at least 4096 bits (CSBR 3.0, from 2022-06-29; from 2021-06-01 3072 bits); new roots for code signing and time stamping in Microsoft's program: RSA of exactly 4096 bits, no EC (for a subordinate CA a warning: Windows does not support EC, nor code signing keys above 4096 bits)",
		Since:       packDates{PackCodeSigning: dateCSBR, PackMicrosoft: dateMTRP}, Kinds: caKinds, Check: checkCodeKey,
	},
	{
		ID: "key.size-apple", Level: Error, Citation: "ARP 2.0, 1.5",
		Requirement: "requests for inclusion since 2026-08-01 are for roots with an RSA key of at least 4096 bits or an EC key of at least P-384 (included: DATE or new; without it notBefore is used, and the finding is a warning)",
		From:        dateApple2, Kinds: rootKind, Packs: []string{PackApple}, Applies: toBeIncluded, Check: checkAppleKey,
	},
	{
		ID: "key.size-smime", Level: Error, Citation: "SBR 1.0.15, 6.1.5 (ballot SMC017v2)",
		Requirement: "an RSA key in a root, subordinate or cross-certificate signed since 2026-09-15 has at least 4096 bits; this holds for the certified key, whenever it was generated or first certified",
		From:        dateSMC017, Kinds: append(slices.Clone(caKinds), profiles.CertRequest), Packs: []string{PackSMIME},
		Applies: isCARequest, Check: checkMailKey,
	},
	{
		ID: "key.smime-issuing", Level: Error, Citation: "SBR 1.0.15, 6.1.5 (ballot SMC017v2)",
		Requirement: "from 2027-09-15 a subordinate CA whose RSA key has fewer than 3072 bits issues no certificates for S/MIME (announced before)",
		From:        dateSMIME, Kinds: subKinds, Packs: []string{PackSMIME}, Applies: forMail, Check: checkMailIssuing,
	},
	{
		ID: "key.distinct", Level: Error, Citation: "house",
		Requirement: "the key that is certified is not the issuer's own key",
		House:       HouseUnusable, Kinds: issuedKinds, Needs: []Need{NeedIssuer}, Check: checkKeyDistinct,
	},
	{
		ID: "cert.serial", Level: Error, Citation: "BR 7.1.2, RFC 5280 4.1.2.2, MRSP 5.2",
		Requirement: "the serial number is non-sequential, greater than zero, less than 2^159 and holds (from 2016-09-30) at least 64 bits from a CSPRNG; 9 octets at least (house: of 8 octets one bit is the sign)",
		Kinds:       certKinds, Check: checkSerial,
	},
	{
		ID: "cert.ski", Level: Error, Citation: "BR 7.1.2.11.4, RFC 5280 4.2.1.2, RFC 7093 2",
		Requirement: "subjectKeyIdentifier is set, and is derived by the declared method (house)",
		Kinds:       certKinds, Applies: declaresSKI, Check: checkSKI,
	},
	{
		ID: "cert.alg-table", Level: Error, Citation: "BR 7.1.3.1, 7.1.3.2, SBR 7.1.3 (SMC013), MRSP 5.1, RFC 5280 4.1.1.2",
		Requirement: "AlgorithmIdentifiers of keys and signatures are byte-for-byte those listed (MRSP: since 2020-01-01, BR: since 2020-08-20, SBR: since 2023-09-01, with EdDSA and since 2025-08-22 ML-DSA; where no document lists them: house); no SHA-1 (MRSP: from 2023-07-01, BR and SBR (SMC016): from 2026-09-15, house: from 2014-01-01 where neither holds); the inner and outer one are equal",
		Kinds:       allKinds, Check: checkAlgorithms,
	},
	{
		ID: "chain.sigalg-key", Level: Error, Citation: "MRSP 2.7, 5.1.2 (2020-01-01), BR 1.7.1, 7.1.3.2.2 (2020-08-20), SBR 7.1.3.2.2 (2023-09-01)",
		Requirement: "the algorithm fits the kind of the signing key (house: nothing else verifies); the hash fits its size: P-256 with SHA-256, P-384 with SHA-384, P-521 with SHA-512 (house, and a warning, where no document asks for it)",
		Kinds:       allKinds, Needs: []Need{NeedIssuerKey}, Check: checkSignatureFits,
	},
	{
		ID: "chain.issuer-key", Level: Error, Citation: "house",
		Requirement: "the key that signs is the one in the certificate of the signer",
		House:       HouseUnusable, Kinds: allKinds, Needs: []Need{NeedIssuerKey}, Check: checkIssuerKey,
	},
}

func checkCodeKey(t *target) []problem {
	if t.purpose.Intent != profiles.CodeSigning && t.purpose.Intent != profiles.TimeStamping {
		return nil
	}
	k, isRSA := t.key.(*rsa.PublicKey)
	what := fmt.Sprintf("%s in a CA for %s", describeKey(t.key), t.purpose.Intent)
	switch {
	case isRSA && k.N.BitLen() < 3072 && t.pack(PackCodeSigning):
		return fault(FieldKey, "%s", what)
	case isRSA && k.N.BitLen() < 4096 && t.pack(PackCodeSigning):
		return since(dateCSBR3, fault(FieldKey, "%s", what))
	case !t.pack(PackMicrosoft) || isRSA && k.N.BitLen() == 4096:
		return nil
	case t.kind(profiles.RootCA):
		return fault(FieldKey, "%s, but new roots have RSA keys of 4096 bits", what)
	case !isRSA || k.N.BitLen() > 4096 && t.purpose.Intent == profiles.CodeSigning:
		return at(Warning, fault(FieldKey, "%s, which Windows does not support", what))
	}
	return nil
}

// toBeIncluded leaves out roots that a program included before the rule.
func toBeIncluded(t *target) bool {
	day, known := t.included()
	return !known || day.IsZero() || !day.Before(dateApple2)
}

// included gives the day on which root programs included the root: zero for one
// that is to be included. Otherwise it is not known.
func (t *target) included() (day time.Time, known bool) {
	switch t.purpose.Included {
	case "":
		return time.Time{}, false
	case profiles.IncludedNew:
		return time.Time{}, true
	}
	day, err := time.Parse(time.DateOnly, t.purpose.Included)
	return day, err == nil
}

func checkAppleKey(t *target) []problem {
	if t.key == nil {
		return lacksContext(FieldKey, NeedLibrary)
	}
	k, isRSA := t.key.(*rsa.PublicKey)
	ec, isEC := t.key.(*ecdsa.PublicKey)
	if isRSA && k.N.BitLen() >= 4096 || isEC && ec.Curve.Params().BitSize >= 384 {
		return nil
	}
	p := fault(FieldKey, "%s in a new root", describeKey(t.key))
	if _, known := t.included(); !known && t.ctx.DatedBy != "" {
		return at(Warning, fault(FieldKey, "%s in a root; %s is used, because no date of inclusion is given", describeKey(t.key), t.ctx.DatedBy))
	}
	return p
}

// isCARequest leaves out requests that are not for a CA of S/MIME. A request has
// no date: its key is certified from now on.
func isCARequest(t *target) bool {
	if !t.kind(profiles.CertRequest) {
		return true
	}
	bc, _, err := t.exts.BasicConstraints()
	return t.purpose.Intent == profiles.SMIME || err == nil && bc.CA
}

func checkMailKey(t *target) []problem {
	k, ok := t.key.(*rsa.PublicKey)
	if !ok || k.N.BitLen() >= 4096 {
		return nil
	}
	return fault(FieldKey, "%s, but a CA for S/MIME needs 4096 bits%s", describeKey(t.key), t.dating())
}

func checkMailIssuing(t *target) []problem {
	if k, ok := t.key.(*rsa.PublicKey); ok && k.N.BitLen() < 3072 {
		return since(dateSmallMail, fault(FieldKey, "%s: the CA may not issue for S/MIME from 2027-09-15", describeKey(t.key)))
	}
	return nil
}

func checkKeyDistinct(t *target) []problem {
	if bytes.Equal(t.spki, t.issuer.RawSPKI) {
		return fault(FieldSubjectKey, "the subject has the key of its issuer %q", t.issuer.Subject)
	}
	return nil
}

func checkSerial(t *target) []problem {
	n := t.cert().Serial
	octets := n.BitLen()/8 + 1
	switch declared := t.obj.certificate().SerialOctets; {
	case n.Sign() <= 0:
		return fault(FieldSerial, "serial number %s is not positive", n)
	case octets > 20:
		return fault(FieldSerial, "serial number of %d octets", octets)
	case octets == 8:
		return since(dateEntropy, house(fault(FieldSerial, "serial number of 8 octets: one bit is the sign, which leaves 63 for a CSPRNG")))
	case octets < 8:
		p := fault(FieldSerial, "serial number of %d octets cannot hold 64 bits of a CSPRNG", octets)
		if !t.public() {
			p = house(p)
		}
		return since(dateEntropy, p)
	case declared != octets:
		return fault(FieldSerial, "serial number of %d octets, but %d are declared", octets, declared)
	}
	return nil
}

// declaredSKI gives the declared subject key identifier, or nil.
func (t *target) declaredSKI() *ext.SubjectKeyID {
	for _, e := range t.declaredExtensions() {
		if id, ok := e.Value.(ext.SubjectKeyID); ok {
			return &id
		}
	}
	return nil
}

func declaresSKI(t *target) bool { return t.declaredSKI() != nil }

func checkSKI(t *target) []problem {
	field := profiles.Field{Extension: ext.NameSubjectKeyID}
	got, want := subjectKeyID(t.exts), t.declaredSKI()
	var derived []byte
	bits := publicKeyBits(t.spki)
	switch want.Method {
	case ext.SKISHA1:
		sum := sha1.Sum(bits) //nolint:gosec // see above
		derived = sum[:]
	case ext.SKISHA256:
		sum := sha256.Sum256(bits)
		derived = sum[:20]
	default:
		derived = want.Value
	}
	switch {
	case len(got) == 0:
		return fault(field, "the identifier is empty or missing")
	case !bytes.Equal(got, derived):
		return fault(field, "identifier %x, but method %s gives %x", got, want.Method, derived)
	}
	return nil
}

func checkAlgorithms(t *target) (ps []problem) {
	inner := t.read.Parts().Inner
	switch {
	case algorithm.UsesSHA1(t.alg) || algorithm.UsesSHA1(inner):
		p := fault(FieldSignature, "signature with SHA-1")
		if !t.pack(PackMozilla, PackTLS, PackSMIME) {
			p = on(HouseUnusable, p) // clients refuse it
		}
		ps = append(ps, since(t.noSHA1(), p)...)
	case !permittedSignature(t.alg) && !t.permitsMore(t.alg):
		ps = append(ps, t.unlisted("BR 7.1.3.2, SBR 7.1.3.2, MRSP 5.1", fault(FieldSignature, "the AlgorithmIdentifier of the signature, in DER %s, is not in the table", hex.EncodeToString(t.alg)))...)
	}
	if !bytes.Equal(inner, t.alg) {
		ps = append(ps, citing(t.cited("RFC 5280 4.1.1.2, 5.1.1.2"), fault(FieldSignature, "the AlgorithmIdentifier inside, which is signed, is in DER %x, the one outside %x", inner, t.alg))...)
	}
	if t.spki != nil && !permittedKey(t.spki) && !t.permitsMore(keyAlgorithm(t.spki)) && !t.unsupportedKey() {
		ps = append(ps, t.unlisted("BR 7.1.3.1, SBR 7.1.3.1, MRSP 5.1", fault(FieldKey, "the AlgorithmIdentifier of the key is not in the table"))...)
	}
	return ps
}

// unlisted gives problems the clauses with the table of algorithms, and marks them as
// house where no document had one.
func (t *target) unlisted(clauses string, ps []problem) []problem {
	if t.askedBy(sincePairing) {
		return citing(t.cited(clauses), ps)
	}
	return on(HouseUnusable, ps) // clients refuse what they do not know
}

// noSHA1 is the day from which nothing is signed with SHA-1.
func (t *target) noSHA1() time.Time {
	switch {
	case t.pack(PackMozilla):
		return time.Date(2023, 7, 1, 0, 0, 0, 0, time.UTC) // MRSP 5.1.3
	case t.pack(PackTLS, PackSMIME):
		return dateSMC017 // BR 7.1.3.2.1 (SC097), SBR (SMC016): the same day
	}
	return time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC) // NIST SP 800-131A
}

// sincePairing are the days since which documents pair curves and hashes, and list
// AlgorithmIdentifiers byte for byte. CSBR 7.1.3.2.2 leaves the choice.
var sincePairing = packDates{PackMozilla: dateMRSP27, PackTLS: dateBR171, PackSMIME: dateSMIME}

func checkSignatureFits(t *target) []problem {
	if why := wrongFamily(t.alg, t.signer); why != "" {
		return fault(FieldSignature, "%s", why)
	}
	why := wrongHash(t.alg, t.signer)
	if why == "" {
		return nil
	}
	if from := sincePairing.among(t.purpose.Rules); !from.IsZero() && !t.signedAt().Before(from) {
		return fault(FieldSignature, "%s", why)
	}
	return house(at(Warning, fault(FieldSignature, "%s", why)))
}

// signerSPKI gives the key of the signer as its certificate has it, or nil when
// that is not known.
func (t *target) signerSPKI() []byte {
	switch {
	case t.kind(profiles.RootCA, profiles.CertRequest):
		return t.spki
	case t.kind(profiles.OCSPResponse) && t.ctx.Responder != nil:
		return t.ctx.Responder.RawSPKI
	case t.issuer != nil:
		return t.issuer.RawSPKI
	}
	return nil
}

func checkIssuerKey(t *target) []problem {
	want := t.signerSPKI()
	switch {
	case want == nil:
		return lacksContext(FieldIssuer, NeedIssuer)
	case !bytes.Equal(want, t.ctx.IssuerKey):
		return fault(FieldIssuer, "the signing key is not the one in the certificate of the signer")
	}
	return nil
}
