// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/secret"
)

// client is the parent's side of a worker: a Token.
type client struct {
	options Options

	mu      sync.Mutex
	process *process             // nil: no worker
	info    atomic.Pointer[Info] // readable during a long operation
	pin     *secret.PIN
	closed  bool
}

// Name returns the token's name in the site file.
func (c *client) Name() string { return c.options.Config.Name }

// Info returns what was found at the last login.
func (c *client) Info() Info { return *c.info.Load() }

// do sends one request of an open token.
func (c *client) do(q wireRequest, deadline time.Duration) (*wireReply, error) {
	if c.process == nil {
		return nil, fmt.Errorf("token %q: no worker is running, restart the token: %w", c.Name(), ErrNotOpen)
	}
	reply, err := c.process.call(context.Background(), q, nil, deadline)
	if _, gone := errors.AsType[*WorkerError](err); gone {
		c.drop()
	}
	return reply, err
}

func (c *client) call(q wireRequest) (*wireReply, error) { return c.do(q, c.options.Deadlines.Call) }

// begin locks the client for one operation.
func (c *client) begin(ctx context.Context) (unlock func(), err error) {
	c.mu.Lock()
	if err := ctx.Err(); err != nil {
		c.mu.Unlock()
		return nil, err
	}
	return c.mu.Unlock, nil
}

// Census lists the objects.
func (c *client) Census(ctx context.Context) (Census, error) {
	unlock, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return c.census()
}

func (c *client) census() (Census, error) {
	reply, err := c.call(wireRequest{Op: opCensus})
	if err != nil {
		return nil, err
	}
	return reply.Census, nil
}

// censusAfter counts in a fresh worker where the last call ended the old one.
func (c *client) censusAfter(ctx context.Context) func() (Census, error) {
	return func() (Census, error) {
		if c.process == nil && !c.closed {
			if err := c.connect(context.WithoutCancel(ctx)); err != nil {
				return nil, fmt.Errorf("starting a new worker for the census: %w", err)
			}
		}
		return c.census()
	}
}

// Generate makes a key pair as Token wants it. When the worker ends during
// it, the census after is taken in a new one.
func (c *client) Generate(ctx context.Context, request Request) (*Pair, error) {
	unlock, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := request.check(c.options.Config); err != nil {
		return nil, err
	}
	if c.process == nil {
		_, err := c.census()
		return nil, err
	}
	gen := generation{token: c.Name(), request: request}
	return gen.run(c.censusAfter(ctx), func() (*Pair, error) { return c.generate(request) })
}

// generate makes the pair and reads it back through the direct context.
func (c *client) generate(request Request) (*Pair, error) {
	made, err := c.do(wireRequest{Op: opGenerate, Generate: &request}, c.options.Deadlines.Generate)
	if err != nil {
		return nil, err
	}
	pair, err := c.find(request.Label, Handle{ID: request.ID})
	if err != nil {
		return nil, fmt.Errorf("reading back key %q: %w", request.Label, err)
	}
	if !bytes.Equal(pair.SPKI, made.Bytes) {
		return nil, fmt.Errorf("reading back key %q: the public key is not the one that was returned when it was made", request.Label)
	}
	return pair, nil
}

// Find returns a key pair as Token wants it.
func (c *client) Find(ctx context.Context, label string, id, spki []byte) (*Pair, error) {
	unlock, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if label == "" && len(id) == 0 && len(spki) == 0 {
		return nil, errors.New("finding key: want a label, an id or a public key")
	}
	return c.find(label, Handle{ID: id, SPKI: spki})
}

func (c *client) find(label string, handle Handle) (*Pair, error) {
	reply, err := c.call(wireRequest{Op: opFind, Label: label, Handle: handle})
	if err != nil {
		return nil, err
	}
	pair := reply.Pair
	switch {
	case pair == nil:
		return nil, fmt.Errorf("token %q: finding key: empty reply", c.Name())
	case len(handle.SPKI) > 0 && !bytes.Equal(pair.SPKI, handle.SPKI),
		len(handle.ID) > 0 && !bytes.Equal(pair.ID, handle.ID), label != "" && pair.Label != printable([]byte(label)):
		return nil, fmt.Errorf("token %q: finding key: the reply is another key: %w", c.Name(), ErrNoSuchKey)
	}
	made, err := algorithm.KeyOf(pair.SPKI)
	if err != nil {
		return nil, fmt.Errorf("token %q: finding key: %w", c.Name(), err)
	}
	pair.Algorithm = made
	return pair, nil
}

// Traces finds out what the token shows of a key, as Token wants it.
func (c *client) Traces(ctx context.Context, known Known) (*Traces, error) {
	unlock, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	key, err := algorithm.KeyOf(known.SPKI)
	if err != nil {
		return nil, fmt.Errorf("token %q: looking for a key: %w", c.Name(), err)
	}
	reply, err := c.call(wireRequest{Op: opTraces, Known: known})
	if err != nil {
		return nil, err
	}
	if reply.Traces == nil {
		return nil, fmt.Errorf("token %q: looking for a key: empty reply", c.Name())
	}
	return reply.Traces.of(known, key), nil
}

// Sign signs a message as Token wants it and verifies the signature here.
func (c *client) Sign(ctx context.Context, handle Handle, alg algorithm.Signature, message []byte) ([]byte, error) {
	unlock, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := checkSign(handle, alg, len(message)); err != nil {
		return nil, fmt.Errorf("signing with token %q: %w", c.Name(), err)
	}
	if len(handle.ID) == 0 && !handle.Alone {
		return nil, fmt.Errorf("signing with token %q: want the id of the key", c.Name())
	}
	sum := sha256.Sum256(message)
	request := wireRequest{Op: opSign, Handle: handle, Algorithm: alg, MessageLength: len(message), MessageSHA256: sum[:], message: message}
	reply, err := c.do(request, c.options.Deadlines.Sign)
	if errors.Is(err, errAsksPIN) { // which the worker found before it called anything
		if err = c.authenticate(ctx, handle, alg); err == nil {
			reply, err = c.do(request, c.options.Deadlines.Sign)
		}
	}
	if err != nil {
		return nil, err
	}
	return verifySignature(c.Name(), handle, alg, message, reply.Bytes)
}

// Random returns bytes of the token's generator.
func (c *client) Random(ctx context.Context, n int) ([]byte, error) {
	unlock, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := checkRandomSize(n); err != nil {
		return nil, err
	}
	reply, err := c.call(wireRequest{Op: opRandom, N: n})
	if err != nil {
		return nil, err
	}
	if len(reply.Bytes) != n || n >= 8 && bytes.Count(reply.Bytes, reply.Bytes[:1]) == n {
		return nil, fmt.Errorf("token %q: the generator gave %d bytes, all the same or not %d", c.Name(), len(reply.Bytes), n)
	}
	return reply.Bytes, nil
}

// Destroy deletes a key pair as Token wants it.
func (c *client) Destroy(ctx context.Context, id, spki []byte) (*Destruction, error) {
	unlock, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := checkDestroy(id, spki); err != nil {
		return nil, err
	}
	if c.process == nil {
		_, err := c.census()
		return nil, err
	}
	return destruction(c.Name(), id, c.censusAfter(ctx), func() error {
		_, err := c.call(wireRequest{Op: opDestroy, Handle: Handle{ID: id, SPKI: spki}})
		return err
	})
}

// Restart starts a fresh worker as Token wants it.
func (c *client) Restart(ctx context.Context) error {
	unlock, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if c.closed {
		return fmt.Errorf("token %q was closed: %w", c.Name(), ErrNotOpen)
	}
	c.drop()
	return c.connect(ctx)
}

// Logout ends the login and the worker with it.
func (c *client) Logout(ctx context.Context) error {
	unlock, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return c.logout()
}

func (c *client) logout() error {
	if c.process == nil {
		return nil
	}
	_, err := c.call(wireRequest{Op: opClose})
	c.drop()
	return err
}

// Close logs out, ends the worker and wipes the PIN.
func (c *client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	err := c.logout()
	c.forgetPIN()
	return err
}

// Attempt tries one thing on a sacrificial key, as Tester wants it.
func (c *client) Attempt(ctx context.Context, handle Handle, what string) (*Attempt, error) {
	unlock, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	reply, err := c.call(wireRequest{Op: opAttempt, Handle: handle, What: what})
	if err != nil {
		return nil, err
	}
	if reply.Attempt == nil || reply.Attempt.What != what {
		return nil, fmt.Errorf("token %q: %s: the reply is about something else", c.Name(), what)
	}
	return reply.Attempt, nil
}

// Remove deletes left-over objects as Tester wants it.
func (c *client) Remove(ctx context.Context, label string) error {
	unlock, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if c.process == nil {
		_, err := c.census()
		return err
	}
	return removal(label, c.censusAfter(ctx), func() error {
		_, err := c.call(wireRequest{Op: opRemove, Label: label})
		return err
	})
}

var _ Tester = (*client)(nil)
