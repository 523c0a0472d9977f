package verify

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/loops"
)

// create serves the POST that begins a verification: it stores it and asks for
// the code. A verification whose code may not be asked for is none.
func (h *Handler) create(ctx context.Context, c *call) (*api.Answer, error) {
	v, channel, err := h.verification(c)
	if err != nil {
		return nil, err
	}
	err = h.Records.CreateVerification(ctx, v)
	if errors.Is(err, idp.ErrTaken) { // by a try with the same Idempotency-Key that didn't end
		v, err = h.find(ctx, c.clientID, v.ID)
	}
	if err != nil {
		return nil, err
	}
	if err := h.Calls.Request(ctx, h.target(v, channel)); err != nil {
		if err := h.Records.DeleteVerification(ctx, v.ID); err != nil {
			return nil, err
		}
		return nil, err
	}
	h.Log.InfoContext(ctx, "verification begun", "client_id", v.ClientID, "verification_id", v.ID)
	a, err := h.tell(ctx, c.r, v, http.StatusCreated)
	if err != nil {
		return nil, err
	}
	a.Location = h.Issuer + PathVerifications + "/" + v.ID
	return a, nil
}

// verification is what the request asks for.
func (h *Handler) verification(c *call) (*Verification, string, error) {
	phone, country, err := h.number(c.fields[fieldPhone])
	if err != nil {
		return nil, "", err
	}
	channel, err := channelOf(c)
	if err != nil {
		return nil, "", err
	}
	ip, err := h.address(c)
	if err != nil {
		return nil, "", err
	}
	now := h.Now()
	return &Verification{
		ID: c.subject, ClientID: c.clientID, Phone: phone, Country: country, RemoteIP: ip, Lang: h.language(c), CreatedAt: now,
		EndsAt: now.Add(h.Lives.Verification), ForgetAt: now.Add(h.Lives.Keep),
	}, channel, nil
}

// number reads the number. The problems of an account's number have texts that
// speak of the account, so a typed one's are others.
func (h *Handler) number(raw string) (e164, country string, err error) {
	e164, country, err = h.Number(raw)
	p := factors.AsProblem(err)
	if p == nil {
		return e164, country, err
	}
	p = flashcall.Typed(p)
	p.Field = fieldPhone
	return "", "", p
}

// channels that may be asked for.
func channels() []string {
	return []string{string(loops.ChannelFlashCall), string(loops.ChannelSMS), string(loops.ChannelVoice)}
}

// channelOf is what was asked for; empty where the chain is to choose.
func channelOf(c *call) (string, error) {
	channel, asked := c.fields[fieldChannel]
	if asked && !slices.Contains(channels(), channel) {
		return "", invalid(fieldChannel)
	}
	return channel, nil
}

// address is that of who has the number, as the client tells it, or else the
// client's own.
func (h *Handler) address(c *call) (string, error) {
	text, told := c.fields[fieldIP]
	if !told {
		if ip := h.ClientIP(c.r); ip.IsValid() {
			return ip.String(), nil
		}
		return "", nil
	}
	ip, err := netip.ParseAddr(text)
	if err != nil || ip.Zone() != "" {
		return "", invalid(fieldIP)
	}
	return ip.Unmap().String(), nil
}

func (h *Handler) language(c *call) string {
	var wanted []string
	if lang := c.fields[fieldLang]; lang != "" {
		wanted = []string{lang}
	}
	return h.Pages.Language(c.r, wanted)
}

func (h *Handler) target(v *Verification, channel string) otp.Target {
	return otp.Target{
		LoginID: v.ID, PersonID: h.Calls.NumberKey(v.Phone), Phone: v.Phone, Country: v.Country, Operator: h.Operator(v.Phone),
		RemoteIP: v.RemoteIP, Lang: v.Lang, Channel: channel,
	}
}

// resend serves the POST that asks for another code, or for another channel.
func (h *Handler) resend(ctx context.Context, c *call) (*api.Answer, error) {
	channel, err := channelOf(c)
	if err != nil {
		return nil, err
	}
	v, _, err := h.open(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := h.Calls.Resend(ctx, h.target(v, channel)); err != nil {
		return nil, err
	}
	return h.tell(ctx, c.r, v, http.StatusOK)
}

// open gives a verification that something may still be asked of.
func (h *Handler) open(ctx context.Context, c *call) (*Verification, otp.Status, error) {
	v, err := h.find(ctx, c.clientID, c.id)
	if err != nil {
		return nil, otp.Status{}, err
	}
	st, err := h.status(ctx, v)
	switch {
	case err != nil:
		return nil, otp.Status{}, err
	case !v.VerifiedAt.IsZero():
		return nil, otp.Status{}, api.Problem(ProblemVerified, http.StatusConflict)
	case !h.Now().Before(v.EndsAt):
		return nil, otp.Status{}, api.Problem(ProblemOver, http.StatusConflict)
	}
	return v, st, nil
}

// status is how the code stands. Where it was confirmed and nobody wrote that
// down, because the process died, the verification learns it now.
func (h *Handler) status(ctx context.Context, v *Verification) (otp.Status, error) {
	st, err := h.Calls.Status(ctx, v.ID, h.Calls.NumberKey(v.Phone))
	if err == nil && st.State == otp.Confirmed && v.VerifiedAt.IsZero() {
		v.VerifiedAt, err = h.Records.SetVerified(ctx, v.ID, h.Now())
	}
	return st, err
}

// check serves the POST of a code. Of parallel right ones the engine lets one win.
func (h *Handler) check(ctx context.Context, c *call) (*api.Answer, error) {
	code, caller := c.fields[fieldCode], c.fields[fieldCaller]
	switch {
	case code == "" && caller == "":
		return nil, missing(fieldCode)
	case code != "" && caller != "":
		return nil, invalid(fieldCaller)
	}
	v, st, err := h.open(ctx, c)
	if err != nil {
		return nil, err
	}
	code = flashcall.CodeOf(code, caller, st.CodeLength, st.Challenge != nil && st.Challenge.ByProvider)
	if err := h.Calls.Enter(ctx, otp.Entered{LoginID: v.ID, PersonID: h.Calls.NumberKey(v.Phone), Code: code}); err != nil {
		return nil, err
	}
	if v.VerifiedAt, err = h.Records.SetVerified(ctx, v.ID, h.Now()); err != nil {
		return nil, err
	}
	h.Log.InfoContext(ctx, "number verified", "client_id", v.ClientID, "verification_id", v.ID)
	return h.tell(ctx, c.r, v, http.StatusOK)
}
