package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// person is somebody with a browser, and the tokens that a relying party got for them.
type person struct {
	client  *Client
	account Account
	browser *http.Client
	tokens  tokens
}

// tokens are an answer of the token endpoint.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
	Type    string `json:"token_type"`
	Life    int64  `json:"expires_in"`
	Scope   string `json:"scope"`
}

func (c *Client) newPerson(a Account) (*person, error) {
	p := &person{client: c, account: a}
	return p, p.newBrowser()
}

// newBrowser forgets every cookie. Connections are kept: what is measured is the
// provider, not the opening of connections.
func (p *person) newBrowser() error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	p.browser = &http.Client{Jar: jar, Transport: p.client.http.Transport, Timeout: requestLimit, CheckRedirect: p.stopAtCallback}
	return nil
}

// stopAtCallback doesn't follow the redirect to the relying party, which is us.
func (p *person) stopAtCallback(r *http.Request, via []*http.Request) error {
	if strings.HasPrefix(r.URL.String(), p.client.target.RedirectURI) {
		return http.ErrUseLastResponse
	}
	if len(via) > 10 {
		return errors.New("more than ten redirects")
	}
	return nil
}

// loginFull signs in with a new browser.
func (p *person) loginFull(ctx context.Context) error {
	if err := p.newBrowser(); err != nil {
		return err
	}
	return p.login(ctx, true)
}

// loginSession signs in with a browser that has a session: no form may be shown.
func (p *person) loginSession(ctx context.Context) error { return p.login(ctx, false) }

// login is one login from the authorization request to checked tokens.
func (p *person) login(ctx context.Context, forms bool) error {
	state, nonce, verifier := oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	start := p.client.oauth().AuthCodeURL(state, oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("nonce", nonce))
	back, err := p.walk(ctx, start, forms)
	if err != nil {
		return err
	}
	code, err := p.client.checkCallback(back, state)
	if err != nil {
		return err
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {p.client.target.RedirectURI}, "code_verifier": {verifier}}
	var got tokens
	if err := p.client.post(ctx, p.client.endpoints.Token, form, &got); err != nil {
		return err
	}
	if err := p.client.checkIDToken(ctx, got, nonce); err != nil {
		return fmt.Errorf("after a login: %w", err)
	}
	p.tokens = got
	return nil
}

// refresh exchanges the refresh token. A provider that rotates gives the next one.
func (p *person) refresh(ctx context.Context) error {
	if p.tokens.Refresh == "" {
		return errors.New("the login gave no refresh token")
	}
	var got tokens
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {p.tokens.Refresh}}
	if err := p.client.post(ctx, p.client.endpoints.Token, form, &got); err != nil {
		return err
	}
	if err := p.client.checkRefreshed(ctx, got, p.tokens); err != nil {
		return fmt.Errorf("after a refresh: %w", err)
	}
	if got.Refresh == "" {
		got.Refresh = p.tokens.Refresh
	}
	if got.ID == "" {
		got.ID = p.tokens.ID
	}
	p.tokens = got
	return nil
}
