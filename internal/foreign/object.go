// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"strings"
)

// Object names bytes that hold no object that the program reads, neither PEM nor
// DER. It always has an answer.
func Object(data []byte) *Error {
	if e := Known(data); e != nil {
		return e
	}
	if n, _ := element(data); n == 0 {
		return is("neither PEM nor a known object in DER", "the program reads certificates, CRLs, certificate requests and OCSP responses")
	}
	return is("neither a certificate, a CRL, a certificate request nor an OCSP response", "openssl asn1parse -inform DER -in FILE shows what is in it")
}

// Known is [Object] for bytes that may be anything: it returns nil where it does not
// know them.
func Known(data []byte) *Error {
	if e := encoding(data); e != nil {
		return e
	}
	if e := magic(data); e != nil {
		return e
	}
	if der, ok := naked(data); ok {
		if e := DER(der, true); e != nil {
			return &Error{e.What + " in base64", "decode it first: tr -d '\\r' < FILE | base64 -d > NEW; then: " + strings.ReplaceAll(e.Try, "FILE", "NEW")}
		}
		return is("base64 without the lines -----BEGIN and -----END of PEM around it", "decode it: tr -d '\\r' < FILE | base64 -d > NEW.der")
	}
	if e := DER(data, false); e != nil {
		return e
	}
	if n, whole := element(data); n > 0 && !whole {
		return is(fmt.Sprintf("DER that is cut off: of %d bytes %d are there", n, len(data)), "copy it again, in binary mode")
	}
	return nil
}

// Object identifiers of containers.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentsBelow = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7}
)

// DER names containers and keys by the outer shape of their DER, or returns nil. In
// PEM the commands of openssl need no flag for the form.
func DER(data []byte, pem bool) *Error {
	list := contents(data, 10)
	form := " -inform DER"
	if pem {
		form = ""
	}
	switch first := oidOf(list, 0); {
	case first.Equal(oidSignedData):
		return is("a PKCS #7 file (.p7b, .p7c), which holds certificates or CRLs", "take them out: openssl pkcs7%s -in FILE -print_certs -out NEW.pem", form)
	case len(first) > len(oidContentsBelow) && first[:len(oidContentsBelow)].Equal(oidContentsBelow):
		return is("a PKCS #7 or CMS file that holds no certificates alone", "openssl cms -cmsout -print%s -in FILE shows what is in it", form)
	case isPKCS12(list):
		return is("a PKCS #12 file (.p12, .pfx), which may hold a private key", "keep it where it belongs; take out the certificates alone: openssl pkcs12 -in FILE -nokeys -out NEW.pem")
	case isPrivateKey(list):
		return privateKey()
	case isWithoutAttributes(list):
		return is("a certificate request without its attributes, which RFC 2986 4.1 has even where there are none", "have it repeated by a current program: openssl req -new -key KEY -out NEW.csr")
	case list == nil || isBER(data):
		return BER(data, pem)
	}
	return nil
}

// BER names BER that is not DER, with how to make DER of a certificate, or returns nil.
func BER(data []byte, pem bool) *Error {
	if !isBER(data) {
		return nil
	}
	form := " -inform DER"
	if pem {
		form = ""
	}
	return is("BER that is not DER: a length is indefinite, or longer than it has to be (X.690 10.1)",
		"ask its maker for DER, which alone is signed and read; if it is a certificate, openssl x509%s -in FILE -out NEW.pem may make it", form)
}

// isBER reports whether bytes are one value of BER, of which a length is not that of DER.
func isBER(data []byte) bool {
	rest, odd, ok := skipBER(data, 0)
	return ok && odd && len(rest) == 0
}

// deepest is how many values of BER may lie in one another.
const deepest = 32

// skipBER passes over a value of BER, and says whether any length in it is not DER.
func skipBER(data []byte, depth int) (rest []byte, odd, ok bool) {
	if len(data) < 2 || data[0]&0x1f == 0x1f || depth > deepest {
		return nil, false, false
	}
	constructed := data[0]&0x20 != 0
	if data[1] == 0x80 && constructed {
		return skipIndefinite(data[2:], depth)
	}
	n, data, odd, ok := lengthBER(data[1:])
	if !ok || n > len(data) {
		return nil, false, false
	}
	inside, rest := data[:n], data[n:]
	for constructed && len(inside) > 0 {
		var more bool
		if inside, more, ok = skipBER(inside, depth+1); !ok {
			return nil, false, false
		}
		odd = odd || more
	}
	return rest, odd, true
}

// skipIndefinite passes over values until one that is empty. X.690 8.1.3.6.
func skipIndefinite(data []byte, depth int) (rest []byte, odd, ok bool) {
	for !bytes.HasPrefix(data, []byte{0, 0}) {
		if data, _, ok = skipBER(data, depth+1); !ok {
			return nil, false, false
		}
	}
	return data[2:], true, true
}

// lengthBER reads a length of four octets at the most, and says whether it is longer than
// it has to be. X.690 8.1.3.
func lengthBER(data []byte) (n int, rest []byte, odd, ok bool) {
	first := data[0]
	if data = data[1:]; first <= 0x80 {
		return int(first), data, false, true
	}
	size := int(first & 0x7f)
	if size > 4 || len(data) < size {
		return 0, nil, false, false
	}
	for _, b := range data[:size] {
		n = n<<8 | int(b)
	}
	return n, data[size:], data[0] == 0 || n < 0x80, n >= 0
}

// isWithoutAttributes knows a request of RFC 2986 4 that ends with the key.
func isWithoutAttributes(list []asn1.RawValue) bool {
	if len(list) != 3 || list[0].Tag != asn1.TagSequence || list[1].Tag != asn1.TagSequence || list[2].Tag != asn1.TagBitString {
		return false
	}
	info := contents(list[0].FullBytes, 5)
	return len(info) == 3 && info[0].Tag == asn1.TagInteger && info[1].Tag == asn1.TagSequence &&
		len(contents(info[2].FullBytes, 3)) == 2 && contents(info[2].FullBytes, 3)[1].Tag == asn1.TagBitString
}

func privateKey() *Error {
	return is("a private key, which is not read and does not belong here", "keep it where it is safe; its public half is: openssl pkey -in FILE -pubout")
}

// oidOf gives the object identifier at a place of a list, or nil.
func oidOf(list []asn1.RawValue, i int) (oid asn1.ObjectIdentifier) {
	if i < len(list) {
		if _, err := asn1.Unmarshal(list[i].FullBytes, &oid); err == nil {
			return oid
		}
	}
	return nil
}

// isPKCS12 knows PFX of RFC 7292 4: version 3, and a ContentInfo.
func isPKCS12(list []asn1.RawValue) bool {
	return len(list) >= 2 && bytes.Equal(list[0].FullBytes, []byte{2, 1, 3}) && oidOf(contents(list[1].FullBytes, 2), 0).Equal(oidData)
}

// isPrivateKey knows PKCS #8 in the clear and encrypted (RFC 5958 2 and 3), RSA keys
// of PKCS #1 (RFC 8017 A.1.2) and EC keys (RFC 5915 3).
func isPrivateKey(list []asn1.RawValue) bool {
	shape := ""
	for _, v := range list {
		shape += string(rune('A' + v.Tag))
	}
	const integer, octets, sequence = "C", "E", "Q"
	switch {
	case strings.HasPrefix(shape, integer+sequence+octets):
		return true // PKCS #8
	case shape == sequence+octets:
		return oidOf(contents(list[0].FullBytes, 1), 0) != nil // encrypted
	case shape == strings.Repeat(integer, 9):
		return true // PKCS #1
	case strings.HasPrefix(shape, integer+octets):
		return bytes.Equal(list[0].FullBytes, []byte{2, 1, 1}) // EC
	}
	return false
}

// labels are those of PEM blocks that hold something else than the program reads.
var labels = map[string]Error{
	"PKCS7":                 {"a PKCS #7 file (.p7b, .p7c), which holds certificates or CRLs", "take them out: openssl pkcs7 -in FILE -print_certs -out NEW.pem"},
	"CMS":                   {"a CMS file", "openssl cms -cmsout -print -inform PEM -in FILE shows what is in it"},
	"TRUSTED CERTIFICATE":   {"a certificate with the trust settings of OpenSSL", "write the certificate alone: openssl x509 -in FILE -out NEW.pem"},
	"ATTRIBUTE CERTIFICATE": {"an attribute certificate", "the program reads certificates of keys"},
	"EC PARAMETERS":         {"the parameters of a curve, which openssl writes before a private key", "name a file with the certificate or the request alone"},
	"DH PARAMETERS":         {"parameters of Diffie-Hellman", "name a file with the certificate or the request alone"},
	"SSH2 PUBLIC KEY":       {"a public key of SSH", "name a file with the certificate or the request"},
	"SSH SIGNATURE":         {"a signature of ssh-keygen", "it belongs into a folder of signatures"},
}

// Label names what a PEM label promises where the program does not read that, or
// returns nil. A label of a stranger is shown as far as it is one.
func Label(label string) *Error {
	if strings.Contains(label, "PRIVATE KEY") {
		return privateKey()
	}
	if strings.HasPrefix(label, "PGP ") {
		return is("a file of OpenPGP", "ask for the file itself")
	}
	if e, ok := labels[label]; ok {
		return &e
	}
	return nil
}

// Block names the contents of a PEM block of an unknown label and form.
func Block(label string, der []byte) *Error {
	if e := Label(label); e != nil {
		return e
	}
	if e := DER(der, true); e != nil {
		return &Error{fmt.Sprintf("%s under the label %q", e.What, label), e.Try}
	}
	return is(fmt.Sprintf("a PEM block with the label %q, which is not known here", label), "the program reads certificates, CRLs, certificate requests and OCSP responses")
}
