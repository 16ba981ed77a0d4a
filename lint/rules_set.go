// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"fmt"
	"strings"

	"rootceremony/internal/inspect"
)

// needSiblings is what rules over sets of certificates ask for.
var needSiblings = []Need{NeedSiblings}

// setRules compare a certificate with all others of the ceremony and its
// inputs.
var setRules = []Rule{
	{
		ID: "set.serial-unique", Level: Error, Citation: "RFC 5280 4.1.2.2, MRSP 5.2",
		Requirement: "the serial number is unique for each certificate of an issuer",
		Kinds:       certKinds, Needs: needSiblings, Check: checkSerialUnique,
	},
	{
		ID: "set.dn-key", Level: Error, Citation: "house, MTRP 3.1.11",
		Requirement: "one name has one key and one key has one name, unless it is a cross-certificate or a reissue",
		House:       HouseConflicts, Kinds: certKinds, Needs: needSiblings, Check: checkNameKey,
	},
	{
		ID: "set.dn-bytes", Level: Error, Citation: "BR 7.1.4.1, SBR 7.1.4.1, CSBR 7.1.4.1",
		Requirement: "names that are equal are byte-for-byte identical over all certificates, expired and revoked ones too",
		Since:       packDates{PackTLS: dateReasons, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR},
		Kinds:       certKinds, Needs: needSiblings, Check: checkNameBytes,
	},
	{
		ID: "set.subject-unique", Level: Warning, Citation: "BR 7.1.2.10.2, SBR 7.1.4.3.1 a",
		Requirement: "the commonName SHOULD make the Name unique across all certificates that the issuer issued; one that is issued again for the same key keeps it",
		Since:       packDates{PackTLS: dateBR2, PackSMIME: dateSMIME}, Kinds: certKinds, Needs: needSiblings, Check: checkSubjectUnique,
	},
	{
		ID: "set.ski-key", Level: Error, Citation: "BR 7.1.2.11.4, else house",
		Requirement: "the subjectKeyIdentifier is unique for each key, and each key has one (house)",
		House:       HouseConflicts, Asked: packDates{PackTLS: dateBR2}, Kinds: certKinds, Needs: needSiblings, Check: checkSKIKey,
	},
	{
		ID: "set.spki-purpose", Level: Error, Citation: "CRP 1.3.2, ARP 2.1.3",
		Requirement: "the key is in no unexpired certificate with other key purposes; Apple, below roots included since 2026-08-01 (a warning where nobody says): in none, expired or not, with a purpose that this one has not",
		Since:       packDates{PackChrome: dateChromeEKU, PackApple: dateApple2}, Kinds: subKinds,
		Needs: []Need{NeedSiblings, NeedSigning}, Check: checkKeyPurpose,
	},
	{
		ID: "set.root-unique", Level: Error, Citation: "MTRP 3.1.3, 3.1.11",
		Requirement: "a new root has a new key and a new subject",
		From:        dateMTRP, Kinds: rootKind, Packs: []string{PackMicrosoft}, Needs: needSiblings, Check: checkRootUnique,
	},
}

func checkSerialUnique(t *target) []problem {
	if in := t.alike(func(c *inspect.Certificate) bool {
		return c.Serial.Cmp(t.cert().Serial) == 0 && bytes.Equal(c.RawIssuer, t.cert().RawIssuer)
	}); in != "" {
		return fault(FieldSerial, "the same serial number %x is in %s", t.cert().Serial, in)
	}
	return nil
}

// alike names the others that have something in common with the certificate: the first,
// and how many more, so that many of one kind are one finding for each.
func (t *target) alike(same func(c *inspect.Certificate) bool) string {
	first, more := "", 0
	for _, s := range t.others() {
		switch {
		case !same(s.Cert):
		case first == "":
			first = s.Artifact
		default:
			more++
		}
	}
	if more == 0 {
		return first
	}
	return fmt.Sprintf("%s and %d more", first, more)
}

func checkNameKey(t *target) (ps []problem) {
	for _, s := range t.others() {
		name := bytes.Equal(s.Cert.RawSubject, t.cert().RawSubject)
		key := bytes.Equal(s.Cert.RawSPKI, t.spki)
		switch {
		case name && !key:
			ps = append(ps, fault(FieldSubject, "%s has the same name %q with another key", s.Artifact, t.cert().Subject)...)
		case key && !name:
			ps = append(ps, fault(FieldSubjectKey, "%s has the same key with another name, %q", s.Artifact, s.Cert.Subject)...)
		}
	}
	return ps
}

// checkNameBytes tells of one name in several spellings once for the certificate. Of what
// was published all are here, and only those tell that are not spelled as the oldest is.
func checkNameBytes(t *target) []problem {
	mine, own := folded(&t.cert().Subject), t.cert()
	oldest, usual := own.NotBefore.Time, own.RawSubject
	spelled := func(c *inspect.Certificate) []byte {
		for _, n := range []*inspect.Name{&c.Subject, &c.Issuer} {
			if folded(n) == mine && !bytes.Equal(n.Raw, own.RawSubject) {
				return n.Raw
			}
		}
		return nil
	}
	in := t.alike(func(c *inspect.Certificate) bool {
		raw := spelled(c)
		if since := c.NotBefore.Time; raw != nil && (since.Before(oldest) || since.Equal(oldest) && bytes.Compare(raw, usual) < 0) {
			oldest, usual = since, raw
		}
		return raw != nil
	})
	if in == "" || t.ctx.Published && bytes.Equal(usual, own.RawSubject) {
		return nil
	}
	return fault(FieldSubject, "the name %q is in other bytes in %s", own.Subject, in)
}

// folded gives a name as matching sees it: without case, runs of spaces and
// string types.
func folded(n *inspect.Name) string {
	var b strings.Builder
	for i, rdn := range n.RDNs {
		for _, a := range rdn {
			b.WriteString(string(rune('0'+i%10)) + a.OID.String() + "=" + strings.ToLower(strings.Join(strings.Fields(a.Value), " ")) + "\x00")
		}
	}
	return b.String()
}

func checkSubjectUnique(t *target) []problem {
	if t.cert().SelfIssued() {
		return nil // the CA itself, also with its next key (RFC 5280 4.1.2.6)
	}
	if in := t.alike(func(c *inspect.Certificate) bool {
		return bytes.Equal(c.RawIssuer, t.cert().RawIssuer) && bytes.Equal(c.RawSubject, t.cert().RawSubject) && !bytes.Equal(c.RawSPKI, t.spki)
	}); in != "" {
		return fault(FieldSubject, "the same name %q is in %s, of the same issuer, for another key", t.cert().Subject, in)
	}
	return nil
}

func checkSKIKey(t *target) (ps []problem) {
	field := t.extField(inspect.OIDSubjectKeyID)
	mine := subjectKeyID(t.exts)
	if len(mine) == 0 {
		return nil
	}
	for _, s := range t.others() {
		theirs := subjectKeyID(s.Cert.Extensions)
		if bytes.Equal(s.Cert.RawSPKI, t.spki) && len(theirs) > 0 && !bytes.Equal(theirs, mine) && !t.ctx.Published {
			ps = append(ps, house(at(Warning, fault(field, "%s has the same key with identifier %x, by which all that the key has signed names it: subject-key-identifier: {method: existing} keeps it", s.Artifact, theirs)))...)
		}
	}
	if in := t.alike(func(c *inspect.Certificate) bool {
		return bytes.Equal(subjectKeyID(c.Extensions), mine) && !bytes.Equal(c.RawSPKI, t.spki)
	}); in != "" {
		ps = append(ps, fault(field, "the same identifier is in %s, for another key", in)...)
	}
	return ps
}

func checkKeyPurpose(t *target) (ps []problem) {
	mine, _ := purposes(t.exts)
	for _, s := range t.others() {
		if !bytes.Equal(s.Cert.RawSPKI, t.spki) || SelfSigned(s.Cert) {
			continue
		}
		theirs, _ := purposes(s.Cert.Extensions)
		p := fault(FieldSubjectKey, "%s has the same key for %v", s.Artifact, names(theirs))
		switch _, known := t.included(); {
		case t.pack(PackChrome) && !s.Cert.NotAfter.Before(t.ctx.Signing) && !sameSet(mine, theirs):
			ps = append(ps, p...)
		case !t.pack(PackApple) || !toBeIncluded(t) || subset(theirs, mine):
		case known:
			ps = append(ps, since(dateApple2, p)...)
		default:
			ps = append(ps, since(dateApple2, at(Warning, fault(FieldSubjectKey, "%s has the same key for %v, and nobody says when the root was included", s.Artifact, names(theirs))))...)
		}
	}
	return ps
}

func checkRootUnique(t *target) (ps []problem) {
	for _, s := range t.others() {
		if !SelfSigned(s.Cert) {
			continue // a cross-certificate of this very root
		}
		if bytes.Equal(s.Cert.RawSPKI, t.spki) {
			ps = append(ps, fault(FieldKey, "%s has the same key", s.Artifact)...)
		}
		if bytes.Equal(s.Cert.RawSubject, t.cert().RawSubject) {
			ps = append(ps, fault(FieldSubject, "%s has the same subject %q", s.Artifact, t.cert().Subject)...)
		}
	}
	return ps
}
