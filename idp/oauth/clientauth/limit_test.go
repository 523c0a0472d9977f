package clientauth_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// Only who has proved to be a client is counted as it: nobody can use up what is
// somebody else's.
func TestClientsAreLimited(t *testing.T) {
	w := newWorld(t)
	var counted []string
	w.auth.Limit = func(id string) time.Duration {
		counted = append(counted, id)
		return 1500 * time.Millisecond
	}
	for name, c := range map[string]struct {
		id, secret string
		status     int
	}{
		"with its secret":    {"post", secret, http.StatusTooManyRequests},
		"with a wrong one":   {"post", "guess", http.StatusUnauthorized},
		"with a name alone":  {"spa", "", http.StatusOK},
		"one that isn't any": {"nobody", "guess", http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{"client_id": {c.id}}
			if c.secret != "" {
				form.Set("client_secret", c.secret)
			}
			res, err := http.Post(w.server.URL, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
			must(t, err)
			defer res.Body.Close()
			if res.StatusCode != c.status {
				t.Errorf("%s, want %d", res.Status, c.status)
			}
			if after := res.Header.Get("Retry-After"); (after == "2") != (c.status == http.StatusTooManyRequests) {
				t.Errorf("Retry-After %q", after)
			}
		})
	}
	if !slices.Equal(counted, []string{"post"}) {
		t.Errorf("counted %v", counted)
	}
}
