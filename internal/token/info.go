// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Info is what a token, its module and this program's own inspection of the
// module's files show. Strings of the device are cut at NUL bytes and trailing
// spaces; characters that do not print are shown as \xNN.
type Info struct {
	Label        string   `json:"label"`
	Serial       string   `json:"serial"`
	Model        string   `json:"model"`
	Manufacturer string   `json:"manufacturer"`
	Firmware     string   `json:"firmware"` // major.minor of CK_TOKEN_INFO.firmwareVersion
	Hardware     string   `json:"hardware"` // major.minor of CK_TOKEN_INFO.hardwareVersion
	Flags        []string `json:"flags"`    // names of CK_TOKEN_INFO.flags without CKF_, sorted; see the Flag constants
	Slot         uint     `json:"slot"`     // may change at every start of the module

	MaxSessions   int64 `json:"max_sessions"`    // 0: no limit, -1: not reported
	MaxRWSessions int64 `json:"max_rw_sessions"` // 0: no limit, -1: not reported
	FreePrivate   int64 `json:"free_private"`    // bytes for private objects, -1: not reported
	FreePublic    int64 `json:"free_public"`     // bytes for public objects, -1: not reported
	MinPIN        uint  `json:"min_pin"`         // bytes
	MaxPIN        uint  `json:"max_pin"`         // bytes

	ModulePath         string            `json:"module_path"`
	ModuleDescription  string            `json:"module_description"`
	ModuleManufacturer string            `json:"module_manufacturer"`
	ModuleVersion      string            `json:"module_version"`
	Cryptoki           string            `json:"cryptoki"`      // version of the standard that the module states
	ModuleSHA256       string            `json:"module_sha256"` // hexadecimal
	Libraries          map[string]string `json:"libraries"`     // path of every file mapped into the worker: SHA-256, or why it could not be read
	Environment        map[string]string `json:"environment"`   // variables that direct PKCS#11 modules, where set

	ConfigFiles map[string]string `json:"config_files"` // path of every file that a recorded variable names: SHA-256

	Mechanisms []Mechanism `json:"mechanisms,omitempty"` // sorted by type

	// Software says that no hardware protects the keys, as far as names show.
	Software bool `json:"software"`
	// FreshProcess says that Restart gives a new process, which reads what it
	// finds from the device and not from its memory.
	FreshProcess bool `json:"fresh_process"`
}

// Mechanism is one entry of C_GetMechanismList. Key sizes are as the module
// gives them: bits, for some modules bytes.
type Mechanism struct {
	Type     uint64 `json:"type"`
	Name     string `json:"name,omitempty"` // CKM_… where known here
	MinKey   uint64 `json:"min_key"`
	MaxKey   uint64 `json:"max_key"`
	Sign     bool   `json:"sign"`
	Generate bool   `json:"generate"` // CKF_GENERATE_KEY_PAIR
	Hardware bool   `json:"hardware"` // CKF_HW
}

// Flags of a token that decide whether and how to log in (PKCS#11 v2.40,
// CK_TOKEN_INFO).
const (
	FlagInitialized   = "TOKEN_INITIALIZED"
	FlagProtectedPath = "PROTECTED_AUTHENTICATION_PATH"
	FlagLoginRequired = "LOGIN_REQUIRED"
	FlagWriteProtect  = "WRITE_PROTECTED"
	FlagPINCountLow   = "USER_PIN_COUNT_LOW"
	FlagPINFinalTry   = "USER_PIN_FINAL_TRY"
	FlagPINLocked     = "USER_PIN_LOCKED"
	FlagPINToChange   = "USER_PIN_TO_BE_CHANGED"
	FlagPINSet        = "USER_PIN_INITIALIZED"
	FlagRandom        = "RNG"
)

// Has reports whether the token had the flag, one of the Flag constants.
func (i Info) Has(flag string) bool { return slices.Contains(i.Flags, flag) }

// HasPIN reports whether the token had a flag about the PIN of a user, one of FlagPIN*,
// as the normal user has them. The standard has none for users of the vendor's.
func (i Info) HasPIN(user, flag string) bool {
	switch user {
	case "":
		return i.Has(flag)
	case UserSO:
		return i.Has(strings.Replace(flag, "USER_", "SO_", 1))
	}
	return false
}

// PINAtRisk reports that wrong PINs of a user were entered since the last right one, so
// that a person should be asked twice before another try.
func (i Info) PINAtRisk(user string) bool {
	return i.HasPIN(user, FlagPINCountLow) || i.HasPIN(user, FlagPINFinalTry)
}

// String names the token in messages.
func (i Info) String() string {
	name := fmt.Sprintf("%s, slot %d", NameOf(i.Label, i.Serial, i.Model), i.Slot)
	if !i.Has(FlagInitialized) {
		name += ", not initialized"
	}
	return name
}

// NameOf says which token it is, by what names it.
func NameOf(label, serial, model string) string {
	var all []string
	for _, n := range [][2]string{{"label", label}, {"serial", serial}, {"model", model}} {
		if n[1] != "" {
			all = append(all, fmt.Sprintf("%s %q", n[0], n[1]))
		}
	}
	if len(all) == 0 {
		return "no name"
	}
	return strings.Join(all, ", ")
}

// Object is one object of a token. Label and ID are empty where it has none.
type Object struct {
	Class   string `json:"class"` // "private-key", "public-key", "secret-key", "certificate", "data", or hexadecimal
	Label   string `json:"label"` // characters that do not print as \xNN
	ID      string `json:"id"`    // hexadecimal
	KeyType string `json:"key_type,omitempty"`
	// Problem says what could not be read for a reason other than that the
	// object does not have it.
	Problem string `json:"problem,omitempty"`
}

// String names an object by what it has.
func (o Object) String() string {
	label, id := "without a label", "without an id"
	if o.Label != "" {
		label = fmt.Sprintf("label %q", o.Label)
	}
	if o.ID != "" {
		id = "id " + o.ID
	}
	return o.Class + " " + label + ", " + id
}

// called names what is looked for by what is given of its name.
func (o Object) called() string {
	var given []string
	if o.Label != "" {
		given = append(given, fmt.Sprintf("label %q", o.Label))
	}
	if o.ID != "" {
		given = append(given, "id "+o.ID)
	}
	if len(given) == 0 {
		return o.Class
	}
	return o.Class + " with " + strings.Join(given, " and ")
}

// The classes of the two halves of a key pair.
const (
	ClassPrivate = "private-key"
	ClassPublic  = "public-key"
)

// Census is all objects of a token that a user can see, sorted.
type Census []Object

func (c Census) sort() Census {
	slices.SortFunc(c, func(a, b Object) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Label, b.Label), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.KeyType, b.KeyType), cmp.Compare(a.Problem, b.Problem))
	})
	return c
}

// Difference returns the objects that are in after and not in before, and
// those that are in before and not in after; equal objects are counted.
func Difference(before, after Census) (added, removed Census) {
	count := make(map[Object]int)
	for _, o := range before {
		count[o]++
	}
	for _, o := range after {
		if count[o]--; count[o] < 0 {
			added = append(added, o)
		}
	}
	for o, n := range count {
		for ; n > 0; n-- {
			removed = append(removed, o)
		}
	}
	return added.sort(), removed.sort()
}

// conflicts returns the objects that share the label or the id.
func (c Census) conflicts(label, id string) Census {
	var found Census
	for _, o := range c {
		if o.Label == label || o.ID == id {
			found = append(found, o)
		}
	}
	return found
}

// withID gives the objects with an id, in hexadecimal.
func (c Census) withID(id string) Census {
	return slices.DeleteFunc(slices.Clone(c), func(o Object) bool { return o.ID != id })
}

// String lists the objects on one line.
func (c Census) String() string {
	if len(c) == 0 {
		return "no objects"
	}
	shown := make([]string, len(c))
	for i, o := range c {
		shown[i] = o.String()
	}
	return strings.Join(shown, "; ")
}

// State says the result of reading an attribute.
type State string

// The states of an attribute.
const (
	StateValue       State = "value"
	StateUnsupported State = "unsupported" // CKR_ATTRIBUTE_TYPE_INVALID
	StateSensitive   State = "sensitive"   // CKR_ATTRIBUTE_SENSITIVE
	StateError       State = "error"       // any other; Value holds it
)

// The halves of a key pair.
const (
	HalfPrivate = "private"
	HalfPublic  = "public"
)

// Attribute is what the module reports for one attribute of one half of a key
// pair. It is a claim of the module: some let anyone change what they report.
type Attribute struct {
	Half  string `json:"half"` // HalfPrivate or HalfPublic
	Name  string `json:"name"` // CKA_…
	State State  `json:"state"`
	Value string `json:"value"` // "true", "false", a name, a decimal number or hexadecimal
}

// printable returns a string of a device as it may be shown and compared: cut
// at the first NUL, without trailing spaces, and with everything that is not
// a printable character, and the backslash, as \xNN.
func printable(raw []byte) string {
	if i := slices.Index(raw, 0); i >= 0 {
		raw = raw[:i]
	}
	var b strings.Builder
	for raw := []byte(strings.TrimRight(string(raw), " ")); len(raw) > 0; {
		r, size := utf8.DecodeRune(raw)
		if r == '\\' || !unicode.IsPrint(r) || (r == utf8.RuneError && size == 1) {
			for _, c := range raw[:size] {
				fmt.Fprintf(&b, `\x%02x`, c)
			}
		} else {
			b.WriteRune(r)
		}
		raw = raw[size:]
	}
	return b.String()
}

// asBytes gives the bytes that printable shows so.
func asBytes(shown string) []byte {
	var raw []byte
	for len(shown) > 0 {
		if strings.HasPrefix(shown, `\x`) && len(shown) >= 4 {
			if b, err := hex.DecodeString(shown[2:4]); err == nil {
				raw, shown = append(raw, b...), shown[4:]
				continue
			}
		}
		raw, shown = append(raw, shown[0]), shown[1:]
	}
	return raw
}

// softwareNames are what tokens without hardware call themselves.
var softwareNames = []string{"softhsm", "softtok", "soft tok", "nss", "sw   tpm", "swtpm", "pkcs11-mock", "kryoptic", "in-memory"}

// looksLikeSoftware goes by the names that token and module state. The software token
// of opencryptoki is called by its model alone since 2020: IBM has other models of
// other names.
func (i Info) looksLikeSoftware() bool {
	if i.Manufacturer == "IBM" && i.Model == "Soft" {
		return true
	}
	all := strings.ToLower(i.Model + "\n" + i.Manufacturer + "\n" + i.ModuleDescription + "\n" + i.ModuleManufacturer)
	return slices.ContainsFunc(softwareNames, func(name string) bool { return strings.Contains(all, name) })
}
