package idp

import (
	"slices"
	"strings"
)

// AuthMethods are the ways in which a client can be registered to authenticate.
func AuthMethods() []string {
	return []string{AuthSecretBasic, AuthSecretPost, AuthPrivateKeyJWT, AuthNone}
}

// unsigned is the algorithm of request objects that nobody signed.
const unsigned = "none"

func (v *validation) authentication() {
	const field = "token_endpoint_auth_method"
	hasSecret := v.SecretHash != ""
	switch v.AuthMethod {
	case AuthNone:
		v.must(!hasSecret, field, "is none though the client has a secret; take the secret out, or write %s", AuthSecretBasic)
	case AuthPrivateKeyJWT:
		v.must(!hasSecret, field, "is %s though the client has a secret; take the secret out, or write %s", AuthPrivateKeyJWT, AuthSecretBasic)
		v.must(v.hasKeys(), field, "is %s though the client has no keys; write jwks or jwks_uri", AuthPrivateKeyJWT)
	case "", AuthSecretBasic, AuthSecretPost:
		v.must(hasSecret, field, "needs a secret; give the client one, or write %s for one that can't keep a secret", AuthNone)
	default:
		v.oneOf(field, v.AuthMethod, AuthMethods())
	}
	const alg = "token_endpoint_auth_signing_alg"
	if v.AuthAlg != "" {
		v.oneOf(alg, v.AuthAlg, v.rules.ClientAlgorithms)
		v.must(v.AuthMethod == AuthPrivateKeyJWT, alg, "is set though %s is not %s; take it out", field, AuthPrivateKeyJWT)
	}
}

func (c *Client) hasKeys() bool { return c.JWKS != "" || c.JWKSURI != "" }

func (v *validation) keys() {
	const alg = "request_object_signing_alg"
	if v.RequestObjectAlg != "" && v.RequestObjectAlg != unsigned {
		v.must(slices.Contains(v.rules.ClientAlgorithms, v.RequestObjectAlg), alg, "is %s; write one of %s, or none",
			shown(v.RequestObjectAlg), strings.Join(v.rules.ClientAlgorithms, ", "))
		v.must(v.hasKeys(), alg, "is %s though the client has no keys; write jwks or jwks_uri", shown(v.RequestObjectAlg))
	}
	v.must(v.JWKS == "" || v.JWKSURI == "", "jwks", "is set though jwks_uri is; write one of them")
	if v.JWKS == "" {
		return
	}
	if len(v.JWKS) > maxKeySet {
		v.must(false, "jwks", "has %d bytes; write at most %d", len(v.JWKS), maxKeySet)
		return
	}
	if v.rules.KeySet == nil {
		v.must(false, "jwks", "is set, but key sets can't be read here; take it out")
		return
	}
	needed := ""
	if v.AuthMethod == AuthPrivateKeyJWT {
		needed = v.AuthAlg
	}
	if err := v.rules.KeySet(v.JWKS, needed); err != nil {
		v.must(false, "jwks", "can't be used: %v", err)
	}
}

// TakesSecret says whether the client authenticates by a secret.
func (c *Client) TakesSecret() bool {
	return c.AuthMethod == "" || c.AuthMethod == AuthSecretBasic || c.AuthMethod == AuthSecretPost
}
