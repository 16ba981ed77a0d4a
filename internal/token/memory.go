// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"context"
	"crypto"
	"fmt"
	"io"
	"slices"
	"sync"

	"rootceremony/internal/algorithm"
)

// Memory is a token that exists only in this process, for rehearsals and
// tests. It protects nothing, and says so: its label begins with "REHEARSAL "
// and its Info with Software. Its ECDSA signatures are deterministic
// (RFC 6979).
type Memory struct {
	// Faults makes the token misbehave; for tests, set before use.
	Faults Faults

	name   string
	config Config // with the template alone
	random io.Reader

	mu     sync.Mutex
	keys   []*memoryKey
	extra  Census
	out    bool // logged out, until Restart
	closed bool
}

// Faults are the faults that a Memory can simulate. Nil fields do nothing.
type Faults struct {
	BeforeGenerate func(Request) error                                // nothing is made, the error returned
	AfterGenerate  func(Request) error                                // the key is made, the error returned
	BeforeSign     func(Handle, algorithm.Signature, []byte) error    // nothing is signed, the error returned
	AfterSign      func(Handle, []byte) ([]byte, error)               // changes a signature or loses it
	Census         func(Census) (Census, error)                       // changes what is seen
	Random         func(n int) ([]byte, error)                        // replaces the generator
	Find           func(label string, id, spki []byte) (*Pair, error) // replaces Find unless it returns nil, nil
	Restart        func() error                                       // the error Restart returns
	Attempt        func(what string) (*Attempt, error)                // replaces Attempt unless it returns nil, nil
}

// memoryKey is one key pair with its two objects.
type memoryKey struct {
	pair   Pair
	signer crypto.Signer
	local  bool
}

// NewMemory returns an empty token with the name it has in the ceremony file.
// ECDSA keys and Random take their bytes from random, so that a fixed source
// gives the same keys again; nil means crypto/rand. RSA keys always come
// from crypto/rand, as Go has it.
func NewMemory(name string, random io.Reader) *Memory {
	return &Memory{name: name, random: orSystem(random), config: Config{Template: DefaultTemplate}}
}

// SetTemplate chooses the template profile that keys are made with, so that a
// rehearsal reports the attributes a device would be asked for.
func (m *Memory) SetTemplate(name string) error {
	c := Config{Template: name}
	if _, err := c.Chosen().resolve(); err != nil {
		return err
	}
	m.config = c
	return nil
}

// AddObjects puts objects other than key pairs on the token, so that a test
// can see them counted.
func (m *Memory) AddObjects(objects ...Object) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.extra = append(m.extra, objects...)
}

// Name returns the token's name in the ceremony file.
func (m *Memory) Name() string { return m.name }

// Info returns a simulated token info.
func (m *Memory) Info() Info {
	return Info{
		Label: "REHEARSAL " + m.name, Serial: "REHEARSAL", Model: "in-memory", Manufacturer: "ceremony",
		Firmware: "0.0", Hardware: "0.0", FreePrivate: -1, FreePublic: -1, Flags: []string{FlagInitialized},
		ModuleDescription: "in-memory rehearsal token", ModuleManufacturer: "ceremony", ModuleVersion: "0.0",
		Libraries: map[string]string{}, Environment: map[string]string{}, ConfigFiles: map[string]string{}, Software: true,
	}
}

// Census lists the objects.
func (m *Memory) Census(ctx context.Context) (Census, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	return m.census()
}

// Generate makes a key pair as Token wants it.
func (m *Memory) Generate(ctx context.Context, request Request) (*Pair, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	if err := request.check(m.config); err != nil {
		return nil, err
	}
	gen := generation{token: m.name, request: request}
	return gen.run(m.census, func() (*Pair, error) { return m.make(request) })
}

// make is the call that a device would get.
func (m *Memory) make(request Request) (*Pair, error) {
	if fault := m.Faults.BeforeGenerate; fault != nil {
		if err := fault(request); err != nil {
			return nil, err
		}
	}
	signer, err := request.Algorithm.Generate(m.random)
	if err != nil {
		return nil, fmt.Errorf("generating key %q: %w", request.Label, err)
	}
	key, err := m.add(request.Label, request.ID, signer, m.config.Named(request.Template), true)
	if err != nil {
		return nil, err
	}
	if fault := m.Faults.AfterGenerate; fault != nil {
		if err := fault(request); err != nil {
			return nil, err
		}
	}
	pair := key.pair
	return &pair, nil
}

// Import puts a key of the caller's on the token, as a stand-in for one that
// exists already. Its attributes say that it was not generated there.
func (m *Memory) Import(label string, id []byte, signer crypto.Signer) (*Pair, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key, err := m.add(label, id, signer, m.config.Chosen(), false)
	if err != nil {
		return nil, err
	}
	pair := key.pair
	return &pair, nil
}

// Find returns a key pair as Token wants it.
func (m *Memory) Find(ctx context.Context, label string, id, spki []byte) (*Pair, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	if fault := m.Faults.Find; fault != nil {
		if pair, err := fault(label, id, spki); pair != nil || err != nil {
			return pair, err
		}
	}
	key, err := m.find(label, id, spki)
	if err != nil {
		return nil, err
	}
	pair := key.pair
	return &pair, nil
}

// Traces finds out what the token shows of a key, as Token wants it.
func (m *Memory) Traces(ctx context.Context, known Known) (*Traces, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	key, err := algorithm.KeyOf(known.SPKI)
	if err != nil {
		return nil, fmt.Errorf("token %q: looking for a key: %w", m.name, err)
	}
	return m.traces(known).of(known, key), nil
}

// Sign signs a message as Token wants it.
func (m *Memory) Sign(ctx context.Context, handle Handle, alg algorithm.Signature, message []byte) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	if err := checkSign(handle, alg, len(message)); err != nil {
		return nil, fmt.Errorf("signing with token %q: %w", m.name, err)
	}
	key, err := m.find("", handle.ID, handle.SPKI)
	if err != nil {
		return nil, err
	}
	if fault := m.Faults.BeforeSign; fault != nil {
		if err := fault(handle, alg, message); err != nil {
			return nil, err
		}
	}
	signature, err := key.sign(alg, message)
	if err != nil {
		return nil, fmt.Errorf("signing with token %q: %w", m.name, err)
	}
	if fault := m.Faults.AfterSign; fault != nil {
		if signature, err = fault(handle, signature); err != nil {
			return nil, err
		}
	}
	return verifySignature(m.name, handle, alg, message, signature)
}

// Random returns n bytes of the token's source.
func (m *Memory) Random(ctx context.Context, n int) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	if err := checkRandomSize(n); err != nil {
		return nil, err
	}
	if fault := m.Faults.Random; fault != nil {
		return fault(n)
	}
	out := make([]byte, n)
	if _, err := io.ReadFull(m.random, out); err != nil {
		return nil, fmt.Errorf("token %q: reading random bytes: %w", m.name, err)
	}
	return out, nil
}

// Destroy deletes a key pair as Token wants it.
func (m *Memory) Destroy(ctx context.Context, id, spki []byte) (*Destruction, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	if err := checkDestroy(id, spki); err != nil {
		return nil, err
	}
	return destruction(m.name, id, m.census, func() error {
		key, err := m.find("", id, spki)
		if err != nil {
			return err
		}
		m.remove(key)
		return nil
	})
}

// Restart makes the token usable again after Logout. It starts no process and
// proves no persistence, as Info says with FreshProcess false.
func (m *Memory) Restart(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if fault := m.Faults.Restart; fault != nil {
		if err := fault(); err != nil {
			return err
		}
	}
	if m.closed {
		return fmt.Errorf("token %q was closed: %w", m.name, ErrNotOpen)
	}
	m.out = false
	return ctx.Err()
}

// Logout makes the token unusable until Restart. The keys stay.
func (m *Memory) Logout(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.out = true
	return ctx.Err()
}

// Close makes the token unusable. Its keys are gone with it.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

func (m *Memory) usable(ctx context.Context) error {
	if m.closed || m.out {
		return fmt.Errorf("token %q: %w", m.name, ErrNotOpen)
	}
	return ctx.Err()
}

// Attempt refuses everything: nothing of a key is given.
func (m *Memory) Attempt(ctx context.Context, handle Handle, what string) (*Attempt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	key, err := m.find("", handle.ID, handle.SPKI)
	if err != nil {
		return nil, err
	}
	if err := checkSacrificial(key.pair.Label); err != nil {
		return nil, err
	}
	if fault := m.Faults.Attempt; fault != nil {
		if a, err := fault(what); a != nil || err != nil {
			return a, err
		}
	}
	a := attempted(what)
	a.Outcome = Refused
	return a, nil
}

// Remove deletes left-over objects as Tester wants it.
func (m *Memory) Remove(ctx context.Context, label string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	return removal(label, m.census, func() error {
		m.keys = slices.DeleteFunc(m.keys, func(k *memoryKey) bool { return k.pair.Label == label })
		m.extra = slices.DeleteFunc(m.extra, func(o Object) bool { return o.Label == label })
		return nil
	})
}

var _ Tester = (*Memory)(nil)
