package login

import (
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
)

// IDs of the problems that a login alone can tell of. The others are those of
// package idp, of package factors and of its methods.
const (
	ProblemOtherBrowser = "login_other_browser" // it began in another browser
	ProblemCrossOrigin  = idp.ProblemCrossOrigin
	ProblemForm         = idp.ProblemForm
	ProblemTooLarge     = "form_too_large"  // the form is larger than any real one
	ProblemMediaType    = "media_type"      // neither a form nor JSON
	ProblemConsent      = "consent_changed" // the consent was given to something else
)

func problem(id string, status int) *idp.Problem { return &idp.Problem{ID: id, Status: status} }

var (
	// errOver: the login moved on in another request; look again.
	errOver = errors.New("the login has moved on")
	// errEntered: the login has signed in under a cookie that this request has not.
	errEntered = errors.New("the login goes on in the session that it signed in to")
	// errRepeated: the form was posted before.
	errRepeated = errors.New("the form was posted before")
)

func unknownAction() error { return problem(factors.ProblemUnknownAction, http.StatusBadRequest) }
