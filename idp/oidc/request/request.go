package request

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
)

// Hints read ID tokens that we made; *hint.Reader does.
type Hints interface {
	Read(ctx context.Context, token string) (hint.Claims, error)
}

// Options of a Reader. All are required but Keys.
type Options struct {
	Issuer  string
	Clients idp.Clients
	// Keys verify request objects; nil refuses signed ones.
	Keys Keys
	// Scopes are those that mean something in an authorization request.
	Scopes func() []string
	// Askable are those of the claims that the client may ask for by name.
	Askable func(client *idp.Client, names []string) []string
	// Hints read ID tokens that come back.
	Hints Hints
	Now   func() time.Time
	Log   *slog.Logger
}

// Reader reads authorization requests. It is safe for concurrent use.
type Reader struct{ Options }

// New returns a reader. It fails where a dependency is missing.
func New(o Options) (*Reader, error) {
	if o.Issuer == "" || o.Clients == nil || o.Scopes == nil || o.Askable == nil || o.Hints == nil || o.Now == nil || o.Log == nil {
		return nil, errors.New("request: an option is missing")
	}
	return &Reader{o}, nil
}

// IDs of the problems that only a request has; see idp.Problem.
const (
	// ProblemRequest: the request can't be read.
	ProblemRequest = idp.ProblemRequest
	// ProblemRedirect: the address to go back to isn't registered.
	ProblemRedirect = "redirect_invalid"
)

// Refusal says why a request isn't one, and who may be told.
type Refusal struct {
	// Problem is the id of what the person is shown; empty where the relying
	// party is to be told instead, because its redirect URI is registered (RFC
	// 6749, section 4.1.2.1).
	Problem string
	// Request holds what an answer to the relying party needs: redirect URI,
	// response mode and state.
	Request *idp.AuthorizationRequest
	// Failure is for the relying party, and for the log.
	Failure *oauth.Failure
	// Cause is for the log alone; nil where Failure says it all.
	Cause error
}

// fault logs an unexpected error and gives the answer that says nothing of it.
func (c *check) fault(doing string, err error) *oauth.Failure {
	c.Log.ErrorContext(c.ctx, "authorization request can't be checked", "client_id", c.client.ID, "doing", doing, "error", err)
	return oauth.FailureOf(err)
}

func shown(problem string, f *oauth.Failure, cause error) *Refusal {
	return &Refusal{Problem: problem, Failure: f, Cause: cause}
}

// check is one request on its way through the checks.
type check struct {
	*Reader
	ctx     context.Context
	client  *idp.Client
	asked   oauth.Params
	request *idp.AuthorizationRequest
}

// Read checks the parameters of a request that a browser came with.
func (r *Reader) Read(ctx context.Context, asked oauth.Params) (*idp.AuthorizationRequest, *Refusal) {
	client, refusal := r.Client(ctx, asked.Get("client_id"))
	if refusal != nil {
		return nil, refusal
	}
	said, f := r.unfold(ctx, client, asked, merge)
	if f == nil && client.RequirePAR {
		f = oauth.Fail(oauth.InvalidRequest, "the client must push its requests")
	}
	return r.read(ctx, client, said, f)
}

// ReadPushed checks the parameters that an authenticated client pushed. Of a
// request that has a request object, that object alone counts (RFC 9126, section
// 3).
func (r *Reader) ReadPushed(ctx context.Context, client *idp.Client, asked oauth.Params) (*idp.AuthorizationRequest, *oauth.Failure) {
	if asked.Get("request_uri") != "" {
		return nil, oauth.Fail(oauth.InvalidRequest, "a pushed request can't hold request_uri")
	}
	said, f := r.unfold(ctx, client, asked, objectAlone)
	if f != nil {
		return nil, f
	}
	request, refusal := r.read(ctx, client, said, nil)
	if refusal != nil {
		return nil, refusal.Failure
	}
	return request, nil
}

// Client finds the client that a request names. Where there is none, nobody but
// the person can be told.
func (r *Reader) Client(ctx context.Context, id string) (*idp.Client, *Refusal) {
	client, err := r.Clients.ClientByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, shown(idp.ProblemClientUnknown, oauth.Fail(oauth.InvalidClient, "the client is unknown"), err)
	}
	if err != nil {
		return nil, shown(idp.ProblemInternal, oauth.FailureOf(err), err)
	}
	return client, nil
}

// read checks what the client said. A fault that was found before is told of
// here, where it is known to whom.
func (r *Reader) read(ctx context.Context, client *idp.Client, said oauth.Params, f *oauth.Failure) (*idp.AuthorizationRequest, *Refusal) {
	if uri := said.Get("redirect_uri"); uri == "" || !client.AllowsRedirect(uri) {
		if f == nil {
			f = oauth.Fail(oauth.InvalidRequest, "redirect_uri is missing or not registered")
		}
		return nil, shown(ProblemRedirect, f, nil)
	}
	c := &check{Reader: r, ctx: ctx, client: client, asked: said, request: draft(client, said)}
	if f == nil {
		f = c.all()
	}
	if f != nil {
		return nil, &Refusal{Request: c.request, Failure: f}
	}
	return c.request, nil
}

// draft holds what an answer needs, whatever else is wrong.
func draft(client *idp.Client, said oauth.Params) *idp.AuthorizationRequest {
	responseType := typeOf(said.Get("response_type"))
	return &idp.AuthorizationRequest{
		ClientID:     client.ID,
		RedirectURI:  said.Get("redirect_uri"),
		ResponseType: responseType,
		ResponseMode: modeFor(responseType, said.Get("response_mode")),
		State:        said.Get("state"),
		Nonce:        said.Get("nonce"),
	}
}

// all runs every check; the first fault is told. Claims come before classes and
// hints, because what they say of acr and sub wins.
func (c *check) all() *oauth.Failure {
	for _, one := range []func(*check) *oauth.Failure{
		checkShape, checkType, checkMode, checkNonce, checkPKCE, checkScopes, checkResources,
		checkClaims, checkClasses, checkPrompt, checkAge, checkPages, checkHint,
	} {
		if f := one(c); f != nil {
			return f
		}
	}
	return nil
}

func checkShape(c *check) *oauth.Failure {
	if f := c.asked.Fault(); f != nil {
		return f
	}
	if c.asked.Get("registration") != "" {
		return oauth.Fail(oauth.RegistrationNotSupported, "clients are registered beforehand")
	}
	return nil
}

// Recheck holds a request that was checked before, when it was pushed (RFC 9126,
// section 4) or when its login began, to the client's registration as it is now.
func (r *Reader) Recheck(client *idp.Client, pushed *idp.AuthorizationRequest) *Refusal {
	switch {
	case !client.AllowsRedirect(pushed.RedirectURI):
		return shown(ProblemRedirect, oauth.Fail(oauth.InvalidRequest, "redirect_uri is not registered any more"), nil)
	case !allowsType(client, pushed.ResponseType):
		return &Refusal{Request: pushed, Failure: oauth.Fail(oauth.UnauthorizedClient, "the client is not registered for this response_type any more")}
	}
	return nil
}
