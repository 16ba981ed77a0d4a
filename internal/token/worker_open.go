// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/miekg/pkcs11"
)

// tokenIdentity is what must be the same before and after the login.
type tokenIdentity struct{ label, serial, model string }

func (i Info) identity() tokenIdentity { return tokenIdentity{i.Label, i.Serial, i.Model} }

// matches reports whether every name that the configuration gives is right.
func (c Config) matches(i Info) bool {
	for _, name := range [][2]string{{c.Label, i.Label}, {c.Serial, i.Serial}, {c.Model, i.Model}, {c.Manufacturer, i.Manufacturer}} {
		if name[0] != "" && name[0] != name[1] {
			return false
		}
	}
	return c.Slot == nil || *c.Slot == uint64(i.Slot)
}

// list returns what the tokens of a module say.
func list(path string) ([]Info, error) {
	var found []Info
	err := preflight(path, func(direct *pkcs11.Ctx) error {
		slots, err := slotInfos(direct)
		if err != nil {
			return err
		}
		for _, s := range slots {
			if s.err != nil {
				continue
			}
			if s.info.Mechanisms, err = mechanisms(direct, s.info.Slot); err != nil {
				return err
			}
			found = append(found, s.info)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i].describeFiles(path, nil)
	}
	return found, nil
}

// preflight runs look with a context that is finalized before preflight
// returns: crypto11 refuses a module that someone else has initialized.
func preflight(path string, look func(*pkcs11.Ctx) error) error {
	if err := checkModuleFile(path); err != nil {
		return fail(errRefused, "check the module path in the site file", "%w", err)
	}
	direct := pkcs11.New(path)
	if direct == nil {
		return fail(errRefused, "check that the vendor's client software is installed completely", "loading module %q: %s", path, loadError(path))
	}
	defer direct.Destroy()
	if err := direct.Initialize(); err != nil {
		if looks := SoftHSMLooks(path); looks != "" {
			return fail(err, looks, "initializing module %q: %w", path, err)
		}
		return fmt.Errorf("initializing module %q: %w", path, err)
	}
	lookErr := look(direct)
	if err := direct.Finalize(); err != nil && lookErr == nil {
		return fmt.Errorf("finalizing module %q: %w", path, err)
	}
	return lookErr
}

// open finds the one token that matches, and looks whether a login can be
// tried and would be checked.
func (w *worker) open(config Config) ([]Info, error) {
	if w.direct != nil {
		return nil, errors.New("a token is open already")
	}
	w.config = config
	if err := config.checkModule(); err != nil {
		return nil, err
	}
	var chosen Info
	err := preflight(config.Module, func(direct *pkcs11.Ctx) (err error) {
		if chosen, err = choose(direct, config); err != nil {
			return err
		}
		if err := checkUsable(chosen, config); err != nil {
			return err
		}
		if chosen.Mechanisms, err = mechanisms(direct, chosen.Slot); err != nil {
			return err
		}
		return inSession(direct, chosen.Slot, config.Login, func(pkcs11.SessionHandle) error { return nil })
	})
	if err != nil {
		return nil, err
	}
	w.slot, w.before = chosen.Slot, chosen.identity()
	chosen.ModulePath, chosen.ModuleSHA256 = config.Module, fileSHA256(config.Module)
	return []Info{chosen}, nil // the libraries are digested once, after the login
}

// checkModule refuses a module with other bytes than those that the site file states,
// before anything of it is loaded.
func (c Config) checkModule() error {
	if is := fileSHA256(c.Module); c.ModuleSHA256 != "" && is != c.ModuleSHA256 {
		return fail(errRefused, "put the module back that the site file states, or have a site file approved that states this one",
			"the site file states the module with SHA-256 %s, and %s has %s", c.ModuleSHA256, c.Module, is)
	}
	return nil
}

// choose requires exactly one token that matches label, serial and model.
func choose(direct *pkcs11.Ctx, config Config) (Info, error) {
	slots, err := slotInfos(direct)
	if err != nil {
		return Info{}, err
	}
	var matching []Info
	var seen, broken, labels []string
	fresh := false
	for _, s := range slots {
		labels = append(labels, s.info.Label)
		fresh = fresh || s.err == nil && !s.info.Has(FlagInitialized)
		switch {
		case s.err != nil && config.Slot != nil && *config.Slot != uint64(s.info.Slot):
			// it cannot be meant
		case s.err != nil:
			broken = append(broken, fmt.Sprintf("slot %d: %v", s.info.Slot, s.err))
		case config.matches(s.info):
			matching = append(matching, s.info)
			fallthrough
		default:
			seen = append(seen, s.info.String())
		}
	}
	shown := strings.Join(append(seen, broken...), " | ")
	if shown == "" {
		shown = "no token at all"
	}
	want := NameOf(config.Label, config.Serial, config.Model)
	if config.Manufacturer != "" {
		want += fmt.Sprintf(", manufacturer %q", config.Manufacturer)
	}
	if config.Slot != nil {
		want += fmt.Sprintf(", slot %d", *config.Slot)
	}
	switch {
	case len(broken) > 0:
		// It may be a second match.
		return Info{}, fail(errRefused, "remove the device or slot that does not answer, or name the slot: of the token in the site file", "asking all slots for their tokens: %s", shown)
	case len(matching) == 0:
		hint := cmp.Or(config.spareHint(), SoftHSMLooks(config.Module), config.looksAlike(labels), freshHint(fresh), "compare with ceremony token list --module MODULE")
		return Info{}, fail(ErrNoSuchToken, hint, "%w %s; found: %s", ErrNoSuchToken, want, shown)
	case len(matching) > 1:
		return Info{}, fail(ErrAmbiguous, "add its serial: to the token in the site file, or its slot: where that is the same", "%w: %s; found: %s", ErrAmbiguous, want, shown)
	}
	return matching[0], nil
}

// freshHint is the hint where a slot has a token that was never initialized, and so no label.
func freshHint(fresh bool) string {
	if !fresh {
		return ""
	}
	return "if it is the one that is not initialized, initialize it with the vendor's tool; else compare with ceremony token list --module MODULE"
}

// looksAlike is the hint where a label on the screen can look like that of the site file and
// be another, as it has letters that are written in two ways, or blanks in a row.
func (c Config) looksAlike(labels []string) string {
	plain := func(s string) bool {
		return s == strings.Join(strings.Fields(s), " ") && !strings.ContainsFunc(s, func(r rune) bool { return r > '~' })
	}
	var others []string
	for _, l := range labels {
		if l != "" && l != c.Label && !(plain(l) && plain(c.Label)) {
			others = append(others, uriText(asBytes(l), ""))
		}
	}
	if len(others) == 0 {
		return ""
	}
	return fmt.Sprintf("byte by byte the site file has %s, and tokens have %s: write the uri: that ceremony token list --module MODULE prints, in place of the label",
		uriText(asBytes(c.Label), ""), strings.Join(others, ", "))
}

// look finds the one token that matches, and lists what anybody sees of it: its flags,
// mechanisms and public objects. It neither logs in nor changes anything. It tells a
// token that cannot be used like any other: see [Seen].
func look(config Config) (Info, Census, error) {
	var chosen Info
	var public Census
	if err := config.checkModule(); err != nil {
		return chosen, public, err
	}
	err := preflight(config.Module, func(direct *pkcs11.Ctx) (err error) {
		if chosen, err = choose(direct, config); err != nil {
			return err
		}
		if chosen.Mechanisms, err = mechanisms(direct, chosen.Slot); err != nil {
			return err
		}
		if checkDevice(chosen) != nil {
			return nil // it has no objects, or none that a session could ask for
		}
		return inSession(direct, chosen.Slot, config.Login, func(session pkcs11.SessionHandle) error {
			public, err = (&worker{direct: direct, session: session}).census()
			return err
		})
	})
	chosen.ModulePath, chosen.ModuleSHA256 = config.Module, fileSHA256(config.Module)
	return chosen, public, err
}

// inSession does something in a session without a login of this program. It requires that
// nobody is logged in, as a token whose user is logged in already accepts any PIN; or that
// somebody is, where the site file says so.
func inSession(direct *pkcs11.Ctx, slot uint, login LoginMode, do func(pkcs11.SessionHandle) error) error {
	session, err := direct.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
	if err != nil {
		return fmt.Errorf("opening a session before login: %w", err)
	}
	defer func() { _ = direct.CloseSession(session) }()
	info, err := direct.GetSessionInfo(session)
	if err != nil {
		return fmt.Errorf("reading session state before login: %w", err)
	}
	public := slices.Contains(publicStates, info.State)
	switch {
	case login == LoginExternal && !slices.Contains(userStates, info.State):
		return fail(errRefused, hintExternal, "the site file says login: external, and nobody is logged in to the token (session state %d)", info.State)
	case login != LoginExternal && !public:
		return fail(errLoggedIn, hintLoggedIn, "session state %d before login: %w", info.State, errLoggedIn)
	}
	return do(session)
}
