package login

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
)

// Limits of what a person posts; idp.MaxBody bounds the whole.
const (
	maxFields = 16
	maxField  = 1 << 10 // bytes; the longest passwords that people use fit
)

// Names of the fields that the login itself reads.
const (
	fieldForm   = "form"   // the id that makes a form count once
	fieldStep   = "step"   // the name of the step that the form was made for
	fieldAction = "action" // see the Action constants
	fieldMethod = "method" // the choice of a Choose step
	fieldLogin  = "login"  // kept in the form when the method did not accept it
	fieldPhone  = "phone"  // likewise
	fieldFor    = "for"    // what a consent is about, see Handler.consentProof
)

// form is what was posted.
type form struct {
	id, step, action string
	fields           map[string]string
}

// readForm reads a posted form or JSON object of strings, each name once.
func readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, idp.MaxBody)
	fields, err := readFields(r)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return form{}, problem(ProblemTooLarge, http.StatusRequestEntityTooLarge)
	}
	if err != nil {
		return form{}, err
	}
	if err := checkFields(fields); err != nil {
		return form{}, err
	}
	f := form{id: fields[fieldForm], step: fields[fieldStep], action: fields[fieldAction], fields: fields}
	delete(fields, fieldForm)
	delete(fields, fieldStep)
	delete(fields, fieldAction)
	return f, nil
}

func readFields(r *http.Request) (map[string]string, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "application/x-www-form-urlencoded":
		return readURLEncoded(r)
	case err == nil && kind == "application/json":
		return readJSON(r.Body)
	}
	return nil, problem(ProblemMediaType, http.StatusUnsupportedMediaType)
}

func readURLEncoded(r *http.Request) (map[string]string, error) {
	if err := r.ParseForm(); err != nil {
		return nil, badForm(err)
	}
	fields := map[string]string{}
	for name, values := range r.PostForm {
		if len(values) != 1 {
			return nil, badForm(errors.New("a field came twice"))
		}
		fields[name] = values[0]
	}
	return fields, nil
}

// readJSON takes an object of strings. It reads token by token because a name
// that comes twice must not be settled silently.
func readJSON(body io.Reader) (map[string]string, error) {
	d := json.NewDecoder(body)
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, badForm(orElse(err, "not an object"))
	}
	fields := map[string]string{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, badForm(err)
		}
		value, err := d.Token()
		text, isText := value.(string)
		if _, twice := fields[name.(string)]; err != nil || !isText || twice {
			return nil, badForm(orElse(err, "a value is not a string, or came twice"))
		}
		fields[name.(string)] = text
	}
	if _, err := d.Token(); err != nil {
		return nil, badForm(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, badForm(orElse(err, "more than one value"))
	}
	return fields, nil
}

func orElse(err error, text string) error {
	if err != nil {
		return err
	}
	return errors.New(text)
}

// badForm keeps the error of a body that is too large, for readForm to see.
func badForm(err error) error {
	p := problem(ProblemForm, http.StatusBadRequest)
	p.Cause = err
	return p
}

func checkFields(fields map[string]string) error {
	if len(fields) > maxFields {
		return badForm(errors.New("too many fields"))
	}
	for name, value := range fields {
		if len(name) > maxField || !utf8.ValidString(name) {
			return badForm(errors.New("the name of a field is not text"))
		}
		if !utf8.ValidString(value) {
			return &idp.Problem{ID: factors.ProblemFieldInvalid, Field: name}
		}
		if len(value) > maxField {
			return &idp.Problem{
				ID: factors.ProblemFieldTooLong, Field: name, Args: map[string]any{"max": maxField},
			}
		}
	}
	return nil
}
