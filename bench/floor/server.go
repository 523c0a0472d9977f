package floor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options for New.
type Options struct {
	// Issuer is the address, without a path.
	Issuer string
	// ClientID, ClientSecret and RedirectURI are the only client.
	ClientID, ClientSecret, RedirectURI string
	// Password is everybody's; it is compared, not hashed.
	Password string
	// Store is "sqlite:PATH" of a file that isn't there yet; empty: memory.
	Store string
}

// Server is the provider, an http.Handler.
type Server struct {
	Options
	mux             *http.ServeMux
	kept            kept
	key             *ecdsa.PrivateKey
	discovery, keys []byte
}

const life = 10 * time.Minute

// New makes the provider with a key of its own.
func New(ctx context.Context, o Options) (*Server, error) {
	s := &Server{Options: o, mux: http.NewServeMux(), kept: &memory{rows: map[string]row{}}}
	if path, ok := strings.CutPrefix(o.Store, "sqlite:"); ok {
		t, err := openTable(ctx, path)
		if err != nil {
			return nil, err
		}
		s.kept = t
	}
	var err error
	if s.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	if err := s.describe(); err != nil {
		return nil, err
	}
	s.mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) { send(w, s.discovery) })
	s.mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) { send(w, s.keys) })
	s.mux.HandleFunc("GET /authorize", s.authorize)
	s.mux.HandleFunc("POST /authorize", s.login)
	s.mux.HandleFunc("POST /token", s.token)
	s.mux.HandleFunc("GET /userinfo", s.userinfo)
	s.mux.HandleFunc("POST /introspect", s.introspect)
	return s, nil
}

// ServeHTTP serves every endpoint.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *Server) describe() (err error) {
	if s.discovery, err = json.Marshal(map[string]any{
		"issuer": s.Issuer, "authorization_endpoint": s.Issuer + "/authorize", "token_endpoint": s.Issuer + "/token",
		"userinfo_endpoint": s.Issuer + "/userinfo", "introspection_endpoint": s.Issuer + "/introspect", "jwks_uri": s.Issuer + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
	}); err != nil {
		return err
	}
	point, err := s.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return err
	}
	s.keys, err = json.Marshal(map[string]any{"keys": []map[string]string{{
		"kty": "EC", "crv": "P-256", "kid": "floor", "alg": "ES256", "use": "sig", "x": encode(point[1:33]), "y": encode(point[33:]),
	}}})
	return err
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func send(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

func answer(w http.ResponseWriter, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	send(w, body)
}

func refuse(w http.ResponseWriter, why string) { http.Error(w, why, http.StatusBadRequest) }

// authorize sends a browser with a session back with a code, and shows others a form.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != s.ClientID || q.Get("redirect_uri") != s.RedirectURI || q.Get("response_type") != "code" {
		refuse(w, "the request is not this client's")
		return
	}
	if cookie, err := r.Cookie("floor"); err == nil {
		if session, err := s.kept.get(r.Context(), cookie.Value); err == nil {
			s.back(w, r, session.Subject)
			return
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<!doctype html><title>Sign in</title><form method="post"><input name="login"><input name="password" type="password"><button>Sign in</button></form>`))
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("login") == "" || !same(r.PostFormValue("password"), s.Password) {
		refuse(w, "the password is wrong")
		return
	}
	session := row{Key: rand.Text(), Subject: r.PostFormValue("login")}
	if err := s.kept.put(r.Context(), session); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "floor", Value: session.Key, HttpOnly: true, Path: "/"})
	s.back(w, r, session.Subject)
}

func (s *Server) back(w http.ResponseWriter, r *http.Request, subject string) {
	q := r.URL.Query()
	code := row{Key: rand.Text(), Subject: subject, Nonce: q.Get("nonce"), Challenge: q.Get("code_challenge")}
	if err := s.kept.put(r.Context(), code); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	to := s.RedirectURI + "?" + url.Values{"code": {code.Key}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
