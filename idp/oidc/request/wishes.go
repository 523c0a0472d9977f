package request

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
)

const (
	// maxHint bounds login_hint, in bytes: it is shown to a person.
	maxHint = 256
	// maxList bounds how many values a space-separated list may hold.
	maxList = 32
	// maxTag bounds one language tag, in bytes; RFC 5646, section 4.4.1 advises
	// room for 35.
	maxTag = 35
)

// promptCreate asks for a new account (Initiating User Registration via OpenID
// Connect, section 4.1). Nobody registers here, so the relying party is told.
const promptCreate = "create"

// Prompts are the prompt values that mean something here.
func Prompts() []string {
	return []string{idp.PromptNone, idp.PromptLogin, idp.PromptConsent, idp.PromptSelectAccount}
}

// Displays are the values of display (OpenID Connect Core, section 3.1.2.1).
func displays() []string { return []string{"page", "popup", "touch", "wap"} }

// checkPrompt ignores values that nobody knows, as OpenID Connect Core, section
// 3.1.2.1 advises, but never beside none.
func checkPrompt(c *check) *oauth.Failure {
	asked := list(c.asked.Get("prompt"))
	if slices.Contains(asked, promptCreate) {
		return oauth.Fail(oauth.InvalidRequest, "prompt=create is not supported: accounts are not made here")
	}
	if slices.Contains(asked, idp.PromptNone) && slices.ContainsFunc(asked, func(value string) bool { return value != idp.PromptNone }) {
		return oauth.Fail(oauth.InvalidRequest, "prompt=none goes with no other value")
	}
	for _, value := range asked {
		if slices.Contains(Prompts(), value) && !c.request.Prompts(value) {
			c.request.Prompt = append(c.request.Prompt, value)
		}
	}
	return nil
}

// checkAge reads max_age, or takes the client's default. auth_time, which
// max_age and the client's require_auth_time ask for, is in every ID token.
func checkAge(c *check) *oauth.Failure {
	text := c.asked.Get("max_age")
	if text == "" {
		c.request.MaxAge = c.client.DefaultMaxAge
		return nil
	}
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return oauth.Fail(oauth.InvalidRequest, "max_age must be a number of seconds")
	}
	age := int64(seconds)
	c.request.MaxAge = &age
	return nil
}

// checkClasses reads acr_values, unless the claims parameter asked for classes
// already, or else takes the client's default. Unknown classes are ignored.
func checkClasses(c *check) *oauth.Failure {
	if c.request.ACRValues != nil {
		return nil
	}
	asked := list(c.asked.Get("acr_values"))
	if len(asked) == 0 {
		asked = c.client.DefaultACRs
	}
	c.request.ACRValues = knownClasses(asked)
	return nil
}

func knownClasses(asked []string) []string {
	return slices.DeleteFunc(slices.Clone(asked), func(acr string) bool { return !slices.Contains(idp.ACRs(), acr) })
}

// checkPages reads what is wanted of the pages. claims_locales needs no look:
// claims are kept in one language.
func checkPages(c *check) *oauth.Failure {
	c.request.UILocales = slices.DeleteFunc(list(c.asked.Get("ui_locales")), func(tag string) bool { return len(tag) > maxTag })
	if display := c.asked.Get("display"); slices.Contains(displays(), display) {
		c.request.Display = display
	}
	if c.request.LoginHint = c.asked.Get("login_hint"); len(c.request.LoginHint) > maxHint {
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
func checkHint(c *check) *oauth.Failure {
	token := c.asked.Get("id_token_hint")
	if token == "" {
		return nil
	}
	claims, err := c.Hints.Read(c.ctx, token)
	switch {
	case err != nil && !errors.Is(err, hint.ErrNone):
		return c.fault("reading a hint", err)
	case err != nil || claims.Client != c.client.ID:
		return oauth.Fail(oauth.InvalidRequest, "id_token_hint is not an ID token that this client got here")
	}
	return c.wantSubject(claims.Subject)
}

// wantSubject binds the login to one person, once.
func (c *check) wantSubject(subject string) *oauth.Failure {
	if c.request.HintSubject != "" && c.request.HintSubject != subject {
		return oauth.Fail(oauth.InvalidRequest, "the request names two persons")
	}
	c.request.HintSubject = subject
	return nil
}
