// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rootceremony/internal/token"
)

// siteFile writes the site of the earlier ceremony, but for the folder of its second
// journal, which has to be a new one.
func (n *Next) siteFile() []byte {
	w := &writer{}
	w.line("# yaml-language-server: $schema=schemas/site.schema.json\n#\n# The devices of the earlier ceremony.\nversion: 1")
	if n.site.SoftwareToken {
		w.line("software-token: true")
	}
	if len(n.site.Host) > 0 {
		w.line("host:")
		for _, check := range slices.Sorted(maps.Keys(n.site.Host)) {
			w.line("  %s: %s", check, n.site.Host[check])
		}
	}
	n.ownTemplates(w)
	w.line("tokens:")
	for i := range n.site.Tokens {
		writeToken(w, &n.site.Tokens[i])
	}
	return []byte(w.String())
}

// ownTemplates writes the key templates that are none of the program.
func (n *Next) ownTemplates(w *writer) {
	own := map[string]*token.Own{}
	for _, t := range n.site.Tokens {
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
			w.line("    allowed-mechanisms: [%s]", listed(own[name].Mechanisms, func(m uint64) string { return fmt.Sprintf(`"0x%x"`, m) }))
		}
	}
}

func listed[T any](all []T, shown func(T) string) string {
	var out []string
	for _, one := range all {
		out = append(out, shown(one))
	}
	return strings.Join(out, ", ")
}

// inQuotes is a text as it may follow a key, whatever is in it.
func inQuotes(s string) string { return fmt.Sprintf("%q", s) }

// writeToken writes a token as the site file had it.
func writeToken(w *writer, t *token.Config) {
	w.line("  %s:", t.Name)
	key := func(name, value string) {
		if value != "" {
			w.line("    %s: %s", name, scalar(value))
		}
	}
	if t.Manufacturer != "" { // which only a URI can say
		w.line("    uri: %s", inQuotes(token.URI{Label: t.Label, Manufacturer: t.Manufacturer, Serial: t.Serial, Model: t.Model, Slot: t.Slot, Module: t.Module}.String()))
	} else {
		key("module", t.Module)
		key("label", t.Label)
		if t.Serial != "" {
			w.line("    serial: %s", inQuotes(t.Serial))
		}
		key("model", t.Model)
		if t.Slot != nil {
			w.line("    slot: %d", *t.Slot)
		}
	}
	key("module-sha256", t.ModuleSHA256)
	key("login", string(t.Login))
	key("user", t.User)
	if len(t.PINParts) > 0 {
		w.line("    parts: [%s]", listed(t.PINParts, inQuotes))
	}
	if t.Tries > 0 {
		w.line("    tries: %d", t.Tries)
	}
	key("then", t.Then)
	key("template", t.Template)
	if t.Shared {
		w.line("    shared-token: true")
	}
	writeAround(w, t)
}

// writeAround writes what a token has besides its names and its login.
func writeAround(w *writer, t *token.Config) {
	if d := t.Deadlines; d != nil {
		w.line("    deadlines:")
		for _, of := range []struct {
			name    string
			seconds int64
		}{{"open", d.Open}, {"call", d.Call}, {"sign", d.Sign}, {"generate", d.Generate}} {
			if of.seconds > 0 {
				w.line("      %s: %ds", of.name, of.seconds)
			}
		}
	}
	if len(t.Environment) > 0 {
		w.line("    environment:")
	}
	for _, name := range slices.Sorted(maps.Keys(t.Environment)) {
		w.line("      %s: %s", name, inQuotes(t.Environment[name]))
	}
	if len(t.Spares) > 0 {
		w.line("    spares:")
	}
	for _, s := range t.Spares {
		w.line("      - serial: %s\n        module: %s", inQuotes(s.Serial), inQuotes(s.Module))
		for _, f := range [][2]string{{"label", s.Label}, {"model", s.Model}, {"module-sha256", s.ModuleSHA256}} {
			if f[1] != "" {
				w.line("        %s: %s", f[0], inQuotes(f[1]))
			}
		}
	}
	if len(t.Keys) > 0 {
		w.line("    keys:")
	}
	for _, id := range slices.Sorted(maps.Keys(t.Keys)) {
		k := t.Keys[id]
		w.line("      %s: {%s}", id, listed(slices.DeleteFunc([][2]string{{"label", k.Label}, {"id", k.ID}}, func(f [2]string) bool { return f[1] == "" }),
			func(f [2]string) string { return f[0] + ": " + inQuotes(f[1]) }))
	}
}
