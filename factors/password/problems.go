package password

import (
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// Problems of the method; factors.ProblemBusy is the third that people meet.
const (
	// ProblemWrong: login or password is wrong, or the account is blocked, or
	// nobody has that login: the answer is the same. Field "password"; Args:
	// until (time.Time), only where the next try must wait. Status 401.
	ProblemWrong = "password_wrong"
	// ProblemWait: too many tries with this login, whether somebody has it or
	// not; none is looked at before. Args: until (time.Time). Status 429.
	ProblemWait = "password_wait"
)

func wrong() *factors.Problem {
	return &factors.Problem{ID: ProblemWrong, Status: http.StatusUnauthorized, Field: FieldPassword}
}

func wait(until time.Time) *factors.Problem {
	return &factors.Problem{ID: ProblemWait, Status: http.StatusTooManyRequests,
		Args: map[string]any{"until": until}}
}
