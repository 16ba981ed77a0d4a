// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

// Type implements [Event].
func (CeremonyOpened) Type() string { return "ceremony.opened" }

// Type implements [Event].
func (CeremonyStopped) Type() string { return "ceremony.stopped" }

// Type implements [Event].
func (CeremonyClosed) Type() string { return "ceremony.closed" }

// Type implements [Event].
func (SessionStarted) Type() string { return "session.started" }

// Type implements [Event].
func (SessionEnded) Type() string { return "session.ended" }

// Type implements [Event].
func (PlanApproval) Type() string { return "plan.approval" }

// Type implements [Event].
func (PlanAmended) Type() string { return "plan.amended" }

// Type implements [Event].
func (JournalRecovered) Type() string { return "journal.recovered" }

// Type implements [Event].
func (PreflightChecked) Type() string { return "preflight.checked" }

// Type implements [Event].
func (ClockAttested) Type() string { return "clock.attested" }

// Type implements [Event].
func (DigestRead) Type() string { return "digest.read" }

// Type implements [Event].
func (FileLoaded) Type() string { return "file.loaded" }

// Type implements [Event].
func (FileWritten) Type() string { return "file.written" }

// Type implements [Event].
func (ParticipantArrived) Type() string { return "participant.arrived" }

// Type implements [Event].
func (ParticipantLeft) Type() string { return "participant.left" }

// Type implements [Event].
func (StepStarted) Type() string { return "step.started" }

// Type implements [Event].
func (StepRecorded) Type() string { return "step.recorded" }

// Type implements [Event].
func (StepFinished) Type() string { return "step.finished" }

// Type implements [Event].
func (StepRedone) Type() string { return "step.redone" }

// Type implements [Event].
func (DeviationRecorded) Type() string { return "deviation.recorded" }

// Type implements [Event].
func (NoteAdded) Type() string { return "note.added" }

// Type implements [Event].
func (CheckpointSealed) Type() string { return "checkpoint.sealed" }

// Type implements [Event].
func (TokenOpened) Type() string { return "token.opened" }

// Type implements [Event].
func (PINRefused) Type() string { return "pin.refused" }

// Type implements [Event].
func (TokenCensus) Type() string { return "token.census" }

// Type implements [Event].
func (TokenRestarted) Type() string { return "token.restarted" }

// Type implements [Event].
func (TokenClosed) Type() string { return "token.closed" }

// Type implements [Event].
func (ModuleOutput) Type() string { return "module.output" }

// Type implements [Event].
func (OperationIntended) Type() string { return "operation.intended" }

// Type implements [Event].
func (OperationFinished) Type() string { return "operation.finished" }

// Type implements [Event].
func (OperationFailed) Type() string { return "operation.failed" }

// Type implements [Event].
func (KeyProved) Type() string { return "key.proved" }

// Type implements [Event].
func (SerialDrawn) Type() string { return "serial.drawn" }

// Type implements [Event].
func (ObjectLinted) Type() string { return "object.linted" }

// Type implements [Event].
func (SignatureConfirmed) Type() string { return "signature.confirmed" }

// Type implements [Event].
func (ConfirmationRefused) Type() string { return "confirmation.refused" }

// Type implements [Event].
func (ArtifactWritten) Type() string { return "artifact.written" }

// Type implements [Event].
func (ArtifactChecked) Type() string { return "artifact.checked" }
