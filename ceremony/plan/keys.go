// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"crypto/rsa"
	"fmt"
	"strings"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
)

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

// keyAlgorithm names the algorithm of a public key, or gives "" for one that
// the ceremony does not know.
func keyAlgorithm(spki []byte) algorithm.Key {
	public, err := algorithm.ParseKey(spki)
	if k := algorithm.NameOf(public); err == nil && k.Valid() {
		return k
	}
	return ""
}
