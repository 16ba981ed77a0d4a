// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/secret"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// One C_Login for each typed PIN; a wrong PIN is a clear error; the second try
// is made in a fresh process.
func TestWrongPIN(t *testing.T) {
	options, log := faulty(t, "")
	asked := 0
	options.PIN = func(info token.Info, attempt int) (*secret.PIN, error) {
		if asked++; attempt != asked {
			t.Errorf("attempt %d, asked %d times", attempt, asked)
		}
		if attempt == 2 && !info.PINAtRisk("") {
			t.Error("the token does not say that a wrong PIN was entered")
		}
		if attempt < 3 {
			return secret.NewPIN([]byte("wrong-" + tokentest.TestPIN)), nil
		}
		return tokentest.PIN(info, attempt)
	}
	tok := open(t, options)
	if err := errors.Join(tok.Restart(t.Context()), tok.Close()); err != nil { // after which all lines of the module are there
		t.Fatal(err)
	}
	if n := log.count("C_Login"); asked != 3 || n != 4 {
		t.Errorf("asked %d times, %d logins, want 3 and one more of Restart", asked, n)
	}

	options.OnRefused = func(string) error { return errors.New("one attempt is enough") }
	options.PIN = func(token.Info, int) (*secret.PIN, error) { return secret.NewPIN([]byte("nonsense")), nil }
	_, refused := tryOpen(t, options)
	if !errors.Is(refused, token.ErrPINIncorrect) || !strings.Contains(refused.Error(), "CKR_PIN_INCORRECT") || strings.Contains(refused.Error(), "nonsense") {
		t.Errorf("got %v", refused)
	}
}

// TestOthersLogin guards a PIN that the module did not look at, as another program had
// logged in between the look at the token and the login.
func TestOthersLogin(t *testing.T) {
	options, _ := faulty(t, "")
	for _, code := range []string{"100", "104"} { // CKR_USER_ALREADY_LOGGED_IN, CKR_USER_ANOTHER_ALREADY_LOGGED_IN
		t.Setenv("FAULT", "login:before:1:err="+code)
		if _, err := tryOpen(t, options); err == nil || !strings.Contains(err.Error(), "end the other program") {
			t.Errorf("%s: got %v", code, err)
		}
	}
}

func TestPINIsAskedForOnce(t *testing.T) {
	options, _ := faulty(t, "")
	stop := errors.New("stopped by a person")
	options.PIN = func(token.Info, int) (*secret.PIN, error) { return nil, stop }
	if _, err := tryOpen(t, options); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	options.PIN = func(token.Info, int) (*secret.PIN, error) { return secret.NewPIN(nil), nil }
	if _, err := tryOpen(t, options); err == nil {
		t.Error("an empty PIN was sent")
	}
}

func TestPINPad(t *testing.T) {
	options, log := faulty(t, "")
	t.Setenv("FAULT_PED", tokentest.TestPIN)
	options.Config.Login = token.LoginPad
	called := 0
	options.OnPad = func(info token.Info) error {
		called++
		if !info.Has(token.FlagProtectedPath) {
			t.Error("the flag of the PIN pad is not seen")
		}
		return nil
	}
	options.PIN = func(token.Info, int) (*secret.PIN, error) {
		t.Error("a PIN was asked for")
		return nil, errors.New("no")
	}
	tok := open(t, options)
	if called != 1 {
		t.Errorf("people were called %d times", called)
	}
	tokentest.Generate(t, tok, "root")
	if err := errors.Join(tok.Restart(t.Context()), tok.Close()); err != nil || called != 2 {
		t.Errorf("restart: %v, called %d times", err, called)
	}
	if n := log.count("C_Login user 1 pPin NULL len 0"); n != 2 {
		t.Errorf("%d logins with a NULL PIN, want 2", n)
	}
}

// TestPINPadAgain guards people at a PIN pad who mistype, or are too slow: they are asked,
// and called to the pad again; a PIN that is locked is not tried.
func TestPINPadAgain(t *testing.T) {
	for code, outcome := range map[string]string{"a0": token.RefusedWrong, "50": token.RefusedCancelled, "a4": token.RefusedLocked} {
		t.Run(outcome, func(t *testing.T) {
			options, log := faulty(t, "login:before:1:err="+code)
			once(t)
			t.Setenv("FAULT_PED", tokentest.TestPIN)
			options.Config.Login = token.LoginPad
			var said []string
			options.OnPad = func(token.Info) error { said = append(said, "pad"); return nil }
			options.OnRefused = func(outcome string) error { said = append(said, outcome); return nil }
			options.Again = func(outcome string) (bool, error) { said = append(said, "again "+outcome); return true, nil }
			tok, err := tryOpen(t, options)
			want := []string{"pad", outcome, "again " + outcome, "pad"}
			if outcome == token.RefusedLocked {
				want = want[:2]
			} else if err == nil {
				tokentest.Generate(t, tok, "root")
			}
			if !slices.Equal(said, want) || (err == nil) == (outcome == token.RefusedLocked) {
				t.Errorf("%s: %q, %v, %d logins", outcome, said, err, log.count("C_Login"))
			}
			options.Again = func(string) (bool, error) { return false, nil }
			once(t)
			if _, err := tryOpen(t, options); err == nil {
				t.Errorf("%s: nobody wanted to try again", outcome)
			}
		})
	}
}

// A login has no deadline. Who gives up waiting gets an error, and the worker
// is left to end by itself.
func TestAbandonedLogin(t *testing.T) {
	options, _ := faulty(t, "login:before:1:hang")
	t.Setenv("FAULT_PED", tokentest.TestPIN)
	options.Config.Login = token.LoginPad
	ctx, cancel := context.WithCancel(t.Context())
	options.Log = func(line string) {
		if strings.Contains(line, "C_Login") {
			cancel()
		}
	}
	_, err := token.Open(ctx, options)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "abandoned") {
		t.Errorf("got %v", err)
	}
	t.Cleanup(func() { killAbandoned(t, err) })
}

// TestLoggedInElsewhere guards a token to which a vendor's tool logs in: this program asks
// for no PIN, logs nobody in or out, sees whether somebody is logged in, and says what to
// try where nobody is.
func TestLoggedInElsewhere(t *testing.T) {
	options, log := faulty(t, "")
	options.Config.Login = token.LoginExternal
	options.PIN = func(token.Info, int) (*secret.PIN, error) { return nil, errors.New("a PIN was asked for") }
	_, err := tryOpen(t, options)
	_, lookErr := token.Look(t.Context(), options)
	for _, err := range []error{err, lookErr} {
		if err == nil || !strings.Contains(err.Error(), "nobody is logged in to the token (session state 2); log in with the vendor's tool") {
			t.Errorf("nobody was logged in: %v", err)
		}
	}
	t.Setenv("FAULT_LOGGED_IN", tokentest.TestPIN)
	if _, err := token.Look(t.Context(), options); err != nil {
		t.Error(err)
	}
	tok := open(t, options)
	tokentest.Generate(t, tok, "root")
	if err := errors.Join(tok.Restart(t.Context()), tok.Close()); err != nil {
		t.Fatal(err)
	}
	if n := log.count("C_Login") + log.count("C_Logout"); n != 0 {
		t.Errorf("%d logins and logouts by this program", n)
	}
	options.Config.Login = token.LoginPIN
	if _, err := tryOpen(t, options); err == nil || !strings.Contains(err.Error(), "someone is logged in already") {
		t.Errorf("a PIN that nothing would check was taken: %v", err)
	}
}

// TestOtherUsers guards a token whose keys belong to another user than the normal one: the
// one C_Login has the type that the site file states, and the session is that user's.
func TestOtherUsers(t *testing.T) {
	options, log := faulty(t, "")
	t.Setenv("FAULT_USER", "80000001")
	options.Config.User = "0x80000001"
	tok := open(t, options)
	pair := tokentest.Generate(t, tok, "root")
	if err := tok.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message())
	if err := errors.Join(err, tok.Close()); err != nil {
		t.Fatal(err)
	}
	if n, all := log.count("C_Login user 2147483649 pPin set"), log.count("C_Login"); n != 2 || all != 2 {
		t.Errorf("%d logins as that user, of %d", n, all)
	}
	t.Setenv("FAULT_USER", "")
	if _, err := tryOpen(t, options); err == nil || !strings.Contains(err.Error(), "CKR_USER_TYPE_INVALID") || !strings.Contains(err.Error(), "compare user: in the site file") {
		t.Errorf("a user whom the token does not know: %v", err)
	}
	options.Config.User = token.UserSO
	options.OnRefused = func(string) error { return errors.New("one attempt is enough") }
	if _, err := tryOpen(t, options); !errors.Is(err, token.ErrPINIncorrect) || log.count("C_Login user 0") != 1 {
		t.Errorf("the PIN of another user: %v", err)
	}
	options.PIN = func(token.Info, int) (*secret.PIN, error) { return secret.NewPIN([]byte(tokentest.TestSOPIN)), nil }
	if _, err := open(t, options).Census(t.Context()); err != nil {
		t.Errorf("the security officer: %v", err)
	}
}

func TestPadWithoutPad(t *testing.T) {
	options, _ := faulty(t, "")
	options.Config.Login = token.LoginPad
	if _, err := tryOpen(t, options); err == nil || !strings.Contains(err.Error(), "login to pin") {
		t.Errorf("got %v", err)
	}
}

// C_Logout comes before C_Finalize, and everything is closed once.
func TestCloseInOrder(t *testing.T) {
	options, log := faulty(t, "")
	tok := open(t, options)
	if err := tok.Close(); err != nil {
		t.Fatal(err)
	}
	logins, logouts, finals := log.count("C_Login"), log.count("C_Logout"), log.count("C_Finalize")
	if logins != 1 || logouts != 1 || finals != 2 { // the first Finalize is the pre-flight's
		t.Errorf("%d logins, %d logouts, %d finalizations", logins, logouts, finals)
	}
	if last := log.all[len(log.all)-1]; !strings.Contains(last, "C_Finalize") || !strings.Contains(log.all[len(log.all)-2], "C_Logout") {
		t.Errorf("order: %q", log.all)
	}
}

// What a leaky module prints is redacted before anyone sees it.
func TestModulePrintsPIN(t *testing.T) {
	options, log := faulty(t, "sign:before:1:abort")
	t.Setenv("FAULT_ECHO", "PIN is "+tokentest.TestPIN+"!")
	tok := open(t, options)
	pair := tokentest.Generate(t, tok, "root")
	_, err := tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message())
	noPIN(t, err)
	if _, ok := errors.AsType[*token.WorkerError](err); !ok {
		t.Errorf("got %v", err)
	}
	if log.count(secret.Redacted) != 1 {
		t.Errorf("lines: %q", log.all)
	}
}

// The last try of a token is never spent by a machine.
func TestFinalTryIsAskedFor(t *testing.T) {
	options, _ := faulty(t, "")
	t.Setenv("FAULT_FLAGS", "20000") // CKF_USER_PIN_FINAL_TRY
	asked := 0
	inner := tokentest.PIN
	options.PIN = func(info token.Info, attempt int) (pin, error) {
		asked++
		if !info.PINAtRisk("") {
			t.Error("the risk is not shown")
		}
		return inner(info, attempt)
	}
	if err := open(t, options).Restart(t.Context()); err != nil || asked != 2 {
		t.Errorf("asked %d times, %v", asked, err)
	}
}

// killAbandoned ends the worker that an abandoned login left behind.
func killAbandoned(t *testing.T, err error) {
	found := regexp.MustCompile(`process (\d+)`).FindStringSubmatch(err.Error())
	if found == nil {
		return
	}
	if pid, err := strconv.Atoi(found[1]); err == nil {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Errorf("the worker of an abandoned login was ended: %v", err)
		}
	}
}
