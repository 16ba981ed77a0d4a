// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// NameRaw is the name of extensions that profiles have no name for.
const NameRaw Name = "raw"

// raw is not in the table: any kind may have it, and its reader looks into the
// table.
var raw = Spec{
	Name: NameRaw, Key: "raw", Zero: Raw{},
	Schema: Schema{
		Forms: "`{oid: OID, critical: false, der: HEX}`: exactly one DER value. An extension that has a name here must be written by its name",
		Profile: `{
		  "description": "An extension that has no name in profiles, given in DER.",
		  "type": "object",
		  "required": ["oid", "der"],
		  "additionalProperties": false,
		  "properties": {
		    "critical": {"type": "boolean"},
		    "oid": {"$ref": "#/$defs/oid", "not": {"$ref": "#/$defs/named-extension"}},
		    "der": {"description": "Contents of the extension: exactly one value in DER.", "$ref": "#/$defs/hex"}
		  }
		}`,
		Plan: `{
		  "type": "object",
		  "required": ["oid", "der"],
		  "additionalProperties": false,
		  "properties": {"oid": {"$ref": "#/$defs/oid"}, "der": {"$ref": "#/$defs/hex"}}
		}`,
	},
	read: readRaw,
}

// Raw carries an extension by its bytes.
type Raw struct {
	OID value.OID      `json:"oid"`
	DER value.HexBytes `json:"der"` // contents of extnValue
}

// Named reports whether profiles have a name for it.
func (r Raw) Named() bool {
	_, ok := Named(r.OID)
	return ok
}

// readRaw reads an extension by its bytes. An extension that has a name must be
// written by it, so that it is checked and not only copied.
func readRaw(n source.Node) (Value, bool) {
	m := n.Map()
	defer m.Close()
	isCritical := critical(m)
	id, der := m.Need("oid"), m.Need("der")
	out := Raw{OID: value.OID(id.OID().String()), DER: der.Hex()}
	if s, known := Named(out.OID); known {
		id.FailHint("write "+string(s.Name), "%s has a name here", out.OID)
	}
	failDER(der, out.DER)
	return out, isCritical
}

// Check refuses an extension that has a name, and bytes that are not DER.
func (r Raw) Check() error {
	if s, known := Named(r.OID); known {
		return fmt.Errorf("%s must be written by its name, %s", r.OID, s.Name)
	}
	return value.CheckDER(r.DER)
}

// Content writes the bytes.
func (r Raw) Content() []string { return []string{"DER " + inFours(r.DER)} }

// inFours writes bytes in groups of four digits, which a line can be broken between.
func inFours(b []byte) string {
	var groups []string
	for part := range slices.Chunk(b, 2) {
		groups = append(groups, hex.EncodeToString(part))
	}
	return strings.Join(groups, " ")
}

// Issued writes the bytes. A caller that compares takes the issued bytes, too,
// since package inspect may decode an extension that profiles have no name for.
func (r Raw) Issued() (string, bool) { return hex.EncodeToString(r.DER), true }
