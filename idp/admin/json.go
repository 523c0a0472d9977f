package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api"
)

// Problems that endpoints of more than one section tell of.
const (
	// ProblemBody: the body is no JSON, or has a member that nobody asked for. Status 400.
	ProblemBody = "admin_body_invalid"
	// ProblemConflict: somebody changed it meanwhile (If-Match, base revision). Status
	// 412 for endpoints, 409 for pages.
	ProblemConflict = "edit_conflict"
	// ProblemForbidden: the actor lacks the right. Status 403.
	ProblemForbidden = "admin_forbidden"
	// ProblemReadOnly: console.readonly is set. Status 403.
	ProblemReadOnly = "console_readonly"
)

// ReadJSON reads the one JSON value of the body into v. Members that v has not are
// refused: a misspelt name must not change less than was meant.
func ReadJSON(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, next := d.Token(); !errors.Is(next, io.EOF) {
			err = errors.New("there is more than one value")
		}
	}
	if err != nil {
		return &idp.Problem{ID: ProblemBody, Status: http.StatusBadRequest, Cause: err}
	}
	return nil
}

// WriteJSON answers with v.
func WriteJSON(w http.ResponseWriter, status int, v any) error {
	a, err := api.NewAnswer(status, api.MediaJSON, v)
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	a.Write(w)
	return nil
}
