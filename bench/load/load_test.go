package load_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/bench/floor"
	"github.com/ringtail-id/ringtail/bench/load"
)

// spoil changes answers of the paths that it knows.
type spoil map[string]func(body []byte) []byte

type recorder struct {
	http.ResponseWriter
	body bytes.Buffer
	code int
}

func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *recorder) WriteHeader(code int)        { r.code = code }

func (s spoil) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		change, ok := s[r.URL.Path]
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		answer := &recorder{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(answer, r)
		w.WriteHeader(answer.code)
		_, _ = w.Write(change(answer.body.Bytes()))
	})
}

// provider is the floor with answers spoilt, and two people to sign in at it.
func provider(t *testing.T, store string, s spoil) *load.People {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	handler, err := floor.New(t.Context(), floor.Options{
		Issuer: issuer, ClientID: "c", ClientSecret: "s", RedirectURI: "http://localhost:1/callback", Password: "p", Store: store,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.wrap(handler)
	server.Start()
	t.Cleanup(server.Close)
	client, err := load.NewClient(t.Context(), load.Target{
		Issuer: issuer, ClientID: "c", ClientSecret: "s", RedirectURI: "http://localhost:1/callback", Scopes: []string{"openid"}, Alg: "ES256",
		LoginField: "login", PasswordField: "password", Accounts: []load.Account{{Login: "anna", Password: "p"}, {Login: "boris", Password: "p"}},
	}, 2)
	if err != nil {
		t.Fatal(err)
	}
	people, err := client.NewPeople(2)
	if err != nil {
		t.Fatal(err)
	}
	return people
}

func TestEveryOperationIsMeasured(t *testing.T) {
	for name, store := range map[string]string{"memory": "", "SQLite": "sqlite:" + filepath.Join(t.TempDir(), "floor.db")} {
		t.Run(name, func(t *testing.T) {
			people := provider(t, store, nil)
			for _, op := range load.Operations() {
				used := time.Duration(0)
				got, err := people.Measure(t.Context(), op, load.Options{Parallel: 2, Used: func() (time.Duration, error) {
					used += time.Second
					return used, nil
				}})
				if err != nil {
					t.Fatal(err)
				}
				if got.Operation != op.Name || got.Count < 2 || got.P50 <= 0 || got.P99 < got.P50 || got.Cost != time.Second/time.Duration(got.Count) {
					t.Errorf("measured %+v", got)
				}
			}
		})
	}
}

func TestWrongAnswersAreNoticed(t *testing.T) {
	replace := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(old), []byte(new)) }
	}
	for name, c := range map[string]struct {
		op    string
		spoil spoil
		says  string
	}{
		"token of nobody":    {load.ClientCredentials, spoil{"/token": replace("access_token", "token")}, "no access token"},
		"token without type": {load.ClientCredentials, spoil{"/token": replace("Bearer", "mac")}, "of the type"},
		"signature":          {load.LoginFull, spoil{"/token": breakSignature}, "signature"},
		"other person":       {load.Userinfo, spoil{"/userinfo": replace(`"sub":"anna"`, `"sub":"eve"`)}, "somebody else"},
		"inactive":           {load.Introspect, spoil{"/introspect": replace("true", "false")}, "inactive"},
		"key without id":     {load.Keys, spoil{"/keys": replace(`"kid":"floor"`, `"kid":""`)}, "no id"},
		"no JSON":            {load.Keys, spoil{"/keys": replace(`{`, ``)}, "invalid character"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := provider(t, "", c.spoil).Measure(t.Context(), operation(t, c.op), load.Options{Parallel: 1})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the error is %v, want one that says %q", err, c.says)
			}
		})
	}
}

func operation(t *testing.T, name string) load.Operation {
	t.Helper()
	for _, op := range load.Operations() {
		if op.Name == name {
			return op
		}
	}
	t.Fatalf("there is no operation %s", name)
	return load.Operation{}
}

// breakSignature changes a letter in the middle of the ID token's signature.
func breakSignature(body []byte) []byte {
	end := bytes.LastIndexByte(body, '"')
	at := end - 40
	if body[at] == 'A' {
		body[at] = 'B'
	} else {
		body[at] = 'A'
	}
	return body
}

func TestRefusedOperationsAreCountedApart(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "openid-configuration") {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"issuer":%q,"token_endpoint":%q,"jwks_uri":%q}`, issuer, issuer+"/token", issuer+"/keys")
			return
		}
		if asked.Add(1)%2 == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"access_token":"t","token_type":"Bearer","expires_in":60}`)
	})
	server.Start()
	defer server.Close()
	client, err := load.NewClient(context.Background(), load.Target{Issuer: issuer, ClientID: "c", Accounts: []load.Account{{Login: "anna"}}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	people, err := client.NewPeople(1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := people.Measure(t.Context(), operation(t, load.ClientCredentials), load.Options{Parallel: 1, For: 60 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if got.Refused < 1 || got.Count < 1 || int64(got.Count+got.Refused) != asked.Load()-2 {
		t.Errorf("measured %+v of %d requests", got, asked.Load()-2)
	}
}
