package oidc

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
)

// maxOf bounds one parameter, in bytes. An ID token as a hint is the longest;
// what is kept with a login that anybody may begin is shorter. idp.MaxBody
// bounds a posted form as a whole.
func maxOf(name string) int {
	switch name {
	case "nonce":
		return 512
	case "state":
		return 4 << 10
	}
	return 8 << 10
}

// params are a request's parameters. OAuth allows each once (RFC 6749, section
// 3.1); those that came more often are in repeated, and have no value.
type params struct {
	values   map[string]string
	repeated []string
	tooLong  []string
}

func (p params) get(name string) string { return p.values[name] }

// form is the parameters as the library reads them.
func (p params) form() url.Values {
	form := url.Values{}
	for name, value := range p.values {
		form.Set(name, value)
	}
	return form
}

// fault says what is wrong with the parameters as a whole.
func (p params) fault() *failure {
	switch {
	case len(p.repeated) > 0:
		return fail(invalidRequest, "a parameter is repeated: "+p.repeated[0])
	case len(p.tooLong) > 0:
		return fail(invalidRequest, "a parameter is too long: "+p.tooLong[0])
	}
	return nil
}

func newParams(form url.Values) params {
	p := params{values: map[string]string{}}
	for name, values := range form {
		switch {
		case !plainName(name):
			// Nothing of ours, and not fit to be repeated in an answer.
		case len(values) > 1:
			p.repeated = append(p.repeated, name)
		case len(values[0]) > maxOf(name):
			p.tooLong = append(p.tooLong, name)
		default:
			p.values[name] = values[0]
		}
	}
	slices.Sort(p.repeated)
	slices.Sort(p.tooLong)
	return p
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

// pageParams reads a request that a browser was sent with: a GET's query.
func pageParams(r *http.Request) (params, *failure) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return params{}, fail(invalidRequest, "the query can't be read")
	}
	return newParams(query), nil
}

// postedParams reads a request that a client posted. Parameters in the query are
// refused: they would end up in logs (RFC 6749, section 2.3.1; RFC 6750, section 5.3).
func postedParams(w http.ResponseWriter, r *http.Request) (params, *failure) {
	if r.URL.RawQuery != "" {
		return params{}, fail(invalidRequest, "parameters belong into the body, not into the query")
	}
	form, f := postedForm(w, r)
	if f != nil {
		return params{}, f
	}
	p := newParams(form)
	return p, p.fault()
}

func postedForm(w http.ResponseWriter, r *http.Request) (url.Values, *failure) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, fail(invalidRequest, "the body must be application/x-www-form-urlencoded")
	}
	r.Body = http.MaxBytesReader(w, r.Body, idp.MaxBody)
	if err := r.ParseForm(); err != nil {
		tooLarge := new(http.MaxBytesError)
		if errors.As(err, &tooLarge) {
			return nil, &failure{code: invalidRequest, description: "the body is too large", status: http.StatusRequestEntityTooLarge}
		}
		return nil, fail(invalidRequest, "the body can't be read as a form")
	}
	return r.PostForm, nil
}

// onlyMethods answers 405 to any other method.
func onlyMethods(w http.ResponseWriter, r *http.Request, allowed ...string) bool {
	if slices.Contains(allowed, r.Method) {
		return true
	}
	for _, method := range allowed {
		w.Header().Add("Allow", method)
	}
	writeFailure(w, &failure{code: invalidRequest, description: "the method is not allowed here", status: http.StatusMethodNotAllowed}, "")
	return false
}

// askAgainByGET turns a browser's POST into a GET with the same parameters. A
// POST from another site comes without our cookie (SameSite=Lax); the GET has it.
func (p *Provider) askAgainByGET(w http.ResponseWriter, r *http.Request, path string) *failure {
	form, f := postedForm(w, r)
	if f != nil {
		return f
	}
	if r.URL.RawQuery != "" {
		return fail(invalidRequest, "parameters are either in the body or in the query")
	}
	query := form.Encode()
	if len(query) > maxQuery {
		return fail(invalidRequest, "the request is too long")
	}
	noStore(w)
	http.Redirect(w, r, p.Issuer+path+"?"+query, http.StatusSeeOther)
	return nil
}

// maxQuery bounds a query that we make, below what servers and proxies take.
const maxQuery = 12 << 10
