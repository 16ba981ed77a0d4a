// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddChain(t *testing.T) {
	sub, root := load(t, "fake-sub.pem"), load(t, "fake-root.pem")
	body, err := AddChain([][]byte{sub, root})
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Chain []string }
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	want := []string{base64.StdEncoding.EncodeToString(sub), base64.StdEncoding.EncodeToString(root)}
	if diff := cmp.Diff(want, got.Chain); diff != "" {
		t.Errorf("chain differs (-want +got):\n%s", diff)
	}
	for name, chain := range map[string][][]byte{
		"empty": nil, "garbage": {{1}}, "wrong order": {root, sub},
	} {
		if _, err := AddChain(chain); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestLeafHash computes the hash of RFC 6962 3.4 by hand.
func TestLeafHash(t *testing.T) {
	cert := load(t, "fake-sub.pem")
	const timestamp = 1796112000123
	leaf := []byte{0, 0, 0} // MerkleTreeLeaf prefix, version 1, timestamped entry
	leaf = binary.BigEndian.AppendUint64(leaf, timestamp)
	leaf = append(leaf, 0, 0) // x509_entry
	leaf = append(leaf, byte(len(cert)>>16), byte(len(cert)>>8), byte(len(cert)))
	leaf = append(append(leaf, cert...), 0, 0) // no extensions
	got, err := LeafHash(cert, timestamp)
	if err != nil || got != sha256.Sum256(leaf) {
		t.Errorf("leaf hash %x, want %x, error %v", got, sha256.Sum256(leaf), err)
	}
	if _, err := LeafHash([]byte{0x30, 0}, timestamp); err == nil {
		t.Error("a hash of no certificate")
	}
}

// TestImports keeps out the packages of certificate-transparency-go that bring
// a logging library or a network client, and our own packages but for the table of
// algorithms.
func TestImports(t *testing.T) {
	const module = "github.com/google/certificate-transparency-go"
	allowed := map[string]bool{
		module: true, module + "/asn1": true, module + "/tls": true,
		module + "/x509": true, module + "/x509/pkix": true,
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			ours := (path == "rootceremony" || strings.HasPrefix(path, "rootceremony/")) && path != "rootceremony/internal/algorithm" && path != "rootceremony/internal/foreign"
			if ours || strings.HasPrefix(path, module) && !allowed[path] || strings.HasPrefix(path, "net/http") {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}
