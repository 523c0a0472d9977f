package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api"
)

// Fields of requests.
const (
	fieldPhone   = "phone"   // the number, as its owner wrote it
	fieldChannel = "channel" // flashCall, sms or voice
	fieldIP      = "ip"      // the address of who has the number
	fieldLang    = "lang"    // of a message, BCP 47
	fieldCode    = "code"    // what was typed
	fieldCaller  = "caller"  // or the whole number that called
)

const (
	maxBody  = 4 << 10 // bytes
	maxField = 64      // bytes; numbers and codes with blanks in them fit
)

// readBody reads the whole body. One that isn't there is good: a field that is
// needed is then found missing.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, api.Problem(ProblemTooLarge, http.StatusRequestEntityTooLarge)
	}
	if err != nil {
		return nil, badBody(err)
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if len(body) > 0 && (err != nil || kind != "application/json") {
		return nil, api.Problem(ProblemMedia, http.StatusUnsupportedMediaType)
	}
	return body, nil
}

// readFields takes an object of texts. It reads token by token because a name
// that comes twice must not be settled silently.
func readFields(body []byte, known []string) (map[string]string, error) {
	fields := map[string]string{}
	if len(body) == 0 {
		return fields, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, badBody(errors.Join(err, errors.New("it is no object")))
	}
	for d.More() {
		name, value, err := member(d)
		if _, twice := fields[name]; err != nil || twice {
			return nil, badBody(errors.Join(err, errors.New("a value is no text, or came twice")))
		}
		if err := checkField(name, value, known); err != nil {
			return nil, err
		}
		fields[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, badBody(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, badBody(errors.New("there is more than one value"))
	}
	return fields, nil
}

func member(d *json.Decoder) (name, value string, err error) {
	first, err := d.Token()
	if err != nil {
		return "", "", err
	}
	second, err := d.Token()
	if err != nil {
		return "", "", err
	}
	name, _ = first.(string)
	value, isText := second.(string)
	if !isText {
		return "", "", errors.New("a value is no text")
	}
	return name, value, nil
}

func checkField(name, value string, known []string) error {
	switch {
	case !slices.Contains(known, name):
		return &idp.Problem{ID: ProblemField, Status: http.StatusBadRequest, Field: shown(name)}
	case len(value) > maxField:
		return &idp.Problem{ID: factors.ProblemFieldTooLong, Field: name, Args: map[string]any{"max": maxField}}
	case !utf8.ValidString(value):
		return invalid(name)
	}
	return nil
}

// shown keeps what a stranger named out of the answer where it is long.
func shown(name string) string {
	if len(name) > maxField {
		return ""
	}
	return name
}

func badBody(cause error) error {
	return &idp.Problem{ID: ProblemBody, Status: http.StatusBadRequest, Cause: cause}
}

func missing(field string) error {
	return &idp.Problem{ID: factors.ProblemFieldMissing, Status: http.StatusBadRequest, Field: field}
}

func invalid(field string) error {
	return &idp.Problem{ID: factors.ProblemFieldInvalid, Status: http.StatusBadRequest, Field: field}
}
