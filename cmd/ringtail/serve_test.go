package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

func TestServeAndItsOperations(t *testing.T) {
	file := settingsFile(t, "  server.shutdownTimeout = 5s")
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	log := &processtest.Lines{}
	ops := fmt.Sprintf("localhost:%d", processtest.FreePorts(t, 3))
	go func() {
		ended <- run(ctx, []string{"serve", "--conf", file, "--set", "ops.listen=" + ops}, stdio{strings.NewReader(""), writer, log})
		writer.Close()
	}()
	var issuer string
	for s := bufio.NewScanner(reader); s.Scan() && s.Text() != "ready"; {
		if name, address, _ := strings.Cut(s.Text(), " "); name == "provider" {
			issuer = strings.TrimSpace(address)
		}
	}
	go io.Copy(io.Discard, reader)
	for address, want := range map[string]int{
		"http://" + ops + "/healthz":                      200,
		"http://" + ops + "/readyz":                       200,
		"http://" + ops + "/metrics":                      200,
		issuer + "/.well-known/openid-configuration":      200,
		strings.TrimSuffix(issuer, "/blitz") + "/metrics": 404,
		strings.TrimSuffix(issuer, "/blitz") + "/healthz": 404,
	} {
		res, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s answers %s, want %d", address, res.Status, want)
		}
	}
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("exit code %d:\n%s", code, log)
	}
	if n := strings.Count(log.String(), "warning=short_code"); n != 1 {
		t.Errorf("the log tells %d times that codes are short:\n%s", n, log)
	}
}
