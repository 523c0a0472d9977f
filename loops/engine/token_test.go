package engine_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/loops"
)

const loggingIn = `
function login() { return HttpLoop.Ok({ token: "t" }) }
function run() { return HttpLoop.callBuilder("GET", "https://a.example/").withHeader("Authorization", "Bearer " + tokens.get()) }`

func TestTokenIsAskedForAndUsed(t *testing.T) {
	if a := step(t, ask(loggingIn)); !a.Login || a.Request != nil {
		t.Errorf("without a token: %+v", a)
	}
	c := ask(loggingIn)
	token := "secret-token-of-a-login"
	c.Token = &token
	if a := step(t, c); a.Login || !a.UsedToken || a.Request.Header.Get("Authorization") != "Bearer "+token {
		t.Errorf("with a token: %+v", a)
	}
	if a := step(t, ask(example)); a.UsedToken || a.Login {
		t.Errorf("a driver that doesn't log in: %+v", a)
	}
}

// A script can't swallow the wish for a token, nor hide it behind what runs no instruction of its own.
func TestWishForATokenCannotBeCaught(t *testing.T) {
	for name, use := range map[string]string{
		"catch":   `try { tokens.get() } catch (e) {}`,
		"finally": `try { tokens.get() } finally { return HttpLoop.Ok({}) }`,
		"native":  `[1, 2].map(tokens.get)`,
		"getter":  `return HttpLoop.Ok({ get a() { return tokens.get() } })`,
		"proxy":   `return HttpLoop.Ok(new Proxy({}, { ownKeys() { tokens.get() } }))`,
		"return":  `return tokens.get()`,
	} {
		t.Run(name, func(t *testing.T) {
			if a := step(t, ask(`function login() {} function run() { `+use+`; return HttpLoop.Ok({}) }`)); !a.Login {
				t.Errorf("got %+v", a)
			}
		})
	}
}

func TestTokensAreForDriversThatLogIn(t *testing.T) {
	if r := refused(t, ask(`function run() { tokens.get() }`)); !strings.Contains(r.Detail, "driver.js:1:") || !strings.Contains(r.Detail, "no function login") {
		t.Errorf("detail: %s", r.Detail)
	}
	c := ask(`function run() {} function login() { tokens.get() }`)
	c.Entry = loops.EntryLogin
	if r := refused(t, c); !strings.Contains(r.Detail, "the function login gets the token") {
		t.Errorf("detail: %s", r.Detail)
	}
}

func TestEveryEntryHasItsFunction(t *testing.T) {
	for _, e := range loops.Entries() {
		c := ask(`class Driver {
			start() { return HttpLoop.Ok({ e: "start" }) } check() { return HttpLoop.Ok({ e: "check" }) }
			poll() { return HttpLoop.Ok({ e: "poll" }) } callback(obj) { return HttpLoop.Ok({ e: "callback" }) }
			report() { return HttpLoop.Ok({ e: "report" }) } login() { return HttpLoop.Ok({ e: "login" }) }
		}`)
		c.Entry = e
		if got := string(step(t, c).Ok); got != `{"e":"`+string(e)+`"}` {
			t.Errorf("%s: %s", e, got)
		}
		if c = ask(example); e != loops.EntryStart {
			c.Entry = e
			if r := refused(t, c); r.Reason != loops.ReasonUnsupported || !strings.Contains(r.Detail, "no function "+string(e)) {
				t.Errorf("%s: %+v", e, r)
			}
		}
	}
}

func decoded(t *testing.T, ok []byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	if err := json.Unmarshal(ok, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func privateKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSignaturesOfAPrivateKey(t *testing.T) {
	key := privateKey(t, 2048)
	wrapped, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for kind, der := range map[string][]byte{"PRIVATE KEY": wrapped, "RSA PRIVATE KEY": x509.MarshalPKCS1PrivateKey(key)} {
		c := ask(`function run() { return HttpLoop.Ok({
			s: crypto.rs256(secrets.key, "text", "base64"),
			j: crypto.jwt({ iss: "us", iat: clock.seconds() }, secrets.key, { kid: "k1" }) }) }`)
		c.Secrets = map[string]string{"key": string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))}
		got := decoded(t, step(t, c).Ok)
		signature, err := base64.StdEncoding.DecodeString(got["s"])
		sum := sha256.Sum256([]byte("text"))
		if err != nil || rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature) != nil {
			t.Errorf("%s: signature %s, %v", kind, got["s"], err)
		}
		token, err := jose.ParseSignedCompact(got["j"], []jose.SignatureAlgorithm{jose.RS256})
		if err != nil {
			t.Fatal(err)
		}
		claims, err := token.Verify(&key.PublicKey)
		if err != nil || string(claims) != `{"iss":"us","iat":1772366400}` || token.Signatures[0].Header.KeyID != "k1" {
			t.Errorf("%s: claims %s, %v, header %+v", kind, claims, err, token.Signatures[0].Header)
		}
	}
}

func TestKeysThatCannotSignAreNotTold(t *testing.T) {
	small := x509.MarshalPKCS1PrivateKey(privateKey(t, 1024))
	for name, key := range map[string]string{
		"no PEM": "s3cret-s3cret", "small": string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: small})),
		"broken": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	} {
		c := ask(`function run() { crypto.rs256(secrets.key, "x") }`)
		c.Secrets = map[string]string{"key": key}
		if r := refused(t, c); !strings.Contains(r.Detail, "an RSA private key in PEM") || strings.Contains(r.Detail, "s3cret") {
			t.Errorf("%s: %s", name, r.Detail)
		}
	}
}
