package templates

import "time"

// Pages by name, each with the Data it takes. The page of a method's step is
// named after the method.
const (
	PagePassword    = "password"    // Step
	PageFlashCall   = "flashCall"   // Step
	PageRecovery    = "recovery"    // Step
	PageChoose      = "choose"      // Step
	PageNewPassword = "newPassword" // Step
	PageConsent     = "consent"     // Step
	PageProblem     = "problem"     // nil; Page.Problem says what happened
	PageLogout      = "logout"      // Logout
	PageSignedOut   = "signedOut"   // SignedOut
	PageFormPost    = "formPost"    // FormPost
	PageAccount     = "account"     // Account
	PageDevice      = "device"      // Device
)

// Page is one answer to a browser.
type Page struct {
	// Name is one of the Page constants or a method's ID.
	Name string
	// Status is the HTTP status; 0 means 200.
	Status int
	// Lang is what Renderer.Language said.
	Lang string
	// Client is what the relying party is called, empty where none takes part.
	Client string
	// Problem that the page tells of, nil where all is well.
	Problem *Problem
	// FormTargets are URIs outside that a posted form may lead to, such as the
	// login's redirect URI. Their origins go into the form-action directive, which
	// browsers hold against the redirects that follow a form as well.
	FormTargets []string
	// Images are https addresses outside whose images the page may load.
	Images []string
	// Frames are URIs outside that the page holds in frames. Only those with a plain
	// origin are loaded.
	Frames []string
	// Refresh takes the browser on by itself; nil where it stays.
	Refresh *Refresh
	// RequestID is what a person who asks for help can tell of a problem; may be empty.
	RequestID string
	// Data is the page's own; see the constants.
	Data any
}

// Problem is what went wrong: its ID names the texts.
type Problem struct {
	ID string
	// Args for the texts. An integer argument n chooses the plural form.
	Args map[string]any
	// Field is the form field at fault, empty when none is.
	Field string
}

// Step is a step of a login.
type Step struct {
	// Name of the step, posted back with the form it was made for.
	Name string
	// Form is the random id that makes a form count once.
	Form string
	// Person is the login of who signs in, empty while nobody was named.
	Person string
	// Typed is what the first field holds, login or phone: what was typed there,
	// when it was wrong, or a hint.
	Typed string
	// State, Values and Actions are those of the method's view.
	State   string
	Values  map[string]any
	Actions []string
	// Choices are the methods to pick from, on the choose page alone. (The other
	// pages offer "another way" where Actions has other.)
	Choices []Choice
	// Consent is what the relying party asks for, on the consent page alone.
	Consent *Consent
	// RefreshMillis asks to look again after this many milliseconds; 0 means no.
	RefreshMillis int64
}

// Choice is a method on the choose page.
type Choice struct {
	Method string
	// Problem says why the person can't use the method now; nil when they can.
	Problem *Problem
}

// Logout is the question before somebody is signed out.
type Logout struct {
	// Action is the address that the form posts to.
	Action string
	// Hidden fields of the form, by name.
	Hidden map[string]string
	// Person is the login of who is signed in; may be empty.
	Person string
}

// SignedOut says that the person is signed out.
type SignedOut struct {
	// Next is where the person goes on; empty where they stay. Its scheme is http,
	// https or a native app's own (RFC 8252, section 7.1); no link is made of others.
	Next string
}

// Refresh takes the browser to the URI a while after the page is loaded.
type Refresh struct {
	URI   string
	After time.Duration // whole seconds, rounded up
}

// FormPost is the answer to a relying party that asked for response_mode
// form_post (OAuth 2.0 Form Post Response Mode).
type FormPost struct {
	// Action is the redirect URI.
	Action string
	// Fields of the answer, by name.
	Fields map[string]string
}

// Account is the signed-in person's own page. Where nobody is signed in it holds
// the URL alone, and offers to sign in.
type Account struct {
	// URL of the page; its forms post there.
	URL string
	// Person is the login of who is signed in.
	Person string
	// SignOut is the address that signs out.
	SignOut string
	// Proof ties a form to the session and the number that it was made for.
	Proof string
	// Phone is the masked number on file; empty where none can be called.
	Phone string
	// Calling says that there is a method that calls.
	Calling bool
	// Stopped says that calls to the number are stopped.
	Stopped bool
	// OnlyWay says that the person can't sign in without a call.
	OnlyWay bool
	// Recent says that calls may be allowed again without signing in anew.
	Recent bool
	// Sessions are where the person is signed in, the one seen last first.
	Sessions []AccountSession
	// Calls are the last calls and messages, the newest first.
	Calls []AccountCall
	// Sharing says that the page tells which applications have access.
	Sharing bool
	// Accesses are those that have.
	Accesses []AccountAccess
}

// AccountAccess is an application that has access to the account.
type AccountAccess struct {
	ClientID string
	// Client is what the application is called.
	Client string
	Since  time.Time
	// Items are what it has, in words.
	Items []string
}

// AccountSession is where the person is signed in.
type AccountSession struct {
	ID string
	// Browser and System are what the browser says it is; may be empty.
	Browser, System string
	Address         string // IP address of the last sign-in; may be empty
	Began, Seen     time.Time
	Clients         []string // applications used, as they are called
	Current         bool     // the one that looks at the page
}

// AccountCall is one of the last calls and messages.
type AccountCall struct {
	At      time.Time
	Channel string // flashCall, sms or voice
	// Client is what the application is called; may be empty.
	Client string
	// State is how it ended, one of otp's states.
	State string
}

// Device is the page where a person types the code that a device shows (RFC 8628).
type Device struct {
	// View is enter, confirm, approved or denied.
	View string
	// Action is the address that the forms post to.
	Action string
	// Code is the user code: in the form, or to be compared with the device's.
	Code string
	// Proof ties the forms of the view confirm to the browser.
	Proof string
	// Scopes that the application asks for.
	Scopes []string
	// AskedAt is when the device asked.
	AskedAt time.Time
}
