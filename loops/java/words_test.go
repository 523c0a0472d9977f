package java_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/loops"
)

// ended gives what a run of body ends with.
func ended(t *testing.T, body, members string, q loops.Question) *loops.Action {
	t.Helper()
	action, err := ask(shell(body, members), q)
	if err != nil {
		t.Fatal(err)
	}
	return action
}

func fields(t *testing.T, ok []byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	if err := json.Unmarshal(ok, &out); err != nil {
		t.Fatalf("%s: %v", ok, err)
	}
	return out
}

// TestRingtailWords holds that a procedure's words of Ringtail do what the contract's do.
func TestRingtailWords(t *testing.T) {
	const body = `return HttpLoop.Ok(JsObj.empty
		.addString("md5", Ringtail.hash("md5", "Ж")).addString("sha", Ringtail.hash("sha256", "text", "base64url"))
		.addString("hmac", Ringtail.hmac("sha256", Ringtail.secret("key"), "text")).addString("hmac64", Ringtail.hmac("sha1", "k", "text", "base64"))
		.addString("random", Ringtail.random(16, "hex")).addString("other", Ringtail.random(16, "hex")).addString("digits", Ringtail.digits(6))
		.addString("equal", Ringtail.equal("a", "a") + " " + Ringtail.equal("a", "b") + " " + Ringtail.equal("a", "aa"))
		.addString("has", Ringtail.hasSecret("key") + " " + Ringtail.hasSecret("constructor") + " " + Ringtail.hasSecret("toString"))
		.addString("clock", Ringtail.seconds() + " " + Ringtail.millis() / 1000));`
	got := fields(t, ended(t, body, "", loops.Question{Secrets: map[string]string{"key": "s3cret"}}).Ok)
	sum := sha256.Sum256([]byte("text"))
	mac := hmac.New(sha256.New, []byte("s3cret"))
	mac.Write([]byte("text"))
	for name, want := range map[string]string{
		"md5": "e75134632598adc2c31d443f6c95d32e", "sha": base64.RawURLEncoding.EncodeToString(sum[:]), "hmac": hex.EncodeToString(mac.Sum(nil)),
		"hmac64": "JonKpEU20K4EWvBIpS3z/+JuegU=", "equal": "true false false", "has": "true false false", "clock": "1772366400 1772366400",
	} {
		if got[name] != want {
			t.Errorf("%s = %s, want %s", name, got[name], want)
		}
	}
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(got["random"]) || got["random"] == got["other"] || !regexp.MustCompile(`^[0-9]{6}$`).MatchString(got["digits"]) {
		t.Errorf("random %s and %s, digits %s", got["random"], got["other"], got["digits"])
	}
}

func TestRingtailSignatures(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	const body = `String key = Ringtail.secret("key");
		JsObj claims = JsObj.empty.addString("iss", "us").addInt("iat", Ringtail.seconds());
		return HttpLoop.Ok(JsObj.empty.addString("s", Ringtail.rs256(key, "text", "base64")).addString("j", Ringtail.jwt(claims, key))
			.addString("k", Ringtail.jwt(claims, key, JsObj.empty.addString("kid", "k1"))));`
	got := fields(t, ended(t, body, "", loops.Question{Secrets: map[string]string{"key": text}}).Ok)
	signature, err := base64.StdEncoding.DecodeString(got["s"])
	sum := sha256.Sum256([]byte("text"))
	if err != nil || rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature) != nil {
		t.Errorf("signature %s, %v", got["s"], err)
	}
	for name, id := range map[string]string{"j": "", "k": "k1"} {
		token, err := jose.ParseSignedCompact(got[name], []jose.SignatureAlgorithm{jose.RS256})
		if err != nil {
			t.Fatal(err)
		}
		claims, err := token.Verify(&key.PublicKey)
		if err != nil || string(claims) != `{"iss":"us","iat":1772366400}` || token.Signatures[0].Header.KeyID != id {
			t.Errorf("%s: claims %s, %v, header %+v", name, claims, err, token.Signatures[0].Header)
		}
	}
}

// What a word is given wrongly stops the run with its place, and no secret is told.
func TestRingtailWordsUsedWrongly(t *testing.T) {
	for name, use := range map[string]string{
		"digest": `Ringtail.hash("md4", "x")`, "encoding": `Ringtail.hmac("sha1", "k", "x", "base32")`, "key": `Ringtail.rs256(Ringtail.secret("key"), "x", "hex")`,
		"jwt key": `Ringtail.jwt(JsObj.empty, Ringtail.secret("key"))`, "too much": `Ringtail.random(1000, "hex")`, "nothing": `Ringtail.digits(0)`, "null": `Ringtail.secret(null)`, "no such secret": `Ringtail.secret("other")`, "a word of the script": `Ringtail.secret("constructor")`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ask(shell("String s = "+use+"; return null;", ""), loops.Question{Secrets: map[string]string{"key": "s3cret"}})
			var r *loops.Refusal
			if !errors.As(err, &r) || !strings.Contains(r.Detail, "driver.java:21:") || strings.Contains(r.Detail, "s3cret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

const loggingIn = `public HttpLoopRequest login(final JsObj obj, final HttpLoopResult result) { return HttpLoop.Ok(JsObj.empty.addString("token", "t")); }
	static String use() { return Ringtail.token(); }`

// TestTokenCannotBeCaught holds that no catch or finally of Java keeps the wish for a token from the host.
func TestTokenCannotBeCaught(t *testing.T) {
	for name, use := range map[string]string{
		"plain":              `use();`,
		"throwable":          `try { use(); } catch (Throwable e) { }`,
		"exception":          `try { use(); } catch (Exception e) { } finally { obj.size(); }`,
		"finally":            `try { use(); } finally { if (obj.size() >= 0) return HttpLoop.Ok(JsObj.empty); }`,
		"catch and finally":  `try { use(); } catch (Throwable e) { } finally { if (obj.size() >= 0) return HttpLoop.Ok(JsObj.empty); }`,
		"finally that loops": `while (true) { try { use(); } finally { break; } }`,
		"lambda":             `List.of("a").forEach(x -> { try { use(); } catch (RuntimeException e) { } });`,
		"optional":           `Optional.<String>empty().orElseGet(Test::use);`,
		"comparator":         `Arrays.asList("b", "a").sort((a, b) -> use().compareTo(b));`,
		"text of an object":  `String s = "" + new Object() { public String toString() { return use(); } };`,
	} {
		t.Run(name, func(t *testing.T) {
			if a := ended(t, use+"\nreturn HttpLoop.Ok(JsObj.empty);", loggingIn, loops.Question{}); !a.Login || a.Ok != nil || a.Request != nil {
				t.Errorf("got %+v", a)
			}
		})
	}
}

func TestTokenIsUsed(t *testing.T) {
	token := "secret-token-of-a-login"
	a := ended(t, `return HttpLoop.callBuilder("GET", "https://a.example/").withHeader("Authorization", "Bearer " + Ringtail.token());`, loggingIn, loops.Question{Token: &token})
	if a.Login || !a.UsedToken || a.Request.Header.Get("Authorization") != "Bearer "+token {
		t.Errorf("got %+v", a)
	}
	a = ended(t, `return null;`, loggingIn, loops.Question{Entry: loops.EntryLogin})
	if string(a.Ok) != `{"token":"t"}` {
		t.Errorf("login gave %+v", a)
	}
}

// TestAnswersOfOtherForms holds that a procedure reads XML, forms and CSV.
func TestAnswersOfOtherForms(t *testing.T) {
	for name, c := range map[string]struct{ expression, body, want string }{
		"XML":          {`result.xml().asObj("r").asString("code")`, `<?xml version="1.0"?><r><code>0042</code></r>`, "0042"},
		"XML list":     {`result.xml().asObj("r").asArr("a").asObj(1).asString("@x")`, `<r><a>1</a><a x="7">2</a></r>`, "7"},
		"form":         {`result.form().asString("a") + result.form().keys()`, `a=1%2B&b=%D0%96`, "1+[a, b]"},
		"CSV":          {`result.csv().asArr(1).asString(0) + result.csv().size()`, "a,b\nc,d\n", "c2"},
		"CSV with ;":   {`result.csv(";").asArr(0).asString(1) + result.text().length()`, "a;\"b;c\";d", "b;c9"},
		"what is none": {`read(result)`, "<r>", "caught"},
		"header":       {`result.header("x-a") + result.header("none") + result.status()`, "", "vnull200"},
	} {
		t.Run(name, func(t *testing.T) {
			q := loops.Question{Answer: &loops.Answer{Status: 200, Body: c.body, Header: map[string][]string{"X-A": {"v"}}}}
			a := ended(t, `return HttpLoop.Ok(JsObj.empty.addString("v", "" + (`+c.expression+`)));`,
				`static String read(HttpLoopResult r) { try { return r.xml().toString(); } catch (Exception e) { return "caught"; } }`, q)
			if a.Failure != nil || fields(t, a.Ok)["v"] != c.want {
				t.Errorf("got %s %+v, want %s", a.Ok, a.Failure, c.want)
			}
		})
	}
	for _, word := range []string{"xml", "body", "bodyArr"} { // any text is a form, and CSV
		a := ended(t, `return HttpLoop.Ok(JsObj.empty.addString("v", "" + result.`+word+`()));`, "", loops.Question{Answer: &loops.Answer{Status: 200, Body: "<r>"}})
		if a.Failure == nil || a.Failure.Key != loops.BadAnswer {
			t.Errorf("%s that can't be read: %+v", word, a)
		}
	}
}

func TestMultipartAndBodyText(t *testing.T) {
	const body = `HttpLoopRequest r = HttpLoop.callBuilder("POST", "https://a.example/").withMultipart(JsObj.empty.addString("a", "Ж").addNull("n").addInt("b", 7));
		return r.withHeader("Length", "" + r.bodyText().length());`
	r := ended(t, body, "", loops.Question{}).Request
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		t.Fatalf("%s, %v", kind, err)
	}
	reader := multipart.NewReader(strings.NewReader(r.Body), params["boundary"])
	var got []string
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(part)
		got = append(got, part.FormName()+"="+string(text))
	}
	if strings.Join(got, " ") != "a=Ж b=7" {
		t.Errorf("parts %v", got)
	}
	for name, c := range map[string]struct{ with, want string }{
		"JSON": {`withBody(JsObj.empty.addString("a", "Ж"))`, `{"a":"Ж"}`}, "array": {`withBody(JsArr.empty.addInt(1))`, `[1]`},
		"form": {`withForm(JsObj.empty.addString("a", "1+").addBool("b", true))`, `a=1%2B&b=true`}, "text": {`withText("x")`, "x"}, "last": {`withText("x", "a/b").withText("y")`, "y"},
	} {
		r := ended(t, `HttpLoopRequest r = HttpLoop.callBuilder("POST", "https://a.example/").`+c.with+`;
			return r.withHeader("Signature", Ringtail.hmac("sha256", "k", r.bodyText())).withHeader("Text", r.bodyText().replaceAll("[^ -~]", "?"));`, "", loops.Question{}).Request
		mac := hmac.New(sha256.New, []byte("k"))
		mac.Write([]byte(r.Body))
		if r.Body != c.want || r.Header.Get("Signature") != hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("%s: body %s, header %v", name, r.Body, r.Header)
		}
	}
}
