package shop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// scopeVerification lets a client have numbers confirmed.
const scopeVerification = "phone_verification"

// maxAnswer bounds what is read of the provider's answers, in bytes.
const maxAnswer = 64 << 10

// Statuses of a verification that the shop does something about; the others are
// on the way to them.
const (
	statusVerified  = "verified"
	statusExpired   = "expired"
	statusExhausted = "exhausted"
	statusFailed    = "failed"
	statusBlocked   = "blocked"
)

// verification is a number that is being confirmed, as the provider tells.
type verification struct {
	ID           string      `json:"id"`
	Status       string      `json:"status"`
	Phone        string      `json:"phone"` // masked
	Channel      string      `json:"channel"`
	CodeLength   int         `json:"code_length"`
	TriesLeft    int         `json:"tries_left"`
	CallerMask   string      `json:"caller_mask"`
	EndsAt       time.Time   `json:"ends_at"`
	ResendAt     time.Time   `json:"resend_at"`
	BlockedUntil time.Time   `json:"blocked_until"`
	Others       []other     `json:"others"`
	Problem      *apiProblem `json:"problem"`
}

// other is a channel that may be asked for instead, from At on.
type other struct {
	Channel string    `json:"channel"`
	At      time.Time `json:"at"`
}

// apiProblem is an answer of the API that is no success (RFC 9457).
type apiProblem struct {
	ID        string    `json:"id"`
	Detail    string    `json:"detail"`
	TriesLeft int       `json:"tries_left"` // only where few are
	Until     time.Time `json:"until"`
	ResendAt  time.Time `json:"resend_at"`
	Status    int       `json:"status"`
}

// Error implements error.
func (p *apiProblem) Error() string {
	return fmt.Sprintf("the provider answers %d %s: %s", p.Status, p.ID, p.Detail)
}

// verifications is the provider's API for them. Its calls come from the shop's
// server alone: the browser sees neither the token nor the ID.
type verifications struct {
	url  string
	http *http.Client // brings the access token along, and a new one when it expires
}

// api gives the API with a token of the shop's own, which is kept until it
// expires.
func (a *App) api(ctx context.Context) (*verifications, error) {
	p, err := a.discover(ctx)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.verifying == nil {
		config := clientcredentials.Config{
			ClientID: a.APIClientID, ClientSecret: a.APIClientSecret, TokenURL: p.oauth.Endpoint.TokenURL,
			Scopes: []string{scopeVerification}, AuthStyle: oauth2.AuthStyleInHeader,
		}
		// The context serves later tokens too, so it must outlive the request.
		lasting := context.WithValue(context.WithoutCancel(ctx), oauth2.HTTPClient, a.HTTP)
		a.verifying = &verifications{url: a.Issuer + "/api/v1/verifications", http: config.Client(lasting)}
	}
	return a.verifying, nil
}

// forget drops the API with its token, unless another request did.
func (a *App) forget(v *verifications) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.verifying == v {
		a.verifying = nil
	}
}

// begin has the number called. The same key gives the same verification again,
// so that a form that is posted twice calls once. ip is the customer's: without
// it the shop's own would count.
func (v *verifications) begin(ctx context.Context, phone, ip, key string) (*verification, error) {
	return v.do(ctx, http.MethodPost, "", map[string]string{"phone": phone, "ip": ip}, key)
}

// get tells how the verification stands.
func (v *verifications) get(ctx context.Context, id string) (*verification, error) {
	return v.do(ctx, http.MethodGet, "/"+url.PathEscape(id), nil, "")
}

// check compares the code.
func (v *verifications) check(ctx context.Context, id, code string) (*verification, error) {
	return v.do(ctx, http.MethodPost, "/"+url.PathEscape(id)+"/check", map[string]string{"code": code}, "")
}

// resend asks for another code, by another channel where one is named.
func (v *verifications) resend(ctx context.Context, id, channel, key string) (*verification, error) {
	fields := map[string]string{}
	if channel != "" {
		fields["channel"] = channel
	}
	return v.do(ctx, http.MethodPost, "/"+url.PathEscape(id)+"/resend", fields, key)
}

func (v *verifications) do(ctx context.Context, method, path string, body any, key string) (*verification, error) {
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		sent = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, v.url+path, sent)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := v.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking for a verification: %w", err)
	}
	defer res.Body.Close()
	return read(res)
}

func read(res *http.Response) (*verification, error) {
	d := json.NewDecoder(io.LimitReader(res.Body, maxAnswer))
	if res.StatusCode/100 != 2 {
		var p apiProblem
		if err := d.Decode(&p); err != nil || res.StatusCode >= http.StatusInternalServerError {
			return nil, errors.Join(fmt.Errorf("the provider answers %s: %s", res.Status, p.ID), err)
		}
		p.Status = res.StatusCode
		return nil, &p
	}
	var told verification
	if err := d.Decode(&told); err != nil {
		return nil, fmt.Errorf("reading a verification: %w", err)
	}
	return &told, nil
}
