package login

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/consent"
)

// consentDefaults are those of the options that the consent page needs.
func (o *Options) consentDefaults() error {
	if o.Claims == nil {
		standard, err := claims.New(claims.Options{})
		if err != nil {
			return err
		}
		o.Claims = standard
	}
	if o.Hash != nil {
		return nil
	}
	key := make([]byte, sha256.Size)
	if _, err := io.ReadFull(rand.Reader, key); err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	o.Hash = func(parts ...string) string {
		mac := hmac.New(sha256.New, key)
		for _, part := range parts {
			_, _ = io.WriteString(mac, strconv.Itoa(len(part))+":"+part)
		}
		return hex.EncodeToString(mac.Sum(nil))
	}
	return nil
}

// loadConsent reads what the request asks for and what the person allowed before.
func (h *Handler) loadConsent(ctx context.Context, x *exchange) error {
	x.Asked, x.Given = consent.Asked(h.Claims, x.Client, &x.Login.Request), nil
	if x.User == nil || x.Login.State != idp.LoginOpen || !x.remembers() {
		return nil
	}
	given, err := h.Consents.GivenConsent(ctx, x.User.ID, x.Client.ID)
	if err != nil {
		return fmt.Errorf("reading what was allowed: %w", err)
	}
	x.Given = given
	return nil
}

// consent takes the answer of the consent page. It counts for what that page
// showed and nobody else's: a page of another login or person, or one that was
// made before the client asked for more, allows nothing.
func (h *Handler) consent(ctx context.Context, x *exchange, f form) error {
	if f.action != ActionAllow {
		return unknownAction()
	}
	if x.Login.Session == "" && len(x.Login.Facts) > 0 {
		// Signing in failed after the proof: who posts this may be somebody else.
		return h.update(ctx, x, func(l *idp.Login) { l.Facts, l.UserID = nil, "" })
	}
	if !hmac.Equal([]byte(f.fields[fieldFor]), []byte(h.consentProof(x))) {
		return problem(ProblemConsent, http.StatusConflict)
	}
	person, items := x.User.ID, x.Asked
	err := h.update(ctx, x, func(l *idp.Login) {
		l.Consented = true
		l.UserID = person // nobody else may go on from here
	})
	if err != nil {
		return err
	}
	if err := h.Consents.GiveConsent(ctx, person, x.Client.ID, items, x.Now); err != nil {
		return fmt.Errorf("remembering what was allowed: %w", err)
	}
	e := x.event(audit.TypeConsentGiven, map[string]any{"items": names(items)})
	e.Subject = person
	h.Audit.Record(ctx, e)
	h.Log.DebugContext(ctx, "an application was allowed what it asked for",
		"login_id", x.Login.ID, "client_id", x.Client.ID, "user_id", person, "items", names(items))
	return nil
}

// consentProof stands for what the consent page shows: the login, the client, the
// person, the device's code and every item.
func (h *Handler) consentProof(x *exchange) string {
	parts := []string{"consent", x.Login.ID, x.Client.ID, x.User.ID, x.Login.Request.Device, x.Login.Request.UserCode}
	for _, item := range x.Asked {
		parts = append(parts, string(item.Kind), item.Name)
	}
	return h.Hash(parts...)
}

func names(items []consent.Item) []string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = item.Name
	}
	return all
}
