package shop

import (
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// acrPhone is Ringtail's class for a number that a call confirmed.
const acrPhone = "urn:ringtail:acr:phone"

// registration is what the page of a registration shows.
type registration struct {
	Number string // confirmed, E.164; empty before
	At     string // when it was confirmed
	Failed bool   // the provider signed the person in, and confirmed no number
}

// register shows where the registration stands: OpenID Connect confirms the
// number, and the shop never sees a code.
func (a *App) register(w http.ResponseWriter, r *http.Request) {
	s, err := a.jar.get(r)
	if err != nil || !s.Registering || s.Token == nil {
		a.render(w, "register.html", registration{})
		return
	}
	a.render(w, "register.html", confirmed(s))
}

// beginRegistration asks the provider for a person whose number is confirmed.
func (a *App) beginRegistration(w http.ResponseWriter, r *http.Request) {
	a.begin(w, r, session{Registering: true},
		oauth2.SetAuthURLParam("scope", oidc.ScopeOpenID+" phone"), oauth2.SetAuthURLParam("acr_values", acrPhone))
}

// confirmed reads what the provider says of the number. Asking is not getting:
// the class must be in the ID token, and the number must stand as confirmed.
func confirmed(s session) registration {
	number, _ := s.UserInfo["phone_number"].(string)
	verified, _ := s.UserInfo["phone_number_verified"].(bool)
	if s.Claims["acr"] != acrPhone || !verified || number == "" {
		return registration{Failed: true}
	}
	done := registration{Number: number}
	if at, told := s.UserInfo["phone_number_verified_at"].(float64); told {
		done.At = time.Unix(int64(at), 0).UTC().Format("2 January 2006, 15:04:05 UTC")
	}
	return done
}
