package oidc_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// answerParts are what came in the query, in the fragment and by form post.
func answerParts(t *testing.T, got answer) map[string]url.Values {
	t.Helper()
	parts := map[string]url.Values{"query": {}, "fragment": {}, "form_post": {}}
	if got.page == "form-post" {
		var page oidc.FormPostPage
		if err := json.Unmarshal(got.body, &page); err != nil || page.Action != redirect {
			t.Fatalf("%v: %s", err, got.body)
		}
		for name, value := range page.Fields {
			parts["form_post"].Set(name, value)
		}
		return parts
	}
	if got.location == nil || !strings.HasPrefix(got.location.String(), redirect) {
		t.Fatalf("%d %q %v", got.status, got.page, got.location)
	}
	fragment, err := url.ParseQuery(got.location.Fragment)
	if err != nil {
		t.Fatal(err)
	}
	parts["query"], parts["fragment"] = got.location.Query(), fragment
	return parts
}

// TestAnswersComeInOnePlace: of every response type, by every mode, answers and
// errors stand where they belong, each with iss (RFC 9207) and state, and nothing
// stands anywhere else. No token ever stands in a query.
func TestAnswersComeInOnePlace(t *testing.T) {
	w := newWorld(t)
	w.addClient(idp.Client{ID: "all", Grants: idp.Grants(), ClientMetadata: idp.ClientMetadata{ResponseTypes: idp.ResponseTypes()}})
	denied := false
	w.finish = func(l *idp.Login) {
		if denied {
			l.State, l.Error, l.Session = idp.LoginDenied, "access_denied", ""
		}
	}
	for _, responseType := range idp.ResponseTypes() {
		words := strings.Fields(responseType)
		for _, mode := range []string{"", "query", "fragment", "form_post"} {
			place, refused := mode, mode == "query" && responseType != "code"
			if place == "" || refused {
				place = map[bool]string{true: "query", false: "fragment"}[responseType == "code"]
			}
			for what, pairs := range map[string][]string{"answer": nil, "error": {"scope", "profile"}, "denied": nil} {
				denied = what == "denied"
				got := w.agent().get(oidc.PathAuthorize, request("all", append([]string{"response_type", responseType, "response_mode", mode}, pairs...)...))
				parts := answerParts(t, got)
				here := parts[place]
				name := responseType + " by " + mode + ", " + what
				if !slices.Equal(here["iss"], []string{w.issuer}) || !slices.Equal(here["state"], []string{"state-1"}) {
					t.Errorf("%s: iss %v, state %v", name, here["iss"], here["state"])
				}
				for other, values := range parts {
					if other != place && len(values) > 0 {
						t.Errorf("%s: the %s has %v", name, other, values)
					}
				}
				good := what == "answer" && !refused
				for word, field := range map[string]string{"code": "code", "id_token": "id_token", "token": "access_token"} {
					if here.Has(field) != (good && slices.Contains(words, word)) {
						t.Errorf("%s: %s is there: %v", name, field, here.Has(field))
					}
				}
				if here.Has("error") == good {
					t.Errorf("%s: error %q", name, here.Get("error"))
				}
				if place != "form_post" && got.header.Get("Referrer-Policy") != "no-referrer" || got.header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s: headers %v", name, got.header)
				}
			}
		}
	}
}

func TestHybridNeedsWhatTheCodeFlowNeeds(t *testing.T) {
	w := newWorld(t)
	w.addClient(idp.Client{ID: "all", Grants: idp.Grants(), ClientMetadata: idp.ClientMetadata{ResponseTypes: idp.ResponseTypes()}})
	a := w.agent()
	for name, pairs := range map[string][]string{
		"no nonce":      {"nonce", ""},
		"no challenge":  {"code_challenge", ""},
		"plain":         {"code_challenge_method", "plain"},
		"plain, unsaid": {"code_challenge_method", ""},
	} {
		got := a.get(oidc.PathAuthorize, request("all", append([]string{"response_type", "code id_token"}, pairs...)...))
		if got.fragment("error") != "invalid_request" || got.fragment("code") != "" || got.fragment("id_token") != "" {
			t.Errorf("%s: %v", name, got.location)
		}
	}
	got := a.get(oidc.PathAuthorize, request("all", "response_type", "code id_token"))
	if claims := claimsOf(t, got.fragment("id_token")); claims["nonce"] != "nonce-1" || claims["c_hash"] == nil {
		t.Errorf("%v", claims)
	}
	a.post(oidc.PathToken, codeForm(got.fragment("code"), "code_verifier", "another-verifier-of-more-than-forty-three-characters"), basic("all", secret)).
		wantError(t, http.StatusBadRequest, "invalid_grant")
}
