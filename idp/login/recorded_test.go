package login_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Where a node died between the end of a login and its record, whoever is told of the
// login afterwards has it recorded, as it would have been.
func TestALoginThatIsNotOnRecord(t *testing.T) {
	p := newProvider(t)
	a := p.app()
	path := p.begin(a)
	a.tell(path, `{"login":"demo","password":"right"}`, http.StatusOK)
	a.header.Set("Content-Type", "application/x-www-form-urlencoded")
	a.do(http.MethodPost, path, strings.NewReader("code=0421")).wants(http.StatusOK, "")
	a.get(path).wants(http.StatusOK, "")
	if n := len(p.ends()); n != 1 {
		t.Fatalf("a login that is on record was recorded %d times", n)
	}
	p.dead = true
	a.get(path).wants(http.StatusOK, "")
	got := p.ends()
	if len(got) != 2 || !reflect.DeepEqual(got[0], got[1]) {
		t.Errorf("recorded %+v", got)
	}
}

// ends are the records of logins that are over.
func (p *provider) ends() (list []audit.Event) {
	for _, e := range p.trail.Events() {
		if e.Type == audit.TypeLogin {
			list = append(list, e)
		}
	}
	return list
}

// A login whose browser couldn't be given the session, because the database failed in that
// moment, is on record once: when somebody is told of it.
func TestALoginThatIsToldOfLater(t *testing.T) {
	p := newProvider(t)
	a := p.app()
	path := p.begin(a)
	a.tell(path, `{"login":"demo","password":"right"}`, http.StatusOK)
	p.memory.full = idp.ErrUnavailable
	if problem := a.tell(path, `{"code":"0421"}`, http.StatusServiceUnavailable)["problem"].(map[string]any); problem["id"] != idp.ProblemUnavailable || len(p.ends()) != 0 {
		t.Errorf("told %v, recorded %v", problem, p.ends())
	}
	p.memory.full, p.dead = nil, true // its record is nowhere
	if again := a.tell(path, `{"code":"0421"}`, http.StatusOK); again["step"] != "done" || len(p.ends()) != 1 {
		t.Errorf("told %v, recorded %v", again, p.ends())
	}
}
