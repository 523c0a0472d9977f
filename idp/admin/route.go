package admin

import "net/http"

// Route is one page or one endpoint of a section. Whoever mounts it has checked
// all that is declared here before Serve is called.
type Route struct {
	// Method other than GET changes something, unless Reads says otherwise. Path is a
	// pattern of http.ServeMux below the console or the API: "/users/{id}".
	Method, Path string
	Right        Right
	// Fresh asks that an administrator proved who they are a few minutes ago. Clients
	// prove it with every token.
	Fresh bool
	// Reads marks a POST that changes nothing: it is served when the console is read only.
	Reads bool
	// Body is how many bytes the body may have; 0 means 64 KiB.
	Body int64
	// Serve answers. An error that is an *idp.Problem is told; any other is a fault of ours.
	Serve func(w http.ResponseWriter, r *http.Request, a *Actor) error
}

// Changes says whether the route changes something.
func (r Route) Changes() bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && !r.Reads
}

// Item is an entry of the console's menu. Who lacks the right doesn't see it.
type Item struct {
	Title, Path string
	Group       string // entries of one group stand together, under its name
	Right       Right
}

// Section is one part of the console and of the API. One without pages, or
// without endpoints, gives none.
type Section interface {
	Menu() []Item
	Pages() []Route
	Endpoints() []Route
}

// View shows the pages of sections inside of the console's frame.
type View interface {
	// Show sends the page.
	Show(w http.ResponseWriter, r *http.Request, a *Actor, page Page) error
	// Redirect answers a POST (303). path is below the console; the notice is shown
	// once, on the page that follows, and may be empty.
	Redirect(w http.ResponseWriter, r *http.Request, path, notice string)
	// URL is the address of a path below the console, for links.
	URL(path string) string
}

// Page is what a section shows.
type Page struct {
	Name   string // of the template: "users/list" is pages/users/list.html
	Title  string
	Status int // 0 means 200
	Data   any // what the template sees as .Data
	// Problems stand above the form and at their fields.
	Problems []FieldProblem
}

// FieldProblem is what is wrong with a field of a form that was sent.
type FieldProblem struct {
	Field string // the name of the input; empty for the form as a whole
	Text  string
}
