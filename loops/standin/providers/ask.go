package providers

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// ask is one request to a provider, and the answer to it.
type ask struct {
	*provider
	w     http.ResponseWriter
	r     *http.Request
	body  []byte        // as it came
	fault standin.Fault // to be played; empty: none
}

// values are the flat fields of a JSON answer.
type values = map[string]any

// is compares credentials in constant time. A secret that the stand-in doesn't have is never right.
func (a *ask) is(secret, given string) bool {
	want := a.secrets[secret]
	return want != "" && same(given, want)
}

// same compares in constant time.
func same(given, want string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1
}

// after gives what stands after a scheme in the header Authorization, empty where another scheme does.
func (a *ask) after(scheme string) string {
	given, ok := strings.CutPrefix(a.r.Header.Get("Authorization"), scheme+" ")
	if !ok {
		return ""
	}
	return given
}

// basic reports whether the request has these secrets as user and password (RFC 7617).
func (a *ask) basic(user, password string) bool {
	u, p, ok := a.r.BasicAuth()
	right := a.is(user, u)
	return a.is(password, p) && right && ok
}

// isJSON reports whether the body says that it is JSON.
func (a *ask) isJSON() bool {
	kind, _, err := mime.ParseMediaType(a.r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// decode reads the body as JSON into out and reports whether it is that and no more: another type of body, a key that out
// doesn't have or anything after the value is a fault.
func (a *ask) decode(out any) bool {
	if !a.isJSON() {
		return false
	}
	dec := json.NewDecoder(bytes.NewReader(a.body))
	dec.DisallowUnknownFields()
	if dec.Decode(out) != nil {
		return false
	}
	_, err := dec.Token()
	return errors.Is(err, io.EOF)
}

// params gives the parameters of the address and of the form in the body, urlencoded or multipart; ok is false where the
// body is anything else, or where a parameter comes twice.
func (a *ask) params() (url.Values, bool) {
	out, err := url.ParseQuery(a.r.URL.RawQuery)
	if err != nil {
		return nil, false
	}
	form, ok := a.form()
	if !ok {
		return nil, false
	}
	for name, list := range form {
		out[name] = append(out[name], list...)
	}
	for _, list := range out {
		if len(list) != 1 {
			return nil, false
		}
	}
	return out, true
}

func (a *ask) form() (url.Values, bool) {
	if len(a.body) == 0 {
		return nil, true
	}
	kind, options, err := mime.ParseMediaType(a.r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil, false
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(a.body))
		return form, err == nil
	case kind == "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(a.body), options["boundary"]).ReadForm(maxBody)
		if err != nil {
			return nil, false
		}
		defer func() { _ = form.RemoveAll() }()
		return form.Value, len(form.File) == 0
	}
	return nil, false
}

// only reports whether there are no parameters but these.
func only(params url.Values, known ...string) bool {
	for name := range params {
		if !slices.Contains(known, name) {
			return false
		}
	}
	return true
}

// digits reports whether text is nothing but digits, at least least and at most most of them.
func digits(text string, least, most int) bool {
	return len(text) >= least && len(text) <= most && strings.Trim(text, "0123456789") == ""
}

// place notes a call. Where that fails it answers 500 and ok is false.
func (a *ask) place(o standin.Order) (call standin.Call, again, ok bool) {
	call, again, err := a.book.Place(o)
	if err != nil {
		http.Error(a.w, "no number can be drawn", http.StatusInternalServerError)
	}
	return call, again, err == nil
}

// json answers.
func (a *ask) json(status int, value any) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(value) // made of texts, numbers and maps: it can always be written
	a.reply(status, "application/json; charset=utf-8", strings.TrimSuffix(text.String(), "\n"))
}

// reply answers with a body as it is, unless garbage is to be played.
func (a *ask) reply(status int, kind, body string) {
	a.w.Header().Set("Content-Type", kind)
	a.w.WriteHeader(status)
	_, _ = a.w.Write([]byte(a.fault.Garble(body))) // the caller is gone, and nobody else is there to tell
}

// notify sends the callbacks for these events of a call, in turn, where the caller wants any and the stand-in sends any.
func (a *ask) notify(c standin.Call, events ...string) {
	if a.send == nil || c.Callback == "" {
		return
	}
	for _, event := range events {
		if callback, err := a.callback(a.provider, c, event); err == nil {
			a.send(callback)
		}
	}
}
