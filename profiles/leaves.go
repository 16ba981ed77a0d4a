// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"rootceremony/profiles/ext"
	"rootceremony/profiles/value"
)

// Types of the packages below, under the names that the packages above use.
type (
	// Kind is a kind of object.
	Kind = value.Kind
	// OID is an object identifier.
	OID = value.OID
	// HexBytes are octets that are written in hexadecimal.
	HexBytes = value.HexBytes
	// Name is a distinguished name.
	Name = value.Name
	// Attribute is one attribute of a name.
	Attribute = value.Attribute
	// StringType is the ASN.1 type of a string.
	StringType = value.StringType
	// Extension is a bound extension.
	Extension = ext.Extension
	// URLs are where an authority publishes.
	URLs = ext.URLs
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
