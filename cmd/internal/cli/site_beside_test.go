// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"rootceremony/ceremony/plan"
)

// TestSiteBeside guards people who resume a ceremony: the command that they are told names
// the site file that lies there, and none by which the ceremony is not carried out.
func TestSiteBeside(t *testing.T) {
	const text = "version: 1\nsoftware-token: true\ntokens:\n  root: {module: /m.so, label: l, login: pin}\n"
	site, err := plan.LoadSite("site.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	digest, err := site.Digest()
	if err != nil {
		t.Fatal(err)
	}
	inForce := hex.EncodeToString(digest[:])
	folder := t.TempDir()
	t.Chdir(folder)
	if err := os.Mkdir("day", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, text, bundle, sha256, want string }{
		{"", "", "bundle", inForce, ""},
		{filepath.Join("day", "site.yaml"), text, filepath.Join("day", "bundle"), inForce, filepath.Join("day", "site.yaml")},
		{filepath.Join("day", "site.yaml"), text, "day/bundle/", inForce, filepath.Join("day", "site.yaml")},
		{filepath.Join("day", "site.yaml"), text, "bundle", inForce, ""},
		{"site.yaml", text, filepath.Join("day", "bundle"), inForce, "site.yaml"},
		{"site.yaml", text, filepath.Join(folder, "elsewhere", "bundle"), inForce, "site.yaml"},
		{"site.yaml", text + "host: {swap: require}\n", "bundle", inForce, ""},
		{"site.yaml", "no site file", "bundle", inForce, ""},
		{"site.yaml", text, "bundle", "", ""},
	} {
		for _, name := range []string{"site.yaml", filepath.Join("day", "site.yaml")} {
			if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		if c.file != "" {
			if err := os.WriteFile(c.file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := siteBeside(c.bundle, c.sha256); got != c.want {
			t.Errorf("%+v: named %q", c, got)
		}
	}
}
