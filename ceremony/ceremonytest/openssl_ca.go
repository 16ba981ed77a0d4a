// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// OpenSSLCA is a CA that was never served by anything but openssl, in a folder: its
// key in key.pem, its certificate in ca.pem.
type OpenSSLCA struct {
	t      testing.TB
	Folder string
}

// NewOpenSSLCA makes such a CA with a name like "/O=Example/CN=Old", whose certificate
// has these extensions besides basicConstraints and keyUsage, in the words of
// openssl's configuration.
func NewOpenSSLCA(t testing.TB, subject, extensions string) *OpenSSLCA {
	t.Helper()
	c := &OpenSSLCA{t, t.TempDir()}
	c.Run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", "key.pem")
	c.Write("ca.cnf", "[req]\ndistinguished_name = dn\n[dn]\n[x]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, digitalSignature, keyCertSign, cRLSign\n"+extensions+"\n")
	c.Run("req", "-x509", "-new", "-config", "ca.cnf", "-extensions", "x", "-key", "key.pem", "-sha384", "-set_serial", "0x4f6c64205365726961",
		"-subj", subject, "-days", "7300", "-out", "ca.pem")
	return c
}

// Run runs openssl in the folder.
func (c *OpenSSLCA) Run(args ...string) string {
	c.t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = c.Folder
	out, err := cmd.CombinedOutput()
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
	c.Write(name+".cnf", "[req]\ndistinguished_name = dn\n[dn]\n[x]\n"+extensions+"\n")
	c.Run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", name+".key")
	c.Run("req", "-x509", "-new", "-config", name+".cnf", "-extensions", "x", "-key", name+".key", "-sha384", "-set_serial", "0x"+serial,
		"-subj", "/O=Example/CN="+name, "-days", "3650", "-CA", "ca.pem", "-CAkey", "key.pem", "-out", name+".pem")
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
