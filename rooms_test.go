// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package rootceremony_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path of our own packages.
const module = "rootceremony/"

// rooms is a statement of policy: which of our packages each of our packages
// may import. It holds for files that are not tests; a test may look at its
// room from outside. A name that ends in "/..." represents a folder and all
// below it.
//
// Do not edit it to make a build pass. An arrow that is missing here is missing
// because the pipeline has one direction.
var rooms = map[string][]string{
	"cmd/ceremony":     {"cmd/internal/cli"},
	"cmd/internal/cli": {"ceremony/...", "profiles/...", "templates", "lint/...", "transcripts/...", "internal/..."},

	"ceremony/plan":   {"profiles", "profiles/value", "templates", "lint", "transcripts", "transcripts/event", "transcripts/history", "internal/..."},
	"ceremony/verify": {"ceremony/plan", "profiles", "templates", "lint", "transcripts", "transcripts/event", "transcripts/history", "internal/..."},
	"ceremony/run":    {"ceremony/plan", "ceremony/verify", "profiles", "templates", "lint", "transcripts", "transcripts/event", "transcripts/history", "internal/..."},

	"ceremony/create": {"ceremony/plan", "ceremony/schema", "profiles", "internal/artifact", "internal/source", "internal/token"},

	"ceremony/ceremonytest": {"ceremony/plan"},
	"ceremony/schema":       {},

	"profiles":       {"profiles/ext", "profiles/value", "internal/source", "internal/algorithm"},
	"profiles/ext":   {"profiles/value", "internal/source"},
	"profiles/value": {},
	"profiles/table": {"profiles", "profiles/ext"},
	"templates":      {"profiles", "profiles/ext", "profiles/value", "internal/algorithm"},
	"lint":           {"lint/...", "profiles", "profiles/ext", "internal/source", "internal/unseen", "internal/inspect", "internal/algorithm"},
	"lint/files":     {"lint", "lint/format", "profiles", "profiles/ext", "templates", "internal/source", "internal/inspect", "internal/foreign", "internal/algorithm"},
	"lint/format":    {"internal/unseen"},
	"tools/mutants":  {"tools/reasons"},
	"tools/reasons":  {},
	"tools/tables":   {"tools/reasons"},
	"transcripts":    {"transcripts/event", "transcripts/history", "internal/artifact", "internal/approval", "internal/algorithm", "internal/unseen"},

	"transcripts/event":   {"internal/artifact"},
	"transcripts/history": {"transcripts/event"},

	"internal/algorithm":               {},
	"internal/foreign":                 {},
	"internal/preflight":               {},
	"internal/source":                  {"internal/unseen", "internal/foreign"},
	"internal/secret":                  {},
	"internal/artifact":                {},
	"internal/approval":                {"internal/source", "internal/foreign"},
	"internal/inspect":                 {"internal/algorithm", "internal/foreign"},
	"internal/term":                    {"internal/secret", "internal/unseen"},
	"internal/unseen":                  {},
	"internal/token":                   {"internal/token/...", "internal/secret", "internal/algorithm"},
	"internal/term/termtest":           {"internal/term", "internal/unseen"},
	"internal/preflight/preflighttest": {"internal/preflight"},
	"internal/token/tokentest":         {"internal/token", "internal/secret", "internal/algorithm"},
	"internal/artifact/artifacttest":   {"internal/artifact"},
}

// others is the same for what others wrote: where each package may be imported.
// What is not named here may be imported nowhere. The modules are listed with their
// reasons in docs/dependencies.md.
var others = map[string][]string{
	"github.com/ThalesIgnite/crypto11": {"internal/token"},
	"github.com/miekg/pkcs11":          {"internal/token"},

	"github.com/spf13/cobra/...": {"cmd/internal/cli"},

	"gopkg.in/yaml.v3": {"internal/source"},

	"github.com/zmap/zlint/v3/...": {"lint/..."},
	"github.com/zmap/zcrypto/...":  {"lint/..."},

	// The second parser, package by package: its other packages bring network
	// clients and loggers.
	"github.com/google/certificate-transparency-go":           {"internal/inspect"},
	"github.com/google/certificate-transparency-go/asn1":      {"internal/inspect"},
	"github.com/google/certificate-transparency-go/tls":       {"internal/inspect"},
	"github.com/google/certificate-transparency-go/x509":      {"internal/inspect"},
	"github.com/google/certificate-transparency-go/x509/pkix": {"internal/inspect"},

	"github.com/gowebpki/jcs":                                {"ceremony/plan", "transcripts/event"},
	"github.com/hiddeco/sshsig":                              {"internal/approval"},
	"github.com/secure-systems-lab/go-securesystemslib/dsse": {"transcripts"},
	"golang.org/x/crypto/cryptobyte/...":                     {"profiles/value", "templates", "lint/...", "internal/inspect"},
	"golang.org/x/crypto/ocsp":                               {"lint/...", "internal/inspect"},
	"golang.org/x/crypto/ssh":                                {"internal/approval"},
	"golang.org/x/mod/sumdb/note":                            {"transcripts/..."},
	"golang.org/x/mod/sumdb/tlog":                            {"transcripts"},
	"golang.org/x/sys/...":                                   {"internal/..."},
	"golang.org/x/text/unicode/norm":                         {"lint"},
	"golang.org/x/term":                                      {"internal/term"},
	"rsc.io/qr/...":                                          {"transcripts"},
}

// pinned names packages of the standard library that only some rooms may
// import.
var pinned = map[string][]string{
	"net/http":      {},
	"net/rpc":       {},
	"net/smtp":      {},
	"math/rand":     {},
	"math/rand/v2":  {},
	"log":           {},
	"log/syslog":    {},
	"plugin":        {},
	"unsafe":        {"internal/secret", "internal/token"},
	"os/exec":       {"internal/token/...", "internal/approval", "tools/mutants", "tools/tables"}, // the worker; ssh-keygen; go test
	"os/signal":     {"cmd/ceremony", "tools/mutants", "tools/tables", "internal/term", "internal/token"},
	"html/template": {"transcripts"},
	"text/template": {"transcripts"},
}

// TestRooms parses the files itself: go test does not see the files that a
// command like go list reads, and would keep an old verdict in its cache.
func TestRooms(t *testing.T) {
	files := token.NewFileSet()
	empty := maps.Clone(rooms)
	walk(t, ".go", func(name string) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		delete(empty, path.Dir(name))
		file, err := parser.ParseFile(files, name, nil, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			return
		}
		room := path.Dir(name)
		if _, known := rooms[room]; !known && room != "." {
			t.Errorf("%s: the folder %s is no room of the table in rooms_test.go", name, room)
			return
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Errorf("%s: %v", files.Position(spec.Pos()), err)
				continue
			}
			if err := mayImport(room, imported); err != nil {
				t.Errorf("%s: %v", files.Position(spec.Pos()), err)
			}
		}
	})
	for room := range empty {
		t.Errorf("rooms_test.go has a row for %s, and there is no such room", room)
	}
}

// TestRoomsTable keeps the checker honest: it must refuse what it is for.
func TestRoomsTable(t *testing.T) {
	for _, c := range []struct {
		room, imported string
		ok             bool
	}{
		{"templates", "rootceremony/profiles", true},
		{"profiles", "rootceremony/templates", false},
		{"profiles/ext", "rootceremony/profiles", false},
		{"internal/inspect", "rootceremony/profiles/ext", false},
		{"transcripts", "rootceremony/ceremony/run", false},
		{"transcripts/event", "rootceremony/transcripts", false},
		{"lint", "rootceremony/lint/rules", true},
		{"lint", "rootceremony", true},
		{"ceremony/run", "rootceremony", false},
		{"ceremony/plan", "rootceremony/ceremony/run", false},
		{"ceremony/verify", "rootceremony/ceremony/run", false},
		{"ceremony/run", "rootceremony/cmd/internal/cli", false},
		{"internal/token", "github.com/miekg/pkcs11", true},
		{"ceremony/run", "github.com/miekg/pkcs11", false},
		{"internal/inspect", "github.com/google/certificate-transparency-go/x509", true},
		{"internal/inspect", "github.com/google/certificate-transparency-go/client", false},
		{"lint", "github.com/zmap/zlint/v3/lint", true},
		{"templates", "github.com/zmap/zcrypto/x509", false},
		{"ceremony/run", "github.com/nobody/knows", false},
		{"ceremony/run", "net/http", false},
		{"ceremony/run", "net/netip", true},
		{"internal/token", "C", true},
		{"internal/secret", "C", false},
	} {
		if err := mayImport(c.room, c.imported); (err == nil) != c.ok {
			t.Errorf("mayImport(%q, %q) = %v, want allowed: %t", c.room, c.imported, err, c.ok)
		}
	}
}

// mayImport says why a room must not import a package.
func mayImport(room, imported string) error {
	switch {
	case imported == "C":
		return allowed(room, imported, []string{"internal/token"})
	case imported == strings.TrimSuffix(module, "/"): // the root has the sources of the linter
		return allowed(room, imported, []string{"lint"})
	case strings.HasPrefix(imported, module):
		own := strings.TrimPrefix(imported, module)
		if !matches(own, rooms[room]) {
			return fmt.Errorf("%s must not import %s (rooms in rooms_test.go)", room, imported)
		}
		return nil
	case strings.Contains(strings.Split(imported, "/")[0], "."):
		for pattern, who := range others {
			if matches(imported, []string{pattern}) {
				return allowed(room, imported, who)
			}
		}
		return fmt.Errorf("%s is not in the table of others in rooms_test.go; a new one needs a reason in docs/dependencies.md", imported)
	}
	if who, isPinned := pinned[imported]; isPinned {
		return allowed(room, imported, who)
	}
	return nil
}

func allowed(room, imported string, who []string) error {
	if matches(room, who) {
		return nil
	}
	return fmt.Errorf("%s must not import %s; those who may: %q (rooms_test.go)", room, imported, who)
}

func matches(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if dir, all := strings.CutSuffix(pattern, "/..."); all {
			return under(name, dir)
		}
		return name == pattern
	})
}

// under reports whether name is dir or below it.
func under(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, dir+"/")
}

// walk calls f with the slash path of every file of the project whose name ends
// in suffix. What was built or recorded by running the program is no part of it.
func walk(t *testing.T, suffix string, f func(name string)) {
	t.Helper()
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "bin", "dist", "out"}, name) {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() && strings.HasSuffix(name, suffix) {
			f(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
