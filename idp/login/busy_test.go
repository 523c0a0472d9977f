package login_test

import (
	"net/http"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
)

// A form that met a busy moment can be sent again: the login goes on, and doesn't tell
// of that moment for ever.
func TestAFormThatMetABusyMoment(t *testing.T) {
	p := newProvider(t)
	a := p.app()
	path := p.begin(a)
	prove, busy := p.password.prove, true
	p.password.prove = func(l factors.Login, answer factors.Answer) (*factors.Proof, error) {
		if busy {
			return nil, &idp.Problem{ID: factors.ProblemBusy, Status: http.StatusServiceUnavailable}
		}
		return prove(l, answer)
	}
	form := a.get(path).wants(http.StatusOK, "").json()["form"].(string)
	body := `{"login":"demo","password":"right","step":"password","form":"` + form + `"}`
	a.tell(path, body, http.StatusServiceUnavailable)
	busy = false
	again := a.tell(path, body, http.StatusOK)
	if again["step"] != "password" || again["problem"] != nil {
		t.Fatalf("sent again: %v", again)
	}
	next := a.tell(path, `{"login":"demo","password":"right","step":"password","form":"`+again["form"].(string)+`"}`, http.StatusOK)
	if next["step"] != "flashCall" {
		t.Errorf("typed again: %v", next)
	}
}
