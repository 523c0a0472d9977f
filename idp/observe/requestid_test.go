package observe_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/observe"
)

func TestRequestIDs(t *testing.T) {
	for name, c := range map[string]struct {
		trusted bool
		sent    []string
		taken   bool
	}{
		"none":                           {true, nil, false},
		"of a trusted proxy":             {true, []string{"7d5d-ab_c.9:1"}, true},
		"of a stranger":                  {false, []string{"7d5d"}, false},
		"two":                            {true, []string{"a", "b"}, false},
		"with a blank":                   {true, []string{"a b"}, false},
		"with a line's end":              {true, []string{"a\nlevel=ERROR"}, false},
		"with markup":                    {true, []string{"<b>"}, false},
		"longer than 64":                 {true, []string{strings.Repeat("a", 65)}, false},
		"of 64":                          {true, []string{strings.Repeat("a", 64)}, true},
		"in letters that aren't English": {true, []string{"идентификатор"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var inside string
			h := observe.RequestIDs(func(*http.Request) bool { return c.trusted }, nil, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				inside = observe.RequestID(r.Context())
			}))
			r := httptest.NewRequest("GET", "/", nil)
			r.Header[observe.HeaderRequestID] = c.sent
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if inside == "" || rec.Header().Get(observe.HeaderRequestID) != inside {
				t.Errorf("inside %q, in the answer %q", inside, rec.Header().Get(observe.HeaderRequestID))
			}
			if taken := len(c.sent) > 0 && inside == c.sent[0]; taken != c.taken {
				t.Errorf("taken %v, want %v: %q", taken, c.taken, inside)
			}
		})
	}
}

func TestLogRecordsCarryTheRequestID(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(observe.LogHandler(slog.NewJSONHandler(&out, nil))).With("node", "n1")
	h := observe.RequestIDs(func(*http.Request) bool { return true }, nil, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		log.InfoContext(r.Context(), "inside")
	}))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set(observe.HeaderRequestID, "abc")
	h.ServeHTTP(httptest.NewRecorder(), r)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["request_id"] != "abc" || line["node"] != "n1" {
		t.Errorf("the record has %v", line)
	}
	out.Reset()
	log.Info("outside")
	if strings.Contains(out.String(), "request_id") {
		t.Errorf("a record without a request has %s", &out)
	}
}
