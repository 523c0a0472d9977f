package otp

import (
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Problems of one-time codes, whatever channel brings them. Times in Args are
// time.Time.
const (
	// ProblemCodeFormat: what was typed can't be a code (letters, or not the
	// right number of digits). No attempt was spent. Field "code"; Args: length (int).
	ProblemCodeFormat = "code_format"
	// ProblemCodeWrong: a wrong code; another may be typed. Field "code"; Args:
	// tries_left (int, at least 1), only when few are left.
	ProblemCodeWrong = "code_wrong"
	// ProblemCodeExhausted: too many wrong codes in this login; a new call is
	// needed. Args: resend_at.
	ProblemCodeExhausted = "code_exhausted"
	// ProblemCodeExpired: the code was right or wrong, but too old; a new call is
	// needed. Args: resend_at.
	ProblemCodeExpired = "code_expired"
	// ProblemCodeUsed: the code was accepted once already (a form posted twice).
	// Status 409.
	ProblemCodeUsed = "code_used"
	// ProblemCodePending: the call is still being placed, so no code can be
	// compared yet. No attempt was spent. Field "code". Status 409.
	ProblemCodePending = "code_pending"
	// ProblemCodeNone: there is no code to compare with: nobody asked for a call
	// in this login, or the call failed. Field "code". Status 409.
	ProblemCodeNone = "code_none"
	// ProblemResendWait: a new call isn't possible yet. Args: resend_at. Status 429.
	ProblemResendWait = "resend_wait"
	// ProblemMethodBlocked: calls and codes of this person are used up; the
	// method is blocked for them, others aren't. Args: until. Status 429.
	ProblemMethodBlocked = "method_blocked"
	// ProblemNumberLimited: this number, address or network had its codes for now.
	// Args: until. Status 429.
	ProblemNumberLimited = "number_limited"
	// ProblemCallsLimited: a budget of everybody is used up: prefix, country or
	// spend. Args: until. Status 429.
	ProblemCallsLimited = "calls_limited"
	// ProblemCallsStopped: who owns the number wants no calls to it. Status 409.
	ProblemCallsStopped = "calls_stopped"
	// ProblemNumberNotMine: the person of this login said that the number isn't
	// theirs, so nothing is sent to it any more. Status 409.
	ProblemNumberNotMine = "number_not_mine"
	// ProblemNoRoute: no way of the chain leads to this number now, or none of the
	// channel that was asked for. Status 409.
	ProblemNoRoute = "no_route"
	// ProblemCheckFailed: the provider, who checks the code, couldn't be asked; the
	// attempt is spent. Field "code". Status 503.
	ProblemCheckFailed = "check_failed"
)

// FieldCode is the form field that holds a code.
const FieldCode = "code"

// Blocked is ProblemMethodBlocked.
func Blocked(until time.Time) *factors.Problem { return limited(ProblemMethodBlocked, until) }

func limited(id string, until time.Time) *factors.Problem {
	return &factors.Problem{ID: id, Status: http.StatusTooManyRequests, Args: map[string]any{"until": until}}
}

func conflict(id string) *factors.Problem {
	return &factors.Problem{ID: id, Status: http.StatusConflict}
}

func resendWait(at time.Time) *factors.Problem {
	return &factors.Problem{ID: ProblemResendWait, Status: http.StatusTooManyRequests,
		Args: map[string]any{"resend_at": at}}
}

func codeFormat(length int) *factors.Problem {
	return &factors.Problem{ID: ProblemCodeFormat, Field: FieldCode, Args: map[string]any{"length": length}}
}

func noCode(id string) *factors.Problem {
	return &factors.Problem{ID: id, Status: http.StatusConflict, Field: FieldCode}
}

func codeOver(id string, resendAt time.Time) *factors.Problem {
	return &factors.Problem{ID: id, Args: map[string]any{"resend_at": resendAt}}
}
