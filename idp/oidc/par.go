package oidc

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
)

const (
	// pushedPurpose is the keyring's purpose for hashes of pushed requests' URIs.
	pushedPurpose = "pushed-request"
	// pushedLife is how long a pushed request waits for its browser.
	pushedLife = time.Minute
)

// PushedRequest is an authorization request that its client pushed and that was
// found right (RFC 9126).
type PushedRequest struct {
	// Hash is the keyed hash of what its request_uri holds.
	Hash      string
	ClientID  string
	Request   idp.AuthorizationRequest
	CreatedAt time.Time
	ExpiresAt time.Time
}

// PushedRequests keeps pushed requests until they are used.
type PushedRequests interface {
	// CreatePushedRequest is idp.ErrTaken where another has the hash.
	CreatePushedRequest(ctx context.Context, p PushedRequest) error
	// TakePushedRequest gives the client's request away, once: of all who ask at
	// once, one gets it. idp.ErrNotFound for the others, and where it is over at now
	// or another client's, which leaves it where it is.
	TakePushedRequest(ctx context.Context, hash, clientID string, now time.Time) (PushedRequest, error)
}

// pushedAnswer is the JSON of RFC 9126, section 2.2.
type pushedAnswer struct {
	RequestURI string `json:"request_uri"`
	ExpiresIn  int    `json:"expires_in"`
}

// servePAR is the pushed authorization request endpoint (RFC 9126, section 2).
func (p *Provider) servePAR(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if oauth.Preflight(w, r, http.MethodPost) || !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	asked, f := oauth.PostedParams(w, r)
	var client *idp.Client
	if f == nil {
		client, f = p.Auth.Authenticate(r.Context(), r, asked)
	}
	oauth.AllowOrigin(w, r, client)
	if f != nil {
		oauth.WriteFailure(w, f, oauth.SchemeBasic)
		return
	}
	answer, f := p.push(r.Context(), client, asked)
	if f != nil {
		if !f.Ours() {
			p.Log.InfoContext(r.Context(), "pushed request refused", "client_id", client.ID, "error", f.Code, "description", f.Description)
		}
		oauth.WriteFailure(w, f, oauth.SchemeBasic)
		return
	}
	oauth.WriteJSON(w, http.StatusCreated, answer)
}

// push checks the whole request and keeps it.
func (p *Provider) push(ctx context.Context, client *idp.Client, asked oauth.Params) (*pushedAnswer, *oauth.Failure) {
	wanted, f := p.requests.ReadPushed(ctx, client, asked)
	if f != nil {
		return nil, f
	}
	secret, err := idp.NewSecret(p.Rand)
	if err != nil {
		return nil, p.fault(ctx, "making a request_uri", err)
	}
	now := p.Now()
	err = p.Stores.CreatePushedRequest(ctx, PushedRequest{
		Hash: p.Keyring.Hash(pushedPurpose, secret), ClientID: client.ID, Request: *wanted, CreatedAt: now, ExpiresAt: now.Add(pushedLife),
	})
	if err != nil {
		return nil, p.fault(ctx, "storing a pushed request", err)
	}
	return &pushedAnswer{RequestURI: request.PushedURI(secret), ExpiresIn: int(pushedLife.Seconds())}, nil
}

// takePushed uses the pushed request up. Whatever else the browser brought is
// ignored (RFC 9126, section 4). Where there is none for this client, no redirect
// URI is known either, so the person is told.
func (p *Provider) takePushed(ctx context.Context, asked oauth.Params, secret string) (*idp.AuthorizationRequest, *request.Refusal) {
	client, refusal := p.requests.Client(ctx, asked.Get("client_id"))
	if refusal != nil {
		return nil, refusal
	}
	pushed, err := p.Stores.TakePushedRequest(ctx, p.Keyring.Hash(pushedPurpose, secret), client.ID, p.Now())
	if errors.Is(err, idp.ErrNotFound) {
		f := oauth.Fail(oauth.InvalidRequestURI, "the pushed request is unknown, used or too old")
		return nil, &request.Refusal{Problem: problemPushed, Failure: f}
	}
	if err != nil {
		return nil, &request.Refusal{Problem: idp.ProblemInternal, Failure: oauth.FailureOf(err), Cause: err}
	}
	if refusal := p.requests.Recheck(client, &pushed.Request); refusal != nil {
		return nil, refusal
	}
	return &pushed.Request, nil
}
