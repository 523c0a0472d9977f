package api

import (
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/observe"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// IDs of the problems that every API tells of; each lists its own beside itself.
const (
	ProblemToken  = "token_invalid"      // no access token, or none of a client's own that is alive; 401
	ProblemScope  = "scope_missing"      // the token is for something else; 403
	ProblemPath   = "path_unknown"       // there is no such endpoint; 404
	ProblemMethod = "method_not_allowed" // the endpoint doesn't take the method; 405
)

// Problem is an error that is told as it is.
func Problem(id string, status int) error { return &idp.Problem{ID: id, Status: status} }

// Details is a problem as RFC 9457 has it, with members of our own after
// Detail. Text and hint are in the language that the request accepts.
type Details struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status,omitempty"`
	Detail string `json:"detail"`
	// Hint is what to do about it.
	Hint string `json:"hint,omitempty"`
	// ID is the problem's; see docs/reference/problems.md.
	ID string `json:"id"`
	// Field of the request that is at fault.
	Field string `json:"field,omitempty"`
	// RequestID finds the request in the log.
	RequestID string `json:"request_id,omitempty"`
	// TriesLeft, Length, Max, Until and ResendAt are values that the texts speak of.
	TriesLeft int       `json:"tries_left,omitempty"`
	Length    int       `json:"length,omitempty"`
	Max       int       `json:"max,omitempty"`
	Until     time.Time `json:"until,omitzero"`
	ResendAt  time.Time `json:"resend_at,omitzero"`
}

// typePrefix begins the URI of a problem's type. It leads nowhere: RFC 9457,
// section 3.1.1 allows that.
const typePrefix = "urn:ringtail:problem:"

// Teller tells of problems. All is required but Log, which defaults to slog's.
type Teller struct {
	Pages *pages.Pages
	Now   func() time.Time
	Log   *slog.Logger
}

// Details is the problem in the language that the request accepts.
func (t *Teller) Details(r *http.Request, p *idp.Problem, status int) Details {
	d := t.Pages.Describe(t.Pages.Language(r, nil), p)
	out := Details{
		Type: typePrefix + p.ID, Title: title(p.ID), Status: status, Detail: d.Text, Hint: d.Hint, ID: p.ID, Field: p.Field,
		RequestID: observe.RequestID(r.Context()),
	}
	out.TriesLeft, _ = p.Args["tries_left"].(int)
	out.Length, _ = p.Args["length"].(int)
	out.Max, _ = p.Args["max"].(int)
	if at, ok := p.Args["until"].(time.Time); ok {
		out.Until = Time(at)
	}
	if at, ok := p.Args["resend_at"].(time.Time); ok {
		out.ResendAt = Time(at)
	}
	return out
}

// title is the same for every problem of the type: the words of its ID.
func title(id string) string {
	words := strings.ReplaceAll(id, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// Time is a time as answers have it.
func Time(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Answer is what goes out.
type Answer struct {
	Status     int
	Media      string
	Location   string
	RetryAfter string // seconds
	Body       []byte
	// Replayed says that it went out before.
	Replayed bool
}

// Media types of answers.
const (
	MediaJSON    = "application/json"
	MediaProblem = "application/problem+json"
)

// NewAnswer has the body as JSON.
func NewAnswer(status int, media string, body any) (*Answer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return &Answer{Status: status, Media: media, Body: text}, nil
}

// Refusal is the answer to err. Only problems are told; anything else is a fault
// of ours.
func (t *Teller) Refusal(r *http.Request, err error) *Answer {
	p := pages.AsProblem(err)
	t.Pages.LogCause(r.Context(), p)
	a, err := NewAnswer(p.HTTPStatus(), MediaProblem, t.Details(r, p, p.HTTPStatus()))
	if err != nil {
		t.Log.ErrorContext(r.Context(), "problem not told", "problem", p.ID, "error", err)
		return &Answer{Status: http.StatusInternalServerError, Media: MediaProblem}
	}
	a.RetryAfter = t.retryAfter(p)
	return a
}

// retryAfter is in seconds, rounded up: nobody is to come back too early.
func (t *Teller) retryAfter(p *idp.Problem) string {
	for _, name := range []string{"until", "resend_at"} {
		at, ok := p.Args[name].(time.Time)
		if wait := at.Sub(t.Now()); ok && p.Status == http.StatusTooManyRequests && wait > 0 {
			return strconv.Itoa(int(math.Ceil(wait.Seconds())))
		}
	}
	return ""
}

// Refuse answers with the problem in err.
func (t *Teller) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	t.Refusal(r, err).Write(w)
}

// Write sends the answer.
func (a *Answer) Write(w http.ResponseWriter) {
	header := w.Header()
	if a.Media != "" {
		header.Set("Content-Type", a.Media)
	}
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	for name, value := range map[string]string{"Location": a.Location, "Retry-After": a.RetryAfter} {
		if value != "" {
			header.Set(name, value)
		}
	}
	oauth.ComeAgain(w, a.Status)
	if a.Replayed {
		header.Set("Idempotent-Replayed", "true")
	}
	w.WriteHeader(a.Status)
	// A connection that broke is the only error left, and nobody is there to be told.
	_, _ = w.Write(a.Body)
}
