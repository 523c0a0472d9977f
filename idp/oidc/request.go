package oidc

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// Ways to send an answer to the relying party.
const (
	modeQuery    = "query"
	modeFormPost = "form_post"
)

func responseModes() []string { return []string{modeQuery, modeFormPost} }

func prompts() []string {
	return []string{idp.PromptNone, idp.PromptLogin, idp.PromptConsent, idp.PromptSelectAccount}
}

// challengeForm is the base64url of a SHA-256 (RFC 7636, section 4.2).
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

const (
	// maxHint bounds login_hint, in bytes: it is shown to a person.
	maxHint = 256
	// maxList bounds how many values a space-separated list may hold.
	maxList = 32
	// maxTag bounds one language tag, in bytes; RFC 5646, section 4.4.1 advises
	// room for 35.
	maxTag = 35
)

// checkRequest turns the parameters into a request. The client and its
// redirect URI must be right already. With a oauth.Failure the request holds what the
// answer to the relying party needs.
func (p *Provider) checkRequest(ctx context.Context, client *idp.Client, asked oauth.Params) (*idp.AuthorizationRequest, *oauth.Failure) {
	request := &idp.AuthorizationRequest{
		ClientID:     client.ID,
		RedirectURI:  asked.Get("redirect_uri"),
		ResponseType: asked.Get("response_type"),
		State:        asked.Get("state"),
		Nonce:        asked.Get("nonce"),
	}
	if slices.Contains(responseModes(), asked.Get("response_mode")) {
		request.ResponseMode = asked.Get("response_mode")
	}
	for _, check := range []func(*idp.Client, oauth.Params, *idp.AuthorizationRequest) *oauth.Failure{
		checkShape, checkScopes, checkPKCE, checkWishes,
	} {
		if f := check(client, asked, request); f != nil {
			return request, f
		}
	}
	return request, p.checkHint(ctx, asked, request)
}

func checkShape(client *idp.Client, asked oauth.Params, request *idp.AuthorizationRequest) *oauth.Failure {
	mode := asked.Get("response_mode")
	switch f := asked.Fault(); {
	case f != nil:
		return f
	case asked.Get("request") != "":
		return oauth.Fail(oauth.RequestNotSupported, "request objects are not supported")
	case asked.Get("request_uri") != "":
		return oauth.Fail(oauth.RequestURINotSupported, "request objects are not supported")
	case asked.Get("registration") != "":
		return oauth.Fail(oauth.RegistrationNotSupported, "clients are registered beforehand")
	case request.ResponseType == "":
		return oauth.Fail(oauth.InvalidRequest, "response_type is missing")
	case request.ResponseType != string(oidc.ResponseTypeCode):
		return oauth.Fail(oauth.UnsupportedResponseType, "response_type must be code")
	case mode != "" && request.ResponseMode == "":
		return oauth.Fail(oauth.InvalidRequest, "response_mode must be query or form_post")
	case !client.Allows(idp.GrantCode):
		return oauth.Fail(oauth.UnauthorizedClient, "the client is not registered for the code flow")
	}
	return nil
}

// checkScopes keeps the scopes that mean something and that the client may ask
// for; the rest is ignored (OpenID Connect Core, section 3.1.2.1).
func checkScopes(client *idp.Client, asked oauth.Params, request *idp.AuthorizationRequest) *oauth.Failure {
	for _, scope := range strings.Fields(asked.Get("scope")) {
		if slices.Contains(knownScopes(), scope) && client.AllowsScope(scope) && !slices.Contains(request.Scopes, scope) {
			request.Scopes = append(request.Scopes, scope)
		}
	}
	if !slices.Contains(request.Scopes, oidc.ScopeOpenID) {
		return oauth.Fail(oauth.InvalidScope, "scope must hold openid")
	}
	return nil
}

// checkPKCE wants S256 of everybody (RFC 9700, section 2.1.1); only a
// confidential client of older make may leave the challenge out.
func checkPKCE(client *idp.Client, asked oauth.Params, request *idp.AuthorizationRequest) *oauth.Failure {
	code, method := asked.Get("code_challenge"), asked.Get("code_challenge_method")
	switch {
	case code == "" && method == "" && client.WaivePKCE && !client.Public():
		return nil
	case code == "":
		return oauth.Fail(oauth.InvalidRequest, "code_challenge is missing")
	case method != string(oidc.CodeChallengeMethodS256):
		return oauth.Fail(oauth.InvalidRequest, "code_challenge_method must be S256")
	case !challengeForm.MatchString(code):
		return oauth.Fail(oauth.InvalidRequest, "code_challenge is not the base64url of a SHA-256")
	}
	request.CodeChallenge = code
	return nil
}

// checkWishes reads what the relying party wants of the authentication.
func checkWishes(_ *idp.Client, asked oauth.Params, request *idp.AuthorizationRequest) *oauth.Failure {
	for _, prompt := range strings.Fields(asked.Get("prompt")) {
		if slices.Contains(prompts(), prompt) && !request.Prompts(prompt) {
			request.Prompt = append(request.Prompt, prompt)
		}
	}
	if request.Prompts(idp.PromptNone) && len(request.Prompt) > 1 {
		return oauth.Fail(oauth.InvalidRequest, "prompt=none goes with no other value")
	}
	if text := asked.Get("max_age"); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil || seconds < 0 {
			return oauth.Fail(oauth.InvalidRequest, "max_age must be a number of seconds")
		}
		request.MaxAge = &seconds
	}
	request.ACRValues = slices.DeleteFunc(list(asked.Get("acr_values")), func(acr string) bool { return !slices.Contains(idp.ACRs(), acr) })
	request.UILocales = slices.DeleteFunc(list(asked.Get("ui_locales")), func(tag string) bool { return len(tag) > maxTag })
	if request.LoginHint = asked.Get("login_hint"); len(request.LoginHint) > maxHint {
		return oauth.Fail(oauth.InvalidRequest, "login_hint is too long")
	}
	return nil
}

func list(text string) []string {
	values := strings.Fields(text)
	return values[:min(len(values), maxList)]
}

// checkHint takes the subject from an id_token_hint; an expired one is a good
// hint (OpenID Connect Core, section 3.1.2.1).
func (p *Provider) checkHint(ctx context.Context, asked oauth.Params, request *idp.AuthorizationRequest) *oauth.Failure {
	hint := asked.Get("id_token_hint")
	if hint == "" {
		return nil
	}
	claims, err := p.readHint(ctx, hint)
	if err != nil || !slices.Contains(claims.Audience, request.ClientID) {
		return oauth.Fail(oauth.InvalidRequest, "id_token_hint is not an ID token that this client got here")
	}
	request.HintSubject = claims.Subject
	return nil
}

// readHint verifies that we signed the ID token. That it expired doesn't matter.
func (p *Provider) readHint(ctx context.Context, hint string) (*oidc.IDTokenClaims, error) {
	ctx = op.ContextWithIssuer(ctx, p.Issuer)
	claims, err := op.VerifyIDTokenHint[*oidc.IDTokenClaims](ctx, hint, p.library.IDTokenHintVerifier(ctx))
	if expired := (op.IDTokenHintExpiredError{}); errors.As(err, &expired) {
		err = nil
	}
	return claims, err
}
