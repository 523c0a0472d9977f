package java_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/java"
)

func procedure(t *testing.T, name string) string {
	t.Helper()
	source, err := os.ReadFile("testdata/procedures/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

func TestExampleOfBlitz(t *testing.T) {
	source := procedure(t, "FlashCallFlow.java")
	first, err := ask(source, loops.Question{})
	if err != nil {
		t.Fatal(err)
	}
	r := first.Request
	if r == nil || r.Method != "POST" || r.URL != "https://provider.example/call" || r.Header.Get("Token") != "1234567890" {
		t.Fatalf("request = %+v", r)
	}
	if r.At != "driver.java:14:41" {
		t.Errorf("made at %s", r.At)
	}
	if r.Body != `{"id":"test","dst_number":"9990000001"}` || string(first.State) != "{}" {
		t.Errorf("body = %s, state = %s", r.Body, first.State)
	}
	ok, err := ask(source, loops.Question{Answer: &loops.Answer{Status: 200, Body: `{"SenderID":"74951234567"}`}})
	if err != nil || string(ok.Ok) != `{"code":"74951234567"}` {
		t.Errorf("ok = %+v, %v", ok, err)
	}
	failed, err := ask(source, loops.Question{Answer: &loops.Answer{Status: 503}})
	if err != nil || failed.Failure == nil || failed.Failure.Key != "wrong_http_status" || failed.Failure.Params["status"] != "503" {
		t.Errorf("failed = %+v, %v", failed, err)
	}
}

func TestFilesOfWindows(t *testing.T) {
	source := "\ufeff" + strings.ReplaceAll(procedure(t, "FlashCallFlow.java"), "\n", "\r\n")
	first, err := ask(source, loops.Question{})
	if err != nil || first.Request == nil || first.Request.At != "driver.java:14:41" {
		t.Errorf("%+v, %v", first, err)
	}
	cyrillic := []byte("// \xcf\xf0\xe8\xe2\xe5\xf2\n" + procedure(t, "FlashCallFlow.java"))
	if p, problems := java.Translate("driver.java", cyrillic); p != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, "UTF-8") {
		t.Errorf("%v", problems)
	}
}

func TestSignedProcedure(t *testing.T) {
	source := procedure(t, "NewTel.java")
	secrets := map[string]string{"KEY": "key-1", "SIGN": "sign-1"}
	first, err := ask(source, loops.Question{Secrets: secrets, Input: []byte(`{"phone_number":"79990000001","code":"0042"}`)})
	if err != nil {
		t.Fatal(err)
	}
	body := `{"dstNumber":"79990000001","pin":"0042"}`
	sum := sha256.Sum256([]byte("/call-password/start-password-call\n1772366400\nkey-1\n" + body + "\nsign-1"))
	want := "Bearer key-11772366400" + hex.EncodeToString(sum[:])
	if r := first.Request; r.Body != body || r.Header.Get("Authorization") != want || string(first.State) != `{"time":"1772366400"}` {
		t.Errorf("request = %+v, state = %s", r, first.State)
	}
	for name, c := range map[string]struct {
		answer loops.Answer
		ok     string
		key    loops.Key
	}{
		"success": {loops.Answer{Status: 200, Body: `{"status":"success","data":{"callDetails":{"pin":"0042","callId":"c1"}}}`}, `{"code":"0042","call_id":"c1"}`, ""},
		"refused": {loops.Answer{Status: 200, Body: `{"status":"error"}`}, "", "unavailable"},
		"limited": {loops.Answer{Status: 429}, "", "rate_limited"},
		"broken":  {loops.Answer{Status: 500}, "", "wrong_http_status"},
		"no JSON": {loops.Answer{Status: 200, Body: "<html>"}, "", loops.BadAnswer},
	} {
		action, err := ask(source, loops.Question{Secrets: secrets, Answer: &c.answer})
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case string(action.Ok) != c.ok:
			t.Errorf("%s: ok = %s", name, action.Ok)
		case c.key != "" && (action.Failure == nil || action.Failure.Key != c.key):
			t.Errorf("%s: failure = %+v", name, action.Failure)
		}
	}
}

func TestProcedureInTheStyleOfLoginProcedures(t *testing.T) {
	source := procedure(t, "LoginStyle.java")
	first, err := ask(source, loops.Question{})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(first.Request.URL)
	if err != nil || u.Host != "provider.example" || u.Path != "/PASSWORD+SMS" {
		t.Fatalf("request = %+v, %v", first.Request, err)
	}
	claims, err := base64.URLEncoding.DecodeString(u.Query().Get("claims"))
	if err != nil || string(claims) != `{"methods":["password","sms"],"sms":true,"x509":false,"id":7}` {
		t.Errorf("claims = %s, %v", claims, err)
	}
	for status, want := range map[int]string{200: `{"code":"1234"}`, 204: "null", 300: "3"} {
		action, err := ask(source, loops.Question{Answer: &loops.Answer{Status: status}})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(action.Ok); got != want && (action.Failure == nil || action.Failure.Params["factor"] != want) {
			t.Errorf("%d gave %s, %+v", status, got, action.Failure)
		}
	}
}

// TestErrorsHaveTheirPlace holds that what a procedure throws is told with the place in the Java file.
func TestErrorsHaveTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, body, members, message string }{
		{"uncaught", "int n = Integer.»parseInt(\"x\");", "", `java.lang.NumberFormatException: For input string: "x"`},
		{"null", "String s = null; int n = s.»length();", "", "java.lang.NullPointerException"},
		{"thrown", "if (true) { throw »new IllegalStateException(\"no\"); }", "", "java.lang.IllegalStateException: no"},
		{"division", "int z = 0; int n = »1 / z;", "", "java.lang.ArithmeticException: / by zero"},
		{"index", "int[] a = new int[1]; int n = »a[2];", "", "java.lang.ArrayIndexOutOfBoundsException: Index 2 out of bounds for length 1"},
		{"in a method", "f(null);", "static int f(String s) { return s.»trim().length(); }", "java.lang.NullPointerException"},
		{"own exception", "throw »new Mine(5);", "static class Mine extends Exception { Mine(int n) { super(\"n\" + n); } }", "flashcall.Test$Mine: n5"},
		{"a word of the contract", "HttpLoop.callBuilder(\"GET\", \"https://provider.example\").»withHeader(\"a\", null);", "", "TypeError"},
		{"a number too large", "Integer i = JsObj.empty.addInt(\"n\", 3000000000L).»asInt(\"n\");", "", "use asLong"},
		{"rethrown", "try { Ringtail.»secret(\"NONE\"); } catch (Exception e) { throw e; }", "", "there is no secret NONE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after, _ := strings.Cut(shell(c.body+"\n    return null;", c.members), "»")
			if strings.HasPrefix(c.body, "throw") {
				before, after, _ = strings.Cut(shell(c.body, c.members), "»")
			}
			_, err := ask(before+after, loops.Question{})
			var refused *loops.Refusal
			if !errors.As(err, &refused) {
				t.Fatalf("err = %v", err)
			}
			var line, column int
			place, message, _ := strings.Cut(strings.TrimPrefix(refused.Detail, "driver.java:"), ": ")
			if _, err := fmt.Sscanf(place, "%d:%d", &line, &column); err != nil {
				t.Fatalf("%s: %v", refused.Detail, err)
			}
			wantLine := strings.Count(before, "\n") + 1
			wantColumn := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
			if !strings.Contains(message, c.message) || line != wantLine || c.name != "rethrown" && column != wantColumn {
				t.Errorf("%d:%d %q, want %d:%d %q", line, column, message, wantLine, wantColumn, c.message)
			}
		})
	}
}

// TestUnreadableAnswers holds that a procedure may catch an answer that it can't read, and that one which throws it on
// ends as it would without the catch.
func TestUnreadableAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want loops.Key
	}{
		"not caught": {"return HttpLoop.Ok(result.body());", loops.BadAnswer},
		"caught":     {`try { return HttpLoop.Ok(result.body()); } catch (Exception e) { return HttpLoop.error("unavailable"); }`, "unavailable"},
		"thrown on":  {"try { return HttpLoop.Ok(result.body()); } catch (RuntimeException e) { throw e; } finally { int n = 1; }", loops.BadAnswer},
		"other kind": {"try { return HttpLoop.Ok(result.body()); } catch (IllegalStateException e) { return null; }", loops.BadAnswer},
	} {
		action, err := ask(shell(c.body, ""), loops.Question{Answer: &loops.Answer{Status: 200, Body: "<html>"}})
		if err != nil || action.Failure == nil || action.Failure.Key != c.want {
			t.Errorf("%s: %+v, %v", name, action, err)
		}
	}
}

func TestEntries(t *testing.T) {
	source := shell("return null;", `public HttpLoopRequest check(JsObj o, HttpLoopResult r, JsObj state) { return HttpLoop.Ok(JsObj.empty.addBool("valid", "1".equals(state.asString("s")))); }
		public HttpLoopRequest poll(JsObj o, HttpLoopResult r) { return null; } public HttpLoopRequest login(JsObj o, HttpLoopResult r) { return null; } private String report(String s) { return s; }`)
	p := translate(t, source)
	if len(p.Entries) != 4 || p.Entries["report"] != "" || p.Entries[loops.EntryStart] == "" || p.Entries["login"] == "" {
		t.Errorf("entries = %v", p.Entries)
	}
	action, err := ask(source, loops.Question{Entry: loops.EntryCheck, State: []byte(`{"s":"1"}`)})
	if err != nil || string(action.Ok) != `{"valid":true}` {
		t.Errorf("%+v, %v", action, err)
	}
}
