package java_test

import (
	"os"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/java"
)

func procedure(t *testing.T, name string) *java.Program {
	t.Helper()
	source, err := os.ReadFile("testdata/procedures/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return translate(t, string(source))
}

func TestExampleOfBlitz(t *testing.T) {
	p := procedure(t, "FlashCallFlow.java")
	first, err := ask(p, loops.Question{})
	if err != nil {
		t.Fatal(err)
	}
	r := first.Request
	if r == nil || r.Method != "POST" || r.URL != "https://provider.example/call" || r.Header.Get("Token") != "1234567890" {
		t.Fatalf("request = %+v", r)
	}
	if r.Body != `{"id":"test","dst_number":"9990000001"}` || string(first.State) != "{}" {
		t.Errorf("body = %s, state = %s", r.Body, first.State)
	}
	ok, err := ask(p, loops.Question{Answer: &loops.Answer{Status: 200, Body: `{"SenderID":"74951234567"}`}})
	if err != nil || string(ok.Ok) != `{"code":"74951234567"}` {
		t.Errorf("ok = %+v, %v", ok, err)
	}
	failed, err := ask(p, loops.Question{Answer: &loops.Answer{Status: 503}})
	if err != nil || failed.Failure == nil || failed.Failure.Key != "wrong_http_status" || failed.Failure.Params["status"] != "503" {
		t.Errorf("failed = %+v, %v", failed, err)
	}
}
