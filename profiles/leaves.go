// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"rootceremony/profiles/ext"
	"rootceremony/profiles/value"
)

// Parts of objects that stand in rooms below, by the names that all rooms above
// know them by.
type (
	Kind       = value.Kind
	OID        = value.OID
	HexBytes   = value.HexBytes
	Name       = value.Name
	Attribute  = value.Attribute
	StringType = value.StringType
	Extension  = ext.Extension
	URLs       = ext.URLs
)

// The kinds of objects a profile can describe.
const (
	RootCA           = value.RootCA
	SubordinateCA    = value.SubordinateCA
	CrossCertifiedCA = value.CrossCertifiedCA
	OCSPResponder    = value.OCSPResponder
	CRL              = value.CRL
	OCSPResponse     = value.OCSPResponse
	CertRequest      = value.CertRequest
)

// String types of attribute values.
const (
	PrintableString = value.PrintableString
	UTF8String      = value.UTF8String
	IA5String       = value.IA5String
)
