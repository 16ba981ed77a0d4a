// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"encoding/hex"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// Asked says what the request of an artifact asks for and does not get as it asks:
// profiles alone decide what a certificate has, and whoever wrote the request may
// rely on what it asked for. What is granted as asked is not among it.
func (l *Loaded) Asked(a *Artifact) (out []string) {
	c := a.Certificate()
	if c == nil || a.Request.IsZero() {
		return nil
	}
	in := l.Inputs[a.Request.ID()]
	if in == nil || in.req() == nil {
		return nil
	}
	for _, w := range in.req().Wishes() {
		if what := outcomeOf(w, c, in.req()); what != "" {
			out = append(out, w.Name+critical(w.Extension)+": "+w.Text+": "+what)
		}
	}
	return out
}

// outcomeOf says what becomes of a wish, or nothing where it is granted as asked.
func outcomeOf(w inspect.Wish, c *profiles.Certificate, r *inspect.Request) string {
	if w.Extension == nil {
		return "not used"
	}
	for i := range c.Extensions {
		e := &c.Extensions[i]
		switch {
		case string(e.OID()) != w.Extension.OID.String():
		case e.Critical == w.Extension.Critical && sameValue(e, c, w.Extension, r):
			return ""
		default:
			granted := "the certificate has it"
			if e.Critical {
				granted += " critical"
			}
			return granted + " as " + strings.Join(e.Content(), "; ")
		}
	}
	return "not granted"
}

func critical(e *inspect.Extension) string {
	if e != nil && e.Critical {
		return " (critical)"
	}
	return ""
}

// sameValue reports whether a certificate will have the value that is asked for.
func sameValue(e *profiles.Extension, c *profiles.Certificate, asked *inspect.Extension, r *inspect.Request) bool {
	if asked.OID.Equal(inspect.OIDSubjectKeyID) {
		want, present, err := inspect.Extensions{*asked}.SubjectKeyID()
		got, gotErr := templates.SubjectKeyID(c.KeyID().Method, r.RawSPKI)
		return present && err == nil && gotErr == nil && bytes.Equal(want, got)
	}
	declared, ok := e.Issued()
	if !ok {
		return false // it follows from the issuer
	}
	want, err := inspect.Extensions{*asked}.Canonical(asked.OID)
	return err == nil && want == declared || hex.EncodeToString(asked.Value) == declared // of a raw extension
}
