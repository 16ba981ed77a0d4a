// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rootceremony/internal/token"
	"rootceremony/internal/unseen"
)

// siteWriter writes the lines of a site file.
type siteWriter struct{ strings.Builder }

func (w *siteWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// texts writes those of some values that are there, in quotes, as they may hold anything.
func (w *siteWriter) texts(indent string, fields ...[2]string) {
	for _, f := range fields {
		if f[1] != "" {
			w.line("%s%s: %q", indent, f[0], f[1])
		}
	}
}

// File gives a site file that says what s says: [LoadSite] makes s of it again, if there is
// one of which it does.
func (s *Site) File() []byte {
	w := &siteWriter{}
	w.line("version: %d", s.Version)
	if s.SoftwareToken {
		w.line("software-token: true")
	}
	w.texts("", [2]string{"journal-mirror", s.JournalMirror})
	if len(s.Host) > 0 {
		w.line("host:")
		for _, check := range slices.Sorted(maps.Keys(s.Host)) {
			w.line("  %s: %s", check, s.Host[check])
		}
	}
	s.writeTemplates(w)
	if len(s.Tokens) == 0 {
		w.line("tokens: {}")
		return []byte(w.String())
	}
	w.line("tokens:")
	for i := range s.Tokens {
		writeToken(w, &s.Tokens[i])
	}
	return []byte(w.String())
}

// writeTemplates writes the key templates that are none of the program.
func (s *Site) writeTemplates(w *siteWriter) {
	own := map[string]*token.Own{}
	for _, t := range s.Tokens {
		if t.Own != nil {
			own[t.Template] = t.Own
		}
	}
	if len(own) > 0 {
		w.line("templates:")
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		w.line("  %s:\n    like: %s", name, own[name].Like)
		stated := func(half string, all []token.Stated) {
			if len(all) > 0 {
				w.line("    %s:", half)
			}
			for _, s := range all {
				w.line("      %q: %q", s.Name, s.Value)
			}
		}
		stated(token.HalfPrivate, own[name].Private)
		stated(token.HalfPublic, own[name].Public)
		if len(own[name].Mechanisms) > 0 {
			w.line("    allowed-mechanisms: [%s]", inList(own[name].Mechanisms, func(m uint64) string { return fmt.Sprintf(`"0x%x"`, m) }))
		}
	}
}

func inList[T any](all []T, shown func(T) string) string {
	var out []string
	for _, one := range all {
		out = append(out, shown(one))
	}
	return strings.Join(out, ", ")
}

func inQuotes(s string) string { return fmt.Sprintf("%q", s) }

// writeToken writes a token as a site file has it.
func writeToken(w *siteWriter, t *token.Config) {
	w.line("  %s:", t.Name)
	if d := t.Device(); onlyInURI(d) {
		w.line("    uri: %q", token.URI{Label: d.Label, Manufacturer: d.Manufacturer, Serial: d.Serial, Model: d.Model, Slot: t.Slot, Module: d.Module}.String())
	} else {
		w.texts("    ", [2]string{"module", d.Module}, [2]string{"label", d.Label}, [2]string{"serial", d.Serial}, [2]string{"model", d.Model})
		if t.Slot != nil {
			w.line("    slot: %d", *t.Slot)
		}
	}
	w.texts("    ", [2]string{"module-sha256", t.ModuleSHA256})
	for _, f := range [][2]string{{"login", string(t.Login)}, {"then", t.Then}, {"template", t.Template}} {
		if f[1] != "" {
			w.line("    %s: %s", f[0], f[1])
		}
	}
	w.texts("    ", [2]string{"user", t.User})
	if len(t.PINParts) > 0 {
		w.line("    parts: [%s]", inList(t.PINParts, inQuotes))
	}
	if t.Tries != 0 {
		w.line("    tries: %d", t.Tries)
	}
	if t.Shared {
		w.line("    shared-token: true")
	}
	writeAround(w, t)
}

// onlyInURI reports whether a site file can name a device only by a URI: by its maker, or
// by what no text of a file may have.
func onlyInURI(d token.Spare) bool {
	return d.Manufacturer != "" || slices.ContainsFunc([]string{d.Module, d.Label, d.Serial, d.Model}, func(s string) bool {
		_, hidden := unseen.In(s)
		return hidden || strings.TrimSpace(s) != s
	})
}

// writeAround writes what a token has besides its names and its login.
func writeAround(w *siteWriter, t *token.Config) {
	if d := t.Deadlines; d != nil {
		var stated []string
		for name, seconds := range map[string]int64{"open": d.Open, "call": d.Call, "sign": d.Sign, "generate": d.Generate} {
			if seconds != 0 {
				stated = append(stated, fmt.Sprintf("%s: %ds", name, seconds))
			}
		}
		slices.Sort(stated)
		w.line("    deadlines: {%s}", strings.Join(stated, ", "))
	}
	if len(t.Environment) > 0 {
		w.line("    environment:")
	}
	for _, name := range slices.Sorted(maps.Keys(t.Environment)) {
		w.line("      %q: %q", name, t.Environment[name])
	}
	if len(t.Spares) > 0 {
		w.line("    spares:")
	}
	for _, s := range t.Spares {
		writeSpare(w, s, t.Device())
	}
	if len(t.Keys) > 0 {
		w.line("    keys:")
	}
	for _, id := range slices.Sorted(maps.Keys(t.Keys)) {
		k := t.Keys[id]
		w.line("      %s: {%s}", id, inList(slices.DeleteFunc([][2]string{{"label", k.Label}, {"id", k.ID}}, func(f [2]string) bool { return f[1] == "" }),
			func(f [2]string) string { return f[0] + ": " + inQuotes(f[1]) }))
	}
}

// writeSpare writes in what a spare differs from its token: the rest is as there.
func writeSpare(w *siteWriter, s, of token.Spare) {
	other := s
	if s.Module == of.Module && (s.ModuleSHA256 != "" || of.ModuleSHA256 == "") {
		other.Module = ""
	}
	for _, same := range [][2]*string{{&other.Label, &of.Label}, {&other.Model, &of.Model}, {&other.Manufacturer, &of.Manufacturer}} {
		if *same[0] == *same[1] {
			*same[0] = ""
		}
	}
	if s.ModuleSHA256 == of.ModuleSHA256 && other.Module == "" {
		other.ModuleSHA256 = ""
	}
	if onlyInURI(other) {
		other.Label = s.Label // which every URI has
		w.line("      - uri: %q", token.URI{Label: other.Label, Manufacturer: other.Manufacturer, Serial: other.Serial, Model: other.Model, Module: other.Module}.String())
	} else {
		w.line("      - serial: %q", other.Serial)
		w.texts("        ", [2]string{"module", other.Module}, [2]string{"label", other.Label}, [2]string{"model", other.Model})
	}
	w.texts("        ", [2]string{"module-sha256", other.ModuleSHA256})
}
