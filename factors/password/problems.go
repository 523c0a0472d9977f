package password

import (
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Problems of the method, and of new passwords; factors.ProblemBusy is another that
// people meet.
const (
	// ProblemWrong: login or password is wrong, or the account is blocked, or
	// nobody has that login: the answer is the same. Field "password"; Args:
	// until (time.Time), only where the next try must wait. Status 401.
	ProblemWrong = "password_wrong"
	// ProblemWait: too many tries with this login, whether somebody has it or
	// not; none is looked at before. Args: until (time.Time). Status 429.
	ProblemWait = "password_wait"
	// ProblemShort: a new password has too few characters. Args: min (int). Status 400.
	ProblemShort = "password_short"
	// ProblemCommon: a new password is one that everybody tries first. Status 400.
	ProblemCommon = "password_common"
	// ProblemIsLogin: a new password is the login, or little more. Status 400.
	ProblemIsLogin = "password_is_login"
	// ProblemSame: a new password is the old one. Status 400.
	ProblemSame = "password_same"
)

func wrong() *factors.Problem {
	return &factors.Problem{ID: ProblemWrong, Status: http.StatusUnauthorized, Field: FieldPassword}
}

func wait(until time.Time) *factors.Problem {
	return &factors.Problem{ID: ProblemWait, Status: http.StatusTooManyRequests,
		Args: map[string]any{"until": until}}
}
