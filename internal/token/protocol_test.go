// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzDecode: whatever comes out of a pipe is refused or means one thing: it
// decodes, is encoded again, and decodes to the same.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"seq":1,"op":"open","config":{"name":"root","module":"/m.so","label":"ca","login":"pin","template":"default"}}`,
		`{"seq":2,"op":"login","pin_length":17}`,
		`{"seq":3,"op":"sign","handle":{"id":"AQI=","spki":"MA=="},"algorithm":"ecdsa-sha384","message_length":3,"message_sha256":"AAAA"}`,
		`{"seq":4,"op":"generate","generate":{"label":"x","id":"AQI=","algorithm":"rsa-4096"}}`,
		`{"seq":1,"infos":[{"label":"ca","flags":["RNG"],"slot":3}]}`,
		`{"seq":2,"error":{"kind":"pin-incorrect","text":"no","code":"CKR_PIN_INCORRECT","rv":160}}`,
		`{"seq":3,"census":[{"class":"private-key","label":"x","id":"01","key_type":"ec"}],"bytes":"AAAA"}`,
		`{"seq":3,"pair":{"label":"x","id":"AQI=","algorithm":"ecdsa-p256","attributes":[{"half":"private","name":"CKA_SIGN","state":"value","value":"true"}]}}`,
		`{"seq":1}{"seq":2}`, `{"seq":1,"surprise":2}`, `null`, `[]`, ``, `{"seq":-1}`, `{"error":{}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if request, err := decodeRequest(line); err == nil {
			sameAgain(t, request, decodeRequest)
		}
		if reply, err := decodeReply(line); err == nil {
			sameAgain(t, reply, decodeReply)
			if reply.Error != nil {
				_ = reply.Error.asError("root", opSign).Error()
			}
		}
	})
}

func sameAgain[T any](t *testing.T, first *T, decode func([]byte) (*T, error)) {
	var out strings.Builder
	if err := writeLine(&out, first); err != nil {
		t.Fatal(err)
	}
	line, ok := strings.CutSuffix(out.String(), "\n")
	if !ok || strings.Contains(line, "\n") {
		t.Fatalf("not one line: %q", out.String())
	}
	again, err := decode([]byte(line))
	if err != nil {
		t.Fatalf("decoding %q again: %v", line, err)
	}
	var out2 strings.Builder
	if err := writeLine(&out2, again); err != nil || out2.String() != out.String() {
		t.Errorf("changed, %v:\n%s", err, cmp.Diff(out.String(), out2.String()))
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, line := range []string{
		`{"seq":1,"op":"sign","pin_length":4}`, `{"seq":1,"op":"login","pin_length":-1}`, `{"seq":1,"op":"login","pin_length":99999}`,
		`{"seq":1,"op":"open"}`, `{"seq":1,"op":"generate"}`, `{"seq":1,"op":"x","pin":"1234"}`, `{} {}`, `7`,
	} {
		if _, err := decodeRequest([]byte(line)); err == nil {
			t.Errorf("%s: no error", line)
		}
	}
	if _, err := decodeReply([]byte(`{"seq":1,"error":{"kind":"refused"}}`)); err == nil {
		t.Error("an error without a text")
	}
}

func TestReadLine(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	r := bufio.NewReader(strings.NewReader("a\n\n" + long + "\nrest"))
	for _, want := range []string{"a", "", long} {
		if got, err := readLine(r, 20_000); err != nil || string(got) != want {
			t.Errorf("got %d bytes, %v", len(got), err)
		}
	}
	if _, err := readLine(r, 100); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("unfinished line: %v", err)
	}
	if _, err := readLine(bufio.NewReader(strings.NewReader(long)), 100); err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("long line: %v", err)
	}
}

func TestErrorKindsCrossThePipe(t *testing.T) {
	for name, sentinel := range errorKinds {
		e := wireError{Kind: name, Text: "x"}
		if err := e.asError("root", opSign); !errors.Is(err, sentinel) || kindOf(err) != name {
			t.Errorf("%s does not arrive", name)
		}
	}
	unknown := wireError{Kind: "from the future", Text: "x"}
	if err := unknown.asError("root", opSign); !errors.Is(err, errRefused) {
		t.Errorf("got %v", err)
	}
}

func TestPrintable(t *testing.T) {
	for raw, want := range map[string]string{
		"ca    ": "ca", "SW   TPM\x00\x00": "SW   TPM", "": "", "a\x1b[2Jb": `a\x1b[2Jb`, "\xff\xfe": `\xff\xfe`,
		"Wurzel-Schlüssel": "Wurzel-Schlüssel", `a\b`: `a\x5cb`, "a\u202eb": `a\xe2\x80\xaeb`, "\ufffd": "\ufffd",
	} {
		if got := printable([]byte(raw)); got != want {
			t.Errorf("%q: got %q, want %q", raw, got, want)
		}
	}
}

func TestDifference(t *testing.T) {
	a, b, c := Object{Label: "a"}, Object{Label: "b"}, Object{Label: "c"}
	added, removed := Difference(Census{a, a, b}, Census{b, c, a})
	if diff := cmp.Diff([]Census{{c}, {a}}, []Census{added, removed}); diff != "" {
		t.Error(diff)
	}
}

// A reply of many small values would take hundreds of bytes of memory for each of
// its own.
func TestReplyBounds(t *testing.T) {
	for name, line := range map[string]string{
		"objects": `{"seq":1,"census":[{}` + strings.Repeat(",{}", maxReplyGroups) + `]}`,
		"values":  `{"seq":1,"infos":[{"flags":["" ` + strings.Repeat(`,""`, maxReplyValues) + `]}]}`,
	} {
		if _, err := decodeReply([]byte(line)); err == nil || !strings.Contains(err.Error(), "values in a reply: want at most") {
			t.Errorf("%s: %v", name, err)
		}
	}
	object := `{"class":"private-key","label":"a label, with: signs","id":"00112233","key_type":"ec"}`
	line := `{"seq":1,"census":[` + object + strings.Repeat(","+object, maxObjects-1) + `]}`
	if reply, err := decodeReply([]byte(line)); err != nil || len(reply.Census) != maxObjects {
		t.Errorf("a full census: %v", err)
	}
}
