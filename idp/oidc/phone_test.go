package oidc_test

import (
	"context"
	"testing"

	rp "github.com/coreos/go-oidc/v3/oidc"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// acrOf is the class in an ID token whose signature holds.
func (w *world) acrOf(client, idToken string) string {
	w.t.Helper()
	provider, err := rp.NewProvider(context.Background(), w.issuer)
	w.must(err)
	token, err := provider.Verifier(&rp.Config{ClientID: client, SupportedSigningAlgs: []string{"ES256"}}).Verify(context.Background(), idToken)
	w.must(err)
	var claims struct {
		ACR string `json:"acr"`
	}
	w.must(token.Claims(&claims))
	return claims.ACR
}

func TestTheClassPhoneIsToldToWhoAskedForIt(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct{ asked, want string }{
		"not asked":   {"", idp.ACRTwoFactors},
		"asked":       {idp.ACRPhone, idp.ACRPhone},
		"second wish": {idp.ACRTwoFactors + " " + idp.ACRPhone, idp.ACRTwoFactors},
	} {
		got := w.agent().signIn("app", "acr_values", c.asked)
		if acr := w.acrOf("app", got.ID); acr != c.want {
			t.Errorf("%s: acr %s, want %s", name, acr, c.want)
		}
		next := w.tokens(w.agent().post(oidc.PathToken, refreshForm(got.Refresh), basic("app", secret)))
		if acr := w.acrOf("app", next.ID); acr != c.want {
			t.Errorf("%s: after a refresh acr %s, want %s", name, acr, c.want)
		}
	}
	w.finish = func(l *idp.Login) { l.Facts = l.Facts[:1] }
	if acr := w.acrOf("app", w.agent().signIn("app", "acr_values", idp.ACRPhone).ID); acr != idp.ACROneFactor {
		t.Errorf("without a call: acr %s", acr)
	}
}

func TestAConfirmedNumberIsToldWithItsTime(t *testing.T) {
	w := newWorld(t)
	claims := func(scope string) map[string]any {
		access := w.agent().signIn("app", "scope", scope).Access
		return w.agent().get(oidc.PathUserinfo, nil, bearer(access)).json(t)
	}
	if got := claims("openid phone"); got["phone_number_verified"] != false || got["phone_number_verified_at"] != nil {
		t.Errorf("before: %v", got)
	}
	at := w.clock.Now()
	w.must(w.store.ConfirmPhone(t.Context(), "user-1", idp.AttributePhone, "+79990000001", at))
	if got := claims("openid phone"); got["phone_number"] != "+79990000001" || got["phone_number_verified"] != true ||
		got["phone_number_verified_at"] != float64(at.Unix()) {
		t.Errorf("confirmed: %v", got)
	}
	for name := range claims("openid profile email") {
		if name == "phone_number" || name == "phone_number_verified" || name == "phone_number_verified_at" {
			t.Errorf("%s is told without the scope phone", name)
		}
	}
	_, err := w.store.UpdateUser(t.Context(), "user-1", func(u *idp.User) error {
		u.Attributes["phone_number"] = "79990000002"
		return nil
	})
	w.must(err)
	if got := claims("openid phone"); got["phone_number_verified"] != false || got["phone_number_verified_at"] != nil {
		t.Errorf("after a change of the number: %v", got)
	}
}
