package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// tokens are what was acknowledged last.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
	Error   string `json:"error"`
}

// token asks the token endpoint until it answers.
func (p *person) token(ctx context.Context, fields url.Values) (t tokens, status, lost int, err error) {
	a, lost, err := p.again(ctx, p.party(), func() (*http.Request, error) {
		req, err := http.NewRequest(http.MethodPost, p.w.issuer+"/oauth/te", strings.NewReader(fields.Encode()))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(clientID, clientSecret)
		return req, nil
	})
	if err != nil {
		return tokens{}, 0, lost, err
	}
	if err := json.Unmarshal(a.body, &t); err != nil {
		return tokens{}, a.status, lost, fmt.Errorf("the token endpoint answered %d: %.200s", a.status, a.body)
	}
	return t, a.status, lost, nil
}

// party is the relying party's own way to the provider.
func (p *person) party() *http.Client {
	return &http.Client{Transport: p.w.hops.transport(), Timeout: time.Minute}
}

func redemption(code, verifier string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier}}
}

// redeem is errAgain where the answer to an earlier try was lost, and the code with
// it.
func (p *person) redeem(ctx context.Context, code, verifier string) (tokens, error) {
	t, status, lost, err := p.token(ctx, redemption(code, verifier))
	switch {
	case err != nil:
		return t, err
	case status == http.StatusOK:
		p.w.acks.token(p, t, "codes redeemed")
		return t, p.verify(ctx, t)
	case lost > 0:
		p.w.faults.count("codes whose redemption was lost")
		return t, errAgain
	}
	return t, fmt.Errorf("a code that was acknowledged is refused: %s", t.Error)
}

// verify checks the ID token as any relying party does.
func (p *person) verify(ctx context.Context, t tokens) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		keys := oidc.NewRemoteKeySet(oidc.ClientContext(ctx, p.party()), p.w.issuer+"/oauth/keys")
		verifier := oidc.NewVerifier(p.w.issuer, keys, &oidc.Config{ClientID: clientID, Now: p.w.time})
		_, err := verifier.Verify(ctx, t.ID)
		var silent *url.Error
		if err == nil || !errors.As(err, &silent) && !strings.Contains(err.Error(), "fetching keys") || ctx.Err() != nil {
			return err
		}
		<-time.After(50 * time.Millisecond)
	}
}

// replay redeems a code that gave tokens once more.
func (p *person) replay(ctx context.Context, code, verifier string) {
	p.w.acks.gone(p)
	_, status, _, err := p.token(ctx, redemption(code, verifier))
	if err == nil && status == http.StatusOK {
		p.w.faults.add("%s: a code was redeemed twice", p.login)
	}
	p.w.faults.count("codes tried twice, one after the other")
}

// race redeems a code several times at once: at most one may get tokens.
func (p *person) race(ctx context.Context, code, verifier string) {
	var group sync.WaitGroup
	var mu sync.Mutex
	given := 0
	for range 3 {
		group.Go(func() {
			_, status, _, err := p.token(ctx, redemption(code, verifier))
			mu.Lock()
			defer mu.Unlock()
			if err == nil && status == http.StatusOK {
				given++
			}
		})
	}
	group.Wait()
	if given > 1 {
		p.w.faults.add("%s: a code gave tokens %d times", p.login, given)
	}
	p.w.faults.count("codes tried three times at once")
}

// renew refreshes. A refusal is a write that is gone, unless nobody answered for so
// long that the token's grace was over.
func (p *person) renew(ctx context.Context, t tokens) (tokens, error) {
	begun := time.Now()
	next, status, lost, err := p.token(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {t.Refresh}})
	switch {
	case err != nil:
		return t, err
	case status == http.StatusOK:
		p.w.acks.token(p, next, "refreshes")
		return next, nil
	case lost > 0 && time.Since(begun) > 55*time.Second:
		return t, errAgain
	}
	return t, fmt.Errorf("a refresh token that was acknowledged is refused: %s, after %d answers that were lost", next.Error, lost)
}

// claims asks with an access token that was acknowledged.
func (p *person) claims(ctx context.Context, t tokens) error {
	a, _, err := p.again(ctx, p.party(), func() (*http.Request, error) {
		req, err := http.NewRequest(http.MethodGet, p.w.issuer+"/oauth/me", nil)
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+t.Access)
		}
		return req, err
	})
	if err != nil {
		return err
	}
	if a.status != http.StatusOK {
		return fmt.Errorf("an access token that was acknowledged is refused: %d", a.status)
	}
	p.w.faults.count("claims asked for")
	return nil
}
