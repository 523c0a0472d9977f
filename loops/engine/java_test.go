package engine_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
)

// procedure is a Java driver with this body of run, on its fourth line.
func procedure(body string) loops.Question {
	q := ask("import com.identityblitz.core.loop.http.*;\nimport com.identityblitz.core.loop.*;\n" +
		"public class Flow implements HttpLoop { public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {\n" + body + "\n}}")
	q.Driver.File = "driver.java"
	return q
}

func TestJavaProcedure(t *testing.T) {
	q := procedure(`if (result == null) {
    return HttpLoop.callBuilder("POST", "https://provider.example/call").withBody(JsObj.empty.addString("n", obj.asString("phone_number")));
  }
  return HttpLoop.Ok(JsObj.empty.addString("code", "" + result.status()));`)
	first := step(t, q)
	if r := first.Request; r.Body != `{"n":"79990000001"}` || r.At != "driver.java:5:21" {
		t.Errorf("request = %+v", r)
	}
	q.Answer = &loops.Answer{Status: 201}
	if got := string(step(t, q).Ok); got != `{"code":"201"}` {
		t.Errorf("Ok = %s", got)
	}
}

// A procedure is refused before it runs, or stopped while it runs, with places of the Java file.
func TestJavaRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		body   string
		reason loops.Reason
		detail string
	}{
		"syntax":         {`return HttpLoop.Ok(JsObj.empty;`, loops.ReasonSyntax, "driver.java:4:"},
		"unknown class":  {"\n  new java.io.File(\"/etc/passwd\"); return null;", loops.ReasonUnsupported, "driver.java:5:"},
		"exception":      {"\n  Integer.parseInt(\"x\"); return null;", loops.ReasonContract, `driver.java:5:11: java.lang.NumberFormatException: For input string: "x"`},
		"returns null":   {`return null;`, loops.ReasonContract, "the driver returned null"},
		"endless":        {`for (int i = 0; ; i++) { obj.size(); }`, loops.ReasonTime, "driver.java:4:"},
		"caught endless": {`try { for (int i = 0; ; i++) {} } catch (Throwable e) { return null; } finally { obj.asString("x"); }`, loops.ReasonTime, "driver.java:4:"},
		"deep":           {"return run(obj, result);", loops.ReasonMemory, "driver.java:4:"},
	} {
		t.Run(name, func(t *testing.T) {
			r := refused(t, procedure(tc.body))
			if r.Reason != tc.reason || !strings.Contains(r.Detail, tc.detail) {
				t.Errorf("got %s: %s; want %s: %s", r.Reason, r.Detail, tc.reason, tc.detail)
			}
		})
	}
	q := ask("class Empty {}")
	q.Driver.File = "driver.java"
	if r := refused(t, q); !strings.HasPrefix(r.Detail, "driver.java:1:") {
		t.Errorf("no procedure: %+v", r)
	}
}

// An answer that can't be read is the provider's fault in Java too, where the procedure doesn't catch it.
func TestJavaAnswersThatCannotBeRead(t *testing.T) {
	q := procedure(`return HttpLoop.Ok(result.body());`)
	q.Answer = &loops.Answer{Status: 200, Body: "<html>"}
	if f := step(t, q).Failure; f == nil || f.Key != loops.BadAnswer {
		t.Errorf("failure = %+v", f)
	}
	q = procedure(`try { return HttpLoop.Ok(result.body()); } catch (Exception e) { return HttpLoop.error("unavailable", null); }`)
	q.Answer = &loops.Answer{Status: 200, Body: "<html>"}
	if f := step(t, q).Failure; f == nil || f.Key != loops.Unavailable {
		t.Errorf("caught: %+v", f)
	}
}
