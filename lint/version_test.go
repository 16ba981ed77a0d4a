// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"io/fs"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"rootceremony"
)

// TestEngineSources guards the version of the engine against a source that it forgets: all of
// our packages that a lint result depends on are in it, each file, and no test.
func TestEngineSources(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".", "../templates").Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := []string{"ceremony/plan"} // it gathers what an object is linted beside
	for p := range strings.FieldsSeq(string(out)) {
		if dir, ours := strings.CutPrefix(p, "rootceremony/"); ours {
			dirs = append(dirs, dir)
		}
	}
	want := map[string]bool{"go.mod": true}
	for _, dir := range dirs {
		files, err := filepath.Glob("../" + dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f, "_test.go") {
				want[dir+"/"+filepath.Base(f)] = true
			}
		}
	}
	got := sourceFiles(t)
	for name := range want {
		if got[name] == nil {
			t.Errorf("sources.go in the root embeds no %s: add a pattern", name)
		}
	}
	for name := range got {
		if !want[name] {
			t.Errorf("sources.go in the root embeds %s, on which no lint result depends", name)
		}
	}
}

func sourceFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(rootceremony.Sources, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := rootceremony.Sources.ReadFile(name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestEngineVersion guards a verdict of years later against a version that stayed the
// same while the engine changed: rules, messages, corrections, dates of policies, and
// the versions of Go and zlint are all in it.
func TestEngineVersion(t *testing.T) {
	files := sourceFiles(t)
	was := versionOf(files, runtime.Version())
	if was != Versions()[EngineCeremony] || !strings.HasPrefix(was, rulesDate+"+") {
		t.Errorf("%q, but the engine says %q", was, Versions()[EngineCeremony])
	}
	if versionOf(files, "go1.0") == was {
		t.Error("the version of Go is not in it")
	}
	for _, c := range []struct{ name, old, is string }{
		{"lint/rules_path.go", "Level: Error", "Level: Warning"},
		{"lint/rules_path.go", "crypto/x509: %v", "crypto/x509, %v"},
		{"lint/corrections.go", "worst: Notice", "worst: Error"},
		{"lint/zlint_config.go", "v3.7.3", "v3.7.4"},
		{"go.mod", "zlint/v3 v3.7.3", "zlint/v3 v3.7.4"},
		{"profiles/object.go", "\n", "\n\n"},
		{"internal/inspect/ext_crlnumber.go", "\n", "\n\n"},
		{"ceremony/plan/context.go", "Signing: signing", "Signing: time.Time{}"},
	} {
		f := files[c.name]
		if f == nil {
			t.Errorf("no %s", c.name)
			continue
		}
		data := f.Data
		f.Data = bytes.Replace(data, []byte(c.old), []byte(c.is), 1)
		if !bytes.Equal(data, f.Data) == (versionOf(files, runtime.Version()) == was) {
			t.Errorf("%s: %q became %q, and the version is the same", c.name, c.old, c.is)
		}
		f.Data = data
	}
	delete(files, "lint/rules_path.go")
	if versionOf(files, runtime.Version()) == was {
		t.Error("a file less, and the version is the same")
	}
}
