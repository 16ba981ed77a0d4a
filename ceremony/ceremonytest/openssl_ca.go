// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// OpenSSLCA is a CA that was never served by anything but openssl, in a folder: its
// key in key.pem, its certificate in ca.pem.
type OpenSSLCA struct {
	t       testing.TB
	openssl func(folder string, args ...string) ([]byte, error)
	Folder  string
}

// issuing is the configuration of openssl with which the CA issues.
const issuing = `[ca]
default_ca = d
[d]
database = issued.txt
new_certs_dir = .
serial = serial
default_md = sha384
private_key = key.pem
certificate = ca.pem
policy = p
unique_subject = no
[p]
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
[dn]
[x]
`

// NewOpenSSLCA makes such a CA, by a function that runs openssl in a folder, with a name like "/O=Example/CN=Old", whose certificate
// has these extensions besides basicConstraints and keyUsage, in the words of
// openssl's configuration.
func NewOpenSSLCA(t testing.TB, openssl func(folder string, args ...string) ([]byte, error), subject, extensions string) *OpenSSLCA {
	t.Helper()
	c := &OpenSSLCA{t, openssl, t.TempDir()}
	c.Run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", "key.pem")
	c.issue("ca", "4F6C642053657269", subject, "key.pem", "basicConstraints = critical, CA:TRUE\n"+
		"keyUsage = critical, digitalSignature, keyCertSign, cRLSign\n"+extensions, "-selfsign")
	return c
}

// issue signs a certificate for a key, valid from 2020 to 2040.
func (c *OpenSSLCA) issue(name, serial, subject, key, extensions string, more ...string) {
	c.t.Helper()
	c.Write(name+".cnf", issuing+extensions+"\n")
	c.Write("issued.txt", "")
	c.Write("serial", serial+"\n")
	c.Run("req", "-new", "-config", name+".cnf", "-key", key, "-subj", subject, "-out", name+".csr")
	c.Run(append([]string{"ca", "-batch", "-notext", "-preserveDN", "-config", name + ".cnf", "-extensions", "x", "-in", name + ".csr", "-out", name + ".pem",
		"-startdate", "20200101000000Z", "-enddate", "20400101000000Z"}, more...)...)
}

// Run runs openssl in the folder.
func (c *OpenSSLCA) Run(args ...string) string {
	c.t.Helper()
	out, err := c.openssl(c.Folder, args...)
	if err != nil {
		c.t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Write writes a file into the folder.
func (c *OpenSSLCA) Write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.Folder, name), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// Certificate issues a certificate of a CA below, as NAME.pem, with these extensions.
func (c *OpenSSLCA) Certificate(name, serial, extensions string) {
	c.t.Helper()
	c.Run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", name+".key")
	c.issue(name, serial, "/O=Example/CN="+name, name+".key", extensions)
}

// CRL signs a CRL as NAME.crl, dated as openssl writes times, with these extensions
// besides the number, and an entry for each serial number, all superseded.
func (c *OpenSSLCA) CRL(name, number, last, next, extensions string, serials ...string) {
	c.t.Helper()
	c.Write("serial.crl", number+"\n")
	var index strings.Builder
	for _, s := range serials {
		fmt.Fprintf(&index, "R\t400101000000Z\t260901000000Z,superseded\t%s\tunknown\t/CN=%s\n", s, s)
	}
	c.Write("index.txt", index.String())
	c.Write("crl.cnf", "[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\ncrlnumber = serial.crl\ndefault_md = sha384\ncertificate = ca.pem\nprivate_key = key.pem\n[x]\n"+extensions+"\n")
	c.Run("ca", "-config", "crl.cnf", "-gencrl", "-crlexts", "x", "-crl_lastupdate", last, "-crl_nextupdate", next, "-out", name+".crl")
}
