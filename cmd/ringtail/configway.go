package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/bundle"
	"github.com/ringtail-id/ringtail/idp/admin/console"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/templates"
)

// secretVariable is where a pipeline keeps the client's secret.
const secretVariable = "RINGTAIL_CLIENT_SECRET"

// overNetwork speaks to a provider that serves. Each request has a token for the
// rights that it needs and no others.
func (f *configFlags) overNetwork(std stdio) (*bundle.Client, error) {
	issuer, err := url.Parse(strings.TrimSuffix(f.server, "/"))
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && !(issuer.Scheme == "http" && loopback(issuer.Hostname())) {
		return nil, usageError{fmt.Errorf("--server is %q; write the provider's https URL (http only on a loopback host)", f.server)}
	}
	secret := os.Getenv(secretVariable)
	if secret == "" {
		if secret, err = readSecret(std.in, "secret", "-"); err != nil {
			return nil, fmt.Errorf("%s isn't set: %w", secretVariable, err)
		}
	}
	return &bundle.Client{
		Base: issuer.String() + console.PathAPI,
		For: func(ctx context.Context, rights ...admin.Right) *http.Client {
			c := clientcredentials.Config{
				ClientID: f.client, ClientSecret: secret, TokenURL: issuer.String() + "/oauth/te", Scopes: scopesOf(rights), AuthStyle: oauth2.AuthStyleInHeader,
			}
			return c.Client(ctx)
		},
	}, nil
}

func scopesOf(rights []admin.Right) (scopes []string) {
	for _, r := range rights {
		scopes = append(scopes, r.Scope())
	}
	return scopes
}

// loopback says whether the host is this machine.
func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// inProcess serves the same endpoints inside of this process, over the database of
// the settings file. Who has both may do everything.
func (f *configFlags) inProcess(ctx context.Context, std stdio, do func(*bundle.Client) error) error {
	f.set = append(f.set, "console.enabled=true") // its sections are what is spoken to
	return f.settingsFlags.with(ctx, std.err, func(in *installation) (err error) {
		// What a node tells when it takes settings is for who runs it.
		in.log = slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelError}))
		texts, err := templates.New(templates.Options{Languages: []string{"en"}, Asset: func(name string) string { return name }})
		if err != nil {
			return err
		}
		n, err := in.newNode(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, n.host.Close()) }()
		return do(&bundle.Client{Base: "http://localhost", For: func(context.Context, ...admin.Right) *http.Client {
			return &http.Client{Transport: ownSections{n, pages.New(texts, in.log)}}
		}})
	})
}

// ownSections answers requests by the sections of the node's provider.
type ownSections struct {
	node  *node
	texts *pages.Pages
}

// RoundTrip implements http.RoundTripper.
func (o ownSections) RoundTrip(r *http.Request) (*http.Response, error) {
	mux := http.NewServeMux()
	actor := &admin.Actor{Login: commandLine, ClientID: commandLine, Scopes: scopesOf(admin.Rights())}
	for _, section := range o.node.generation().Sections() {
		for _, route := range section.Endpoints() {
			mux.HandleFunc(route.Method+" "+route.Path, func(w http.ResponseWriter, r *http.Request) {
				if err := route.Serve(w, r, actor); err != nil {
					o.refuse(w, err)
				}
			})
		}
	}
	w := &kept{header: http.Header{}, status: http.StatusOK}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	mux.ServeHTTP(w, r)
	return &http.Response{
		StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
		ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// refuse tells a problem by its text, or by its cause, which is for this very person.
func (o ownSections) refuse(w http.ResponseWriter, err error) {
	p := pages.AsProblem(err)
	said := o.texts.Describe("en", p)
	detail, hint := said.Text, said.Hint
	var cause *idp.Problem
	if !errors.As(err, &cause) {
		detail, hint = err.Error(), ""
	} else if p.Cause != nil {
		detail, hint = p.Cause.Error(), ""
	}
	w.WriteHeader(p.HTTPStatus())
	_ = jsonFor(w).Encode(map[string]string{"id": p.ID, "detail": detail, "hint": hint}) // the body is kept in memory
}

// kept is an answer in memory.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header, WriteHeader and Write implement http.ResponseWriter.
func (k *kept) Header() http.Header            { return k.header }
func (k *kept) WriteHeader(status int)         { k.status = status }
func (k *kept) Write(text []byte) (int, error) { return k.body.Write(text) }
