package front

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/overload"
)

// ProblemTooOften: more requests came from one address than may. Args: until
// (time.Time). Status 429.
const ProblemTooOften = "too_many_requests"

// tooOften tells the caller when to come again (RFC 6585, section 4).
func (f *Front) tooOften(w http.ResponseWriter, r *http.Request, form Form, wait time.Duration) {
	oauth.RetryAfter(w, wait)
	f.refuse(w, r, form, &idp.Problem{
		ID: ProblemTooOften, Status: http.StatusTooManyRequests, Args: map[string]any{"until": f.o.Now().Add(wait)},
	})
}

// tooBusy tells the caller of a refusal when to come again. Who hung up is told nothing.
func (f *Front) tooBusy(w http.ResponseWriter, r *http.Request, form Form, err error) {
	var refusal *overload.Refusal
	if !errors.As(err, &refusal) {
		return
	}
	oauth.RetryAfter(w, refusal.RetryAfter)
	f.refuse(w, r, form, &idp.Problem{ID: factors.ProblemBusy, Status: http.StatusServiceUnavailable})
}

// Unrecorded answers in the place of what can't be put on record: it says that the
// database is unavailable.
func (f *Front) Unrecorded(w http.ResponseWriter, r *http.Request) {
	err := fmt.Errorf("an answer waited too long for its audit record: %w", idp.ErrUnavailable)
	form := f.places.find(r.Method, r.URL.Path).form
	f.o.Withheld()
	if form == FormOAuth {
		f.o.Log.ErrorContext(r.Context(), "an answer was withheld", "error", err)
		oauth.WriteFailure(w, oauth.FailureOf(err), "")
		return
	}
	oauth.ComeAgain(w, http.StatusServiceUnavailable)
	f.refuse(w, r, form, idp.ProblemOf(err))
}

func (f *Front) refuse(w http.ResponseWriter, r *http.Request, form Form, p *idp.Problem) {
	switch form {
	case FormOAuth:
		oauth.AllowWaiting(w)
		oauth.WriteFailure(w, &oauth.Failure{Code: oauth.TemporarilyUnavailable, Description: description(p.Status), Status: p.Status}, "")
	case FormAPI:
		f.teller.Refuse(w, r, p)
	default:
		f.o.Pages.Problem(w, r, p)
	}
}

func description(status int) string {
	if status == http.StatusTooManyRequests {
		return "too many requests; come again after the seconds of Retry-After"
	}
	return "too busy; come again after the seconds of Retry-After"
}
