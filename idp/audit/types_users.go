package audit

// Types of what administrators do with users, beside those that others tell of too.
// Each has the user's login among its Params.
const (
	TypeUserBlocked        = "user_blocked"         // an account was blocked, and its sessions ended
	TypeUserUnblocked      = "user_unblocked"       // an account may be used again
	TypeUserPasswordSet    = "user_password_set"    // an administrator set a password. Params: must_change
	TypeUserPasswordChange = "user_password_change" // a password has to be changed, or not any more. Params: must_change, signed_out
	TypeUserMethodReset    = "user_method_reset"    // what was set up of a method was taken away. Params: method
	TypeUserCodesIssued    = "user_recovery_issued" // recovery codes were made. Params: count
	TypeUserLimitsLifted   = "user_limits_lifted"   // what was used up begins anew. Params: before
	TypeUserCallsStopped   = "user_calls_stopped"   // nobody is called at the number. Params: number, masked
	TypeUserCallsAllowed   = "user_calls_allowed"   // calls to the number are allowed again. Params: number, masked
	TypeUserSessionsEnded  = "user_sessions_ended"  // sessions were ended. Params: session, empty where all were
	TypeUserAccessRevoked  = "user_access_revoked"  // an application lost its access. Params: client
	TypeUsersExported      = "users_exported"       // accounts were exported
	TypeUsersImported      = "users_imported"       // accounts were imported. Params: created, changed, same, sha256 of the file
)
