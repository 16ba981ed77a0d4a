// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/foreign"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/profiles/value"
)

// inputList reads existing objects, from files or from earlier bundles.
func (l *loader) inputList(n source.Node) {
	if !n.Present() {
		return
	}
	for _, k := range n.Map().Keys() {
		id := k.Node.Name()
		l.nodes["input:"+id] = k.Value
		in, der := l.input(id, k.Value)
		if der == nil {
			continue
		}
		obj, kind, err := parseInput(der)
		var unknown *inspect.UnsupportedError
		switch {
		case errors.As(err, &unknown) && unknown.Key != "":
			k.Value.Fail("%s", unusable(id, unknown.Key))
			continue
		case err != nil:
			k.Value.Fail("reading input: %v", err)
			continue
		}
		if in.Kind != "" && in.Kind != kind {
			k.Value.Fail("input is %s, not %s", inspect.A(kind), inspect.A(in.Kind))
		}
		if obj.crl() != nil {
			if err := lint.CheckIncomingCRL(obj.crl()); err != nil {
				k.Value.FailHint("name the last complete CRL of the CA", "%v", err)
				continue
			}
		}
		if c := obj.Cert(); c != nil {
			if err := lint.CheckOwnSignature(c); err != nil {
				k.Value.FailHint("get the certificate again from its CA", "the certificate of %q is damaged: %v", c.Subject, err)
				continue
			}
		}
		in.Kind, in.SHA256 = kind, SHA256Hex(der)
		l.Inputs[id] = obj
		l.Plan.Inputs = append(l.Plan.Inputs, in)
	}
}

// input reads one entry and gives the DER of the object it names.
func (l *loader) input(id string, n source.Node) (Input, []byte) {
	m := n.Map()
	defer m.Close()
	in := Input{ID: id}
	file, bundle := m.Opt("file"), m.Opt("bundle")
	if file.Present() == bundle.Present() {
		m.Known("artifact", "kind", "sha256")
		n.FailHint("write file: PATH, or bundle: PATH with artifact: ID", "an input needs exactly one of file: and bundle:")
		return in, nil
	}
	if bundle.Present() {
		return l.bundleInput(in, bundle, m.Need("artifact"))
	}
	m.Known("sha256")
	in.Kind = m.Need("kind").Enum("kind of input", "certificate", "crl", "certificate-request", inspect.KindResponse)
	p := file.Text()
	data, err := l.files.Read(p)
	if err != nil {
		file.Fail("%v", err)
		return in, nil
	}
	if want := m.Opt("sha256"); want.Present() {
		compareDigest(want, data)
	}
	blocks, err := inspect.Decode(data)
	if err != nil {
		file.Fail("reading %s: %v", p, foreign.Named(err, p))
		return in, nil
	}
	if len(blocks) != 1 {
		file.FailHint("put each into a file of its own, and name the one that is meant", "%s contains %s; an input must contain exactly one", p, counted(blocks))
		return in, nil
	}
	l.addFile(File{Path: p, Kind: "input", Name: id}, data)
	return in, blocks[0].DER
}

// compareDigest compares the digest that is stated with that of the file. People also know
// a certificate or a request by the digest of its DER, which "ceremony inspect" shows.
func compareDigest(want source.Node, data []byte) {
	stated, sum := hex.EncodeToString(want.Hex()), SHA256Hex(data)
	if sum == stated {
		return
	}
	if blocks, err := inspect.Decode(data); err == nil && len(blocks) == 1 && SHA256Hex(blocks[0].DER) == stated {
		want.FailHint("write that one; sha256: is that of the file, as sha256sum prints it", "the file's SHA-256 is %s; the one here is that of the DER in it", sum)
		return
	}
	want.Fail("the file's SHA-256 is %s", sum)
}

// counted says what a file holds: 2 certificates, 1 CRL.
func counted(blocks []inspect.Block) string {
	n := map[string]int{}
	for _, b := range blocks {
		n[inspect.Guess(b.DER)]++
	}
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(n)) {
		words := strings.TrimPrefix(strings.TrimPrefix(inspect.A(kind), "an "), "a ")
		if n[kind] > 1 {
			words += "s"
		}
		out = append(out, fmt.Sprintf("%d %s", n[kind], words))
	}
	return strings.Join(out, ", ")
}

func (l *loader) bundleInput(in Input, bundle, artifact source.Node) (Input, []byte) {
	name := artifact.Name()
	if bundle.Text() == "" || name == "" {
		return in, nil
	}
	b, err := l.bundle(bundle)
	if err != nil {
		bundle.Fail("%v", err)
		return in, nil
	}
	der, err := b.object(name)
	if err != nil {
		artifact.Fail("%v", err)
		return in, nil
	}
	in.Bundle = &BundleInput{Ceremony: b.Ceremony, Artifact: name, ManifestSHA256: b.ManifestSHA256, Rehearsal: b.Rehearsal}
	l.addFile(File{Path: bundleInputPath(b.Path, name), Kind: "input", Name: in.ID}, der)
	return in, der
}

// parseInput reads a DER object and says what it is.
func parseInput(der []byte) (*inputObject, string, error) {
	kind := inspect.Guess(der)
	if inputWords[kind] == "" {
		return nil, kind, fmt.Errorf("neither a certificate, a CRL, an OCSP response nor a certificate request")
	}
	read, err := inspect.Parse(kind, der)
	if r := inspect.As[*inspect.Response](read); r != nil && r.Status != 0 {
		err = fmt.Errorf("the OCSP response is an error (responseStatus %d) and says nothing of a certificate", r.Status)
	}
	return &inputObject{read: read}, kind, err
}

// keyList reads the keys and where each comes from.
func (l *loader) keyList(n source.Node) {
	for _, k := range n.Map().Keys() {
		key := l.keyEntry(k.Node.Name(), k.Value)
		l.nodes["key:"+key.ID], l.keyNodes[key.ID] = k.Value, k.Value
		l.Plan.Keys = append(l.Plan.Keys, key)
	}
}

func (l *loader) keyEntry(id string, n source.Node) Key {
	m := n.Map()
	defer m.Close()
	key := Key{ID: id, Source: KeyGenerated}
	token, cert, req := m.Opt("token"), m.Opt("certificate"), m.Opt("request")
	if token.Present() == req.Present() {
		m.Known("algorithm", "class")
		n.FailHint("write token: NAME, or request: INPUT for a key held elsewhere", "a key needs exactly one of token: and request:")
		return key
	}
	if req.Present() {
		key.Source = KeyRequest
		if cert.Present() {
			cert.Fail("a key with request: cannot also have certificate:")
		}
		l.knownKey(&key, req, true)
		return key
	}
	key.Token = token.Name()
	key.Class = m.Need("class").Enum("class of key", ClassRoot, classAffiliate, classExternal, "ocsp-responder")
	named := m.Need("algorithm")
	if spki := l.unusableKey(cert); spki != nil {
		key.Source, key.Input, key.SPKISHA256 = KeyExisting, cert.Name(), SHA256Hex(spki)
		return key
	}
	key.Algorithm = algorithm.Key(named.Enum("key algorithm", words(algorithm.Keys())...))
	if cert.Present() {
		key.Source = KeyExisting
		l.knownKey(&key, cert, false)
	}
	return key
}

// unusableKey reports that the key of an existing CA is one with which nothing is signed
// here, and gives it: also not the last CRL of a private CA whose RSA key has 1024 bits. RFC 5280 has no
// bound, but NIST SP 800-131A disallows signatures of less than 112 bits of security since
// 2014: whoever can have the key can sign such a CRL, too, and a ceremony would lend it a
// trust that it does not deserve. What the CA has signed before is still read.
func (l *loader) unusableKey(cert source.Node) []byte {
	if !cert.Present() {
		return nil
	}
	spki, err := l.InputSPKI(cert.Name(), false)
	if err != nil || keyAlgorithm(spki) != "" {
		return nil
	}
	what := inspect.KeyDescription(spki)
	why := "which signs nothing here"
	if public, err := algorithm.ParseKey(spki); err == nil {
		if k, ok := public.(*rsa.PublicKey); ok && k.N.BitLen() < 2048 {
			why += ", for a private CA neither: it has less than 112 bits of security (NIST SP 800-131A, BR 6.1.5)"
		}
	}
	cert.FailHint("want one of: "+strings.Join(words(algorithm.Keys()), ", ")+"; the CA can sign its last CRL with the tools that it has had, such as openssl ca -gencrl, with a nextUpdate after the end of its last certificate; a CA with a new name and key comes after it",
		"the key in input %q is %s, %s", cert.Name(), what, why)
	return spki
}

// knownKey fills in what the input says about a key that exists.
func (l *loader) knownKey(key *Key, n source.Node, request bool) {
	key.Input = n.Name()
	spki, err := l.InputSPKI(key.Input, request)
	if err != nil {
		l.badReference(n, map[bool]string{true: aRequest, false: aCertificate}[request], fromInput)
		return
	}
	key.SPKISHA256 = SHA256Hex(spki)
	found := keyAlgorithm(spki)
	if key.Algorithm == "" {
		key.Algorithm = found
	}
	switch {
	case found == "":
		n.Fail("%s", unusable(key.Input, inspect.KeyDescription(spki)))
	case key.Algorithm != found:
		n.Fail("the key in input %q is %s, not %s", key.Input, inspect.KeyDescription(spki), key.Algorithm)
	}
}

// unusable says of a key in an input that no ceremony can use it.
func unusable(input, key string) string {
	return fmt.Sprintf("the key in input %q is %s, which cannot be used here; want one of: %s: ask its owner for one, no ceremony can certify another",
		input, key, strings.Join(words(algorithm.Keys()), ", "))
}

// InputSPKI gives the public key in a certificate, or in a request, that is an
// input.
func (l *Loaded) InputSPKI(id string, request bool) ([]byte, error) {
	obj, want := l.Inputs[id], map[bool]string{false: inspect.KindCertificate, true: inspect.KindRequest}[request]
	if obj == nil {
		return nil, fmt.Errorf("there is no input %q", id)
	}
	if obj.read.Kind() != want {
		return nil, fmt.Errorf("input %q is not a %s", id, inputWords[want])
	}
	spki, _ := obj.read.SubjectKey()
	return spki, nil
}

// words turns typed words into plain ones.
func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// keyAlgorithm names the algorithm of a public key, or gives "" for one that
// the ceremony does not know.
func keyAlgorithm(spki []byte) algorithm.Key {
	public, err := algorithm.ParseKey(spki)
	if k := algorithm.NameOf(public); err == nil && k.Valid() {
		return k
	}
	return ""
}

// authorityList reads names, with their keys and URLs.
func (l *loader) authorityList(n source.Node) {
	for _, k := range n.Map().Keys() {
		id := k.Node.Name()
		l.nodes["authority:"+id] = k.Value
		l.Plan.Authorities = append(l.Plan.Authorities, l.authorityEntry(id, k.Value))
	}
}

func (l *loader) authorityEntry(id string, n source.Node) Authority {
	m := n.Map()
	defer m.Close()
	a := Authority{ID: id}
	key := m.Need("key")
	a.Key = key.Name()
	if a.Key != "" && l.Plan.Key(a.Key) == nil {
		l.noKey(key, a.Key)
	}
	subject, cert := m.Opt("subject"), m.Opt("certificate")
	switch {
	case subject.Present() == cert.Present():
		n.FailHint("write subject: {…}, or certificate: INPUT for an existing CA", "an authority needs exactly one of subject: and certificate:")
	case cert.Present():
		a.Certificate = cert.Name()
		l.nodes["certificate:"+id] = cert
		l.existingAuthority(&a, cert)
	default:
		l.nodes["subject:"+id] = subject
		for _, at := range subject.Map().Keys() {
			a.Subject.Attributes = append(a.Subject.Attributes, attributesIn(at.Name, at.Value)...)
		}
	}
	for key, to := range map[string]*[]string{"crl-url": &a.URLs.CRL, "ca-issuers-url": &a.URLs.CAIssuers, "ocsp-url": &a.URLs.OCSP} {
		if u := m.Opt(key); u.Present() {
			l.nodes[key+":"+id] = u
			*to = locationsIn(u, key == "ocsp-url")
		}
	}
	if o := m.Opt("ocsp"); o.Present() {
		a.OCSP = o.Enum("OCSP of this authority", "none", "direct", "delegated")
	}
	return a
}

// attributesIn reads the value of an attribute, or the list of those of one that may
// occur more than once.
func attributesIn(kind string, n source.Node) (out []profiles.Attribute) {
	values := []source.Node{n}
	if k := value.AttributeKindOf(kind); k != nil && k.Many && n.IsList() {
		values = n.List()
	}
	for _, v := range values {
		out = append(out, profiles.Attribute{Type: kind, Value: v.Text()})
	}
	return out
}

// existingAuthority takes the name of an authority from its certificate.
func (l *loader) existingAuthority(a *Authority, n source.Node) {
	obj := l.Inputs[a.Certificate]
	if obj == nil || obj.Cert() == nil {
		l.badReference(n, aCertificate, fromInput)
		return
	}
	a.Subject = profiles.Name{DER: obj.Cert().RawSubject}
	a.KeyID = l.nameKey(n, a.Certificate)
	hint := fmt.Sprintf("write certificate: %s at the key too", a.Certificate)
	switch key := l.Plan.Key(a.Key); {
	case key == nil:
	case key.SPKISHA256 != SHA256Hex(obj.Cert().RawSPKI):
		n.FailHint(hint, "the certificate is not for key %q", a.Key)
	case key.Source == KeyExisting && key.Input != a.Certificate:
		n.FailHint(hint, "key %q has another certificate, %s; a rehearsal makes one stand-in for both key and authority", a.Key, key.Input)
	}
}

// locationsIn reads where an authority publishes one thing: a URL, or a list of them.
// Clients ask for OCSP over HTTP (RFC 6960 A.1).
func locationsIn(n source.Node, ocsp bool) (out []string) {
	items := []source.Node{n}
	if n.IsList() {
		if items = n.List(); len(items) == 0 {
			n.Fail("the list is empty")
		}
	}
	for _, item := range items {
		read := item.Location
		if ocsp {
			read = item.URL
		}
		u := read()
		if u != "" && slices.Contains(out, u) {
			item.Fail("duplicate %s", u)
			continue
		}
		out = append(out, u)
	}
	return out
}
