// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "rootceremony/profiles"

// Kinds that rules are made for.
var (
	rootKind     = []profiles.Kind{profiles.RootCA}
	crossKind    = []profiles.Kind{profiles.CrossCertifiedCA}
	subKinds     = []profiles.Kind{profiles.SubordinateCA, profiles.CrossCertifiedCA}
	caKinds      = []profiles.Kind{profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA}
	delegateKind = []profiles.Kind{profiles.OCSPResponder}
	issuedKinds  = []profiles.Kind{profiles.SubordinateCA, profiles.CrossCertifiedCA, profiles.OCSPResponder}
	certKinds    = []profiles.Kind{profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA, profiles.OCSPResponder}
	crlKind      = []profiles.Kind{profiles.CRL}
	responseKind = []profiles.Kind{profiles.OCSPResponse}
	requestKind  = []profiles.Kind{profiles.CertRequest}
	allKinds     = []profiles.Kind{profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA,
		profiles.OCSPResponder, profiles.CRL, profiles.OCSPResponse, profiles.CertRequest}
)
