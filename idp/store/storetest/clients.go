package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

func someClient(id string) *idp.Client {
	return &idp.Client{
		ID: id, Name: "Shop", SecretHash: "hash", AuthMethod: idp.AuthSecretBasic,
		RedirectURIs:   []string{"https://shop.example/callback?a=b:c", "http://127.0.0.1/cb"},
		PostLogoutURIs: []string{"https://shop.example/"},
		Grants:         []string{idp.GrantCode, idp.GrantRefresh}, Scopes: []string{"openid", "phone"},
		SigningAlg: "ES256", WaivePKCE: true, AskConsent: true, RequiredFactor: 2, SecondFactors: []string{"flashCall"},
		AccessTokenLife: time.Minute, IDTokenLife: 1500 * time.Millisecond, RefreshTokenLife: 90 * 24 * time.Hour,
		CreatedAt: noon, ClientMetadata: someMetadata(),
	}
}

func someMetadata() idp.ClientMetadata {
	hour := int64(3600)
	return idp.ClientMetadata{
		ApplicationType: "web", ResponseTypes: []string{"code", "code id_token"}, JWKS: `{"keys":[]}`, JWKSURI: "https://shop.example/keys",
		AuthAlg: "ES256", RequestObjectAlg: "PS256", RequirePAR: true, JWTAccessTokens: true, Resources: []string{"https://api.example/"}, Serves: []string{"https://shop.example/api"},
		ExchangeFrom: []string{"app"}, BackchannelLogoutURI: "https://shop.example/back", BackchannelSession: true,
		FrontchannelLogoutURI: "https://shop.example/front", FrontchannelSession: true, DefaultMaxAge: &hour,
		DefaultACRs: []string{idp.ACRTwoFactors}, RequireAuthTime: true, IDTokenClaims: []string{"email"},
		ClientURI: "https://shop.example/", LogoURI: "https://shop.example/logo.png", PolicyURI: "https://shop.example/policy",
		TOSURI: "https://shop.example/terms", InitiateLoginURI: "https://shop.example/login", Contacts: []string{"ann@shop.example"},
		Tags: []string{"retail"}, SoftwareID: "software", SoftwareVersion: "1", SoftwareStatement: "statement", RegistrationHash: "hash",
	}
}

func keepsClient(t *testing.T, s Stores) {
	want := someClient("shop")
	wantFull(t, *want)
	wantFull(t, want.ClientMetadata)
	must(t, s.Clients.CreateClient(t.Context(), want))
	got, err := s.Clients.ClientByID(t.Context(), "shop")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("client is %+v, want %+v", got, want)
	}
	must(t, s.Clients.CreateClient(t.Context(), &idp.Client{ID: "bare"}))
	got, err = s.Clients.ClientByID(t.Context(), "bare")
	must(t, err)
	if want := (&idp.Client{ID: "bare", CreatedAt: Clock()}); !reflect.DeepEqual(got, want) {
		t.Errorf("a bare client came back as %+v", got)
	}
}

func updatesClient(t *testing.T, s Stores) {
	must(t, s.Clients.CreateClient(t.Context(), someClient("shop")))
	wantError(t, "same id", s.Clients.CreateClient(t.Context(), someClient("shop")), idp.ErrTaken)

	refusal := errors.New("refused")
	_, err := s.Clients.UpdateClient(t.Context(), "shop", func(c *idp.Client) error {
		c.Name, c.RedirectURIs[0] = "changed", "https://evil.example/"
		return refusal
	})
	if err != refusal {
		t.Errorf("error is %v, want that of change itself", err)
	}
	got, err := s.Clients.ClientByID(t.Context(), "shop")
	must(t, err)
	if !reflect.DeepEqual(got, someClient("shop")) {
		t.Errorf("a refused change was stored: %+v", got)
	}

	want := &idp.Client{ID: "shop", AuthMethod: idp.AuthNone, SigningAlg: "RS256", CreatedAt: noon}
	told, err := s.Clients.UpdateClient(t.Context(), "shop", func(c *idp.Client) error {
		*c = idp.Client{ID: "other", AuthMethod: idp.AuthNone, SigningAlg: "RS256", CreatedAt: noon.Add(time.Hour)}
		return nil
	})
	must(t, err)
	got, err = s.Clients.ClientByID(t.Context(), "shop")
	must(t, err)
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(told, want) {
		t.Errorf("stored %+v, told %+v, want %+v", got, told, want)
	}

	must(t, s.Clients.DeleteClient(t.Context(), "shop"))
	_, err = s.Clients.ClientByID(t.Context(), "shop")
	wantError(t, "after the deletion", err, idp.ErrNotFound)
}

func missesClient(t *testing.T, s Stores) {
	_, err := s.Clients.ClientByID(t.Context(), "none")
	wantError(t, "read", err, idp.ErrNotFound)
	_, err = s.Clients.UpdateClient(t.Context(), "none", func(*idp.Client) error { return nil })
	wantError(t, "update", err, idp.ErrNotFound)
	wantError(t, "delete", s.Clients.DeleteClient(t.Context(), "none"), idp.ErrNotFound)
}

func listsClients(t *testing.T, s Stores) {
	var want []string
	for i := range 5 {
		must(t, s.Clients.CreateClient(t.Context(), someClient(fmt.Sprint("client-", 4-i))))
		want = append(want, fmt.Sprint("client-", i))
	}
	var got []string
	after := ""
	for {
		page, err := s.Clients.ListClients(t.Context(), after, 3)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			got = append(got, c.ID)
		}
		after = got[len(got)-1]
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
}
