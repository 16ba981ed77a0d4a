// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"fmt"

	ctasn1 "github.com/google/certificate-transparency-go/asn1"
	ctx509 "github.com/google/certificate-transparency-go/x509"
	ctpkix "github.com/google/certificate-transparency-go/x509/pkix"
)

// parseTheirList reads a CRL as certificate-transparency-go reads certificates:
// strictly, and when that fails once more with its tolerance for string types.
// Its ParseCertificateListDER is not used, since it wants CRL numbers to fit
// into an int.
func parseTheirList(der []byte) (*ctpkix.CertificateList, error) {
	list := new(ctpkix.CertificateList)
	rest, err := ctasn1.Unmarshal(der, list)
	var lenient ctx509.NonFatalErrors
	if err != nil {
		list = new(ctpkix.CertificateList)
		var lax error
		if rest, lax = ctasn1.UnmarshalWithParams(der, list, "lax"); lax != nil {
			return nil, lax
		}
		lenient.AddError(err)
	}
	if len(rest) != 0 {
		return nil, fmt.Errorf("%d bytes of trailing data", len(rest))
	}
	if lenient.HasError() {
		return list, lenient
	}
	return list, nil
}

// compare reads the CRL with certificate-transparency-go.
func (l *RevocationList) compare() error {
	theirs, remarks, err := second("certificateList", parserCT, func() (*ctpkix.CertificateList, error) {
		return parseTheirList(l.Raw)
	})
	if err != nil {
		return asLimit(err, l.Extensions, nil, nil, l.Issuer)
	}
	l.Remarks = remarks
	tbs := &theirs.TBSCertList
	k := &comparison{object: "certificateList"}
	k.bytes("tbsCertList", l.RawTBS, tbs.Raw)
	k.check("version", l.Version == tbs.Version+1)
	k.name("issuer", l.Issuer, tbs.Issuer)
	k.time("thisUpdate", l.ThisUpdate, tbs.ThisUpdate)
	if l.NextUpdate != nil {
		k.time("nextUpdate", *l.NextUpdate, tbs.NextUpdate)
	} else {
		k.check("nextUpdate", tbs.NextUpdate.IsZero())
	}
	k.check("revokedCertificates", len(l.Entries) == len(tbs.RevokedCertificates))
	for i := 0; k.err == nil && i < len(l.Entries); i++ {
		k.entry(i+1, &l.Entries[i], &tbs.RevokedCertificates[i])
	}
	k.extensions("crlExtensions", l.Extensions, tbs.Extensions)
	k.bytes("signatureAlgorithm", l.OuterAlgorithm, theirs.SignatureAlgorithm.Raw)
	k.bytes("signature", l.InnerAlgorithm, tbs.Signature.Raw)
	k.bytes("signatureValue", l.Signature, theirs.SignatureValue.RightAlign())
	return k.err
}

// entry compares the n-th entry. Its name is made only when it is needed.
func (k *comparison) entry(n int, ours *RevokedEntry, theirs *ctpkix.RevokedCertificate) {
	in := comparison{object: "entry"}
	in.number("userCertificate", ours.Serial, theirs.SerialNumber)
	in.time("revocationDate", ours.Date, theirs.RevocationTime)
	in.extensions("crlEntryExtensions", ours.Extensions, theirs.Extensions)
	if k.err == nil && in.err != nil {
		k.err = fmt.Errorf("%s: revokedCertificates[%d]: %w", k.object, n, in.err)
	}
}

// name compares attribute types in order; the raw bytes are compared with the
// structure that holds them.
func (k *comparison) name(field string, ours Name, theirs ctpkix.RDNSequence) {
	k.check(field, len(ours.RDNs) == len(theirs))
	for i := 0; k.err == nil && i < len(theirs); i++ {
		k.check(field, len(ours.RDNs[i]) == len(theirs[i]))
		for j := 0; k.err == nil && j < len(theirs[i]); j++ {
			k.check(field, ours.RDNs[i][j].OID.String() == theirs[i][j].Type.String())
		}
	}
}
