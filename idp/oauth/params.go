package oauth

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
)

// maxOf bounds one parameter, in bytes. A request object is the longest; what
// is kept with a login that anybody may begin is shorter. idp.MaxBody bounds a
// posted form as a whole.
func maxOf(name string) int {
	switch name {
	case "nonce":
		return 512
	case "state":
		return 4 << 10
	case "request":
		return 24 << 10
	}
	return 8 << 10
}

// maxRepeats bounds how often a parameter may come that may come more than once.
const maxRepeats = 16

// repeatable are the parameters that an extension of OAuth lets come more than
// once (RFC 8707, section 2; RFC 8693, section 2.1).
func repeatable(name string) bool { return name == "resource" || name == "audience" }

// Params are a request's parameters. OAuth allows each once (RFC 6749, section
// 3.1); those that came more often have no value, and Fault tells of them.
type Params struct {
	values   map[string]string
	lists    map[string][]string
	repeated []string
	tooLong  []string
}

// NewParams reads a form.
func NewParams(form url.Values) Params {
	p := Params{values: map[string]string{}, lists: map[string][]string{}}
	for name, values := range form {
		p.add(name, values)
	}
	slices.Sort(p.repeated)
	slices.Sort(p.tooLong)
	return p
}

func (p *Params) add(name string, values []string) {
	tooLong := func(value string) bool { return len(value) > maxOf(name) }
	switch {
	case !plainName(name):
		// Nothing of ours, and not fit to be repeated in an answer.
	case repeatable(name) && len(values) <= maxRepeats && !slices.ContainsFunc(values, tooLong):
		p.lists[name] = values
	case len(values) > 1:
		p.repeated = append(p.repeated, name)
	case tooLong(values[0]):
		p.tooLong = append(p.tooLong, name)
	default:
		p.values[name] = values[0]
	}
}

// Get is the parameter's value; empty where it is missing, repeated or too long.
func (p Params) Get(name string) string { return p.values[name] }

// List is all values of a parameter that may come more than once: resource and
// audience.
func (p Params) List(name string) []string { return p.lists[name] }

// Form is the parameters as a form.
func (p Params) Form() url.Values {
	form := url.Values{}
	for name, value := range p.values {
		form.Set(name, value)
	}
	for name, values := range p.lists {
		form[name] = slices.Clone(values)
	}
	return form
}

// Fault says what is wrong with the parameters as a whole; nil where nothing is.
func (p Params) Fault() *Failure {
	switch {
	case len(p.repeated) > 0:
		return Fail(InvalidRequest, "a parameter is repeated: "+p.repeated[0])
	case len(p.tooLong) > 0:
		return Fail(InvalidRequest, "a parameter is too long: "+p.tooLong[0])
	}
	return nil
}

// plainName is true of what OAuth names parameters.
func plainName(name string) bool {
	for _, c := range name {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.') {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// PageParams reads a request that a browser was sent with: a GET's query. A
// parameter that is repeated is for the caller to find with Fault, because the
// redirect URI may be right nevertheless.
func PageParams(r *http.Request) (Params, *Failure) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return Params{}, Fail(InvalidRequest, "the query can't be read")
	}
	return NewParams(query), nil
}

// PostedParams reads a request that a client posted. Parameters in the query are
// refused: they would end up in logs (RFC 6749, section 2.3.1; RFC 6750, section 5.3).
func PostedParams(w http.ResponseWriter, r *http.Request) (Params, *Failure) {
	if r.URL.RawQuery != "" {
		return Params{}, Fail(InvalidRequest, "parameters belong into the body, not into the query")
	}
	form, f := PostedForm(w, r)
	if f != nil {
		return Params{}, f
	}
	p := NewParams(form)
	return p, p.Fault()
}

// PostedForm reads a posted form of up to idp.MaxBody bytes.
func PostedForm(w http.ResponseWriter, r *http.Request) (url.Values, *Failure) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, Fail(InvalidRequest, "the body must be application/x-www-form-urlencoded")
	}
	r.Body = http.MaxBytesReader(w, r.Body, idp.MaxBody)
	if err := r.ParseForm(); err != nil {
		tooLarge := new(http.MaxBytesError)
		if errors.As(err, &tooLarge) {
			return nil, &Failure{Code: InvalidRequest, Description: "the body is too large", Status: http.StatusRequestEntityTooLarge}
		}
		return nil, Fail(InvalidRequest, "the body can't be read as a form")
	}
	return r.PostForm, nil
}

// OnlyMethods answers 405 to any other method.
func OnlyMethods(w http.ResponseWriter, r *http.Request, allowed ...string) bool {
	if slices.Contains(allowed, r.Method) {
		return true
	}
	for _, method := range allowed {
		w.Header().Add("Allow", method)
	}
	WriteFailure(w, &Failure{Code: InvalidRequest, Description: "the method is not allowed here", Status: http.StatusMethodNotAllowed}, "")
	return false
}

// maxQuery bounds a query that we make, below what servers and proxies take.
const maxQuery = 12 << 10

// AskAgainByGET turns a browser's POST into a GET of the address with the same
// parameters. A POST from another site comes without our cookie (SameSite=Lax);
// the GET has it.
func AskAgainByGET(w http.ResponseWriter, r *http.Request, address string) *Failure {
	form, f := PostedForm(w, r)
	if f != nil {
		return f
	}
	if r.URL.RawQuery != "" {
		return Fail(InvalidRequest, "parameters are either in the body or in the query")
	}
	query := form.Encode()
	if len(query) > maxQuery {
		return Fail(InvalidRequest, "the request is too long")
	}
	NoStore(w)
	http.Redirect(w, r, address+"?"+query, http.StatusSeeOther)
	return nil
}
