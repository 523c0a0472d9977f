package idp

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Prompt values of an authorization request (OpenID Connect Core, section 3.1.2.1).
const (
	PromptNone          = "none"
	PromptLogin         = "login"
	PromptConsent       = "consent"
	PromptSelectAccount = "select_account"
)

// Authentication context classes that ID tokens carry (acr) and relying
// parties may ask for (acr_values).
const (
	ACROneFactor  = "urn:ringtail:acr:1"
	ACRTwoFactors = "urn:ringtail:acr:2"
	// ACRPhone: the person's number was confirmed by the method PhoneMethod, as
	// whichever factor. A token says it only to whoever asked for it.
	ACRPhone = "urn:ringtail:acr:phone"
)

// PhoneMethod is the method whose proof confirms a person's number.
const PhoneMethod = "flashCall"

// ACRs are the classes that mean something here.
func ACRs() []string { return []string{ACROneFactor, ACRTwoFactors, ACRPhone} }

// AuthorizationRequest is a relying party's request after it was checked: its
// client exists, its redirect URI is registered, its parameters are single.
type AuthorizationRequest struct {
	ClientID      string   `json:"client_id"`
	RedirectURI   string   `json:"redirect_uri"`
	ResponseType  string   `json:"response_type"`
	ResponseMode  string   `json:"response_mode,omitempty"`
	Scopes        []string `json:"scopes"`
	State         string   `json:"state,omitempty"`
	Nonce         string   `json:"nonce,omitempty"`
	CodeChallenge string   `json:"code_challenge,omitempty"` // S256 always
	Prompt        []string `json:"prompt,omitempty"`
	// MaxAge is in seconds; nil where the request has none. 0 means "now".
	MaxAge      *int64   `json:"max_age,omitempty"`
	ACRValues   []string `json:"acr_values,omitempty"`
	LoginHint   string   `json:"login_hint,omitempty"`
	HintSubject string   `json:"hint_subject,omitempty"` // sub of a verified id_token_hint
	UILocales   []string `json:"ui_locales,omitempty"`
	Display     string   `json:"display,omitempty"`
	// Claims is the claims parameter; nil where the request has none.
	Claims *ClaimsRequest `json:"claims,omitempty"`
	// ACREssential: the claims parameter wants one of ACRValues, or no login.
	ACREssential bool `json:"acr_essential,omitempty"`
	// Resources are the audiences that access tokens may be for (RFC 8707).
	Resources []string `json:"resources,omitempty"`
	// Device is the ID of the device authorization (RFC 8628) that the login is
	// for, and UserCode its code as people see it. Such a login has no redirect URI
	// and always asks for consent.
	Device   string `json:"device,omitempty"`
	UserCode string `json:"user_code,omitempty"`
	// Trace is where the trace of the login goes on; empty where it isn't traced.
	Trace string `json:"trace,omitempty"`
}

// ClaimsRequest is the claims parameter (OpenID Connect Core, section 5.5): by
// the name of the claim, nil where it is wanted without more.
type ClaimsRequest struct {
	Userinfo map[string]*ClaimWish `json:"userinfo,omitempty"`
	IDToken  map[string]*ClaimWish `json:"id_token,omitempty"`
}

// ClaimWish is how a claim is wanted (OpenID Connect Core, section 5.5.1).
type ClaimWish struct {
	Essential bool  `json:"essential,omitempty"`
	Value     any   `json:"value,omitempty"`
	Values    []any `json:"values,omitempty"`
}

// Names are the claims' names, sorted; none of a nil request.
func (r *ClaimsRequest) Names(at func(*ClaimsRequest) map[string]*ClaimWish) []string {
	if r == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(at(r)))
}

// Prompts says whether the request's prompt has the value.
func (r *AuthorizationRequest) Prompts(value string) bool {
	return slices.Contains(r.Prompt, value)
}

// Class is what the request's acr_values ask for; empty where they ask for
// nothing. They stand in order of preference, so the first class that we know
// decides (OpenID Connect Core, section 3.1.2.1).
func (r *AuthorizationRequest) Class() string {
	for _, acr := range r.ACRValues {
		if slices.Contains(ACRs(), acr) {
			return acr
		}
	}
	return ""
}

// Reached is the class that tokens of the request say, where the facts were
// proved. Of classes that are essential one is said, and no higher one in its
// place (OpenID Connect Core, section 5.5.1.1); empty where none is reached.
func (r *AuthorizationRequest) Reached(facts []Fact) string {
	reached := ACR(r.Class(), facts)
	switch {
	case !r.ACREssential || slices.Contains(r.ACRValues, reached):
		return reached
	case slices.Contains(r.ACRValues, ACROneFactor):
		return ACROneFactor
	}
	return ""
}

// Fact is something that was proved about the person: by which method, as
// which factor, when. Facts are only ever added by a method's own proof.
type Fact struct {
	Method string    `json:"method"` // the method's id in the settings: password, flashCall
	Factor int       `json:"factor"` // 1 or 2
	AMR    []string  `json:"amr"`    // RFC 8176 values of this method alone
	At     time.Time `json:"at"`
}

// LoginState is where a login stands; it only moves forward.
type LoginState string

// The states of a login. Open may become Done or Denied; both may become
// Answered, once. When its user is blocked or given a new password, Open and
// Done become Denied.
const (
	LoginOpen     LoginState = "open"     // steps are due
	LoginDone     LoginState = "done"     // the facts suffice; the callback is due
	LoginDenied   LoginState = "denied"   // an error answer is due
	LoginAnswered LoginState = "answered" // the relying party has its answer
)

// Settled is the end of a login that asked nothing of the person, because they are
// signed in. The login itself says whom it names and what was proved.
type Settled struct {
	User *User
	// Change is what becomes of the session that the login names, within the
	// transaction that stores what the login gives. ErrNotFound where it ended: the
	// login is to be gone through then.
	Change func(*Session) error
	// Done records the end, once it is stored.
	Done func(context.Context)
}

// Login is one authorization request on its way to an answer, in one browser.
type Login struct {
	ID string
	// Browser is the id of the browser that began the login; no other may go on with it.
	Browser string
	Request AuthorizationRequest
	State   LoginState
	// UserID is empty until the first factor or a session names the person.
	UserID string
	// Session is the session that the login ended in; set together with Done.
	Session string
	// Facts that count for this login: its own, and those of the session it resumed.
	Facts []Fact
	// AuthTime is when the person last proved something actively.
	AuthTime time.Time
	// Chosen is the second factor the person picked where several are offered.
	Chosen string
	// Consented is set when the person agreed on the consent page.
	Consented bool
	// Error is the OAuth error code to answer with when Denied.
	Error string
	// Forms are the ids of forms that were answered already, so that a form
	// posted twice counts once.
	Forms     []string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// maxForms bounds Login.Forms; a person does not keep more pages of one login open.
const maxForms = 32

// Answered says whether the form was posted before.
func (l *Login) Answered(form string) bool { return form != "" && slices.Contains(l.Forms, form) }

// Answer remembers a posted form; the oldest are forgotten first.
func (l *Login) Answer(form string) {
	if form == "" {
		return
	}
	l.Forms = append(l.Forms, form)
	if extra := len(l.Forms) - maxForms; extra > 0 {
		l.Forms = l.Forms[extra:]
	}
}

// Expired says whether the login's time is over at now.
func (l *Login) Expired(now time.Time) bool { return !now.Before(l.ExpiresAt) }

// Session is a person signed in in one browser; its ID is the sid claim.
type Session struct {
	ID       string
	UserID   string
	Browser  string
	Facts    []Fact
	AuthTime time.Time
	// SeenAt moves with use; the session ends when it is idle too long, at
	// ExpiresAt, or at EndedAt when somebody ended it.
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	EndedAt   time.Time
	// UserAgent and Address are those of the last sign-in, so that the person knows
	// the session again; empty where they weren't told.
	UserAgent string
	Address   string
}

// Alive says whether the session may still be used at now.
func (s *Session) Alive(now time.Time, idle time.Duration) bool {
	return s.Stands(now) && now.Before(s.SeenAt.Add(idle))
}

// Stands says whether what was granted in the session still holds at now: nobody
// ended it and its life isn't over. That it was idle too long ends the sign-in in
// the browser alone, because an application in use doesn't touch the session.
func (s *Session) Stands(now time.Time) bool {
	return s.EndedAt.IsZero() && now.Before(s.ExpiresAt)
}

// End ends the session at now, unless it was ended before.
func (s *Session) End(now time.Time) {
	if s.EndedAt.IsZero() {
		s.EndedAt = now
	}
}

// AMR joins the facts' amr values in the order of proof and adds what follows
// from two factors (RFC 8176): mca where a telephone took part beside the
// browser, and mfa.
func AMR(facts []Fact) []string {
	var amr []string
	var first, second, telephone bool
	for _, f := range facts {
		for _, v := range f.AMR {
			if !slices.Contains(amr, v) {
				amr = append(amr, v)
			}
			telephone = telephone || v == "tel" || v == "sms"
		}
		first = first || f.Factor == 1
		second = second || f.Factor == 2
	}
	if !first || !second {
		return amr
	}
	if telephone {
		amr = append(amr, "mca")
	}
	return append(amr, "mfa")
}

// ACR is the class that the facts reach, where the class asked for is as
// AuthorizationRequest.Class has it.
func ACR(asked string, facts []Fact) string {
	if asked == ACRPhone && slices.ContainsFunc(facts, func(f Fact) bool { return f.Method == PhoneMethod }) {
		return ACRPhone
	}
	if slices.ContainsFunc(facts, func(f Fact) bool { return f.Factor == 2 }) {
		return ACRTwoFactors
	}
	return ACROneFactor
}
