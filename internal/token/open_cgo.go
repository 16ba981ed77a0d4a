// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/secret"
)

// BuiltIn reports whether this program can use PKCS#11.
const BuiltIn = true

// Open starts a worker, finds the one token that matches, and logs in, asking
// o.PIN before each try. A wrong PIN ends the worker, and the next one is tried
// in a fresh process: a process that is logged in accepts any.
func Open(ctx context.Context, o Options) (Token, error) {
	o.Config.Login = cmp.Or(o.Config.Login, LoginPIN)
	o.Config.Template = cmp.Or(o.Config.Template, "default")
	o.Deadlines = o.deadlines()
	if err := o.Config.Check(); err != nil {
		return nil, err
	}
	if o.Config.Login.Typed() && o.PIN == nil {
		return nil, fmt.Errorf("token %q: login %q, but nothing to ask for the PIN with", o.Config.Name, LoginPIN)
	}
	c := &client{options: o}
	if err := c.connect(ctx); err != nil {
		c.forgetPIN()
		return nil, err
	}
	return c, nil
}

// List returns what all tokens of a module say, without a login. It asks in a
// worker; executable may be empty, as Options.Executable.
func List(ctx context.Context, module, executable string) ([]Info, error) {
	o := Options{Executable: executable, Config: Config{Name: module, Module: module}}
	return withoutLogin(ctx, o, opList, func(_ *process, reply *wireReply) ([]Info, error) { return reply.Infos, nil })
}

// Look finds the one token that matches, as Open does, and returns what it shows
// without a login. It changes nothing on the token.
func Look(ctx context.Context, o Options) (*Seen, error) {
	o.Config.Login, o.Config.Template = cmp.Or(o.Config.Login, LoginPIN), cmp.Or(o.Config.Template, DefaultTemplate)
	if err := o.Config.Check(); err != nil {
		return nil, err
	}
	return withoutLogin(ctx, o, opLook, func(p *process, reply *wireReply) (*Seen, error) {
		if len(reply.Infos) != 1 {
			return nil, p.failed(opLook, "broke the protocol", "no token in the reply", false, "do not use this module")
		}
		return &Seen{Info: reply.Infos[0], Public: reply.Census}, nil
	})
}

// withoutLogin asks a worker of its own for one operation that needs no login.
func withoutLogin[T any](ctx context.Context, o Options, op string, read func(*process, *wireReply) (T, error)) (none T, err error) {
	o.Deadlines = o.deadlines()
	if err := ctx.Err(); err != nil {
		return none, err
	}
	p, err := startProcess(o, nil)
	if err != nil {
		return none, err
	}
	defer p.close()
	reply, err := p.call(ctx, wireRequest{Op: op, Config: &o.Config}, nil, o.Deadlines.Open)
	if err != nil {
		return none, err
	}
	return read(p, reply)
}

// connect starts a worker and logs in, with the PIN of an earlier login where
// there is one.
func (c *client) connect(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		before, err := c.start(ctx)
		if err != nil {
			return err
		}
		if err = ctx.Err(); err == nil { // people asked to stop while the module was loaded
			err = c.askFirst(before, attempt)
		}
		if err != nil {
			c.drop()
			return err
		}
		err = c.login(ctx)
		if err == nil {
			return nil
		}
		c.drop()
		if outcome := refused(err); outcome != "" && c.options.OnRefused != nil {
			if told := c.options.OnRefused(outcome); told != nil {
				return errors.Join(err, told)
			}
		}
		again, told := c.again(err)
		if told != nil || !again {
			return errors.Join(err, told)
		}
		c.forgetPIN()
	}
}

// again reports whether a login that was refused is tried again: with another PIN that is
// typed here; at a PIN pad, where the time may have run out, as people say.
func (c *client) again(err error) (bool, error) {
	outcome := refused(err)
	if c.options.Config.Login != LoginPad {
		return outcome == RefusedWrong && c.options.Config.Login.Typed(), nil
	}
	if c.options.Again == nil || outcome != RefusedWrong && outcome != RefusedCancelled {
		return false, nil
	}
	return c.options.Again(outcome)
}

// start starts a worker and lets it find the token.
func (c *client) start(ctx context.Context) (Info, error) {
	p, err := startProcess(c.options, c.pin)
	if err != nil {
		return Info{}, err
	}
	c.process = p
	reply, err := p.call(ctx, wireRequest{Op: opOpen, Config: &c.options.Config}, nil, c.options.Deadlines.Open)
	if err == nil && len(reply.Infos) != 1 {
		err = p.failed(opOpen, "broke the protocol", "no token in the reply", false, "do not use this module")
	}
	if err != nil {
		c.drop()
		return Info{}, err
	}
	return reply.Infos[0], nil
}

// askFirst gets the PIN, or calls people to the PIN pad. A PIN of an earlier
// login is used again, except for the last try that a token has.
func (c *client) askFirst(before Info, attempt int) error {
	switch c.options.Config.Login {
	case LoginPad:
		if c.options.OnPad != nil {
			return c.options.OnPad(before)
		}
		return nil
	case LoginNone, LoginExternal:
		return nil
	}
	if c.pin != nil && !before.HasPIN(c.options.Config.User, FlagPINFinalTry) {
		return nil
	}
	c.forgetPIN()
	pin, err := c.options.PIN(before, attempt)
	if err != nil {
		return fmt.Errorf("token %q: asking for the PIN: %w", c.options.Config.Name, err)
	}
	if pin.Len() == 0 || pin.Len() > maxPIN {
		pin.Wipe()
		return fmt.Errorf("token %q: a PIN of %d bytes: want 1 to %d", c.options.Config.Name, pin.Len(), maxPIN)
	}
	c.setPIN(pin)
	return nil
}

// login makes the one C_Login of this worker. It has no deadline: people may
// be at a PIN pad, and a module that is killed while it compares a PIN may
// count it as wrong.
func (c *client) login(ctx context.Context) error {
	if c.options.OnLogin != nil {
		c.options.OnLogin()
	}
	reply, err := c.process.call(ctx, wireRequest{Op: opLogin}, c.pin, 0)
	if err != nil {
		return err
	}
	if len(reply.Infos) != 1 {
		return c.process.failed(opLogin, "broke the protocol", "no token in the reply", false, "do not use this module")
	}
	c.info.Store(&reply.Infos[0])
	return nil
}

// authenticate makes the login that a key wants before a signature: with the PIN that is
// kept, or at the PIN pad. As a login it has no deadline, and it is not repeated when the
// token refuses it.
func (c *client) authenticate(ctx context.Context, handle Handle, alg algorithm.Signature) error {
	switch c.options.Config.Login {
	case LoginNone, LoginExternal:
		return fmt.Errorf("token %q: %w, and the site file says login: %s; name another login there", c.Name(), errAsksPIN, c.options.Config.Login)
	case LoginPad:
		if c.options.OnPad != nil {
			if err := c.options.OnPad(c.Info()); err != nil {
				return err
			}
		}
	}
	_, err := c.process.call(ctx, wireRequest{Op: opAuthenticate, Handle: handle, Algorithm: alg}, c.pin, 0)
	if _, gone := errors.AsType[*WorkerError](err); gone || c.process.abandoned {
		c.drop()
	}
	if outcome := refused(err); outcome != "" && c.options.OnRefused != nil {
		return errors.Join(err, c.options.OnRefused(outcome))
	}
	return err
}

func (c *client) setPIN(pin *secret.PIN) {
	c.pin = pin
	if c.process != nil {
		c.process.output.redact(pin)
	}
}

// HidePIN takes the token's PIN out of a text, in all forms that
// [secret.PIN.Hide] knows, and reports whether it was there.
func (c *client) HidePIN(text string) (string, bool) {
	raw := []byte(text)
	defer clear(raw)
	hidden, found := c.pin.Hide(raw)
	return string(hidden), found
}

func (c *client) forgetPIN() {
	c.pin.Wipe()
	c.pin = nil
}

// drop ends the worker, if there is one.
func (c *client) drop() {
	if c.process != nil && !c.process.abandoned {
		c.process.close()
	}
	c.process = nil
}
