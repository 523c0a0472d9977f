package verify

import (
	"context"
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/idp/api"
)

const (
	// headerKey names a request that may be sent again (draft-ietf-httpapi-idempotency-key-header).
	headerKey = "Idempotency-Key"
	maxKey    = 255 // bytes
)

// errAnswered: the answer is known.
var errAnswered = errors.New("answered before")

// once does what the request asks for. With an Idempotency-Key it does so once:
// the same request gets the same answer, also while our own process died in the
// middle; another request with the key is refused. Only faults of ours are not
// kept, so that the next try may do better.
func (h *Handler) once(ctx context.Context, c *call, body []byte, do func(context.Context, *call) (*api.Answer, error)) (*api.Answer, error) {
	key, err := keyOf(c.r)
	if err != nil {
		return nil, err
	}
	if key == "" {
		return h.outcome(ctx, c, do), nil
	}
	hash, request := h.Hash("idempotency-key", key), h.Hash("idempotency-request", c.r.Method, c.r.URL.Path, string(body))
	holder := c.subject
	a, err := h.claim(ctx, c, hash, request)
	if err != nil || a != nil {
		return a, err
	}
	a = h.outcome(ctx, c, do)
	return a, h.keep(context.WithoutCancel(ctx), c.clientID, hash, holder, a)
}

// outcome is the answer of do, also where it is a problem.
func (h *Handler) outcome(ctx context.Context, c *call, do func(context.Context, *call) (*api.Answer, error)) *api.Answer {
	a, err := do(ctx, c)
	if err != nil {
		return h.teller.Refusal(c.r, err)
	}
	return a
}

// keyOf reads the header; empty where there is none.
func keyOf(r *http.Request) (string, error) {
	headers := r.Header.Values(headerKey)
	if len(headers) == 0 {
		return "", nil
	}
	key := headers[0]
	good := len(headers) == 1 && key != "" && len(key) <= maxKey
	for i := range len(key) {
		good = good && key[i] > ' ' && key[i] < 0x7f
	}
	if !good {
		return "", api.Problem(ProblemKey, http.StatusBadRequest)
	}
	return key, nil
}

// claim takes the key for this request, whose subject becomes that of the first
// try. It returns the answer where there is one already.
func (h *Handler) claim(ctx context.Context, c *call, key, request string) (known *api.Answer, err error) {
	now, holder := h.Now(), c.subject
	err = h.Answers.UpdateAnswer(ctx, c.clientID, key, func(k *Kept) error {
		known = nil
		if !now.Before(k.ForgetAt) {
			*k = Kept{Request: request, Subject: c.subject, ForgetAt: now.Add(h.Lives.Keep)}
		}
		switch {
		case k.Request != request:
			return api.Problem(ProblemMismatch, http.StatusUnprocessableEntity)
		case k.Status != 0:
			known = &api.Answer{Status: k.Status, Media: k.Media, Location: k.Location, Body: []byte(k.Body), Replayed: true}
			return errAnswered
		case k.Holder != "" && now.Before(k.Until):
			return api.Problem(ProblemBusy, http.StatusConflict)
		}
		k.Holder, k.Until = holder, now.Add(h.Lives.Answering)
		c.subject = k.Subject
		return nil
	})
	if errors.Is(err, errAnswered) {
		return known, nil
	}
	return nil, err
}

// errLost: somebody else holds the key now; they keep their answer.
var errLost = errors.New("another request holds the key now")

// keep remembers the answer. After a fault of ours it lets the next try go on at
// once, with the same subject.
func (h *Handler) keep(ctx context.Context, clientID, key, holder string, a *api.Answer) error {
	err := h.Answers.UpdateAnswer(ctx, clientID, key, func(k *Kept) error {
		if k.Holder != holder {
			return errLost
		}
		k.Holder = ""
		if a.Status < http.StatusInternalServerError {
			k.Status, k.Media, k.Location, k.Body = a.Status, a.Media, a.Location, string(a.Body)
		}
		return nil
	})
	if errors.Is(err, errLost) {
		return nil
	}
	return err
}
