package verify

// IDs of the problems that these endpoints alone tell of. The others are those
// of every API (api), of fields (factors), codes and budgets (otp) and calls
// (flashcall).
const (
	ProblemUnknown  = "verification_unknown" // the client has no such verification; 404
	ProblemOver     = "verification_over"    // its time is over; 409
	ProblemVerified = "verification_done"    // the number is verified already; 409
	ProblemBody     = "body_invalid"         // the body isn't one JSON object of texts; 400
	ProblemTooLarge = "body_too_large"       // 413
	ProblemMedia    = "body_media_type"      // the body isn't JSON; 415
	ProblemField    = "field_unknown"        // the request has a field that it can't have; 400
	ProblemKey      = "idempotency_key"      // the Idempotency-Key can't be one; 400
	ProblemBusy     = "idempotency_busy"     // a request with the key is being answered; 409
	ProblemMismatch = "idempotency_mismatch" // the key came with another request before; 422
)
