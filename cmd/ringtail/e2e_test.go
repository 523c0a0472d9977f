package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

// TestMain lets the test binary stand in for the real one where Ringtail
// starts itself again as a worker.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == workerName {
		os.Exit(run(context.Background(), os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
	}
	os.Exit(m.Run())
}

// demo is a running `ringtail demo`.
type demo struct {
	provider, shop, phone string
	dir                   string
	log                   *processtest.Lines
	out                   *processtest.Lines
}

// startDemo runs the demo in this process, on a migrated database without
// anybody in it, until the test ends.
func startDemo(t *testing.T, more ...string) *demo {
	t.Helper()
	dir := t.TempDir()
	sqlitetest.Put(t, filepath.Join(dir, "ringtail.db"))
	return startDemoIn(t, dir, more...)
}

func startDemoIn(t *testing.T, dir string, more ...string) *demo {
	t.Helper()
	port := processtest.FreePorts(t, 3)
	d := &demo{
		provider: fmt.Sprintf("http://localhost:%d", port),
		shop:     fmt.Sprintf("http://localhost:%d", port+1),
		phone:    fmt.Sprintf("http://localhost:%d", port+2),
		dir:      dir, log: &processtest.Lines{}, out: &processtest.Lines{},
	}
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"demo", "--port", strconv.Itoa(port), "--data", d.dir}, more...), stdio{strings.NewReader(""), writer, d.log})
		writer.Close()
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("the demo ended with exit code %d:\n%s", code, d.log)
		}
	})
	waitReady(t, d, reader)
	return d
}

func waitReady(t *testing.T, d *demo, reader io.Reader) {
	t.Helper()
	s := bufio.NewScanner(reader)
	for s.Scan() {
		fmt.Fprintln(d.out, s.Text())
		if strings.TrimSpace(s.Text()) == "ready" {
			go io.Copy(d.out, reader)
			return
		}
	}
	t.Fatalf("the demo ended before it was ready:\n%s\n%s", d.out, d.log)
}

// client is a browser without a screen: cookies, redirects, forms.
type client struct {
	t    *testing.T
	http *http.Client
	page *goquery.Document
	at   *url.URL
	last *http.Response
}

func newClient(t *testing.T) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, http: &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

func (c *client) get(address string) *client {
	c.t.Helper()
	res, err := c.http.Get(address)
	return c.read(res, err)
}

func (c *client) read(res *http.Response, err error) *client {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	if c.page, err = goquery.NewDocumentFromReader(res.Body); err != nil {
		c.t.Fatal(err)
	}
	c.at, c.last = res.Request.URL, res
	return c
}

// fields collects what the form that holds the selector would send.
func (c *client) fields(selector string) (action string, values url.Values) {
	c.t.Helper()
	form := c.page.Find(selector).First().Closest("form")
	if form.Length() == 0 {
		c.t.Fatalf("%s has no form with %s:\n%s", c.at, selector, c.page.Text())
	}
	values = url.Values{}
	form.Find("input").Each(func(_ int, s *goquery.Selection) {
		if name, ok := s.Attr("name"); ok {
			values.Add(name, s.AttrOr("value", ""))
		}
	})
	target, err := c.at.Parse(form.AttrOr("action", ""))
	if err != nil {
		c.t.Fatal(err)
	}
	return target.String(), values
}

// submit fills the form that holds the selector and posts it.
func (c *client) submit(selector string, fill map[string]string) *client {
	c.t.Helper()
	action, values := c.fields(selector)
	for name, value := range fill {
		values.Set(name, value)
	}
	res, err := c.http.PostForm(action, values)
	return c.read(res, err)
}

func (c *client) has(selector string) bool { return c.page.Find(selector).Length() > 0 }

func (c *client) must(selector string) *client {
	c.t.Helper()
	if !c.has(selector) {
		c.t.Fatalf("%s (%s) shows no %s:\n%s", c.at, c.last.Status, selector, c.page.Text())
	}
	return c
}

// call is a call as the virtual phone's API lists it.
type call struct {
	ID, From, To, State string
	At                  time.Time
}

// calls lists the calls to a number, newest first.
func (d *demo) calls(t *testing.T, to string) []call {
	t.Helper()
	res, err := http.Get(d.phone + "/api/calls?to=" + to)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var list []call
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

const demoNumber = "79990000001"

// ring is ringing for the demo user's number.
func (d *demo) ring(t *testing.T, n int) string {
	t.Helper()
	return d.ringing(t, demoNumber, n)
}

// ringing waits until the phone has rung n times and returns the last digits of
// the newest caller.
func (d *demo) ringing(t *testing.T, number string, n int) string {
	t.Helper()
	var from string
	eventually(t, func() bool {
		list := d.calls(t, number)
		if len(list) < n {
			return false
		}
		from = list[0].From
		return true
	}, func() string { return fmt.Sprintf("the phone did not ring %d times:\n%s", n, d.log) })
	return from[len(from)-4:]
}

// eventually looks again and again until it is so, and fails with what otherwise
// says where it never is. What it waits for happens in other goroutines, which tell
// nobody.
func eventually(t *testing.T, so func() bool, otherwise func() string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); <-time.After(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(otherwise())
		}
	}
}

// claims reads the ID token's claims off the shop's page.
func (c *client) claims() map[string]any {
	c.t.Helper()
	var claims map[string]any
	if err := json.Unmarshal([]byte(c.must("#claims").page.Find("#claims").Text()), &claims); err != nil {
		c.t.Fatal(err)
	}
	return claims
}

// password goes from the shop to the call page.
func (c *client) password(d *demo) *client {
	c.t.Helper()
	c.get(d.shop).must("#sign-in").get(d.shop + "/login")
	return c.submit("input[name=password]", map[string]string{"login": "demo", "password": "ring-the-phone"})
}

// wrong is a code of the same length that is not the right one.
func wrong(code string) string {
	return string('0'+(code[0]-'0'+1)%10) + code[1:]
}

func readFile(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
