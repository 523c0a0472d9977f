package drivers

import (
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// IDs of the problems that the section tells of.
const (
	// ProblemUnknown: there is no such driver, draft, version or request. Status 404.
	ProblemUnknown = "driver_unknown"
	// ProblemName: that can't be a driver's name.
	ProblemName = "driver_name_invalid"
	// ProblemManaged: a folder of the installation has a driver of that name. Status 409.
	ProblemManaged = "driver_managed_by_file"
	// ProblemSize: a part of the script is longer than it may be. Status 413.
	ProblemSize = "driver_too_large"
	// ProblemLanguage: the language is neither js nor java.
	ProblemLanguage = "driver_language_unknown"
	// ProblemCase: a case's name or text can't be one.
	ProblemCase = "driver_case_invalid"
	// ProblemInput: what a trial was given can't be read.
	ProblemInput = "driver_trial_input_invalid"
	// ProblemBusy: too many trials run on this node. Status 503.
	ProblemBusy = "driver_trial_busy"
	// ProblemTrials: the calls that trials may make are used up. Status 429.
	ProblemTrials = "driver_trial_limited"
	// ProblemStopped: the kill switch is on for the number's country or the driver. Status 409.
	ProblemStopped = "driver_trial_stopped"
	// ProblemSecretsWanted: the script would get the driver's secrets and was never let serve; that needs the right to set them.
	// Status 403.
	ProblemSecretsWanted = "driver_trial_secrets"
	// ProblemHosts: the script would take the secrets to new hosts, and a second administrator must agree to these. Status 409.
	ProblemHosts = "driver_trial_hosts"
	// ProblemFaulty: a check found problems, or a case fails. Status 422.
	ProblemFaulty = "driver_not_publishable"
	// ProblemRefused: the settings with that version couldn't be served. Status 422.
	ProblemRefused = "driver_not_servable"
	// ProblemComment: publishing needs a comment.
	ProblemComment = "driver_comment_missing"
	// ProblemPerson: only a person may ask for or give a second administrator's word. Status 403.
	ProblemPerson = "driver_person_needed"
	// ProblemOwn: nobody confirms their own. Status 403.
	ProblemOwn = "driver_own_request"
	// ProblemUnreleased: the version was never let serve, so there is no way back to it. Status 409.
	ProblemUnreleased = "driver_version_unreleased"
	// ProblemSecret: the driver's manifest names no such secret, or the value is empty or too long.
	ProblemSecret = "driver_secret_invalid"
)

func problem(id string, status int, args map[string]any) error {
	return &idp.Problem{ID: id, Status: status, Args: args}
}

func unknown() error { return problem(ProblemUnknown, http.StatusNotFound, nil) }

// conflict says that somebody was faster.
func conflict(cause error) error {
	return &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusConflict, Cause: cause}
}
