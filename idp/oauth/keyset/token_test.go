package keyset_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

func TestEveryAlgorithm(t *testing.T) {
	keys := map[string]any{"ES256": newEC(t), "RS256": newRSA(t), "PS256": newRSA(t), "EdDSA": newEd(t)}
	for _, alg := range keyset.Algorithms() {
		t.Run(alg, func(t *testing.T) {
			public := jwk(keys[alg], "k1").Public()
			from := keyset.Source{Document: set(t, public)}
			for name, kid := range map[string]string{"by its ID": "k1", "the only one": ""} {
				token, err := byValue(t).Verify(t.Context(), from, sign(t, alg, keys[alg], kid, good("extra", 1)), keyset.Rules{Audience: issuer})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if token.Issuer != "app" || token.Subject != "app" || token.ID != "one" || !token.ExpiresAt.Equal(noon.Add(time.Minute)) ||
					token.Algorithm != alg || string(token.Claims["extra"]) != "1" {
					t.Errorf("%s: %+v", name, token)
				}
			}
			_, err := byValue(t).Verify(t.Context(), from, sign(t, alg, keys[alg], "k2", good()), keyset.Rules{Audience: issuer})
			wantFault(t, err, "not exactly one key")
		})
	}
	if len(keys) != len(keyset.Algorithms()) {
		t.Errorf("the test knows %d algorithms, there are %v", len(keys), keyset.Algorithms())
	}
}

// Ed25519 is the newer name of the algorithm, in headers and keys (RFC 9864).
func TestEd25519ByItsOwnName(t *testing.T) {
	ed, other := newEd(t), newEd(t)
	from := keyset.Source{Document: set(t, jwk(ed, "k", func(k *jose.JSONWebKey) { k.Algorithm = "Ed25519" }).Public())}
	named := func(key ed25519.PrivateKey) string {
		input := tampered(t, sign(t, "EdDSA", key, "k", good()), 0, replace("EdDSA", "Ed25519"))
		input = input[:strings.LastIndex(input, ".")]
		return input + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(input)))
	}
	for _, token := range []string{named(ed), sign(t, "EdDSA", ed, "k", good())} {
		if got, err := byValue(t).Verify(t.Context(), from, token, keyset.Rules{Audience: issuer, Algorithms: []string{"EdDSA"}}); err != nil || got.Algorithm != "EdDSA" {
			t.Errorf("%+v, %v", got, err)
		}
	}
	_, err := byValue(t).Verify(t.Context(), from, named(other), keyset.Rules{Audience: issuer})
	wantFault(t, err, "signature")
	_, err = byValue(t).Verify(t.Context(), from, tampered(t, named(ed), 1, replace(`"one"`, `"two"`)), keyset.Rules{Audience: issuer})
	wantFault(t, err, "signature")
	_, err = byValue(t).Verify(t.Context(), from, named(ed), keyset.Rules{Audience: issuer, Algorithms: []string{"ES256"}})
	wantFault(t, err, "not signed with one of")
}

// tampered is the JWT with another header, payload or signature.
func tampered(t testing.TB, token string, part int, change func([]byte) []byte) string {
	t.Helper()
	parts := strings.Split(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[part])
	must(t, err)
	parts[part] = base64.RawURLEncoding.EncodeToString(change(raw))
	return strings.Join(parts, ".")
}

func replace(old, new string) func([]byte) []byte {
	return func(raw []byte) []byte { return []byte(strings.ReplaceAll(string(raw), old, new)) }
}

func TestWhatNoSignatureIs(t *testing.T) {
	ec, otherEC, rs, ed := newEC(t), newEC(t), newRSA(t), newEd(t)
	from := keyset.Source{Document: set(t, jwk(ec, "ec").Public(), jwk(rs, "rs").Public(), jwk(ed, "ed").Public(),
		jwk(rs, "rs-only", func(k *jose.JSONWebKey) { k.Algorithm = "RS256" }).Public(),
		jwk(otherEC, "enc", func(k *jose.JSONWebKey) { k.Use = "enc" }).Public(),
		jwk(otherEC, "twice").Public(), jwk(ec, "twice").Public())}
	spki, err := x509.MarshalPKIXPublicKey(&rs.PublicKey)
	must(t, err)
	document := []byte(from.Document)
	n, err := json.Marshal(jwk(rs, "rs").Public())
	must(t, err)
	signed := sign(t, "ES256", ec, "ec", good())
	for name, c := range map[string]struct{ token, want string }{
		"HS256 with the public key as the secret": {sign(t, "HS256", spki, "rs", good()), "is not signed with one of"},
		"HS256 with the JWK as the secret":        {sign(t, "HS256", n, "rs", good()), "is not signed with one of"},
		"HS256 with the key set as the secret":    {sign(t, "HS256", document, "rs", good()), "is not signed with one of"},
		"none":                                    {tampered(t, signed, 0, replace("ES256", "none")), "is not signed with one of"},
		"None":                                    {tampered(t, signed, 0, replace("ES256", "None")), "is not signed with one of"},
		"none without a signature":                {unsigned(t, good()), "is not signed with one of"},
		"RS512":                                   {sign(t, "RS512", rs, "rs", good()), "is not signed with one of"},
		"a PS256 claim over an RS256 signature":   {tampered(t, sign(t, "RS256", rs, "rs", good()), 0, replace("RS256", "PS256")), "signature"},
		"PS256 by a key for RS256 alone":          {sign(t, "PS256", rs, "rs-only", good()), "not exactly one key"},
		"an RS256 key's ID over an EC signature":  {sign(t, "ES256", ec, "rs", good()), "not exactly one key"},
		"an EC key's ID over an RSA signature":    {sign(t, "RS256", rs, "ec", good()), "not exactly one key"},
		"another key":                             {sign(t, "ES256", otherEC, "ec", good()), "signature"},
		"a key for encryption":                    {sign(t, "ES256", otherEC, "enc", good()), "not exactly one key"},
		"a key ID that two keys have":             {sign(t, "ES256", ec, "twice", good()), "not exactly one key"},
		"no key ID among many keys":               {sign(t, "RS256", rs, "", good()), "has no kid"},
		"an unknown key ID":                       {sign(t, "ES256", ec, "nobody", good()), "not exactly one key"},
		"a long key ID":                           {sign(t, "ES256", ec, strings.Repeat("k", 257), good()), "kid has more"},
		"another payload":                         {tampered(t, signed, 1, replace(`"jti":"one"`, `"jti":"two"`)), "signature"},
		"another signature":                       {tampered(t, signed, 2, func(b []byte) []byte { b[5] ^= 1; return b }), "signature"},
		"an empty signature":                      {tampered(t, signed, 2, func([]byte) []byte { return nil }), ""},
		"zeros as the signature":                  {tampered(t, signed, 2, func(b []byte) []byte { return make([]byte, len(b)) }), "signature"},
		"a critical extension":                    {sign(t, "ES256", ec, "ec", good(), "crit", []string{"exp"}), "crit"},
		"an unencoded payload":                    {sign(t, "ES256", ec, "ec", good(), "crit", []string{"b64"}, "b64", true), "crit"},
		"a JWT of another kind":                   {sign(t, "ES256", ec, "ec", good(), "typ", "logout+jwt"), "typ"},
		"a typ that is no text":                   {sign(t, "ES256", ec, "ec", good(), "typ", 7), ""},
		"two signatures":                          {signed + "." + signed, ""},
		"JSON serialization":                      {`{"payload":"e30","signatures":[]}`, ""},
		"nothing":                                 {"", ""},
		"too long":                                {sign(t, "ES256", ec, "ec", good("x", strings.Repeat("x", keyset.MaxToken))), "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := byValue(t).Verify(t.Context(), from, c.token, keyset.Rules{Audience: issuer})
			wantFault(t, err, c.want)
		})
	}
	if _, err := byValue(t).Verify(t.Context(), from, signed, keyset.Rules{Audience: issuer}); err != nil {
		t.Error("the JWT that was tampered with isn't good itself:", err)
	}
}

// A key in the header is anybody's: only registered ones count.
func TestKeysOfTheHeaderAreNotTrusted(t *testing.T) {
	ec, evil := newEC(t), newEC(t)
	from := keyset.Source{Document: set(t, jwk(ec, "ec").Public())}
	public := jwk(evil, "ec").Public()
	for name, headers := range map[string][]any{
		"jwk": {"jwk", public}, "jku": {"jku", "https://evil.example/keys"}, "x5u": {"x5u", "https://evil.example/x"},
	} {
		_, err := byValue(t).Verify(t.Context(), from, sign(t, "ES256", evil, "ec", good(), headers...), keyset.Rules{Audience: issuer})
		if wantFault(t, err, "signature"); t.Failed() {
			t.Error(name)
		}
	}
}

func TestAlgorithmsAsRegistered(t *testing.T) {
	ec, rs := newEC(t), newRSA(t)
	from := keyset.Source{Document: set(t, jwk(ec, "ec").Public(), jwk(rs, "rs").Public())}
	for name, c := range map[string]struct {
		token      string
		algorithms []string
		want       string
	}{
		"as registered":             {sign(t, "ES256", ec, "ec", good()), []string{"ES256"}, ""},
		"another than registered":   {sign(t, "RS256", rs, "rs", good()), []string{"PS256"}, "not signed with one of PS256"},
		"HS256 that was registered": {sign(t, "HS256", make([]byte, 32), "rs", good()), []string{"HS256", "none"}, "no algorithm"},
		"none that was registered":  {unsigned(t, good()), []string{"none"}, "no algorithm"},
	} {
		_, err := byValue(t).Verify(t.Context(), from, c.token, keyset.Rules{Audience: issuer, Algorithms: c.algorithms})
		if c.want == "" && err == nil {
			continue
		}
		if wantFault(t, err, c.want); t.Failed() {
			t.Error(name)
		}
	}
}

func TestClaims(t *testing.T) {
	ec := newEC(t)
	from := keyset.Source{Document: set(t, jwk(ec, "ec").Public())}
	in := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	for name, c := range map[string]struct {
		claims any
		want   string // "" for one that is taken
	}{
		"good":                        {good(), ""},
		"aud as a list of one":        {good("aud", []string{issuer}), ""},
		"exp with a fraction":         {good("exp", float64(in(time.Minute))+0.5), ""},
		"as long as may be":           {good("exp", in(keyset.MaxLife)), ""},
		"just over, on another clock": {good("exp", in(-keyset.Skew+time.Second)), ""},
		"begun, on another clock":     {good("nbf", in(keyset.Skew), "iat", in(keyset.Skew)), ""},
		"over":                        {good("exp", in(-keyset.Skew)), "has expired"},
		"long over":                   {good("exp", 1), "has expired"},
		"far ahead":                   {good("exp", in(keyset.MaxLife+keyset.Skew+time.Second)), "ahead"},
		"for ever":                    {good("exp", 1e300), "isn't a time"},
		"a negative exp":              {good("exp", -1), "isn't a time"},
		"exp as a text":               {good("exp", fmt.Sprint(in(time.Minute))), "isn't a time"},
		"exp as null":                 {`{"iss":"app","aud":"` + issuer + `","jti":"one","exp":null}`, "isn't a time"},
		"an iat that is no time":      {good("iat", "now"), "isn't a time"},
		"no exp":                      {good("exp", nil), "no exp"},
		"not begun":                   {good("nbf", in(keyset.Skew+time.Second)), "nbf"},
		"made in the future":          {good("iat", in(keyset.Skew+time.Second)), "iat"},
		"made long ago":               {good("iat", in(-keyset.MaxLife-keyset.Skew-time.Second)), "iat"},
		"no aud":                      {good("aud", nil), "no aud"},
		"another server's":            {good("aud", "https://other.example"), "aud"},
		"for the token endpoint":      {good("aud", issuer+"/oauth/te"), "aud"},
		"the issuer and a slash":      {good("aud", issuer+"/"), "aud"},
		"for another server too":      {good("aud", []string{issuer, "https://other.example"}), "aud"},
		"for us twice":                {good("aud", []string{issuer, issuer}), "aud"},
		"for nobody":                  {good("aud", []string{}), "aud"},
		"an empty aud":                {good("aud", ""), "aud"},
		"aud as null":                 {`{"iss":"app","aud":null,"exp":` + fmt.Sprint(in(time.Minute)) + `,"jti":"one"}`, "aud"},
		"aud as an object":            {good("aud", map[string]string{"a": issuer}), "aud"},
		"aud of another case":         {good("aud", strings.ToUpper(issuer)), "aud"},
		"aud under another case":      {good("aud", nil, "Aud", issuer), "no aud"},
		"no iss":                      {good("iss", nil), "no iss"},
		"an iss that is a list":       {good("iss", []string{"app"}), "iss"},
		"an empty iss":                {good("iss", ""), "iss"},
		"no jti":                      {good("jti", nil), "no jti"},
		"an empty jti":                {good("jti", ""), "jti"},
		"jti as a number":             {good("jti", 7), "jti"},
		"a giant jti":                 {good("jti", strings.Repeat("j", 257)), "jti has more"},
		"a name twice":                {`{"iss":"app","iss":"other","aud":"` + issuer + `","exp":` + fmt.Sprint(in(time.Minute)) + `,"jti":"one"}`, "each name once"},
		"null":                        {"null", "JSON object"},
		"a list":                      {"[]", "JSON object"},
		"no JSON":                     {"{", "JSON object"},
		"two values":                  {"{}{}", "JSON object"},
		"nesting":                     {strings.Repeat("[", 5000), "JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			token := sign(t, "ES256", ec, "ec", c.claims)
			_, err := byValue(t).Verify(t.Context(), from, token, keyset.Rules{Audience: issuer, NeedID: true})
			if c.want == "" && err != nil {
				t.Error(err)
			} else if c.want != "" {
				wantFault(t, err, c.want)
			}
		})
	}
}

func TestRules(t *testing.T) {
	ec := newEC(t)
	from := keyset.Source{Document: set(t, jwk(ec, "ec").Public())}
	verify := func(token string, r keyset.Rules) error {
		_, err := byValue(t).Verify(t.Context(), from, token, r)
		return err
	}
	bare := sign(t, "ES256", ec, "ec", map[string]any{"nonce": "n"})
	wantFault(t, verify(bare, keyset.Rules{Audience: issuer}), "no iss")
	optional := keyset.Rules{Audience: issuer, Optional: []string{"iss", "aud", "exp"}}
	if err := verify(bare, optional); err != nil {
		t.Error("what is optional is missing:", err)
	}
	wantFault(t, verify(sign(t, "ES256", ec, "ec", good("aud", "other")), optional), "aud")
	wantFault(t, verify(sign(t, "ES256", ec, "ec", good("exp", 1)), optional), "expired")
	hour := sign(t, "ES256", ec, "ec", good("exp", noon.Add(2*time.Hour).Unix(), "iat", noon.Add(-110*time.Minute).Unix()))
	wantFault(t, verify(hour, keyset.Rules{Audience: issuer}), "ahead")
	if err := verify(hour, keyset.Rules{Audience: issuer, Life: 2 * time.Hour}); err != nil {
		t.Error("a longer life is allowed:", err)
	}
	typed := func(typ string) string { return sign(t, "ES256", ec, "ec", good(), "typ", typ) }
	kind := keyset.Rules{Audience: issuer, Types: []string{"oauth-authz-req+jwt"}}
	for _, typ := range []string{"JWT", "jwt", "oauth-authz-req+jwt", "application/oauth-authz-req+jwt"} {
		if err := verify(typed(typ), kind); err != nil {
			t.Errorf("typ %s: %v", typ, err)
		}
	}
	wantFault(t, verify(typed("at+jwt"), kind), "typ")
	wantFault(t, verify(typed(""), kind), "typ")
	wantFault(t, verify(sign(t, "ES256", ec, "ec", good()), keyset.Rules{Audience: issuer, Issuer: "other"}), "iss must be other")
	if err := verify(sign(t, "ES256", ec, "ec", good()), keyset.Rules{Audience: issuer, Issuer: "app"}); err != nil {
		t.Error("the issuer that is wanted:", err)
	}
	wantFault(t, verify(sign(t, "ES256", ec, "ec", good("aud", "")), keyset.Rules{}), "aud") // rules without an audience match no one
}

func unsigned(t testing.TB, claims any) string {
	t.Helper()
	raw, err := json.Marshal(claims)
	must(t, err)
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode(raw) + "."
}

func TestUnsigned(t *testing.T) {
	r := keyset.Rules{Audience: issuer}
	token, err := keyset.ReadUnsigned(unsigned(t, good()), noon, r)
	if err != nil || token.Issuer != "app" {
		t.Fatalf("%+v, %v", token, err)
	}
	wantFault(t, byValue(t).Prove(t.Context(), keyset.Source{}, token), "not signed")
	signed := sign(t, "ES256", newEC(t), "ec", good())
	for name, text := range map[string]string{
		"signed":              signed,
		"signed, cut":         signed[:strings.LastIndex(signed, ".")+1],
		"with a signature":    unsigned(t, good()) + "AAAA",
		"without a third dot": strings.TrimSuffix(unsigned(t, good()), "."),
		"over":                unsigned(t, good("exp", 1)),
		"for another":         unsigned(t, good("aud", "x")),
		"critical":            strings.Replace(unsigned(t, good()), "eyJhbGciOiJub25lIn0", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","crit":["x"]}`)), 1),
	} {
		if _, err := keyset.ReadUnsigned(text, noon, r); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sign(f, "ES256", newEC(f), "ec", good()))
	f.Add(sign(f, "EdDSA", newEd(f), "", `{"aud":["`+issuer+`"],"exp":1e9}`))
	f.Add("e30.e30.e30")
	f.Fuzz(func(t *testing.T, token string) {
		got, err := keyset.Read(token, noon, keyset.Rules{Audience: issuer, NeedID: true})
		if err != nil {
			wantFault(t, err, "")
		} else if got.Issuer == "" || got.ID == "" || got.ReuseUntil().Before(noon) {
			t.Errorf("%q passes as %+v", token, got)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	keys := map[string]any{"ES256": newEC(b), "RS256": newRSA(b), "EdDSA": newEd(b)}
	for alg, key := range keys {
		b.Run(alg, func(b *testing.B) {
			s, from, token := byValue(b), keyset.Source{Document: set(b, jwk(key, "k").Public())}, sign(b, alg, key, "k", good())
			for b.Loop() {
				if _, err := s.Verify(b.Context(), from, token, keyset.Rules{Audience: issuer}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
