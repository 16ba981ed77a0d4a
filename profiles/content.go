// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// extensionTitles are the names that RFC 5280 gives to extensions.
var extensionTitles = map[ExtensionName]string{
	ExtAuthorityKeyID: "authorityKeyIdentifier", ExtSubjectKeyID: "subjectKeyIdentifier",
	ExtBasicConstraints: "basicConstraints", ExtKeyUsage: "keyUsage",
	ExtExtKeyUsage: "extKeyUsage", ExtPolicies: "certificatePolicies",
	ExtNameConstraints: "nameConstraints", ExtCRLPoints: "cRLDistributionPoints",
	ExtInfoAccess: "authorityInfoAccess", ExtOCSPNoCheck: "id-pkix-ocsp-nocheck",
	ExtIssuingPoint: "issuingDistributionPoint", ExtCRLNumber: "cRLNumber",
}

// Title is the name that RFC 5280 or RFC 6960 gives to the extension, or "" for
// one that has none here.
func (n ExtensionName) Title() string { return extensionTitles[n] }

// Title names the extension for people, by its identifier when it has no name.
func (e *Extension) Title() string {
	if title := e.Name.Title(); title != "" {
		return title
	}
	return "extension " + string(e.OID())
}

// Content says everything that stands in the extension, for people: of a profile
// what it describes, of a bound object the values that are signed. The table of a
// CP/CPS, the plan and the script show the same.
func (e *Extension) Content() string {
	switch e.Name {
	case ExtAuthorityKeyID:
		return "keyIdentifier alone: the subjectKeyIdentifier of the issuer"
	case ExtSubjectKeyID:
		return keyIDText(e.SubjectKeyID)
	case ExtBasicConstraints:
		if n := e.BasicConstraints.PathLength; n != nil {
			return fmt.Sprintf("cA %t, pathLenConstraint %d", e.BasicConstraints.CA, *n)
		}
		return fmt.Sprintf("cA %t, no pathLenConstraint", e.BasicConstraints.CA)
	case ExtKeyUsage:
		return usageText(e.KeyUsage)
	case ExtExtKeyUsage:
		return purposeText(e.ExtKeyUsage)
	case ExtPolicies:
		return policiesText(e.Policies)
	case ExtNameConstraints:
		return constraintsText(e.NameConstraints)
	case ExtCRLPoints:
		return "one distribution point, fullName: " + urlText(e.CRLURLs, "the CRL URL of the issuer")
	case ExtInfoAccess:
		return accessText(e.InfoAccess)
	case ExtIssuingPoint:
		return pointText(e.IssuingPoint)
	case ExtOCSPNoCheck:
		return "NULL"
	case ExtCRLNumber:
		return "greater than that of every earlier CRL, less than 2^159"
	}
	if e.Raw == nil { // a name that is not of this language
		return string(e.Name)
	}
	return "DER " + hex.EncodeToString(e.Raw.DER)
}

func keyIDText(s *SubjectKeyID) string {
	text := map[SKIMethod]string{
		SKISHA1:     "SHA-1 of the key bits (RFC 5280 4.2.1.2, method 1)",
		SKISHA256:   "left 160 bits of the SHA-256 of the key bits (RFC 7093 2, method 1)",
		SKIExisting: "that of the existing certificate",
	}[s.Method]
	if len(s.Value) > 0 {
		text += ", " + hex.EncodeToString(s.Value)
	}
	return text
}

func usageText(list []KeyUsage) string {
	names := map[KeyUsage]string{
		DigitalSignature: "digitalSignature", CertSign: "keyCertSign", CRLSign: "cRLSign",
	}
	out := make([]string, len(list))
	for i, u := range list {
		out[i] = names[u]
	}
	return strings.Join(out, ", ")
}

func purposeText(list []Purposed) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = string(p.OID)
		if p.Name != "" {
			out[i] = fmt.Sprintf("%s (%s)", p.Name, p.OID)
		}
	}
	return strings.Join(out, ", ")
}

func policiesText(list []Policy) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = string(p.OID)
		if p.CPS != "" {
			out[i] += ", CPS " + p.CPS
		}
		if p.Notice != "" {
			out[i] += fmt.Sprintf(", notice %q", p.Notice)
		}
	}
	return strings.Join(out, "; ")
}

func constraintsText(n *NameConstraints) string {
	return "permitted: " + subtreesText(n.Permitted) + "; excluded: " + subtreesText(n.Excluded)
}

func subtreesText(list []GeneralSubtree) string {
	if len(list) == 0 {
		return "none"
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.Type + " " + s.Value
		switch {
		case s.Directory != nil:
			out[i] = s.Type + " " + s.Directory.Content()
		case s.OtherOID != "":
			out[i] = fmt.Sprintf("%s %s %x", s.Type, s.OtherOID, []byte(s.OtherDER))
		case s.Value == "":
			out[i] = s.Type + " (all)"
		}
	}
	return strings.Join(out, ", ")
}

// stringTitles are the names that ASN.1 gives to string types.
var stringTitles = map[StringType]string{
	UTF8String: "UTF8String", PrintableString: "PrintableString", IA5String: "IA5String",
}

// Title is the name that ASN.1 gives to the string type.
func (s StringType) Title() string { return stringTitles[s] }

// Content writes a name attribute by attribute, each with the type of string
// that it is encoded as, or the DER that it is.
func (n *Name) Content() string {
	var parts []string
	for _, a := range n.Attributes {
		kind := a.Type
		if k := attributeKindOf(a.Type); k == nil || k.oid != a.OID {
			kind += " " + string(a.OID)
		}
		parts = append(parts, fmt.Sprintf("%s %s (%s)", kind, a.Value, a.String.Title()))
	}
	if len(n.DER) > 0 {
		parts = append(parts, "DER "+hex.EncodeToString(n.DER))
	}
	return strings.Join(parts, ", ")
}

func urlText(urls []string, issuer string) string {
	out := make([]string, len(urls))
	for i, u := range urls {
		if out[i] = u; u == IssuerURL {
			out[i] = issuer
		}
	}
	return strings.Join(out, ", ")
}

func accessText(list []AccessDescription) string {
	out := make([]string, len(list))
	for i, d := range list {
		name, issuer := d.Method, "the OCSP URL of the issuer"
		if d.Method == "ca-issuers" {
			name, issuer = "caIssuers", "the certificate URL of the issuer"
		}
		out[i] = name + ": " + urlText([]string{d.URL}, issuer)
	}
	return strings.Join(out, ", ")
}

func pointText(p *IssuingDistribution) string {
	var out []string
	if len(p.URLs) > 0 {
		out = append(out, "fullName: "+urlText(p.URLs, "the CRL URL of the issuer"))
	}
	if p.OnlyUserCerts {
		out = append(out, "onlyContainsUserCerts")
	}
	if p.OnlyCACerts {
		out = append(out, "onlyContainsCACerts")
	}
	return strings.Join(out, ", ")
}
