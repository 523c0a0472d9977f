package idp

// IDs of the problems that more than one part of the provider tells of; each
// part lists its own beside itself. One id means one thing everywhere, and never
// changes once released.
const (
	// ProblemInternal: a fault of ours. Its cause is in the log alone. Status 500.
	ProblemInternal = "internal"
	// ProblemUnavailable: the database failed, and trying again shortly helps; see
	// ErrUnavailable. Its cause is in the log alone. Status 503.
	ProblemUnavailable = "unavailable"
	// ProblemClientUnknown: the relying party isn't registered, or not any more.
	ProblemClientUnknown = "client_unknown"
	// ProblemRequest: what a relying party sent can't be understood.
	ProblemRequest = "request_invalid"
	// ProblemLoginUnknown: this browser has no such login.
	ProblemLoginUnknown = "login_unknown"
	// ProblemLoginExpired: the login took too long.
	ProblemLoginExpired = "login_expired"
	// ProblemLoginAnswered: the relying party has its answer already.
	ProblemLoginAnswered = "login_answered"
	// ProblemCrossOrigin: another site posted the form. Status 403.
	ProblemCrossOrigin = "cross_origin"
	// ProblemForm: the form can't be read. Status 400.
	ProblemForm = "form_invalid"
)
