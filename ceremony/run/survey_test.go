// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/preflight"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// lookAtSoftHSM looks at a token of hsm in a worker process.
func lookAtSoftHSM(ctx context.Context, c token.Config) (*token.Seen, error) {
	return token.Look(ctx, token.Options{Config: c})
}

// nobodyIsAsked is a terminal that must not be asked anything.
func nobodyIsAsked(t *testing.T) *termtest.Script {
	return termtest.NewScript(80).On("", func(_, prompt string) string {
		t.Errorf("somebody was asked: %s", prompt)
		return "STOP"
	})
}

// precondition is one thing that is broken before a ceremony.
type precondition struct {
	name  string
	spoil func(t *testing.T, o *Options)
	want  []string // in what the ceremony is refused with, error or hint
}

// flags lets the device report other flags.
func flags(change func(i *token.Info)) func(t *testing.T, o *Options) {
	return func(_ *testing.T, o *Options) {
		look := o.LookAt
		o.LookAt = func(ctx context.Context, c token.Config) (*token.Seen, error) {
			seen, err := look(ctx, c)
			if err == nil {
				seen.Info.Flags = slices.Clone(seen.Info.Flags)
				change(&seen.Info)
			}
			return seen, err
		}
	}
}

// device changes what the site file says of the device.
func device(change func(c *token.Config)) func(t *testing.T, o *Options) {
	return func(_ *testing.T, o *Options) { change(&o.Site.Tokens[0]) }
}

// hostFile writes a file of the host anew, and has the site file require a check.
func hostFile(check, name, text string) func(t *testing.T, o *Options) {
	return func(_ *testing.T, o *Options) {
		files := maps.Clone(o.Machine.Files.(fstest.MapFS))
		files[name] = &fstest.MapFile{Data: []byte(text)}
		o.Machine.Files = files
		o.Site.Host = map[string]preflight.Level{check: preflight.Require}
	}
}

// preconditions are what a survey can know, each broken. Devices are real ones of
// SoftHSM2, but for flags that those never show.
func preconditions() []precondition {
	taken := func(t *testing.T, o *Options) {
		if err := os.MkdirAll(filepath.Join(o.Bundle, "other"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return []precondition{
		{"another plan", func(_ *testing.T, o *Options) { o.Approved = []byte("{}") }, []string{"is not the one in the plan folder", "ceremony plan"}},
		{"a token that is not named", func(_ *testing.T, o *Options) { o.Site.Tokens[0].Name = "other" }, []string{`names no token "root"`}},
		{"another site file than the plan's", func(_ *testing.T, o *Options) {
			o.Approvals = fstest.MapFS{"site.json": {Data: []byte("{}")}}
		}, []string{"differs from site.json"}},
		{"a bundle folder that is taken", taken, []string{"exists and is not empty", "ceremony run"}},
		{"a bundle folder in none", func(_ *testing.T, o *Options) { o.Bundle = filepath.Join(o.Bundle, "a", "b") }, []string{"no such file"}},
		{"a second medium that is taken", func(t *testing.T, o *Options) {
			o.Site.JournalMirror = t.TempDir()
			if err := os.WriteFile(filepath.Join(o.Site.JournalMirror, "x"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, []string{"the second medium", "journal-mirror"}},
		{"a second medium that is not there", func(_ *testing.T, o *Options) { o.Site.JournalMirror = filepath.Join(o.Bundle, "usb", "journal") }, []string{"journal-mirror"}},
		{"a medium with no room", medium("bundle", "size=1m"), []string{"MiB are free", "bundle: "}},
		{"a medium that cannot be written", medium("bundle", "ro"), []string{"nothing can be written into"}},
		{"a second medium with no room", medium("mirror", "size=1m"), []string{"MiB are free", "journal-mirror: "}},
		{"a second medium that cannot be written", medium("mirror", "ro"), []string{"nothing can be written into"}},

		{"a module that is not there", device(func(c *token.Config) { c.Module = "/nowhere/m.so" }), []string{"token root: module: stat /nowhere/m.so", "check the module path"}},
		{"a module that is none", device(func(c *token.Config) { c.Module = "/etc/passwd" }), []string{"not a shared object"}},
		{"a token that is not there", device(func(c *token.Config) { c.Label = "other" }), []string{`no token matches label "other"`, "ceremony token list"}},
		{"two tokens of that name", func(t *testing.T, o *Options) { tokentest.NewSoftHSM(t, o.Site.Tokens[0].Label) }, []string{"more than one match", "add its serial:"}},
		{"a module with other bytes than the site file has", device(func(c *token.Config) { c.ModuleSHA256 = strings.Repeat("0", 64) }), []string{"SHA-256"}},
		{"another serial number", device(func(c *token.Config) { c.Serial = "4711" }), []string{`no token matches label "example-root", serial "4711"`, "ceremony token list"}},
		{"another model", device(func(c *token.Config) { c.Model = "Luna" }), []string{"no token matches", `model "Luna"`}},
		{"another manufacturer", device(func(c *token.Config) { c.Manufacturer = "Thales" }), []string{"no token matches", `manufacturer "Thales"`}},
		{"a slot that it is not in", device(func(c *token.Config) { c.Slot = new(uint64) }), []string{"no token matches", "slot 0"}},
		{"code that is loaded before the module", func(t *testing.T, _ *Options) { t.Setenv("LD_PRELOAD", "/nowhere/spy.so") }, []string{"LD_PRELOAD is set", "loads other code"}},
		{"nobody logged in with the vendor's tool", device(func(c *token.Config) { c.Login = token.LoginExternal }), []string{"login: external", "log in"}},
		{"names of an example on hardware", func(_ *testing.T, o *Options) { o.Site.SoftwareToken = false }, []string{`names of an example are left: "Example Trust" in the name of authority root`, "software-token: true"}},
		{"a pad that the token has not", device(func(c *token.Config) { c.Login = token.LoginPad }), []string{"login root: the site file says login: pad", "login: pin"}},
		{"no login where the token wants one", device(func(c *token.Config) { c.Login = token.LoginNone }), []string{"login root: the site file says login: none"}},
		{"a public key with the label", func(t *testing.T, o *Options) { hasKey(t, o.Site.Tokens[0], "ca") }, []string{`already holds a public-key with label "ca"`, "rename the key"}},

		{"a token that was never initialized", flags(func(i *token.Info) { i.Flags = nil }), []string{"token is not initialized (label "}},
		{"a token that cannot be written", flags(func(i *token.Info) { i.Flags = append(i.Flags, token.FlagWriteProtect) }), []string{"write-protected"}},
		{"a PIN that is locked", flags(func(i *token.Info) { i.Flags = append(i.Flags, token.FlagPINLocked) }), []string{"pin root: the user PIN of the token is locked", "security officer"}},
		{"a PIN that must be changed", flags(func(i *token.Info) { i.Flags = append(i.Flags, token.FlagPINToChange) }), []string{"must be changed"}},
		{"a PIN that was never set", flags(func(i *token.Info) {
			i.Flags = append(slices.DeleteFunc(i.Flags, func(f string) bool { return f == token.FlagPINSet }), token.FlagPINToChange)
		}), []string{"the token has no user PIN", "vendor's tool"}},
		{"a PIN of the security officer that is locked", officer("SO_PIN_LOCKED"), []string{"pin root: the PIN of the security officer of the token is locked", "ask its vendor what unlocks it"}},
		{"a PIN of the security officer that must be changed", officer("SO_PIN_TO_BE_CHANGED"), []string{"the PIN of the security officer must be changed first", "change the PIN of the security officer with"}},
		{"no random number generator", flags(func(i *token.Info) {
			i.Flags = slices.DeleteFunc(i.Flags, func(f string) bool { return f == token.FlagRandom })
		}), []string{"has no random number generator", "another device"}},
		{"too few sessions", flags(func(i *token.Info) { i.MaxRWSessions = 1 }), []string{"allows 1 read-write"}},
		{"no mechanism for the keys", flags(func(i *token.Info) { i.Mechanisms = []token.Mechanism{{Type: 0, MaxKey: 4096}} }), []string{"does not offer CKM_EC_KEY_PAIR_GEN"}},
		{"no size for the keys", flags(func(i *token.Info) {
			i.Mechanisms = nil
			for _, m := range []algorithm.Mechanism{algorithm.ECDSAP384.PKCS11().Generate, algorithm.ECDSAP384.PKCS11().Sign} {
				i.Mechanisms = append(i.Mechanisms, token.Mechanism{Type: m.Type, MinKey: 256, MaxKey: 256})
			}
		}), []string{"with 384 bits (its limits are 256 and 256)"}},

		{"an interface that is up", hostFile("network", "sys/class/net/eth0/flags", "0x1003"), []string{"network: interfaces that are up: eth0", "ip link set dev eth0 down"}},
		{"swap", hostFile("swap", "proc/swaps", "Filename\n/dev/sda2\n"), []string{"swap: memory is swapped to /dev/sda2"}},
		{"core dumps", hostFile("core-dumps", "proc/sys/fs/suid_dumpable", "2"), []string{"core-dumps:"}},
		{"tiocsti", hostFile("legacy-tiocsti", "proc/sys/dev/tty/legacy_tiocsti", "1"), []string{"legacy-tiocsti:"}},
		{"ptrace", hostFile("ptrace-scope", "proc/sys/kernel/yama/ptrace_scope", "0"), []string{"ptrace-scope:"}},
		{"little entropy", hostFile("entropy", "proc/sys/kernel/random/entropy_avail", "3"), []string{"entropy: 3 bits"}},
		{"a folder of libraries", func(_ *testing.T, o *Options) {
			o.Machine.Environ, o.Site.Host = []string{"LD_LIBRARY_PATH=/tmp"}, map[string]preflight.Level{"variables": preflight.Require}
		}, []string{"variables: variables that say where code comes from: LD_LIBRARY_PATH", "unset LD_LIBRARY_PATH"}},
		{"root", func(_ *testing.T, o *Options) {
			o.Machine.Root, o.Site.Host = true, map[string]preflight.Level{"root": preflight.Require}
		}, []string{"root: the program runs as root: yes"}},
	}
}

// medium mounts a medium of a kind, and puts the bundle, or the copy of its journal, onto it.
func medium(what, kind string) func(t *testing.T, o *Options) {
	return func(t *testing.T, o *Options) {
		folder := t.TempDir()
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", kind, "tmpfs", folder).CombinedOutput(); err != nil {
			t.Skipf("no medium can be mounted here, as root may: %v %s", err, out)
		}
		t.Cleanup(func() { _ = exec.Command("umount", folder).Run() })
		if what == "bundle" {
			o.Bundle = filepath.Join(folder, "bundle")
		} else {
			o.Site.JournalMirror = filepath.Join(folder, "journal")
		}
	}
}

// officer has the security officer log in, whose PIN has a flag.
func officer(flag string) func(t *testing.T, o *Options) {
	return func(t *testing.T, o *Options) {
		o.Site.Tokens[0].User = token.UserSO
		flags(func(i *token.Info) { i.Flags = append(i.Flags, flag) })(t, o)
	}
}

// hasKey makes a key pair on a token.
func hasKey(t *testing.T, c token.Config, label string) {
	t.Helper()
	tok, err := token.Open(context.Background(), token.Options{Config: c, PIN: tokentest.PIN})
	if err != nil {
		t.Fatal(err)
	}
	defer tok.Close()
	if _, err := tok.Generate(context.Background(), token.Request{Label: label, ID: make([]byte, 20), Algorithm: algorithm.ECDSAP256}); err != nil {
		t.Fatal(err)
	}
}

// TestPreconditions guards a room full of people: whatever can be known without a login
// stops a ceremony before anybody is asked anything, and says what to try. With each
// precondition broken in turn nothing is asked, and no folder is made.
func TestPreconditions(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	for _, c := range preconditions() {
		t.Run(c.name, func(t *testing.T) {
			o := fastRun(t, p)
			o.Site.Tokens[0] = tokentest.NewSoftHSM(t, "example-root")
			o.Site.Tokens[0].Name = "root"
			o.People, o.LookAt = Asked{Terminal: nobodyIsAsked(t)}, lookAtSoftHSM
			o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return nil, errors.New("opened") }
			c.spoil(t, &o)
			_, before := os.Lstat(o.Bundle)
			_, err := Execute(context.Background(), p, o)
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("not refused: %v", err)
			}
			for _, want := range c.want {
				if said := refusal.Reason + "\n" + refusal.Hint; !strings.Contains(said, want) {
					t.Errorf("it lacks %q:\n%s", want, said)
				}
			}
			if _, after := os.Lstat(o.Bundle); errors.Is(before, fs.ErrNotExist) != errors.Is(after, fs.ErrNotExist) {
				t.Errorf("the folder of the bundle was made: %v", after)
			}
		})
	}
}

// TestSurveyAllAtOnce guards people against one error a try.
func TestSurveyAllAtOnce(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	o.People = Asked{Terminal: nobodyIsAsked(t)}
	flags(func(i *token.Info) { i.Flags = append(i.Flags, token.FlagPINLocked) })(t, &o)
	hostFile("swap", "proc/swaps", "Filename\n/dev/sda2\n")(t, &o)
	_, err := Execute(context.Background(), p, o)
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("not refused: %v", err)
	}
	for _, want := range []string{"failed 2 checks", "\n  swap: ", "\n  pin root: "} {
		if !strings.Contains(refusal.Reason, want) {
			t.Errorf("it lacks %q:\n%s", want, refusal.Reason)
		}
	}
}

// TestSurveyBeforeResume guards the second day: a device that is gone, or cannot do
// what the plan or its amendment needs, is found before people are asked, by each
// command that continues; who gives the ceremony up is only told.
func TestSurveyBeforeResume(t *testing.T) {
	p := ceremonytest.Twice(t)
	site, memory := fastSite()
	first := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), memory)
	res, err := Execute(context.Background(), p, first)
	if err != nil || res.Pause == "" {
		t.Fatalf("not paused: %v", err)
	}
	gone := func(context.Context, token.Config) (*token.Seen, error) { return nil, token.ErrNoSuchToken }
	for name, how := range map[string]func(o *Options){
		"resume": func(*Options) {}, "redo": func(o *Options) { o.Redo = p.Plan.Steps[1].ID },
		"amend": func(o *Options) {
			o.Amendment = ceremonytest.Amended(t, "for: 3y}", "for: 2y}")
			o.Approved = o.Amendment.Canonical
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := inMemory(runOptions(p, site, first.Bundle), memory)
			o.People, o.LookAt, o.Approved = Asked{Terminal: nobodyIsAsked(t)}, gone, nil
			how(&o)
			_, err := Resume(context.Background(), o)
			var refusal *Refusal
			if name == "redo" && errors.As(err, &refusal) && strings.Contains(refusal.Reason, "did not fail") {
				return // what the record refuses comes first
			}
			if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, "token root: no token matches") || !strings.Contains(refusal.Hint, "ceremony "+name) || !strings.Contains(refusal.Hint, "--abandon") {
				t.Errorf("not refused: %v, %+v", err, refusal)
			}
		})
	}
	o := inMemory(runOptions(p, site, first.Bundle), memory)
	people := termtest.NewScript(80).Fail("Who is here", errors.New("enough"))
	o.People, o.LookAt, o.Abandon = Asked{Terminal: people}, gone, true
	if _, err := Resume(context.Background(), o); err == nil || !strings.Contains(people.Screen(), "WARNING token root: no token matches") {
		t.Errorf("who gives up is not told: %v\n%s", err, people.Screen())
	}
}

// TestSurveyWarns guards that people see, before the first question, what does not stop
// a ceremony: the last try of a PIN, a clock far off the window, a host that is online.
func TestSurveyWarns(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	flags(func(i *token.Info) { i.Flags = append(i.Flags, token.FlagPINFinalTry) })(t, &o)
	hostFile("network", "sys/class/net/eth0/flags", "0x1003")(t, &o)
	o.Site.Host = nil
	o.Clock = newHostClock(p.Plan.Ceremony.Window.To.Add(24 * time.Hour))
	people := termtest.NewScript(80).Fail("Who is here", errors.New("enough"))
	o.People = Asked{Terminal: people}
	_, err := Execute(context.Background(), p, o)
	if err == nil {
		t.Fatal("nobody was asked")
	}
	screen, _, _ := strings.Cut(people.Screen(), "Who is here")
	for _, want := range []string{"WARNING clock: ", "WARNING network: interfaces that are up: eth0", "WARNING pin root: LAST TRY"} {
		if !strings.Contains(screen, want) {
			t.Errorf("it lacks %q:\n%s", want, screen)
		}
	}
}

// TestSurveyPINs guards people against a PIN that nobody could reset, or that somebody else
// can: what the flags tell of the PINs of both users is said in one line, and the record of
// the ceremony verifies with it.
func TestSurveyPINs(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	const soLocked, soToChange = "SO_PIN_LOCKED", "SO_PIN_TO_BE_CHANGED"
	for _, c := range []struct {
		flags []string
		want  string
	}{
		{nil, preflight.NoWrongPIN},
		{[]string{token.FlagPINCountLow, token.FlagPINFinalTry}, preflight.LastTry},
		{[]string{token.FlagPINFinalTry, soLocked}, preflight.LastTry + "; " + preflight.OfficerLocked},
		{[]string{token.FlagPINCountLow, soToChange}, preflight.WrongPIN + "; " + preflight.OfficerToChange},
		{[]string{soLocked, soToChange}, preflight.OfficerLocked},
		{[]string{soToChange}, preflight.OfficerToChange},
	} {
		o := fastRun(t, p)
		flags(func(i *token.Info) { i.Flags = append(i.Flags, c.flags...) })(t, &o)
		found, err := Survey(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(found.Checks, func(k preflight.Check) bool { return k.Name == preflight.PIN })
		if got := found.Checks[at].Found; got != c.want || len(c.flags) > 0 && !slices.Contains(preflight.PINWarnings(), got) {
			t.Errorf("%v: found %q, want %q", c.flags, got, c.want)
		}
	}
	o := fastRun(t, p)
	flags(func(i *token.Info) { i.Flags = append(i.Flags, soToChange) })(t, &o)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, o.Bundle, 3, preflight.OfficerToChange)
}

// TestSurveyAlone guards people who look before the day: nothing is made, what was not
// asked for is named as not seen, and an approval that is missing is found.
func TestSurveyAlone(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	bundle := o.Bundle
	o.Bundle, o.Approved = "", nil
	found, err := Survey(context.Background(), p, o)
	if err != nil || len(preflight.With(preflight.Failed, found.Checks)) > 0 {
		t.Fatalf("%v %+v", err, found)
	}
	if warned := preflight.With(preflight.Warning, found.Checks); len(warned) != 1 || warned[0].Name != preflight.Placeholders {
		t.Errorf("warnings %+v", warned)
	}
	unseen := strings.Join(found.Unseen, "\n")
	for _, want := range []string{"--plan", "--bundle", "only a login"} {
		if !strings.Contains(unseen, want) {
			t.Errorf("it does not say %q: %s", want, unseen)
		}
	}
	o.Bundle, o.Approved = bundle, p.Canonical
	p.Plan.Approval = ""
	o.Site.Tokens[0].Login = token.LoginExternal // then it shows private objects, too
	found, err = Survey(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if seen := found.Checks[slices.IndexFunc(found.Checks, func(c preflight.Check) bool { return c.Name == preflight.Labels })].Found; strings.Contains(seen, "public") {
		t.Errorf("of a token that somebody logged in to: %s", seen)
	}
	failed := preflight.With(preflight.Failed, found.Checks)
	if len(failed) != 1 || failed[0].Name != preflight.Approvals || !strings.Contains(failed[0].Next, "ceremony preflight") {
		t.Errorf("failed: %+v", failed)
	}
	if _, err := os.Lstat(bundle); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder of the bundle was made: %v", err)
	}
}

// TestSurveyStopped guards a sound token at Ctrl-C while it is looked at: that is not told as
// a check that it failed, and what was begun ends as interrupted.
func TestSurveyStopped(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	for name, look := range map[string]func(context.Context, Options) error{
		"preflight":   func(ctx context.Context, o Options) error { _, err := Survey(ctx, p, o); return err },
		"token check": func(ctx context.Context, o Options) error { _, err := CheckTokens(ctx, p, o); return err },
		"run":         func(ctx context.Context, o Options) error { _, err := Execute(ctx, p, o); return err },
	} {
		o := fastRun(t, p)
		ctx, stop := context.WithCancel(t.Context())
		o.LookAt = func(ctx context.Context, _ token.Config) (*token.Seen, error) { stop(); return nil, ctx.Err() }
		err := look(ctx, o)
		var refusal *Refusal
		if !errors.Is(err, context.Canceled) || errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
		var stopped *Stopped
		if name == "run" && (!errors.As(err, &stopped) || !strings.Contains(stopped.Hint(), "nothing was done")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
