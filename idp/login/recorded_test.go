package login_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

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
	ends := func() (list []audit.Event) {
		for _, e := range p.trail.Events() {
			if e.Type == audit.TypeLogin {
				list = append(list, e)
			}
		}
		return list
	}
	a.get(path).wants(http.StatusOK, "")
	if n := len(ends()); n != 1 {
		t.Fatalf("a login that is on record was recorded %d times", n)
	}
	p.dead = true
	a.get(path).wants(http.StatusOK, "")
	got := ends()
	if len(got) != 2 || !reflect.DeepEqual(got[0], got[1]) {
		t.Errorf("recorded %+v", got)
	}
}
