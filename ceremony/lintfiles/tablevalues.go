// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lintfiles

import (
	"encoding/hex"
	"fmt"
	"strings"

	"rootceremony/profiles"
)

// extensionTitles are the names that RFC 5280 gives to extensions.
var extensionTitles = map[profiles.ExtensionName]string{
	profiles.ExtAuthorityKeyID: "authorityKeyIdentifier", profiles.ExtSubjectKeyID: "subjectKeyIdentifier",
	profiles.ExtBasicConstraints: "basicConstraints", profiles.ExtKeyUsage: "keyUsage",
	profiles.ExtExtKeyUsage: "extKeyUsage", profiles.ExtPolicies: "certificatePolicies",
	profiles.ExtNameConstraints: "nameConstraints", profiles.ExtCRLPoints: "cRLDistributionPoints",
	profiles.ExtInfoAccess: "authorityInfoAccess", profiles.ExtOCSPNoCheck: "id-pkix-ocsp-nocheck",
	profiles.ExtIssuingPoint: "issuingDistributionPoint", profiles.ExtCRLNumber: "cRLNumber",
}

func extensionTitle(e *profiles.Extension) string {
	if title := extensionTitles[e.Name]; title != "" {
		return title
	}
	return "extension " + string(e.OID())
}

// extensionContent says what stands in an extension.
func extensionContent(e *profiles.Extension) string {
	switch e.Name {
	case profiles.ExtAuthorityKeyID:
		return "keyIdentifier alone: the subjectKeyIdentifier of the issuer"
	case profiles.ExtSubjectKeyID:
		return map[profiles.SKIMethod]string{
			profiles.SKISHA1:     "SHA-1 of the key bits (RFC 5280 4.2.1.2, method 1)",
			profiles.SKISHA256:   "left 160 bits of the SHA-256 of the key bits (RFC 7093 2, method 1)",
			profiles.SKIExisting: "that of the existing certificate",
		}[e.SubjectKeyID.Method]
	case profiles.ExtBasicConstraints:
		if n := e.BasicConstraints.PathLength; n != nil {
			return fmt.Sprintf("cA %t, pathLenConstraint %d", e.BasicConstraints.CA, *n)
		}
		return fmt.Sprintf("cA %t, no pathLenConstraint", e.BasicConstraints.CA)
	case profiles.ExtKeyUsage:
		return usageText(e.KeyUsage)
	case profiles.ExtExtKeyUsage:
		return purposeText(e.ExtKeyUsage)
	case profiles.ExtPolicies:
		return policiesText(e.Policies)
	case profiles.ExtNameConstraints:
		return constraintsText(e.NameConstraints)
	case profiles.ExtCRLPoints:
		return "one distribution point, fullName: " + urlText(e.CRLURLs, "the CRL URL of the issuer")
	case profiles.ExtInfoAccess:
		return accessText(e.InfoAccess)
	case profiles.ExtIssuingPoint:
		return pointText(e.IssuingPoint)
	case profiles.ExtOCSPNoCheck:
		return "NULL"
	case profiles.ExtCRLNumber:
		return "greater than that of every earlier CRL, less than 2^159"
	}
	return "DER " + hex.EncodeToString(e.Raw.DER)
}

func usageText(list []profiles.KeyUsage) string {
	names := map[profiles.KeyUsage]string{
		profiles.DigitalSignature: "digitalSignature", profiles.CertSign: "keyCertSign", profiles.CRLSign: "cRLSign",
	}
	out := make([]string, len(list))
	for i, u := range list {
		out[i] = names[u]
	}
	return strings.Join(out, ", ")
}

func purposeText(list []profiles.Purposed) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = string(p.OID)
		if p.Name != "" {
			out[i] = fmt.Sprintf("%s (%s)", p.Name, p.OID)
		}
	}
	return strings.Join(out, ", ")
}

func policiesText(list []profiles.Policy) string {
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

func constraintsText(n *profiles.NameConstraints) string {
	return "permitted: " + subtreesText(n.Permitted) + "; excluded: " + subtreesText(n.Excluded)
}

func subtreesText(list []profiles.GeneralSubtree) string {
	if len(list) == 0 {
		return "none"
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.Type + " " + s.Value
		switch {
		case s.Directory != nil:
			var parts []string
			for _, a := range s.Directory.Attributes {
				parts = append(parts, a.Type+" "+a.Value)
			}
			out[i] = s.Type + " " + strings.Join(parts, ", ")
		case s.OtherOID != "":
			out[i] = fmt.Sprintf("other %s %x", s.OtherOID, []byte(s.OtherDER))
		case s.Value == "":
			out[i] = s.Type + " (all)"
		}
	}
	return strings.Join(out, ", ")
}

func urlText(urls []string, issuer string) string {
	out := make([]string, len(urls))
	for i, u := range urls {
		if out[i] = u; u == profiles.IssuerURL {
			out[i] = issuer
		}
	}
	return strings.Join(out, ", ")
}

func accessText(list []profiles.AccessDescription) string {
	out := make([]string, len(list))
	for i, d := range list {
		name, issuer := "caIssuers", "the certificate URL of the issuer"
		if d.Method == "ocsp" {
			name, issuer = "ocsp", "the OCSP URL of the issuer"
		}
		out[i] = name + ": " + urlText([]string{d.URL}, issuer)
	}
	return strings.Join(out, ", ")
}

func pointText(p *profiles.IssuingDistribution) string {
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
