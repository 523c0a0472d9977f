package verify

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// IDs of the problems that these endpoints alone tell of. The others are those
// of fields (factors), codes and budgets (otp) and calls (flashcall).
const (
	ProblemToken    = "token_invalid"        // no access token, or none of a client's own that is alive; 401
	ProblemScope    = "scope_missing"        // the token is for something else; 403
	ProblemPath     = "path_unknown"         // there is no such endpoint; 404
	ProblemMethod   = "method_not_allowed"   // the endpoint doesn't take the method; 405
	ProblemUnknown  = "verification_unknown" // the client has no such verification; 404
	ProblemOver     = "verification_over"    // its time is over; 409
	ProblemVerified = "verification_done"    // the number is verified already; 409
	ProblemBody     = "body_invalid"         // the body isn't one JSON object of texts; 400
	ProblemTooLarge = "body_too_large"       // 413
	ProblemMedia    = "body_media_type"      // the body isn't JSON; 415
	ProblemField    = "field_unknown"        // the request has a field that it can't have; 400
	ProblemKey      = "idempotency_key"      // the Idempotency-Key can't be one; 400
	ProblemBusy     = "idempotency_busy"     // a request with the key is being answered; 409
	ProblemMismatch = "idempotency_mismatch" // the key came with another request before; 422
)

func problem(id string, status int) error { return &idp.Problem{ID: id, Status: status} }

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

func (h *Handler) details(r *http.Request, p *idp.Problem, status int) Details {
	d := h.Pages.Describe(h.Pages.Language(r, nil), p)
	out := Details{
		Type: typePrefix + p.ID, Title: title(p.ID), Status: status, Detail: d.Text, Hint: d.Hint, ID: p.ID, Field: p.Field,
	}
	out.TriesLeft, _ = p.Args["tries_left"].(int)
	out.Length, _ = p.Args["length"].(int)
	out.Max, _ = p.Args["max"].(int)
	if at, ok := p.Args["until"].(time.Time); ok {
		out.Until = shownTime(at)
	}
	if at, ok := p.Args["resend_at"].(time.Time); ok {
		out.ResendAt = shownTime(at)
	}
	return out
}

// title is the same for every problem of the type: the words of its ID.
func title(id string) string {
	words := strings.ReplaceAll(id, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// shownTime is a time as answers have it.
func shownTime(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// answer is what goes out.
type answer struct {
	status     int
	media      string
	location   string
	retryAfter string
	body       []byte
	// replayed says that it went out before.
	replayed bool
}

const (
	mediaJSON    = "application/json"
	mediaProblem = "application/problem+json"
)

func newAnswer(status int, media string, body any) (*answer, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return &answer{status: status, media: media, body: text}, nil
}

// refusal is the answer to err. Only problems are told; anything else is a fault
// of ours.
func (h *Handler) refusal(r *http.Request, err error) *answer {
	p := pages.AsProblem(err)
	h.Pages.LogCause(r.Context(), p)
	a, err := newAnswer(p.HTTPStatus(), mediaProblem, h.details(r, p, p.HTTPStatus()))
	if err != nil {
		h.Log.ErrorContext(r.Context(), "problem not told", "problem", p.ID, "error", err)
		return &answer{status: http.StatusInternalServerError, media: mediaProblem}
	}
	a.retryAfter = h.retryAfter(p)
	return a
}

// retryAfter is in seconds, rounded up: nobody is to come back too early.
func (h *Handler) retryAfter(p *idp.Problem) string {
	for _, name := range []string{"until", "resend_at"} {
		at, ok := p.Args[name].(time.Time)
		if wait := at.Sub(h.Now()); ok && p.Status == http.StatusTooManyRequests && wait > 0 {
			return strconv.Itoa(int(math.Ceil(wait.Seconds())))
		}
	}
	return ""
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	h.refusal(r, err).write(w)
}

func (a *answer) write(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", a.media)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	for name, value := range map[string]string{"Location": a.location, "Retry-After": a.retryAfter} {
		if value != "" {
			header.Set(name, value)
		}
	}
	if a.replayed {
		header.Set("Idempotent-Replayed", "true")
	}
	w.WriteHeader(a.status)
	// A connection that broke is the only error left, and nobody is there to be told.
	_, _ = w.Write(a.body)
}
