// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"reflect"
	"strings"

	"rootceremony/transcripts/event"
)

const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// texts are values that fields with these JSON names can have, first by type
// and name; all others can have any text.
var texts = map[string]string{
	"SiteChanged.needs": "approval", "Restored.keys": hash, "CeremonyClosed.outcome": "complete", "PlanApproval.class": "none", "policy_sha256": hash, "scan_sha256": hash, "object": "plan", "Approval.file": "plan.json", "before_sha256": hash, "StepRedone.earlier": "void", "StepRedone.keys": hash, "StepFinished.outcome": "done", "PINRefused.outcome": "wrong", "KeyProved.how": "found", "DigestRead.what": "plan", "TokenCensus.when": "opened", "moment": "2026-12-01T09:00:00Z", "exception": "unapproved-amendment", "purpose": "key-proof", "ArtifactWritten.kind": "crl",
	"sha256": hash, "sha512": hash + hash, "plan_sha256": hash, "site_sha256": hash, "lint_sha256": hash, "tbs_sha256": hash,
	"spki_sha256": hash, "key_spki_sha256": hash, "id": "0a1b", "serial": "0a1b", "root": "AAEC", "spki": "AAEC", "tbs": "AAEC", "signature": "AAEC", "random": "AAEC",
	"mode": "rehearsal", "level": "require", "what": "sign", "effect": "none", "stage": "planning", "encoding": "der",
	"room": "2026-12-01T09:00:01Z", "host": "2026-12-01T09:00:00Z", "path": "evidence/a", "file": "lint/x.json", "tbs_file": "evidence/a", "torn_file": "evidence/a", "from": "artifacts/a",
}

// filled gives an event with a value in every field, or in those that are
// always written.
func filled(e event.Event, all bool) event.Event {
	v := reflect.New(reflect.TypeOf(e)).Elem()
	fill(v, "", all)
	switch e := v.Interface().(type) {
	case event.SignatureConfirmed: // either one object or a table
		if all {
			e.Artifact, e.TBSSHA256 = "", ""
		} else {
			e.Artifact, e.TBSSHA256 = "a", hash
		}
		return e
	case event.StepRedone:
		e.Attempt = 2
		return e
	case event.StepStarted:
		e.Attempt *= 2
		return e
	case event.DigestRead:
		if all {
			e.What, e.Artifact = event.WhatHead, ""
		}
		return e
	case event.DeviationRecorded: // of one law
		e.Token, e.Chosen = "", nil
		return e
	case event.OperationIntended: // either an artifact or a purpose
		e.Artifact = ""
		return e
	case event.FileLoaded:
		if !all {
			e.Path = "trust/a"
		}
		return e
	case event.FileWritten:
		if all {
			e.Path, e.Kind = "evidence/left-over/a", event.KindLeftOver
		}
		return e
	case event.ArtifactWritten:
		e.Path = "artifacts/a"
		if all {
			e.Path = "withheld/a"
		}
		return e
	default:
		return e.(event.Event)
	}
}

func fill(v reflect.Value, name string, all bool) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
		if s, ok := texts[name]; ok {
			v.SetString(s)
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name, all)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name, all)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.ValueOf("sign"), reflect.New(v.Type().Elem()).Elem()
		if name == "signatures" {
			key = reflect.ValueOf("settled")
		}
		fill(value, "", all)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		fillStruct(v, all)
	}
}

func fillStruct(v reflect.Value, all bool) {
	for i := range v.NumField() {
		name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if options != "" && !all {
			continue
		}
		if special := v.Type().Name() + "." + name; texts[special] != "" {
			name = special
		}
		fill(v.Field(i), name, all)
	}
}
