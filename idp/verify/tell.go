package verify

import (
	"context"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api"
)

// Statuses of a verification.
const (
	StatusPending   = "pending"   // a code was asked for
	StatusCalling   = "calling"   // it is being brought; a code is taken already
	StatusCalled    = "called"    // the phone rings or rang, or the message is there
	StatusVerified  = "verified"  // the right code came; the last status
	StatusExpired   = "expired"   // the code, or the whole verification, is too old
	StatusExhausted = "exhausted" // too many wrong codes: a new one is needed
	StatusFailed    = "failed"    // the code could not be brought; Problem says why
	StatusBlocked   = "blocked"   // the number's tries are used up until BlockedUntil
)

// View is a verification as its client sees it.
type View struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	// Phone is masked.
	Phone string `json:"phone"`
	// Channel that the code takes.
	Channel    string `json:"channel,omitempty"`
	CodeLength int    `json:"code_length"`
	TriesLeft  int    `json:"tries_left"`
	// CallerMask is the number that calls, its code hidden, where it is known.
	CallerMask string `json:"caller_mask,omitempty"`
	// WholeNumber says that the whole number that called may be checked.
	WholeNumber bool      `json:"whole_number,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	CalledAt    time.Time `json:"called_at,omitzero"`
	// ExpiresAt is when the code can't be checked any more, EndsAt when nothing can
	// be asked of the verification.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	EndsAt    time.Time `json:"ends_at"`
	// ResendAt is when another code may be asked for; may be over.
	ResendAt     time.Time `json:"resend_at,omitzero"`
	BlockedUntil time.Time `json:"blocked_until,omitzero"`
	VerifiedAt   time.Time `json:"verified_at,omitzero"`
	// Others are the channels that may be asked for instead.
	Others  []Other      `json:"others,omitempty"`
	Problem *api.Details `json:"problem,omitempty"`
}

// Other is a channel that may be asked for instead, from At on.
type Other struct {
	Channel string    `json:"channel"`
	At      time.Time `json:"at"`
}

// tell is the answer that says how the verification stands.
func (h *Handler) tell(ctx context.Context, r *http.Request, v *Verification, status int) (*api.Answer, error) {
	st, err := h.status(ctx, v)
	if err != nil {
		return nil, err
	}
	return api.NewAnswer(status, api.MediaJSON, h.view(r, v, st))
}

func (h *Handler) view(r *http.Request, v *Verification, st otp.Status) *View {
	out := &View{
		ID: v.ID, Phone: h.Mask(v.Phone), CodeLength: st.CodeLength, TriesLeft: st.TriesLeft,
		CreatedAt: api.Time(v.CreatedAt), EndsAt: api.Time(v.EndsAt), VerifiedAt: api.Time(v.VerifiedAt),
	}
	if c := st.Challenge; c != nil {
		out.Channel, out.CalledAt = c.Channel, api.Time(c.CalledAt)
	}
	switch {
	case !v.VerifiedAt.IsZero():
		out.Status, out.TriesLeft = StatusVerified, 0
		return out
	case !st.At.Before(v.EndsAt):
		out.Status, out.TriesLeft = StatusExpired, 0
		return out
	case !st.BlockedUntil.IsZero():
		out.Status, out.BlockedUntil = StatusBlocked, api.Time(st.BlockedUntil)
		return out
	}
	out.ResendAt = api.Time(st.NextCall)
	h.others(out, v, st)
	h.stage(r, out, st)
	return out
}

// stage is where the code stands.
func (h *Handler) stage(r *http.Request, out *View, st otp.Status) {
	c := st.Challenge
	switch st.State {
	case otp.Placed, otp.Called:
		out.Status, out.ExpiresAt, out.WholeNumber = StatusCalling, api.Time(c.Until), c.ByProvider
		if st.State == otp.Called {
			out.Status, out.CallerMask = StatusCalled, c.CallerMask
		}
	case otp.Calling:
		out.Status = StatusCalling
	case otp.Expired:
		out.Status = StatusExpired
	case otp.Exhausted:
		out.Status = StatusExhausted
	case otp.Failed:
		out.Status, out.Problem = StatusFailed, h.failure(r, flashcall.ProblemOf(c.Failure))
	case otp.Unknown:
		out.Status, out.Problem = StatusFailed, h.failure(r, flashcall.ProblemCallUnknown)
	default:
		out.Status = StatusPending
	}
}

func (h *Handler) failure(r *http.Request, id string) *api.Details {
	d := h.teller.Details(r, &idp.Problem{ID: id}, 0)
	return &d
}

func (h *Handler) others(out *View, v *Verification, st otp.Status) {
	for _, way := range h.Calls.Ways(st, v.Phone) {
		if way.Channel != out.Channel {
			out.Others = append(out.Others, Other{Channel: way.Channel, At: api.Time(way.At)})
		}
	}
}
