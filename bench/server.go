package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/loops/standin"
)

const (
	benchPassword = "ring-the-phone"
	benchNumber   = "79990000001"
	benchRedirect = "http://localhost:1/callback" // nothing listens there: redirects to it are not followed
)

// benchSettings take: port, phone's address, port of the phone.
const benchSettings = `blitz.prod.local.idp {
  issuer = "http://localhost:%[1]d/blitz"
  server.listen = "localhost:%[1]d"
  ops.listen = null
  store.url = "sqlite:bench.db"
  keys.master = "%[3]s"
  login.methods.password { throughput.limit = 1000, hash { memoryKiB = 7168, iterations = 1 } }
  login.methods.flashCall {
    driver = virtual-phone
    # one person signs in again and again: wide, and counted all the same
    limits { perNumber { hour = 100000, day = 100000 }, perAddress.hour = 100000, perNetwork.hour = 100000, perPrefix.hour = 100000, perCountry.hour = 100000, spend.day = 100000 }
  }
  apps.bench { secret = "bench-secret-bench", redirectUris = ["http://localhost:1/callback"] }
  loops.egress { allowHttp = ["localhost:*"], allowPrivate = ["localhost:*"] }
  loops.secrets.virtual-phone { URL = "%[2]s", TOKEN = "bench-token" }
  log.level = warn
}
`

// measureServer runs a provider and signs in, refreshes and asks for claims.
func measureServer(ctx context.Context, folder, binary string, hash time.Duration) (_ []figure, err error) {
	phone, err := standin.NewPhone(standin.PhoneOptions{Token: "bench-token", Now: time.Now})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return nil, err
	}
	calls := &http.Server{Handler: phone, ReadHeaderTimeout: 5 * time.Second}
	go calls.Serve(listener)
	defer calls.Close()
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	rp := &relyingParty{phone: fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)}
	issuer := fmt.Sprintf("http://localhost:%d/blitz", port)
	rp.oauth = oauth2.Config{
		ClientID: "bench", ClientSecret: "bench-secret-bench", RedirectURL: benchRedirect,
		Endpoint: oauth2.Endpoint{AuthURL: issuer + "/oauth/ae", TokenURL: issuer + "/oauth/te", AuthStyle: oauth2.AuthStyleInHeader},
		Scopes:   []string{"openid", "profile", "phone", "offline_access"},
	}
	file := filepath.Join(folder, "blitz.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, benchSettings, port, rp.phone, strings.Repeat("42", 32)), 0o600); err != nil {
		return nil, err
	}
	if err := addUser(ctx, binary, file); err != nil {
		return nil, err
	}
	server, err := start(ctx, binary, "serve", "--conf", file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	return rp.measure(ctx, server, issuer, hash)
}

func addUser(ctx context.Context, binary, file string) error {
	add := exec.CommandContext(ctx, binary, "user", "add", "bench", "--conf", file, "--phone", "+"+benchNumber, "--password", "-")
	add.Stdin = strings.NewReader(benchPassword)
	if out, err := add.CombinedOutput(); err != nil {
		return fmt.Errorf("adding a user: %w: %s", err, out)
	}
	return nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func (p *relyingParty) measure(ctx context.Context, server *process, issuer string, hash time.Duration) ([]figure, error) {
	token, err := p.signIn(ctx) // warms up
	if err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	login, err := serverEach(server, logins, func() error { token, err = p.signIn(ctx); return err })
	if err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	refresh, err := serverEach(server, refreshes, func() error {
		token, err = p.oauth.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("refreshing: %w", err)
	}
	claims, err := serverEach(server, refreshes, func() error { return userinfo(ctx, issuer, token) })
	if err != nil {
		return nil, err
	}
	return []figure{
		{"full login, password hash apart", login - hash, "authorization request to token, call and worker included"},
		{"token request (refresh, RS256)", refresh, ""},
		{"userinfo request", claims, ""},
	}, nil
}

// serverEach is the server's processor time for one of n operations.
func serverEach(server *process, n int, operation func() error) (time.Duration, error) {
	before, err := server.used()
	if err != nil {
		return 0, err
	}
	for range n {
		if err := operation(); err != nil {
			return 0, err
		}
	}
	after, err := server.used()
	return (after - before) / time.Duration(n), err
}

func userinfo(ctx context.Context, issuer string, token *oauth2.Token) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, issuer+"/oauth/me", nil)
	if err != nil {
		return err
	}
	token.SetAuthHeader(req)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("userinfo answered %s", res.Status)
	}
	return nil
}
