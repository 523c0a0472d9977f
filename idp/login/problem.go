package login

import (
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
)

// IDs of the problems that a login can tell of, besides those of package factors
// and of its methods.
const (
	ProblemUnknown      = "login_unknown"       // no such login
	ProblemOtherBrowser = "login_other_browser" // it began in another browser
	ProblemExpired      = "login_expired"       // it took too long
	ProblemAnswered     = "login_answered"      // the relying party has its answer
	ProblemClientGone   = "login_client_gone"   // the relying party is not registered any more
	ProblemBusy         = "login_busy"          // too many requests of this login at once
	ProblemCrossOrigin  = "cross_origin"        // another site posted the form
	ProblemForm         = "form_invalid"        // the form can't be read
	ProblemTooLarge     = "form_too_large"      // the form is larger than any real one
	ProblemMediaType    = "media_type"          // neither a form nor JSON
	ProblemChoice       = "method_unknown"      // the method isn't among those offered
)

func problem(id string, status int) *idp.Problem { return &idp.Problem{ID: id, Status: status} }

var (
	// errOver: the login moved on in another request; look again.
	errOver = errors.New("the login has moved on")
	// errRepeated: the form was posted before.
	errRepeated = errors.New("the form was posted before")
)

func unknownAction() error { return problem(factors.ProblemUnknownAction, http.StatusBadRequest) }
