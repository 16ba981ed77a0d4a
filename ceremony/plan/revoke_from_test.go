// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

const oneRevocation = "      - {certificate: leaf, date: 2027-03-01T00:00:00Z, reason: superseded}\n"

// revokingFrom writes the ceremony of an old CA, whose last CRL has one entry, with a
// list of revocations, and gives its folder.
func revokingFrom(t testing.TB, list string) string {
	t.Helper()
	folder := ceremonytest.WriteOldCA(t, 1)
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), oneRevocation, oneRevocation+"    revoke-from: {csv: list.csv}\n")
	if err := os.WriteFile(filepath.Join(folder, "list.csv"), []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// serialLines is a list of n revocations.
func serialLines(n int) string {
	var list strings.Builder
	list.WriteString("serial,date,reason\n")
	for i := range n {
		fmt.Fprintf(&list, "%X,2027-02-01T00:00:00Z,superseded\n", 1<<61+i)
	}
	return list.String()
}

// loadFolder reads the ceremony in a folder.
func loadFolder(folder string) (*plan.Loaded, error) {
	data, err := os.ReadFile(filepath.Join(folder, "ceremony.yaml"))
	if err != nil {
		return nil, err
	}
	return plan.Load("ceremony.yaml", data, plan.Disk{Folder: folder})
}

// TestRevokeFrom guards a list of revocations: people see how many there are and which
// list it is, not thousands of lines.
func TestRevokeFrom(t *testing.T) {
	const n = 2000
	p := ceremonytest.Preview(t, revokingFrom(t, strings.ReplaceAll(serialLines(n), "\n", "\r\n")))
	var screen bytes.Buffer
	if err := p.Write(&screen); err != nil {
		t.Fatal(err)
	}
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := p.Plan.Artifact("old-crl")
	if got := len(a.RevocationList().Entries); got != n+2 {
		t.Errorf("%d entries", got)
	}
	file := plan.Find(p.Plan.Files, func(f *plan.File) bool { return f.Path == "list.csv" })
	if file == nil || file.SHA256 != a.RevokedFrom.SHA256 {
		t.Fatalf("the plan has the list as %+v", file)
	}
	for line := range strings.Lines(screen.String()) {
		if text := strings.TrimSuffix(line, "\n"); len([]rune(text)) > 80 || text != "" && strings.TrimSpace(text) == "" {
			t.Errorf("a line that does not fit the screen, or has spaces alone: %q", line)
		}
	}
	for name, text := range map[string]string{"screen": screen.String(), "script": string(script)} {
		text = strings.Join(strings.Fields(text), " ")
		for _, want := range []string{fmt.Sprintf("%d: %d new, 1 carried over", n+2, n+1), fmt.Sprintf("new: %d of the list list.csv", n), "is not checked", fmt.Sprintf("superseded: %d", n), "dated 2027-02-01T00:00:00Z to 2027-02-01T00:00:00Z"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %q", name, want)
			}
		}
		if !strings.Contains(strings.ReplaceAll(text, " ", ""), file.SHA256) {
			t.Errorf("%s does not show the digest of the list", name)
		}
		if strings.Contains(text, "2000000000000001") {
			t.Errorf("%s shows the list", name)
		}
	}
}

// TestRevokeFromRefuses guards how strictly a list is read: each mistake has its line
// and column.
func TestRevokeFromRefuses(t *testing.T) {
	const header, good = "serial,date,reason\n", "4a01,2027-02-01T00:00:00Z,superseded\n"
	for _, c := range []struct{ name, list, want string }{
		{"nothing", "", "list.csv:1:1: an empty file"},
		{"another header", "serial,reason,date\n" + good, `list.csv:1:1: the first line is "serial,reason,date", and not the header`},
		{"semicolons", strings.ReplaceAll(header+good, ",", ";"), "list.csv:1:1: a table with semicolons between its columns; convert it: tr ';' , < list.csv > NEW"},
		{"a byte order mark", "\xef\xbb\xbf" + header + good, "list.csv:1:1: text that begins with a byte order mark, as Windows saves it; convert it: tail -c +4 < list.csv > NEW"},
		{"UTF-16", "\xff\xfes\x00e\x00r\x00", "list.csv:1:1: text in UTF-16"},
		{"the database of openssl", "V\t300101000000Z\t\t4A07\tunknown\t/CN=x\n", "list.csv:1:1: the database of openssl ca (index.txt)"},
		{"a header alone", header, "list.csv:2:1: the file lists nothing"},
		{"an empty line", header + good + "\n" + good, "list.csv:3:1: the line is empty (remove it)"},
		{"an empty line of a spreadsheet", header + good + ",,\n", "list.csv:3:1: the line is empty (remove it)"},
		{"a rounded number", header + "1.23457E+18,2027-02-01T00:00:00Z,superseded\n", "list.csv:2:1: a spreadsheet has rounded the serial number to 1.23457E+18, and its digits are lost (take the serial number from the records of the CA)"},
		{"a rounded number with a comma", header + "1,23457E+18,2027-02-01T00:00:00Z,superseded\n", "list.csv:2:1: a spreadsheet has rounded the serial number to 1,23457E+18, and its digits are lost"},
		{"colons", header + "4A:01,2027-02-01T00:00:00Z,superseded\n", `"4A:01" is not a serial number in hexadecimal (write 4a01)`},
		{"an apostrophe", header + "'4a01,2027-02-01T00:00:00Z,superseded\n", `"'4a01" is not a serial number in hexadecimal (write 4a01)`},
		{"the number of a reason", header + "4a01,2027-02-01T00:00:00Z,4\n", `unknown reason "4" (write superseded)`},
		{"the number of none", header + "4a01,2027-02-01T00:00:00Z,0\n", `unknown reason "0" (write none, which means the same`},
		{"the number of a hold", header + "4a01,2027-02-01T00:00:00Z,6\n", `unknown reason "6" (leave the certificate out`},
		{"an empty line at the end", header + good + "\n", "list.csv:3:1: the line is empty"},
		{"no columns", header + "4a01\n", "list.csv:2:1: 1 columns in place of three"},
		{"a serial number too long", header + "1" + strings.Repeat("0", 128) + good[4:], "list.csv:2:1: a serial number of 65 octets; at most 64 are read"},
		{"before 1950", header + "4a01,1949-12-31T23:59:59Z,superseded\n", `list.csv:2:6: "1949-12-31T23:59:59Z" is before 1950`},
		{"four columns", header + "4a01,2027-02-01T00:00:00Z,superseded,\n", "list.csv:2:1: 4 columns in place of three"},
		{"a serial number in decimal", header + good + "0x4a,2027-02-01T00:00:00Z,superseded\n", `list.csv:3:1: "0x4a" is not a serial number in hexadecimal`},
		{"a space", header + " 4a,2027-02-01T00:00:00Z,superseded\n", `list.csv:2:1: " 4a" is not`},
		{"a day", header + "4a01,2027-02-01,superseded\n", `list.csv:2:6: "2027-02-01" is not a time`},
		{"a reason of X.509", header + "4a01,2027-02-01T00:00:00Z,keyCompromise\n", `list.csv:2:27: unknown reason "keyCompromise" (write key-compromise)`},
		{"a reason of openssl", header + "4a01,2027-02-01T00:00:00Z,unspecified\n", `unknown reason "unspecified" (write none, which means the same`},
		{"a hold", header + "4a01,2027-02-01T00:00:00Z,certificateHold\n", `unknown reason "certificateHold" (leave the certificate out`},
		{"a reason of nobody", header + "4a01,2027-02-01T00:00:00Z,lost\n", `unknown reason "lost" (one of: key-compromise,`},
		{"one number twice", header + good + strings.ToUpper(good[:4]) + good[4:], "list.csv:3:1: serial number 4a01 is in line 2, too"},
		{"on the last CRL", header + "1" + strings.Repeat("0", 30) + ",2027-02-01T00:00:00Z,superseded\n",
			"list.csv:2:1: the previous CRL already revokes serial number 1" + strings.Repeat("0", 30) + " (remove the line:"},
		{"of the step", header + "abcdef00102030405,2027-02-01T00:00:00Z,superseded\n", "list.csv:2:1: serial number abcdef00102030405 is revoked twice: ceremony.yaml:28:9 revokes it, too"},
		{"after the CRL", header + "4a01,2027-09-01T00:00:00Z,superseded\n", `list.csv:2:6: "2027-09-01T00:00:00Z" is after thisUpdate, 2027-03-01T08:00:00Z (correct the date, or sign later)`},
		{"all that a spreadsheet does", "\xef\xbb\xbfsep=;\r\n\"serial\";\"date\";\"reason\"\r\n\"4a01\";\"01.02.2027\";\"superseded\"\r\n",
			`list.csv:1:1: text that begins with a byte order mark, as Windows saves it; a first line that says what is between the columns; a table with quotation marks; a table with semicolons between its columns; ` +
				`convert it: tail -c +4 < list.csv | tail -n +2 | tr -d '"' | tr ';' , > NEW` + "\n" + `list.csv:3:6: "01.02.2027" is not a time`},
		{"a line for Excel", "sep=,\n" + header + good, "list.csv:1:1: a first line that says what is between the columns; convert it: tail -n +2 < list.csv > NEW"},
		{"UTF-16 and a mistake", "\xff\xfe" + strings.Join(strings.Split(header+"4a01,2027-02-01,superseded\n", ""), "\x00") + "\x00", `list.csv:2:6: "2027-02-01" is not a time`},
	} {
		_, err := loadFolder(revokingFrom(t, c.list))
		if c.want == "" && err != nil || c.want != "" && (err == nil || strings.Count(err.Error(), c.want) != 1) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	many := header + strings.Repeat("x\n", 500)
	if _, err := loadFolder(revokingFrom(t, many)); err == nil || strings.Count(err.Error(), "list.csv:") != 21 {
		t.Errorf("500 mistakes: %v", err)
	}
}

// TestRevokedByOpenSSL guards a CA that moves from openssl ca: the command of the page
// makes a list of its database that is read as it is.
func TestRevokedByOpenSSL(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/ceremony-file.md")
	if err != nil {
		t.Fatal(err)
	}
	_, command, found := strings.Cut(string(page), "```\nawk ")
	command, _, ended := strings.Cut(command, "\n```")
	if !found || !ended {
		t.Fatal("the page has no command")
	}
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Root", "subjectKeyIdentifier = hash\n")
	ca.Write("index.txt", "")
	ca.Write("db.cnf", "[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\ndefault_md = sha384\ncertificate = ca.pem\nprivate_key = key.pem\n")
	for serial, revoked := range map[string][]string{"AA01": nil, "AA02": {"-crl_reason", "unspecified"}, "AA03": {"-crl_reason", "keyCompromise"},
		"AA04": {"-crl_reason", "superseded"}, "AA05": {"-crl_compromise", "20250101000000Z"}, "AA06": {"-crl_CA_compromise", "20250101000000Z"}} {
		ca.Certificate(serial, serial, "keyUsage = critical, digitalSignature\n")
		ca.Run(append([]string{"ca", "-config", "db.cnf", "-revoke", serial + ".pem"}, revoked...)...)
	}
	sh := exec.Command("sh", "-c", "awk "+command)
	sh.Dir = ca.Folder
	if out, err := sh.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	list, err := os.ReadFile(filepath.Join(ca.Folder, "revoked.csv"))
	if err != nil {
		t.Fatal(err)
	}
	day := time.Now().UTC().Format("2006-01-")
	got := regexp.MustCompile(day+`\d\dT\d\d:\d\d:\d\dZ`).ReplaceAllString(string(list), "2027-02-01T00:00:00Z")
	for _, want := range []string{"AA01,2027-02-01T00:00:00Z,none", "AA02,2027-02-01T00:00:00Z,none", "AA03,2027-02-01T00:00:00Z,key-compromise",
		"AA04,2027-02-01T00:00:00Z,superseded", "AA05,2027-02-01T00:00:00Z,key-compromise", "AA06,2027-02-01T00:00:00Z,ca-compromise"} {
		wantsAll(t, "the list", got, want)
	}
	if _, err := loadFolder(revokingFrom(t, got)); err != nil {
		t.Error(err)
	}
}

// TestOddRows guards a CA against a list that a spreadsheet or a person has changed: what
// can be read and is perhaps not meant so is named with its lines.
func TestOddRows(t *testing.T) {
	t.Parallel()
	const header, rest = "serial,date,reason\n", ",2027-02-01T00:00:00Z,superseded\n"
	for _, c := range []struct{ name, list, want string }{
		{"usual", header + "4a01" + rest + "1234" + rest + "beef" + rest, ""},
		{"before the CA", header + "4a01" + rest + "4a02,1999-02-01T00:00:00Z,superseded\n", "list.csv:3:1: list.csv, line 3: dated before the certificate of the CA became valid, on 2020-01-01T00:00:00Z"},
		{"decimal", header + "1001" + rest + "1002" + rest, "list.csv:2:1: list.csv, lines 2, 3: serial numbers of decimal digits alone: they are read as hexadecimal"},
		{"a power of ten", header + "4a01" + rest + "1e5" + rest, "list.csv:3:1: list.csv, line 3: serial numbers that a spreadsheet may have written as powers of ten"},
	} {
		l, err := loadFolder(revokingFrom(t, c.list))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range l.Warnings() {
			got = append(got, w.String())
		}
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], c.want)) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
