package templates

// Pages by name, each with the Data it takes. The page of a method's step is
// named after the method.
const (
	PagePassword  = "password"  // Step
	PageFlashCall = "flashCall" // Step
	PageChoose    = "choose"    // Step
	PageConsent   = "consent"   // Step
	PageProblem   = "problem"   // nil; Page.Problem says what happened
	PageLogout    = "logout"    // Logout
	PageSignedOut = "signedOut" // nil
	PageFormPost  = "formPost"  // FormPost
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
	// Typed is what the field login holds: what was typed there, when the
	// password was wrong, or a hint.
	Typed string
	// State, Values and Actions are those of the method's view.
	State   string
	Values  map[string]any
	Actions []string
	// Choices are the methods to pick from, on the choose page alone. (The other
	// pages offer "another way" where Actions has other.)
	Choices []Choice
	// Scopes that the relying party asks for, on the consent page.
	Scopes []string
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

// FormPost is the answer to a relying party that asked for response_mode
// form_post (OAuth 2.0 Form Post Response Mode).
type FormPost struct {
	// Action is the redirect URI.
	Action string
	// Fields of the answer, by name.
	Fields map[string]string
}
