// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const sentinel = "Sentinel-4711-PIN"

// The sentinel must not come out of any of Go's ways to print a value, whether
// the PIN is alone, behind a pointer or inside something else.
func TestPINDoesNotPrint(t *testing.T) {
	p := NewPIN([]byte(sentinel))
	defer p.Wipe()
	values := []any{p, *p, struct{ P *PIN }{p}, struct{ P PIN }{*p}, []*PIN{p}, map[string]PIN{"a": *p}}
	hex := fmt.Sprintf("%x", sentinel)
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%20.3s", "%t", "%p"} {
			shown := fmt.Sprintf(verb, v)
			if strings.Contains(shown, sentinel) || strings.Contains(strings.ToLower(shown), hex) {
				t.Errorf("%s of %T shows the PIN", verb, v)
			}
		}
		encoded, err := json.Marshal(v)
		if err != nil || bytes.Contains(encoded, []byte(sentinel)) {
			t.Errorf("JSON of %T: %s, %v", v, encoded, err)
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("login", "pin", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("login", "pin", v)
		if strings.Contains(log.String(), sentinel) {
			t.Errorf("slog of %T shows the PIN", v)
		}
	}
	if got := p.String() + p.GoString(); got != Redacted+Redacted {
		t.Errorf("got %q", got)
	}
	if text, err := p.MarshalText(); err != nil || string(text) != Redacted {
		t.Errorf("MarshalText: %q, %v", text, err)
	}
}

func TestNewPINWipesItsSource(t *testing.T) {
	source := append(make([]byte, 0, 64), sentinel+"tail"...)
	p := NewPIN(source[:len(sentinel)])
	if got := source[:cap(source)]; !bytes.Equal(got, make([]byte, 64)) {
		t.Errorf("source still holds %q", got)
	}
	if string(p.Reveal()) != sentinel || p.Len() != len(sentinel) {
		t.Error("PIN is not the typed one")
	}
}

func TestWipe(t *testing.T) {
	p := NewPIN([]byte(sentinel))
	other, view := p.Clone(), p.Reveal()
	p.Wipe()
	p.Wipe()
	if !bytes.Equal(view, make([]byte, len(sentinel))) {
		t.Errorf("view still holds %q", view)
	}
	if p.Len() != 0 || p.held != nil && p.held.locked {
		t.Error("wiped PIN is not empty")
	}
	if string(other.Reveal()) != sentinel {
		t.Error("wiping one PIN wiped its clone")
	}
	(*PIN)(nil).Wipe()
	if (*PIN)(nil).Len() != 0 || new(PIN).Len() != 0 {
		t.Error("nil and zero PIN must be empty")
	}
}
