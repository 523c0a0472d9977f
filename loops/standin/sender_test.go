package standin_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// Callbacks go out one after the other, as they are, and to nobody else.
func TestSender(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, strings.Join([]string{r.Method, r.RequestURI, r.Header.Get("X-Signature"), string(body)}, " "))
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	s := standin.NewSender()
	callback := func(path string) standin.Callback {
		return standin.Callback{URL: server.URL + path, Method: "POST", Header: http.Header{"X-Signature": {"s"}}, Body: `{"a":1}`}
	}
	s.Send(callback("/first?x=1"))
	s.Send(callback("/away"))
	s.Send(standin.Callback{URL: "http://127.0.0.1:1/", Method: "POST"})
	for range 200 { // more than may wait: they are dropped, and nobody is held up
		s.Send(callback("/more"))
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var lines []string
	s.Run(ctx, func(line string) {
		if lines = append(lines, line); len(lines) == 64 {
			stop()
		}
	})
	if len(got) != 63 || got[0] != `POST /first?x=1 s {"a":1}` || got[1] != `POST /away s {"a":1}` || strings.Contains(strings.Join(got, "\n"), "elsewhere") {
		t.Errorf("%d came: %v", len(got), got[:3])
	}
	if !strings.HasSuffix(lines[0], "/first?x=1: 200 OK") || !strings.HasSuffix(lines[1], "307 Temporary Redirect") || !strings.Contains(lines[2], "refused") {
		t.Errorf("lines %v", lines[:3])
	}
}
