package flashcall

// Problems of the phone itself, told before any call is asked for. The
// problems of codes and budgets are otp's. None of them names the number.
const (
	// ProblemNoPhone: the account has no phone number.
	ProblemNoPhone = "no_phone"
	// ProblemPhoneMalformed: the number on file can't be a phone number.
	ProblemPhoneMalformed = "phone_malformed"
	// ProblemPhoneUnfit: a number of a kind that shows no caller or costs money:
	// landline, premium rate, shared cost, toll-free, pager, voicemail, UAN.
	ProblemPhoneUnfit = "phone_unfit"
	// ProblemNumberMalformed: what somebody typed can't be a phone number.
	ProblemNumberMalformed = "number_malformed"
	// ProblemNumberUnfit: as ProblemPhoneUnfit, of a number that somebody typed.
	ProblemNumberUnfit = "number_unfit"
	// ProblemPhoneCountry: calls don't go to the number's country here. Status 409.
	ProblemPhoneCountry = "phone_country"
)

// Problems of a call that didn't come about. What the provider said is in the
// log; people learn only what helps them. Args: resend_at (time.Time).
const (
	// ProblemCallUnreachable: the phone can't be reached now (switched off, no
	// network).
	ProblemCallUnreachable = "call_unreachable"
	// ProblemCallRefused: calls to this number aren't possible: it doesn't exist,
	// its country isn't served, or it is on a stop-list.
	ProblemCallRefused = "call_refused"
	// ProblemCallLimited: too many calls to this number or from this address;
	// later, or another method.
	ProblemCallLimited = "call_limited"
	// ProblemCallUnavailable: the provider is out of order, or we are wrongly set
	// up with it; the person can do nothing about it but try later or take another method.
	ProblemCallUnavailable = "call_unavailable"
	// ProblemCallUnknown: we don't know whether the call was placed; a new one may
	// be asked for.
	ProblemCallUnknown = "call_unknown"
)
