// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/profiles"
)

// newCA is an issuing CA that gets a certificate in the next ceremony, like the one of a
// certificate of the bundle: the same CA again, or another one with a key and a name of
// its own.
type newCA struct {
	like *plan.Artifact
	name string // of another CA; the same CA keeps its own
	ca   string // its authority, and the name of its key
	cert string
}

// renews reports whether the CA is the same.
func (n newCA) renews() bool { return n.name == "" }

// The words for a certificate of the same CA, and for one of another.
const (
	wordRenew = "renew"
	wordAdd   = "add"
)

// Issued are the certificates of CAs that the bundle issued: their profiles and keys are
// in it.
func (n *Next) Issued() (out []string) {
	for _, id := range n.Certificates() {
		if a := n.plan.Artifact(id); a != nil && a.Kind() == profiles.SubordinateCA && n.plan.Key(a.SubjectKey.ID()) != nil {
			out = append(out, id)
		}
	}
	return out
}

// AddCA takes "renew CERT", or "add CERT, NAME", where the name may be left away.
func (n *Next) AddCA(s string) error {
	word, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	id, name, _ := strings.Cut(rest, ",")
	id, name = strings.TrimSpace(id), strings.TrimSpace(name)
	switch {
	case word != wordRenew && word != wordAdd:
		return fmt.Errorf("%q is neither %s nor %s, as in %s %s", word, wordRenew, wordAdd, wordAdd, n.Issued()[0])
	case !slices.Contains(n.Issued(), id):
		return notOne(id, "is no certificate of a CA that this bundle issued, with its profile; there are: ", n.Issued())
	case word == wordRenew && name != "":
		return fmt.Errorf("a renewed CA keeps its name; for another CA type %s %s, %s", wordAdd, id, name)
	case slices.ContainsFunc(n.cas, func(c newCA) bool { return word == wordRenew && c.renews() && c.like.ID == id }):
		return fmt.Errorf("%s is renewed already", id)
	}
	c := newCA{like: n.plan.Artifact(id)}
	c.ca = n.certified(c.like)
	if word == wordRenew {
		c.cert = n.unused(following(id))
		n.cas = append(n.cas, c)
		return nil
	}
	if c.name = name; name == "" {
		c.name = n.nextName(n.name(c.ca))
	}
	if n.hasName(c.name) {
		return fmt.Errorf("two CAs would be called %q, and clients could not tell them apart", c.name)
	}
	if err := checkName(c.name); err != nil {
		return err
	}
	c.ca = n.unused(following(c.ca))
	c.cert = n.unused(c.ca + "-cert")
	n.cas = append(n.cas, c)
	return nil
}

// unused is a name of a series that nothing has: neither in the bundle nor in the new file.
func (n *Next) unused(id string) string {
	for n.plan.Artifact(id) != nil || n.plan.Input(id) != nil || n.plan.Authority(id) != nil || n.plan.Key(id) != nil ||
		slices.ContainsFunc(n.cas, func(c newCA) bool { return !c.renews() && c.ca == id || c.cert == id }) {
		id = following(id)
	}
	return id
}

// hasName reports whether a CA of the bundle, or a new one, is called so.
func (n *Next) hasName(name string) bool {
	return slices.ContainsFunc(n.plan.Authorities, func(a plan.Authority) bool { return n.name(a.ID) == name }) ||
		slices.ContainsFunc(n.cas, func(c newCA) bool { return c.name == name })
}

// nextName counts the number at the end of a name on; one without a number is the first.
func (n *Next) nextName(name string) string {
	front, number := name, 1
	if i := strings.LastIndexByte(name, ' '); i > 0 {
		if at, err := strconv.Atoi(name[i+1:]); err == nil {
			front, number = name[:i], at
		}
	}
	for name = front; name == front || n.hasName(name); {
		number++
		name = shortened(front, fmt.Sprintf(" %d", number))
	}
	return name
}

// AskCAs asks for new certificates of CAs, until there are no more. BACK takes all back.
func (n *Next) AskCAs(ask Ask) error {
	if len(n.Issued()) == 0 {
		return nil
	}
	var refused error
	for {
		text := "A certificate for an issuing CA?"
		if len(n.cas) > 0 {
			text = "Another one, besides " + n.cas[len(n.cas)-1].cert + "?"
		}
		q := Question{Text: text + " CERT is one of " + strings.Join(n.Issued(), ", ") + "; or " + nobody, Choices: [][2]string{
			{wordRenew + " CERT", "the same CA again: the same key and name"},
			{wordAdd + " CERT", "another CA like it, with a new key"},
			{wordAdd + " CERT, NAME", "and the name that you give it"},
		}}
		answer, err := ask(q, nobody, refused)
		switch {
		case errors.Is(err, ErrBack):
			n.cas, refused = nil, nil
		case err != nil, answer == "", answer == nobody:
			return err
		default:
			refused = n.AddCA(answer)
		}
	}
}

// writeCAKeys writes the keys of the new certificates.
func (n *Next) writeCAKeys(w *writer) {
	for _, c := range n.cas {
		k := n.plan.Key(c.like.SubjectKey.ID())
		if c.renews() {
			writeKey(w, k.ID, k, c.like.ID)
		} else {
			writeKey(w, c.ca, k, "")
		}
	}
}

// writeCAAuthorities writes what the new certificates are of. Another CA gets no URLs of
// CRLs: it needs its own, once a ceremony signs CRLs of it.
func (n *Next) writeCAAuthorities(w *writer) {
	for _, c := range n.cas {
		a := *n.plan.Authority(n.certified(c.like))
		if c.renews() {
			n.writeAuthority(w, &a, "certificate: "+c.like.ID)
			continue
		}
		var subject []string
		for _, at := range a.Subject.Attributes {
			if at.Type == "common-name" {
				at.Value = c.name
			}
			subject = append(subject, at.Type+": "+scalar(at.Value))
		}
		a.ID, a.Key, a.URLs.CRL, a.URLs.CAIssuers = c.ca, c.ca, nil, nil
		n.writeAuthority(w, &a, "subject: {"+strings.Join(subject, ", ")+"}")
	}
}

// writeCAs writes the steps that sign the new certificates.
func (n *Next) writeCAs(w *writer) error {
	for _, c := range n.cas {
		profile, err := n.profile(c.like.Object.FromProfile())
		if err != nil {
			return err
		}
		ends, err := n.ends(c.like)
		if err != nil {
			return err
		}
		what := c.name
		if c.renews() {
			what = n.name(c.ca) + " again"
		}
		w.line("\n  - section: %s", scalar("Sign the certificate of "+what))
		w.line("  - issue: %s\n    profile: %s\n    subject: %s\n    issuer: %s", c.cert, profile, c.ca, c.like.Authority)
		w.line("    validity: {not-before: signing-day, %s}", ends)
	}
	return nil
}

// ends says how long a certificate like another one is valid: as long as that one, and no
// longer than the certificate of its issuer.
func (n *Next) ends(like *plan.Artifact) (string, error) {
	span := like.Certificate().Validity.NotAfter.For
	der := n.earlier.Objects[like.Issuer.ID()]
	if der == nil {
		var err error
		if der, err = n.read("inputs/" + like.Issuer.ID()); err != nil {
			return "", err
		}
	}
	issuer, err := x509.ParseCertificate(der)
	if err != nil {
		return "", fmt.Errorf("reading the certificate %s: %w", like.Issuer.ID(), err)
	}
	if span.String() == "0s" || span.AddTo(n.Now.AddDate(0, 0, windowDays)).After(issuer.NotAfter) {
		return "not-after: " + issuer.NotAfter.UTC().Format(time.RFC3339), nil
	}
	return "for: " + span.String(), nil
}

// writeCAResponses writes the first responses about the new certificates, where their
// issuer has responses.
func (n *Next) writeCAResponses(w *writer) error {
	for _, c := range n.cas {
		i := slices.IndexFunc(n.responses(), func(r *plan.Artifact) bool { return r.Authority == c.like.Authority })
		if i < 0 {
			continue
		}
		if err := n.writeResponse(w, n.responses()[i], c.cert+"-status-1", c.cert, "good"); err != nil {
			return err
		}
	}
	return nil
}
