package admin_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

func TestReadJSON(t *testing.T) {
	for body, good := range map[string]bool{
		`{"name":"x"}`: true, ` {"name":"x"} `: true, `{"name":"x","nmae":"y"}`: false, `{"name":"x"}{}`: false, `{"name":"x"} x`: false, ``: false, `{"name":1}`: false,
	} {
		var v struct {
			Name string `json:"name"`
		}
		err := admin.ReadJSON(httptest.NewRequest(http.MethodPut, "/", strings.NewReader(body)), &v)
		var p *idp.Problem
		switch {
		case good && (err != nil || v.Name != "x"):
			t.Errorf("%q: %v", body, err)
		case !good && (!errors.As(err, &p) || p.Status != http.StatusBadRequest):
			t.Errorf("%q: %v", body, err)
		}
	}
}
