// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/profiles/ext"
	"rootceremony/profiles/value"

	"rootceremony/internal/algorithm"
)

// Bind adds the values of one certificate to the profile. Without problems the
// certificate is complete but for its key, serial number and time of signing;
// with problems, of which all are returned, there is none.
func (p *CertificateProfile) Bind(v CertificateValues) (*Certificate, []Problem) {
	var b binding
	out := &Certificate{
		Artifact:     v.Artifact,
		Kind:         p.head.Kind,
		Profile:      p.head.Name,
		Subject:      b.name(p, v),
		Validity:     v.Validity,
		SerialOctets: p.SerialOctets,
		Signature:    b.signature(p.head.Signatures, v.IssuerKey),
		Extensions:   b.extensions(p.Extensions, v.Issuer, v.ExistingSKI),
		Purpose:      p.head.Purpose.clone(),
	}
	b.artifact(v.Artifact)
	b.key(p.Keys, v.SubjectKey)
	length := period{
		start: v.Validity.NotBefore, end: v.Validity.NotAfter, window: v.Window,
		limits: p.Validity, fields: [2]Field{member("validity"), member("validity")},
	}
	b.problems = append(b.problems, length.check()...)
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return out, nil
}

// Bind adds the values of one certificate request to the profile.
func (p *RequestProfile) Bind(v RequestValues) (*Request, []Problem) {
	var b binding
	out := &Request{
		Artifact:   v.Artifact,
		Profile:    p.head.Name,
		Subject:    b.subject(p.Subject, v.Subject, v.ExistingName),
		Signature:  b.signature(p.head.Signatures, v.SubjectKey),
		Extensions: b.extensions(p.Extensions, URLs{}, ext.SubjectKeyID{}),
		Purpose:    p.head.Purpose.clone(),
	}
	b.artifact(v.Artifact)
	b.key(p.Keys, v.SubjectKey)
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return out, nil
}

// binding collects problems.
type binding struct{ problems []Problem }

func (b *binding) fail(field Field, citation, hint, format string, args ...any) {
	b.problems = append(b.problems, Problem{Field: field, Msg: fmt.Sprintf(format, args...), Hint: hint, Citation: citation})
}

// extensions binds extensions in order.
func (b *binding) extensions(list []Extension, issuer URLs, ski ext.SubjectKeyID) []Extension {
	out := make([]Extension, len(list))
	for i, e := range list {
		out[i] = e.Bind(&ext.Binding{Issuer: issuer, ExistingSKI: ski, Fail: func(hint, msg string) {
			b.fail(FieldOf(&e), "", hint, "%s", msg)
		}})
	}
	return out
}

// clone copies the one list in it.
func (p Purpose) clone() Purpose {
	p.Rules = slices.Clone(p.Rules)
	return p
}

// artifact checks that there is a name to file the object under.
func (b *binding) artifact(id string) {
	if id == "" {
		b.fail(member("artifact"), "", "", "the artifact has no name")
	}
}

// key checks the key that is certified.
func (b *binding) key(allowed []algorithm.Key, have algorithm.Key) {
	if !slices.Contains(allowed, have) {
		b.fail(member("key"), "", "", "the key is %q, the profile allows %s", string(have), strings.Join(text(allowed), ", "))
	}
}

// signature chooses the algorithm that the signing key can make. Whether the
// hash suits the curve is for package lint.
func (b *binding) signature(allowed []algorithm.Signature, key algorithm.Key) algorithm.Signature {
	var fit []algorithm.Signature
	for _, a := range allowed {
		if a.Family() == key.Family() {
			fit = append(fit, a)
		}
	}
	switch {
	case !key.Valid():
		b.fail(member("signature"), "", "", "the signing key has the unknown algorithm %q", string(key))
	case len(fit) == 0:
		b.fail(member("signature"), "", "", "the signing key is %s, the profile allows only %s", key, strings.Join(text(allowed), ", "))
	case len(fit) > 1:
		b.fail(member("signature"), "", "list one algorithm for each kind of key", "the signing key is %s, and the profile lists several algorithms for it: %s",
			key, strings.Join(text(fit), ", "))
	default:
		return fit[0]
	}
	return ""
}

// name binds the subject of a certificate: a cross-certificate keeps the
// existing one unchanged.
func (b *binding) name(p *CertificateProfile, v CertificateValues) Name {
	if p.head.Kind != CrossCertifiedCA {
		return b.subject(p.Subject, v.Subject, v.ExistingName)
	}
	if len(v.Subject) > 0 {
		b.fail(member("subject"), "BR 7.1.2.2.2", "", "a cross-certificate has the name of the existing certificate; remove the subject given here")
	}
	if _, err := value.ParseName(v.ExistingName); err != nil {
		b.fail(member("subject"), "BR 7.1.2.2.2", "", "the name of the existing certificate: %v", err)
	}
	return Name{DER: slices.Clone(v.ExistingName)}
}
