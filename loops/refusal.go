package loops

import "errors"

// Reason says why the host stopped a script.
type Reason string

// The reasons.
const (
	ReasonTime        Reason = "time"        // a step, or the script's part of a run, took too long
	ReasonMemory      Reason = "memory"      // it wanted too much memory or stack
	ReasonContract    Reason = "contract"    // it threw, returned something else than an action, or passed a limit
	ReasonSyntax      Reason = "syntax"      // it can't be parsed
	ReasonUnsupported Reason = "unsupported" // it uses what the engine doesn't have, or lacks the function that was asked for
	ReasonEgress      Reason = "egress"      // it asked for a request that isn't allowed
)

// Refusal says that the host stopped a script. It is a fault of the driver, never of the user or the provider, so the
// administrator must hear of it.
type Refusal struct {
	Reason Reason
	Detail string // "FILE:LINE:COL: what is wrong", redacted; without LINE:COL where the place isn't known
	Steps  []Step // as in Result
}

// Error gives reason and detail.
func (r *Refusal) Error() string { return "loop refused (" + string(r.Reason) + "): " + r.Detail }

// StepsOf gives the steps of a run that ended with a *Failure or a *Refusal, nil for any other error.
func StepsOf(err error) []Step {
	var failed *Failure
	var refused *Refusal
	switch {
	case errors.As(err, &failed):
		return failed.Steps
	case errors.As(err, &refused):
		return refused.Steps
	}
	return nil
}
