package floor

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

func (s *Server) isClient(r *http.Request) bool {
	id, secret, ok := r.BasicAuth()
	return ok && id == s.ClientID && same(secret, s.ClientSecret)
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if !s.isClient(r) {
		http.Error(w, "not the client", http.StatusUnauthorized)
		return
	}
	switch r.PostFormValue("grant_type") {
	case "authorization_code":
		code, err := s.kept.take(r.Context(), r.PostFormValue("code"))
		digest := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if err != nil || r.PostFormValue("redirect_uri") != s.RedirectURI || code.Challenge != encode(digest[:]) {
			refuse(w, "the code is not good")
			return
		}
		s.give(r.Context(), w, code)
	case "refresh_token":
		refresh, err := s.kept.take(r.Context(), r.PostFormValue("refresh_token"))
		if err != nil {
			refuse(w, "the refresh token is not good")
			return
		}
		s.give(r.Context(), w, refresh)
	case "client_credentials":
		answer(w, tokens{Access: rand.Text(), Type: "Bearer", Life: seconds(life)})
	default:
		refuse(w, "the grant type is not known")
	}
}

// tokens are an answer of the token endpoint.
type tokens struct {
	Access  string `json:"access_token"`
	Type    string `json:"token_type"`
	Life    int64  `json:"expires_in"`
	Refresh string `json:"refresh_token,omitempty"`
	ID      string `json:"id_token,omitempty"`
}

func (s *Server) give(ctx context.Context, w http.ResponseWriter, from row) {
	t := tokens{Access: rand.Text(), Type: "Bearer", Life: seconds(life), Refresh: rand.Text()}
	err := s.kept.put(ctx, row{Key: t.Access, Subject: from.Subject}, row{Key: t.Refresh, Subject: from.Subject})
	if err == nil {
		t.ID, err = s.sign(from, t.Access)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, t)
}

// sign makes an ID token (RFC 7518, section 3.4).
func (s *Server) sign(from row, access string) (string, error) {
	now, half := time.Now(), sha256.Sum256([]byte(access))
	claims := map[string]any{
		"iss": s.Issuer, "aud": s.ClientID, "sub": from.Subject, "iat": now.Unix(), "exp": now.Add(life).Unix(), "at_hash": encode(half[:16]),
	}
	if from.Nonce != "" {
		claims["nonce"] = from.Nonce
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := encode([]byte(`{"alg":"ES256","kid":"floor"}`)) + "." + encode(payload)
	digest := sha256.Sum256([]byte(text))
	x, y, err := ecdsa.Sign(rand.Reader, s.key, digest[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	x.FillBytes(signature[:32])
	y.FillBytes(signature[32:])
	return text + "." + encode(signature), nil
}

func (s *Server) userinfo(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	known, err := s.kept.get(r.Context(), token)
	if err != nil {
		http.Error(w, "the token is not good", http.StatusUnauthorized)
		return
	}
	answer(w, map[string]string{"sub": known.Subject, "name": "Bench " + known.Subject})
}

func (s *Server) introspect(w http.ResponseWriter, r *http.Request) {
	if !s.isClient(r) {
		http.Error(w, "not the client", http.StatusUnauthorized)
		return
	}
	known, err := s.kept.get(r.Context(), r.PostFormValue("token"))
	if err != nil {
		answer(w, map[string]bool{"active": false})
		return
	}
	answer(w, map[string]any{"active": true, "sub": known.Subject, "client_id": s.ClientID, "exp": time.Now().Add(life).Unix()})
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }
