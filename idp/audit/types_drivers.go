package audit

// Types of events about drivers. Object is the driver's name.
const (
	TypeDriverDraftSaved    = "driver_draft_saved"           // a draft was saved
	TypeDriverDraftDropped  = "driver_draft_dropped"         // a draft was thrown away
	TypeDriverRequested     = "driver_publication_requested" // a second administrator is to confirm it
	TypeDriverRefused       = "driver_publication_refused"   // a second administrator said no
	TypeDriverNotPublished  = "driver_not_published"         // what was recorded as published couldn't be saved
	TypeDriverCalled        = "driver_trial_called"          // a trial called a number
	TypeDriverSecretSet     = "driver_secret_set"            // a secret was set. Params: its name, never its value
	TypeDriverSecretRemoved = "driver_secret_removed"        // a secret was removed. Params: its name
)
