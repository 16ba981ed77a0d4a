// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"rootceremony/internal/artifact"
)

func (e CeremonyOpened) check() error {
	return errors.Join(IsID("ceremony", e.Ceremony), oneOf("mode", string(e.Mode), string(Run), string(Rehearsal)),
		IsDigest("plan_sha256", e.PlanSHA256), Optional(IsDigest, "site_sha256", e.SiteSHA256))
}

func (e CeremonyStopped) check() error { return nil }

func (e CeremonyClosed) check() error {
	for what := range e.Operations {
		if err := isWhat(what); err != nil {
			return err
		}
	}
	return oneOf("outcome", e.Outcome, OutcomeComplete, OutcomeAbandoned)
}

func (e SessionStarted) check() error {
	_, err := note.NewVerifier(e.SealKey)
	if err != nil {
		return fmt.Errorf("seal_key: %w", err)
	}
	return Optional(IsDigest, "sha256", e.Tool.SHA256)
}

func (e SessionEnded) check() error { return nil }

func (e PlanApproval) check() error {
	err := errors.Join(oneOf("class", e.Class, ApprovedBySignatures, ApprovedOnPaper, ApprovedByNobody, ApprovedByException),
		Optional(IsDigest, "policy_sha256", e.PolicySHA256))
	for _, a := range e.Approvals {
		err = errors.Join(err, oneOf("object", a.Object, "plan", "profile", "site"), IsID("file", a.File),
			IsID("person", a.Person), IsDigest("sha256", a.SHA256), Optional(IsDigest, "scan_sha256", a.ScanSHA256))
	}
	return err
}

func (e PlanAmended) check() error {
	if e.Number < 1 {
		return fmt.Errorf("number: %d, they count from 1", e.Number)
	}
	return errors.Join(IsDigest("plan_sha256", e.PlanSHA256), IsDigest("before_sha256", e.Before))
}

func (e JournalRecovered) check() error {
	return Optional(func(_, s string) error { return isPath(s) }, "torn_file", e.TornFile)
}

func (e PreflightChecked) check() error {
	return errors.Join(oneOf("level", e.Level, "require", "warn", "record"), oneOf("result", e.Result, "pass", "fail", "unknown"))
}

func (e ClockAttested) check() error {
	room, err := time.Parse(time.RFC3339, e.Room)
	if err != nil {
		return fmt.Errorf("room: %w", err)
	}
	host, err := time.Parse(time.RFC3339, e.Host)
	if err != nil {
		return fmt.Errorf("host: %w", err)
	}
	if got := int64(room.Sub(host) / time.Second); got != e.OffsetSeconds {
		return fmt.Errorf("offset_seconds: %d, but room is %d s ahead of host", e.OffsetSeconds, got)
	}
	return nil
}

func (e DigestRead) check() error {
	if (e.What == WhatHead) != (e.Size > 0) {
		return errors.New("size: a head has one, and nothing else")
	}
	if (e.What == WhatArtifact) != (e.Artifact != "") {
		return errors.New("artifact: the digest of an artifact names it, and nothing else")
	}
	return IsDigest("sha256", e.SHA256)
}

func (e FileLoaded) check() error {
	err := errors.Join(isPath(e.Path), IsDigest("sha256", e.SHA256))
	if !e.External {
		err = errors.Join(err, isIn("path", e.Path, "plan/", "trust/"))
	}
	return err
}

func (e FileWritten) check() error {
	err := errors.Join(isPath(e.Path), IsDigest("sha256", e.SHA256), isIn("path", e.Path, "evidence/"))
	if e.From != "" {
		err = errors.Join(err, isPath(e.From), isIn("path", e.Path, LeftOverFolder+"/"), oneOf("kind", e.Kind, KindLeftOver))
	}
	return err
}

func (e ParticipantArrived) check() error { return IsID("person", e.Person) }
func (e ParticipantLeft) check() error    { return IsID("person", e.Person) }
func (e StepStarted) check() error        { return nil }
func (e StepRecorded) check() error       { return nil }

func (e StepFinished) check() error {
	return oneOf("outcome", e.Outcome, StepDone, StepSkipped, StepFailed, StepStopped)
}

func (e StepRedone) check() error {
	if e.Step == "" || e.Attempt < 2 {
		return fmt.Errorf("attempt: %d of step %q; it is done again from attempt 2 on", e.Attempt, e.Step)
	}
	for _, k := range e.Keys {
		if err := IsDigest("keys", k); err != nil {
			return err
		}
	}
	if e.Artifact != "" {
		return errors.Join(oneOf("earlier", e.Earlier, EarlierVoid), IsID("artifact", e.Artifact))
	}
	return oneOf("earlier", e.Earlier, EarlierParked, EarlierDestroyed, EarlierVoid)
}

func (e DeviationRecorded) check() error {
	if (e.KeySHA256 == "") != (len(e.Departures) == 0) {
		return errors.New("key_spki_sha256: it stands beside departures, and they beside it")
	}
	switch e.Exception {
	case "", ExceptionAsRoot, ExceptionUnapproved, ExceptionNotClosed:
	default:
		return fmt.Errorf("exception: %q is none", e.Exception)
	}
	if (e.Exception == ExceptionUnapproved) != (e.Amendment != 0) || e.Amendment < 0 {
		return errors.New("amendment: an exception for an unapproved amendment has its number, and nothing else")
	}
	if (e.Exception == ExceptionNotClosed) != (e.Token != "") {
		return errors.New("token: an exception for a token that did not close names it, and nothing else")
	}
	return Optional(IsDigest, "key_spki_sha256", e.KeySHA256)
}

func (e NoteAdded) check() error        { return nil }
func (e CheckpointSealed) check() error { return errors.Join(isPath(e.File), IsBase64("root", e.Root)) }
func (e TokenOpened) check() error      { return nil }
func (e PINRefused) check() error {
	return errors.Join(oneOf("outcome", e.Outcome, PINWrong, PINCancelled, PINLocked), Optional(IsID, "person", e.Person))
}
func (e TokenCensus) check() error    { return nil }
func (e TokenRestarted) check() error { return nil }
func (e TokenClosed) check() error    { return nil }
func (e ModuleOutput) check() error   { return nil }

func (e OperationIntended) check() error {
	return errors.Join(isWhat(e.What), e.checkPurpose(), IsBase64("tbs", e.TBS), Optional(IsDigest, "tbs_sha256", e.TBSSHA256),
		Optional(func(name, s string) error { return isIn(name, s, "evidence/") }, "tbs_file", e.TBSFile),
		Optional(IsDigest, "plan_sha256", e.PlanSHA256), Optional(IsDigest, "lint_sha256", e.LintSHA256), e.Key.check())
}

// checkPurpose holds an operation to the purposes that calls of its kind can have.
func (e OperationIntended) checkPurpose() error {
	if (e.Purpose == "") != (e.For == "") {
		return errors.New("for: a purpose says of what, and nothing else")
	}
	switch e.Purpose {
	case "":
		return nil
	case PurposeProof, PurposeStandIn:
		if e.What != WhatSign || e.Artifact != "" {
			return fmt.Errorf("purpose: %q is one of signatures that make no artifact", e.Purpose)
		}
	case PurposeSerial:
		if e.What != WhatRandom {
			return fmt.Errorf("purpose: %q is one of random bytes", e.Purpose)
		}
	default:
		return fmt.Errorf("purpose: %q is none", e.Purpose)
	}
	return nil
}

func (k *Key) check() error {
	if k == nil {
		return nil
	}
	return errors.Join(isHex("id", k.ID), IsBase64("spki", k.SPKI), Optional(IsDigest, "spki_sha256", k.SPKISHA256))
}

func (e OperationFinished) check() error {
	return errors.Join(isWhat(e.What), IsBase64("signature", e.Signature), IsBase64("random", e.Random), e.Key.check())
}

func (e OperationFailed) check() error {
	return errors.Join(isWhat(e.What), IsBase64("signature", e.Signature), e.Key.check(),
		oneOf("effect", e.Effect, EffectNone, EffectUnknown, EffectHappened))
}

func (e KeyProved) check() error {
	return errors.Join(isHex("id", e.ID), IsDigest("spki_sha256", e.SPKISHA256), oneOf("how", e.How, "request", "certificate", "challenge", "found"))
}

func (e SerialDrawn) check() error { return isHex("serial", e.Serial) }

func (e ObjectLinted) check() error {
	return errors.Join(IsID("artifact", e.Artifact), oneOf("stage", e.Stage, StagePlanning, StageBeforeSigning, StageAfterSigning),
		Optional(func(name, s string) error { return isIn(name, s, "lint/"+e.Artifact+".") }, "file", e.File),
		Optional(IsDigest, "sha256", e.SHA256))
}

func (e SignatureConfirmed) check() error {
	if (e.TBSSHA256 == "") == (len(e.Table) == 0) {
		return errors.New("want either tbs_sha256 or table")
	}
	for _, row := range e.Table {
		if err := IsDigest("tbs_sha256", row.TBSSHA256); err != nil {
			return err
		}
	}
	return Optional(IsDigest, "tbs_sha256", e.TBSSHA256)
}

func (e ConfirmationRefused) check() error { return IsDigest("tbs_sha256", e.TBSSHA256) }

func (e ArtifactWritten) check() error {
	room := "artifacts/"
	if e.Withheld != "" {
		room = "withheld/"
	}
	if !strings.HasPrefix(e.Path, room) {
		return fmt.Errorf("path: %q does not begin with %q", e.Path, room)
	}
	return errors.Join(oneOf("kind", e.Kind, KindCertificate, KindCRL, KindCSR, KindOCSP),
		oneOf("encoding", e.Encoding, EncodingDER, EncodingPEM),
		IsID("artifact", e.Artifact), isPath(e.Path), IsDigest("sha256", e.SHA256), IsHexOf("sha512", e.SHA512, 64))
}

func (e ArtifactChecked) check() error { return IsID("artifact", e.Artifact) }

func isWhat(what string) error {
	return oneOf("what", what, WhatGenerate, WhatSign, WhatRandom, WhatFind, WhatDestroy)
}

// Optional leaves an empty value alone.
func Optional(check func(name, value string) error, name, value string) error {
	if value == "" {
		return nil
	}
	return check(name, value)
}

func oneOf(name, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is none of %q", name, value, allowed)
}

// IsDigest wants a SHA-256 in lower-case hexadecimal.
func IsDigest(name, value string) error { return IsHexOf(name, value, 32) }

// IsHexOf wants a number of octets in lower-case hexadecimal.
func IsHexOf(name, value string, octets int) error {
	if len(value) != 2*octets {
		return fmt.Errorf("%s: %q has %d characters, want %d", name, value, len(value), 2*octets)
	}
	return isHex(name, value)
}

func isHex(name, value string) error {
	if _, err := hex.DecodeString(value); err != nil || value != strings.ToLower(value) {
		return fmt.Errorf("%s: %q is not lower-case hexadecimal", name, value)
	}
	return nil
}

// IsBase64 refuses other spellings of the same bytes, too.
func IsBase64(name, value string) error {
	data, err := base64.StdEncoding.DecodeString(value)
	if err != nil || base64.StdEncoding.EncodeToString(data) != value {
		return fmt.Errorf("%s: not base64", name)
	}
	return nil
}

// IsID allows what may stand in file names and in the name of a seal key.
func IsID(name, value string) error {
	if value == "" || len(value) > 128 || strings.ContainsFunc(value, isNotIDRune) {
		return fmt.Errorf("%s: %q is not an id of letters, digits, dots, hyphens and underscores", name, value)
	}
	return nil
}

// isIn allows the paths of the folders in which an event accounts for files: a
// file is what its folder says only by the event of that folder.
func isIn(name, value string, folders ...string) error {
	if !slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(value, f) }) {
		return fmt.Errorf("%s: %q begins with none of %q", name, value, folders)
	}
	return isPath(value)
}

// isPath allows the paths that MANIFEST can hold.
func isPath(value string) error { return artifact.CheckPath(value) }

func isNotIDRune(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
}
