// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"time"

	"rootceremony/internal/secret"
)

// Options say how to open a token.
type Options struct {
	Config Config

	// Executable is the file that is started as the worker. Empty means this
	// program: /proc/self/exe where there is one.
	Executable string
	// Argv0 is the worker's argv[0]. Empty means this program's own.
	Argv0 string

	// PIN gives the PIN for a login of mode LoginPIN. It is called once before
	// each C_Login, with attempt counting from 1 and what the token says of
	// itself at that moment: see Info.PINAtRisk. Its error ends Open. Open takes
	// the PIN over, keeps it until Close because a worker may have to be started
	// again, and wipes it.
	PIN func(info Info, attempt int) (*secret.PIN, error)

	// OnRefused is called after each login that the token refused, with one of the
	// constants Refused*. Its error ends Open.
	OnRefused func(outcome string) error

	// OnPad is called before each login at a PIN pad, which has no deadline, also
	// before the one that a key wants for each signature. As a worker that died is replaced for the census after Generate and
	// Destroy, OnPad and PIN may be called from them and from Restart too.
	// Its error ends what needs the login.
	OnPad func(Info) error

	// OnLogin is called before each C_Login, when the PIN is there.
	OnLogin func()

	// Again says whether people enter the PIN at the pad again, after the token refused
	// one or nobody entered it, with one of the constants Refused*; nil: they do not.
	Again func(outcome string) (bool, error)

	// Log gets each line that the worker or its module prints, with the PIN
	// redacted, cut to 4 KiB, and without a newline: 500 lines for each operation,
	// and how many more there were. It is called from another goroutine, one line at
	// a time, also between calls.
	Log func(line string)

	Deadlines Deadlines
}

// Deadlines bound the calls of a module. A login has none.
type Deadlines struct {
	Open     time.Duration // loading the module and finding the token; 0 means 60 s, for devices in a network
	Call     time.Duration // any other call; 0 means 15 s
	Sign     time.Duration // a signature; 0 means as Call
	Generate time.Duration // making a key pair; 0 means 15 min
}

func (d Deadlines) orDefaults() Deadlines {
	if d.Open <= 0 {
		d.Open = time.Minute
	}
	if d.Call <= 0 {
		d.Call = 15 * time.Second
	}
	if d.Sign <= 0 {
		d.Sign = d.Call
	}
	if d.Generate <= 0 {
		d.Generate = 15 * time.Minute
	}
	return d
}

// deadlines are those that the options give, else those that the site file states for the
// token, else the usual ones.
func (o Options) deadlines() Deadlines {
	d := o.Deadlines
	if s := o.Config.Deadlines; s != nil {
		for _, stated := range []struct {
			of      *time.Duration
			seconds int64
		}{{&d.Open, s.Open}, {&d.Call, s.Call}, {&d.Sign, s.Sign}, {&d.Generate, s.Generate}} {
			if *stated.of <= 0 {
				*stated.of = time.Duration(stated.seconds) * time.Second
			}
		}
	}
	return d.orDefaults()
}
