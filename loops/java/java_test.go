package java_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
	"github.com/ringtail-id/ringtail/loops/java"
)

// translate reads a procedure that must have no problem.
func translate(t testing.TB, source string) *java.Program {
	t.Helper()
	p, problems := java.Translate("driver.java", []byte(source))
	for _, problem := range problems {
		t.Errorf("driver.java:%d:%d: %s", problem.Line, problem.Column, problem.Message)
	}
	if p == nil {
		t.FailNow()
	}
	return p
}

// ask asks the engine for the next step of a procedure.
func ask(source string, q loops.Question) (*loops.Action, error) {
	q.Driver = &loops.Driver{Name: "test", File: "driver.java", Source: source}
	q.Now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if q.Input == nil {
		q.Input = []byte(`{"phone_number":"79990000001"}`)
	}
	if q.Entry == "" {
		q.Entry = loops.EntryStart
	}
	limits := loops.DefaultLimits()
	limits.Step = time.Minute // these tests share their machine
	return engine.New(engine.Options{Limits: limits}).Step(q)
}

// shell puts a body and members into a procedure.
func shell(body, members string) string {
	return `package flashcall;
import com.identityblitz.core.loop.http.*;
import com.identityblitz.core.loop.*;
import com.ringtail.loop.Ringtail;
import java.util.*;
import java.util.function.*;
import java.util.stream.*;
import java.util.regex.*;
import java.nio.charset.*;
import java.security.*;
import javax.crypto.*;
import javax.crypto.spec.*;
import java.net.*;
import java.io.*;
import java.time.*;
import org.slf4j.*;
import com.fasterxml.jackson.databind.ObjectMapper;
public class Test implements HttpLoop {
` + members + `
  public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) throws Exception {
    ` + body + `
  }
}
`
}

// value gives what a procedure answers whose expression is joined to a text.
func value(t *testing.T, body, expression, members string) string {
	t.Helper()
	action, err := ask(shell(body+"\nreturn HttpLoop.Ok(JsObj.empty.addString(\"v\", \"\" + ("+expression+")));", members), loops.Question{})
	if err != nil {
		t.Fatal(err)
	}
	var out struct{ V string }
	if err := json.Unmarshal(action.Ok, &out); err != nil {
		t.Fatalf("%s: %v", action.Ok, err)
	}
	return out.V
}
