// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value

// Kind is what an object is.
type Kind string

// The kinds of objects a profile can describe.
const (
	RootCA           Kind = "root-ca"
	SubordinateCA    Kind = "subordinate-ca"
	CrossCertifiedCA Kind = "cross-certified-ca"
	OCSPResponder    Kind = "ocsp-responder"
	CRL              Kind = "crl"
	OCSPResponse     Kind = "ocsp-response"
	CertRequest      Kind = "certificate-request"
)

// IsCA reports whether objects of the kind are certificates of CAs.
func (k Kind) IsCA() bool { return k == RootCA || k == SubordinateCA || k == CrossCertifiedCA }

// IsCertificate reports whether objects of the kind are certificates.
func (k Kind) IsCertificate() bool { return k.IsCA() || k == OCSPResponder }

// Form is the kind of DER that objects of the kind are: the four kinds of
// certificate are one.
func (k Kind) Form() string {
	if k.IsCertificate() {
		return "certificate"
	}
	return string(k)
}
