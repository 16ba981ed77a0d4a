// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"rootceremony/internal/preflight"
	"rootceremony/internal/source"
	"rootceremony/internal/token"
)

// Site maps the token names of a ceremony file to real devices. Its canonical
// JSON is site.json.
type Site struct {
	Version       int            `json:"version"`
	SoftwareToken bool           `json:"software_token"` // software tokens are accepted, and named on every page
	Tokens        []token.Config `json:"tokens"`
	JournalMirror string         `json:"journal_mirror,omitempty"` // folder on a second medium that gets the journal too
	// Host makes checks of the host stricter than they are by default: see package
	// preflight.
	Host map[string]preflight.Level `json:"host,omitempty"`
}

// Requires reports whether the site file requires a check of the host.
func (s *Site) Requires(check string) bool { return s.Host[check] == preflight.Require }

// LoadSite reads a site file. All problems are returned at once.
func LoadSite(name string, data []byte) (*Site, error) {
	doc, err := source.ParseAs(source.SiteFile, name, data)
	if err != nil {
		return nil, err
	}
	s := &Site{Version: 1}
	m := doc.Root().Map()
	m.Need("version").Int(1, 1)
	if n := m.Opt("software-token"); n.Present() {
		s.SoftwareToken = n.Bool()
	}
	if n := m.Opt("journal-mirror"); n.Present() {
		if s.JournalMirror = n.Text(); !strings.HasPrefix(s.JournalMirror, "/") {
			n.FailHint("such as /media/usb-2/journal", "journal-mirror must be an absolute path")
		}
	}
	if n := m.Opt("host"); n.Present() {
		s.Host = hostLevels(n)
	}
	own := ownTemplates(m.Opt("templates"))
	for _, k := range m.Need("tokens").Map().Keys() {
		s.Tokens = append(s.Tokens, s.tokenEntry(k, own))
	}
	m.Close()
	return s, doc.Err()
}

// hostLevels reads which checks of the host are required. None gets weaker: what
// people are not told of they cannot weigh.
func hostLevels(n source.Node) map[string]preflight.Level {
	levels := map[string]preflight.Level{}
	m := n.Map()
	defer m.Close()
	for _, name := range preflight.HostChecks() {
		if level := m.Opt(name); level.Present() {
			levels[name] = preflight.Level(level.Enum("level", string(preflight.Require), string(preflight.Warn)))
		}
	}
	return levels
}

// tokenEntry reads one device. Hardware is named by label, serial and model, so
// that no other device can take its place; software tokens make up their serial
// when they are initialised, so there it may be left out.
func (s *Site) tokenEntry(k source.Key, own []namedOwn) token.Config {
	m := k.Value.Map()
	defer m.Close()
	c := token.Config{Name: k.Node.Name(), Login: token.LoginMode(m.Need("login").Enum("login mode", token.LoginModes()...)), Template: "default"}
	deviceNames(m, &c)
	if n := m.Opt("shared-token"); n.Present() {
		c.Shared = n.Bool()
	}
	if n := m.Opt("module-sha256"); n.Present() {
		c.ModuleSHA256 = hex.EncodeToString(n.Hex())
	}
	if n := m.Opt("parts"); n.Present() {
		for _, item := range n.List() {
			c.PINParts = append(c.PINParts, item.Text())
		}
	}
	c.User = m.Opt("user").Text()
	if n := m.Opt("tries"); n.Present() {
		c.Tries = int64(n.Int(2, 100))
	}
	if n := m.Opt("then"); n.Present() {
		c.Then = n.Enum("end of the tries", token.ThenLocks, token.ThenZeroizes)
	}
	if n := m.Opt("deadlines"); n.Present() {
		c.Deadlines = deadlines(n)
	}
	if n := m.Opt("environment"); n.Present() {
		c.Environment = environment(n)
	}
	if n := m.Opt("spares"); n.Present() {
		c.Spares = spares(n, c)
	}
	if t := m.Opt("template"); t.Present() {
		c.Template, c.Own = chosenTemplate(t, own)
	}
	if n := m.Opt("keys"); n.Present() {
		c.Keys = keyNames(n)
	}
	whole := !k.Value.Failed() // else what a check finds may follow from what is refused above
	if !s.SoftwareToken && (c.Serial == "" || c.Model == "") && !m.Opt("uri").Failed() && !m.Opt("serial").Failed() && !m.Opt("model").Failed() {
		k.Value.FailHint("print both with: "+ListTokens(c.Module), "a hardware token needs serial: and model:")
	}
	if whole {
		if err := c.Check(); err != nil {
			k.Value.Fail("%v", err)
		}
	}
	return c
}

// environment reads variables that only the process with the module gets.
func environment(n source.Node) map[string]string {
	out := map[string]string{}
	for _, k := range n.Map().Keys() {
		out[k.Node.Text()] = k.Value.Text()
	}
	return out
}

// deviceNames reads which device a token is: by its module, label, serial number and
// model, or by a URI that has them.
func deviceNames(m *source.Map, c *token.Config) {
	u := deviceURI(m, "label", "serial", "model", "slot")
	switch {
	case u != nil:
		c.Module, c.Label, c.Serial, c.Model, c.Manufacturer, c.Slot = u.Module, u.Label, u.Serial, u.Model, u.Manufacturer, u.Slot
		if o := m.Opt("module"); u.Module == "" && o.Present() {
			c.Module = o.Text()
		} else if u.Module == "" {
			m.Opt("uri").FailHint("write ?module-path=/PATH at its end, or module: besides", "the URI does not say which module it is")
		}
	case !m.Opt("uri").Present():
		c.Module, c.Label, c.Serial, c.Model = m.Need("module").Text(), m.Need("label").Text(), m.Opt("serial").Text(), m.Opt("model").Text()
		if n := m.Opt("slot"); n.Present() {
			slot := uint64(n.Int(0, math.MaxInt32))
			c.Slot = &slot
		}
	}
}

// deviceURI reads the URI of a device, if it has one that can be read. None of the keys may
// say again what it says.
func deviceURI(m *source.Map, keys ...string) *token.URI {
	n := m.Opt("uri")
	if !n.Present() {
		return nil
	}
	for _, name := range keys {
		if o := m.Opt(name); o.Present() {
			o.FailHint("write it into the URI", "a token with uri: has no %s: besides", name)
		}
	}
	text := n.Text()
	if n.Failed() {
		return nil
	}
	u, err := token.ParseURI(text)
	if err != nil {
		n.FailHint(`such as "pkcs11:token=root;serial=4711;model=HSM%209000?module-path=/usr/lib/libhsm.so"; the command "token list" prints it`, "not a PKCS#11 URI of a token: %v", err)
		return nil
	}
	if module := m.Opt("module"); u.Module != "" && module.Present() {
		module.Fail("the URI has module-path, and module: says it a second time")
	}
	return &u
}

// deadlines reads how long calls of a module may take.
func deadlines(n source.Node) *token.StatedDeadlines {
	m := n.Map()
	defer m.Close()
	seconds := func(name string) int64 {
		item := m.Opt(name)
		if !item.Present() {
			return 0
		}
		span := item.Span()
		if (span.Years+span.Months+span.Days > 0 || span.Seconds > token.LongestDeadline) && !item.Failed() {
			item.FailHint("such as 30s, 5min or 1h", "a deadline is at most 24 hours")
		}
		return span.Seconds
	}
	return &token.StatedDeadlines{Open: seconds("open"), Call: seconds("call"), Sign: seconds("sign"), Generate: seconds("generate")}
}

// spares reads which devices may take the place of another one.
func spares(n source.Node, of token.Config) []token.Spare {
	var all []token.Spare
	for _, item := range n.List() {
		d := spare(item.Map(), of.Device())
		switch {
		case item.Failed():
		case d.Serial == "":
			item.FailHint(ListTokens(d.Module)+" shows it", "missing key %q", "serial")
		case d == of.Device():
			item.FailHint("take it out of spares: when it has taken the place of another", "the spare is the token itself")
		}
		all = append(all, d)
	}
	return all
}

// spare reads one of them, which is named as devices are. What it does not name is as at
// the token, but for the serial number.
func spare(m *source.Map, d token.Spare) token.Spare {
	defer m.Close()
	u := deviceURI(m, "label", "serial", "model")
	switch {
	case u == nil:
		u = &token.URI{Label: m.Opt("label").Text(), Serial: m.Opt("serial").Text(), Model: m.Opt("model").Text()}
	case u.Slot != nil:
		m.Opt("uri").FailHint("take slot-id out of the URI", "a spare has no slot: which one it gets shows when it is there")
	}
	if module := cmp.Or(u.Module, m.Opt("module").Text()); module != "" {
		d.Module, d.ModuleSHA256 = module, ""
	}
	if sum := m.Opt("module-sha256"); sum.Present() {
		d.ModuleSHA256 = hex.EncodeToString(sum.Hex())
	}
	d.Label, d.Serial, d.Model = cmp.Or(u.Label, d.Label), u.Serial, cmp.Or(u.Model, d.Model)
	d.Manufacturer = cmp.Or(u.Manufacturer, d.Manufacturer)
	return d
}

// keyNames reads how private keys are called on a token.
func keyNames(n source.Node) map[string]token.KeyName {
	names := map[string]token.KeyName{}
	for _, k := range n.Map().Keys() {
		m := k.Value.Map()
		name := token.KeyName{Label: m.Opt("label").Text(), ID: hex.EncodeToString(m.Opt("id").Hex())}
		m.Close()
		if name == (token.KeyName{}) && !k.Value.Failed() {
			k.Value.FailHint("as the vendor's tool shows them", "a key is named by its label:, its id:, or both")
		}
		names[k.Node.Name()] = name
	}
	return names
}

// KeyName says how a key is called on its token, as far as the site file says it.
func (s *Site) KeyName(k *Key) token.KeyName {
	c, err := s.Device(k.Token)
	if err != nil {
		return token.KeyName{}
	}
	return c.Keys[k.ID]
}

// Canonical gives the RFC 8785 bytes of site.json.
func (s *Site) Canonical() ([]byte, error) {
	raw, err := CanonicalJSON(s)
	if err != nil {
		return nil, fmt.Errorf("writing site: %w", err)
	}
	return raw, nil
}

// Digest gives the SHA-256 of site.json.
func (s *Site) Digest() ([32]byte, error) {
	raw, err := s.Canonical()
	return sha256.Sum256(raw), err
}

// Device finds the configuration of a token.
func (s *Site) Device(name string) (token.Config, error) {
	if c := Find(s.Tokens, func(c *token.Config) bool { return c.Name == name }); c != nil {
		return *c, nil
	}
	return token.Config{}, fmt.Errorf("the site file names no token %q", name)
}

// SiteHint is what to do about a site file that does not fit a plan.
const SiteHint = "tokens: in the site file needs each token name that keys: in the ceremony file uses, and keys: there only keys that exist on that token"

// Has checks that the site names a device for each token that a plan needs, and no key
// on it that does not exist there.
func (s *Site) Has(p *Plan) error {
	var missing []string
	for _, name := range p.Tokens() {
		if _, err := s.Device(name); err != nil {
			missing = append(missing, fmt.Sprintf("%q", name))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the site file names no token %s", strings.Join(missing, " and no token "))
	}
	return s.namesKeys(p)
}

// Fits checks that a site has a device for each token of the ceremony file, at the place
// that names it.
func (l *Loaded) Fits(s *Site) error {
	var names []string
	for _, c := range s.Tokens {
		names = append(names, c.Name)
	}
	var missing source.Errors
	for _, k := range l.Plan.Keys {
		if k.Token == "" || slices.Contains(names, k.Token) {
			continue
		}
		at, hint := l.keyNodes[k.ID].Map().Opt("token"), source.DidYouMean(k.Token, names)
		if hint == "" {
			hint = "write one of these, or add it to tokens: in the site file"
		}
		missing = append(missing, &source.Error{Pos: at.Pos(), Path: at.Path(), Msg: fmt.Sprintf("the site file names no token %q; it names %s", k.Token, cmp.Or(strings.Join(names, ", "), "none")), Hint: hint})
	}
	if len(missing) > 0 {
		return missing
	}
	return s.Has(l.Plan)
}

// namesKeys checks that the keys of a plan that the site names on a token exist there. It
// may name those of other ceremonies.
func (s *Site) namesKeys(p *Plan) error {
	for _, c := range s.Tokens {
		for _, id := range slices.Sorted(maps.Keys(c.Keys)) {
			k := p.Key(id)
			switch {
			case k == nil:
			case k.Token != c.Name:
				return fmt.Errorf("the site file names key %q on token %q, and the ceremony file has it on token %q", id, c.Name, k.Token)
			case k.Source != KeyExisting:
				return fmt.Errorf("the site file names key %q on token %q, and the ceremony makes it", id, c.Name)
			}
		}
	}
	return nil
}

// Tokens lists the tokens a plan needs, in the order of its keys.
func (p *Plan) Tokens() []string {
	var out []string
	for _, k := range p.Keys {
		if k.Token != "" && Find(out, func(s *string) bool { return *s == k.Token }) == nil {
			out = append(out, k.Token)
		}
	}
	return out
}
