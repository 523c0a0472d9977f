package audit

// The comment of a constant goes into docs/reference/audit.md as it is: when the
// event is recorded, and after "Params:" what its params hold.

// Types of a login.
const (
	// A relying party began a login, or a person did at a page of ours. Params:
	// scopes, acr_values, prompt.
	TypeLoginBegun = "login_begun"
	// A method proved who the person is. Params: method, factor (1 or 2).
	TypeFactorProved = "factor_proved"
	// A person tried a method in vain; what calls refuse has types of its own.
	// Params: method, factor, problem. The subject is known where the login that was
	// typed is somebody's.
	TypeFactorFailed = "factor_failed"
	// The person chose among several methods. Params: method.
	TypeMethodChosen = "method_chosen"
	// The person allowed an application what it asked for. Params: items.
	TypeConsentGiven = "consent_given"
	// The login succeeded (Blitz's type). Params: used_login, auth_methods, authnDone,
	// factors (1 or 2).
	TypeLogin = "login"
	// The login ended without success. Params: error (OAuth's word).
	TypeLoginDenied = "login_denied"
)

// Types of calls and messages. Their params hold method, channel (flashCall, sms,
// voice), driver, and phone: the number, masked.
const (
	// A person asked for a code.
	TypeCallAsked = "call_asked"
	// A code was refused before anything was sent. Params: problem, and budget where
	// a limit was reached.
	TypeCallRefused = "call_refused"
	// The provider took the order. Params: pending where it has only taken it.
	TypeCallPlaced = "call_placed"
	// The order failed. Params: failure (the vocabulary of drivers), moved_on where
	// the next route of the chain was taken.
	TypeCallFailed = "call_failed"
	// The provider told how a call stands. Params: state, failure, moved_on.
	TypeCallNews = "call_news"
	// The right code was entered.
	TypeCodeConfirmed = "code_confirmed"
	// A wrong code was entered. Params: problem, used (the person's attempts in total).
	TypeCodeWrong = "code_wrong"
	// The attempts of a login are used up. Params: problem, used.
	TypeCodeExhausted = "code_exhausted"
	// A code was entered that could not be compared: too late, too early, twice, in a
	// wrong form. Params: problem.
	TypeCodeRefused = "code_refused"
	// The method is blocked for the person. Params: used.
	TypeMethodBlocked = "method_blocked"
	// The person said that the number isn't theirs.
	TypeNumberRefused = "number_refused"
	// The owner of a number stopped calls to it.
	TypeCallsStopped = "calls_stopped"
	TypeCallsAllowed = "calls_allowed" // the owner of a number lets it be called again
)

// Types of relying parties and their tokens.
const (
	// Tokens were given. Params: grant_type, grant, scopes.
	TypeTokenIssued = "token_issued"
	// Tokens were given for a refresh token. Params: grant, scopes.
	TypeTokenRefreshed = "token_refreshed"
	// A token request was refused. Params: grant_type, error.
	TypeTokenRefused = "token_refused"
	// A code or refresh token came twice, so all that it gave was revoked. Params:
	// grant, what (code or refresh token).
	TypeTokenReused = "token_reused"
	// A relying party gave a token back. Params: kind (access or refresh).
	TypeTokenRevoked = "token_revoked"
	// A relying party didn't prove who it is. Params: error. Beyond a bound for each
	// address they are counted: see suppressed.
	TypeClientFailed = "client_auth_failed"
	// Software registered itself, or an administrator registered it.
	TypeClientRegistered = "client_registered"
	TypeClientChanged    = "client_changed" // what is registered was changed. Params: before and after, or what.
	TypeClientDeleted    = "client_deleted" // a registration was taken away
	// A registration was refused. Params: error.
	TypeRegistrationRefused = "registration_refused"
)

// Types of people's sessions, devices and own page.
const (
	// Sessions of a person ended. Params: by (person, api, command_line), sessions,
	// everywhere.
	TypeSessionEnded = "session_ended"
	// An application lost what the person allowed it; the object is the client.
	TypeAccessRevoked = "access_revoked"
	// A device asked for a code. Params: scopes.
	TypeDeviceBegun = "device_begun"
	// Somebody typed the code of no device.
	TypeDeviceCodeWrong = "device_code_wrong"
	TypeDeviceDecided   = "device_decided" // a person answered a device. Params: allowed.
)

// Types of what administrators do, in the console, by the API and on the command line.
const (
	TypeSettingsChanged = "settings_changed" // saved settings changed. Params: revision, comment, changes with before and after.
	// What the record before says was not done after all: saving it failed. Params: as there.
	TypeSettingsNotChanged = "settings_not_changed"
	TypeDriverPublished    = "driver_published"            // a driver's version serves from now on. Params: version.
	TypeRolesChanged       = "administrator_roles_changed" // an administrator was appointed, or not any more. Params: before, after.
	TypeConsoleEntered     = "console_entered"             // an administrator came into the console
	TypeConsoleLeft        = "console_left"                // an administrator left the console
	TypeUserCreated        = "user_created"                // an account was made
	TypeUserChanged        = "user_changed"                // an account was changed. Params: before and after; of secrets only that they changed.
	TypeUserDeleted        = "user_deleted"                // an account was deleted
	TypeKeysRotated        = "keys_rotated"                // signing keys were made anew, or withdrawn. Params: what.
	TypeInitialToken       = "initial_token_changed"       // a token that lets software register was made or taken back. Params: what.
	TypeAuditExported      = "audit_exported"              // records of this trail were exported. Params: format, records, filter.
)

// Types of the trail itself.
const (
	// Records older than audit.keep went. Params: records, through (the last seq).
	TypeAuditSwept = "audit_swept"
	// The chain was found broken when this record was to follow. Params: reason.
	TypeAuditBroken = "audit_broken"
)
