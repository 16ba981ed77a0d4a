// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"regexp"
	"strings"
)

// Text names bytes that are no text in UTF-8, or text of another kind than YAML or
// JSON. It returns nil for what may be either.
func Text(data []byte) *Error {
	if e := encoding(data); e != nil {
		return e
	}
	if e := magic(data); e != nil {
		return e
	}
	if label, ok := pemLabel(data); ok {
		if e := Label(label); e != nil {
			return e
		}
		return is("a PEM file with the label "+label+", and not text to read", "name the YAML file here")
	}
	if n, whole := element(data); n > 4 && whole {
		return is("an object in DER, and not text", "name the YAML file here; ceremony inspect FILE shows the object")
	}
	return nil
}

// indexLine is a line of the database of openssl ca.
var indexLine = regexp.MustCompile(`^[RVE]\t[0-9]{12}`)

// Table names what is no table of text in UTF-8. It returns nil for what may be one; see
// [Convert].
func Table(data []byte) *Error {
	line, _, _ := strings.Cut(string(data[:min(len(data), 512)]), "\n")
	label, pem := pemLabel(data)
	n, whole := element(data)
	if e := encoding(data); e != nil {
		return e
	}
	switch e := magic(data); {
	case e != nil:
		return e
	case pem:
		return is("a PEM file with the label "+label+", and not a table", "")
	case n > 4 && whole:
		return is("an object in DER, and not a table", "")
	case indexLine.MatchString(line):
		return is("the database of openssl ca (index.txt)", "docs/ceremony-file.md has the command that makes a table of it, under Many revocations")
	}
	return nil
}

// UTF8Mark is the byte order mark that some editors put before UTF-8.
const UTF8Mark = "\xef\xbb\xbf"

// encoding names text that is not in UTF-8, and files without anything in them.
func encoding(data []byte) *Error {
	switch {
	case len(data) == 0:
		return is("an empty file", "copy it again, and compare its size with that of the original")
	case bytes.Trim(data, "\x00") == nil:
		return is("a file of zeros", "copy it again: a disk or a stick lost what was in it")
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return is("text in UTF-32", "convert it: iconv -f UTF-32 -t UTF-8 FILE > NEW")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return is("text in UTF-16, as Windows saves it", "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW")
	case wide(data, 0):
		return is("text in UTF-16 without a byte order mark", "convert it: iconv -f UTF-16LE -t UTF-8 FILE > NEW")
	case wide(data, 1):
		return is("text in UTF-16 without a byte order mark", "convert it: iconv -f UTF-16BE -t UTF-8 FILE > NEW")
	}
	return nil
}

// wide reports whether bytes are ASCII in UTF-16, whose low byte is the one at that
// place of each two: nine of ten are, of the first.
func wide(data []byte, low int) bool {
	data = data[:min(len(data), 512)&^1]
	n := len(data) / 2
	if n < 4 {
		return false
	}
	ascii := 0
	for i := 0; i < len(data); i += 2 {
		if c := data[i+low]; data[i+1-low] == 0 && (c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t') {
			ascii++
		}
	}
	return ascii*10 >= n*9
}

// magics are the first bytes of files that people send in the place of others.
var magics = []struct{ begins, what, try string }{
	{"PK\x03\x04", "a ZIP archive, or a document of an office program", "unpack it, or export its text, and name the file in it"},
	{"%PDF-", "a PDF", "ask for the file itself"},
	{"{\\rtf", "a document in RTF", "save it as plain text in UTF-8"},
	{"\xd0\xcf\x11\xe0", "a document of an office program", "save it as plain text in UTF-8"},
	{"\x1f\x8b", "a file packed with gzip", "unpack it: gunzip FILE"},
	{"\xfe\xed\xfe\xed", "a Java key store, which may hold private keys", "keep it where it belongs; keytool -exportcert takes a certificate out of it"},
}

// magic names files by how they begin.
func magic(data []byte) *Error {
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.begins)) {
			return &Error{m.what, m.try}
		}
	}
	begin := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 512)], []byte(UTF8Mark)))))
	for _, tag := range []string{"<!doctype", "<html", "<head", "<body"} {
		if strings.HasPrefix(begin, tag) {
			return is("an HTML page", "a server sent it in the place of the file, perhaps because of an error: open FILE in a browser, and download the file again")
		}
	}
	if strings.HasPrefix(begin, "<?xml") {
		return is("an XML file", "ask for the file itself")
	}
	return nil
}

// pemLabel gives the label of the first PEM block.
func pemLabel(data []byte) (string, bool) {
	const begin = "-----BEGIN "
	i := bytes.Index(data, []byte(begin))
	if i < 0 || i > 0 && data[i-1] != '\n' && string(data[:i]) != UTF8Mark {
		return "", false
	}
	label, _, found := bytes.Cut(data[i+len(begin):min(len(data), i+100)], []byte("-----"))
	return string(label), found && !bytes.ContainsAny(label, "\r\n")
}

// naked gives the DER in base64 without the lines of PEM around it.
func naked(data []byte) ([]byte, bool) {
	data = bytes.TrimPrefix(data, []byte(UTF8Mark))
	if len(data) == 0 || data[0] != 'M' { // 30 80 and above begin with it
		return nil, false
	}
	text := bytes.Join(bytes.Fields(data), nil)
	der, err := base64.StdEncoding.DecodeString(string(text))
	n, _ := element(der)
	return der, err == nil && n > 4
}

// element gives the length of the SEQUENCE in DER that bytes begin with, and whether
// it is there to its end; 0 for other bytes.
func element(data []byte) (length int, whole bool) {
	if len(data) < 2 || data[0] != 0x30 {
		return 0, false
	}
	n, size := int(data[1]), 0
	if n > 0x80 {
		if size = n - 0x80; size > 4 || len(data) < 2+size {
			return 0, false
		}
		n = 0
		for _, c := range data[2 : 2+size] {
			n = n<<8 | int(c)
		}
	} else if n == 0x80 {
		return 0, false
	}
	return 2 + size + n, 2+size+n <= len(data)
}

// contents gives the elements of a SEQUENCE, at most that many.
func contents(data []byte, most int) (list []asn1.RawValue) {
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(data, &outer); err != nil || outer.Tag != asn1.TagSequence || outer.Class != asn1.ClassUniversal {
		return nil
	}
	rest := outer.Bytes
	for len(rest) > 0 && len(list) < most {
		var v asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &v); err != nil {
			break
		}
		list = append(list, v)
	}
	return list
}
