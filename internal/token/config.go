// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"fmt"
	"strconv"
	"strings"
)

// Config names one token of one module. Every one of Label, Serial and Model
// that is not empty must match, and exactly one token must match them all.
// They are written as Info shows them: without trailing spaces, and with \xNN
// for what does not print.
type Config struct {
	Name     string    `json:"name"`                   // the name in the site file
	Module   string    `json:"module"`                 // absolute path of the shared object
	Label    string    `json:"label,omitempty"`        // CK_TOKEN_INFO.label
	Serial   string    `json:"serial,omitempty"`       // CK_TOKEN_INFO.serialNumber
	Model    string    `json:"model,omitempty"`        // CK_TOKEN_INFO.model
	Login    LoginMode `json:"login"`                  // empty means LoginPIN
	Template string    `json:"template"`               // one of Templates(), or the name of Own; empty means "default"
	Own      *Own      `json:"own_template,omitempty"` // a template of the site's own
	Shared   bool      `json:"shared_token,omitempty"` // sacrificial keys may be made beside the keys of others

	Manufacturer string  `json:"manufacturer,omitempty"`  // CK_TOKEN_INFO.manufacturerID
	ModuleSHA256 string  `json:"module_sha256,omitempty"` // of the module, in hexadecimal; no other is loaded
	Slot         *uint64 `json:"slot,omitempty"`          // CK_SLOT_ID, where label, serial and model name several tokens
	Spares       []Spare `json:"spares,omitempty"`        // devices that may take the place of this one

	// PINParts names who knows each part of a PIN, in the order in which the parts are
	// joined: with LoginSplit, and only then.
	PINParts []string `json:"pin_parts,omitempty"`

	// User is whom C_Login logs in, where it is not the normal user: [UserSO], or a number
	// of the vendor's.
	User string `json:"user,omitempty"`

	// Tries is how many wrong PINs in a row the token takes, and Then what it does after
	// them: a constant Then*. 0 and empty where nobody says so.
	Tries int64  `json:"tries,omitempty"`
	Then  string `json:"then,omitempty"`

	// Deadlines are longer, or shorter, than those that calls of a module have otherwise.
	Deadlines *StatedDeadlines `json:"deadlines,omitempty"`
	// Environment are variables that the module gets besides those of this program.
	Environment map[string]string `json:"environment,omitempty"`

	// Keys says how private keys that exist are called on the token, by their names in
	// the ceremony file, where what can be read of them does not tell.
	Keys map[string]KeyName `json:"keys,omitempty"`
}

// Device is the part of c that says which device it is.
func (c Config) Device() Spare {
	return Spare{c.Module, c.Label, c.Serial, c.Model, c.ModuleSHA256, c.Manufacturer}
}

// Spare is a device that may take the place of another one.
type Spare struct {
	Module       string `json:"module"`
	Label        string `json:"label,omitempty"`
	Serial       string `json:"serial,omitempty"`
	Model        string `json:"model,omitempty"`
	ModuleSHA256 string `json:"module_sha256,omitempty"`
	Manufacturer string `json:"manufacturer,omitempty"`
}

// LoginMode says how a user proves to the token who they are.
type LoginMode string

// The login modes.
const (
	LoginPIN   LoginMode = "pin"       // a PIN typed into this program
	LoginSplit LoginMode = "split-pin" // the same, in parts that different people know
	LoginPad   LoginMode = "pad"       // at a PIN pad of the device; C_Login gets a NULL PIN
	LoginNone  LoginMode = "none"      // the token needs no login; C_Login is not called

	// LoginExternal says that somebody logged in before, with another program whose login
	// the module shares; C_Login is not called.
	LoginExternal LoginMode = "external"
)

// LoginModes lists the login modes, as a site file names them.
func LoginModes() []string {
	return []string{string(LoginPIN), string(LoginSplit), string(LoginPad), string(LoginNone), string(LoginExternal)}
}

// Typed reports whether a PIN is typed into this program.
func (m LoginMode) Typed() bool { return m == "" || m == LoginPIN || m == LoginSplit }

// Calls reports whether a login calls C_Login.
func (m LoginMode) Calls() bool { return m != LoginNone && m != LoginExternal }

// What a token does after too many wrong PINs.
const (
	ThenLocks    = "locks"    // no PIN is accepted until somebody resets it
	ThenZeroizes = "zeroizes" // its keys are destroyed
)

// AtWorst says what too many wrong PINs do, as the site file says it; empty where it says
// nothing.
func (c Config) AtWorst() string {
	does := map[string]string{"": "end its tries", ThenLocks: "lock it", ThenZeroizes: "zeroize it"}[c.Then]
	switch {
	case c.Tries > 0:
		return fmt.Sprintf("%d wrong PINs %s", c.Tries, does)
	case c.Then != "":
		return "too many wrong PINs " + does
	}
	return ""
}

// UserSO is the security officer. A user type of the vendor is a number, such as
// "0x80000001"; the normal user is not named.
const UserSO = "so"

// LoginSaid says how people log in and as whom, and what too many wrong PINs do.
func (c Config) LoginSaid() string {
	said := string(c.Login)
	if c.User != "" {
		said += " of user " + c.User
	}
	if worst := c.AtWorst(); worst != "" {
		said += "; " + worst
	}
	return said
}

// StatedDeadlines bound the calls of a module, in seconds; 0 means as usual.
type StatedDeadlines struct {
	Open     int64 `json:"open,omitempty"`
	Call     int64 `json:"call,omitempty"`
	Sign     int64 `json:"sign,omitempty"`
	Generate int64 `json:"generate,omitempty"`
}

// KeyName is how a private key is called on its token. One of the two is enough.
type KeyName struct {
	Label string `json:"label,omitempty"` // CKA_LABEL
	ID    string `json:"id,omitempty"`    // CKA_ID in hexadecimal
	Facts string `json:"-"`               // by which people chose it: see [Half]
}

// Entry is what a site file has under keys: to say that a key of the ceremony file is
// called so.
func (n KeyName) Entry(key string) string {
	var fields []string
	for _, f := range [][2]string{{"label", n.Label}, {"id", n.ID}} {
		if f[1] != "" {
			fields = append(fields, f[0]+": "+strconv.Quote(f[1]))
		}
	}
	return key + ": {" + strings.Join(fields, ", ") + "}"
}
