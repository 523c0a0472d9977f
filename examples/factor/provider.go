package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// settings of the provider.
type settings struct {
	issuer string
	phone  string   // where the virtual phone listens
	worker []string // the command that starts a worker
}

// provider is the library's provider with a login page of its own.
type provider struct {
	http.Handler
	proofs *proofs
}

// newProvider puts the library, the storage, the factors and the page together.
func newProvider(ctx context.Context, s settings) (*provider, error) {
	kept, err := newStorage(&client{id: "app", redirects: []string{"http://localhost:8470/callback"}})
	if err != nil {
		return nil, err
	}
	config := &op.Config{CodeMethodS256: true}
	if _, err := rand.Read(config.CryptoKey[:]); err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	library, err := op.NewProvider(config, kept, op.StaticIssuer(s.issuer), op.WithAllowInsecure())
	if err != nil {
		return nil, fmt.Errorf("setting up the library: %w", err)
	}
	methods, err := newProofs(ctx, s.phone, s.worker)
	if err != nil {
		return nil, err
	}
	page := &login{
		kept: kept, proofs: methods,
		callback: func(ctx context.Context, id string) string {
			return op.AuthCallbackURL(library)(op.ContextWithIssuer(ctx, s.issuer), id)
		},
	}
	mux := http.NewServeMux()
	mux.Handle(pathLogin, http.NewCrossOriginProtection().Handler(page))
	// The library would give the code of a login to whoever knows its id.
	mux.Handle(library.AuthorizationEndpoint().Relative()+"/callback", page.own(library))
	mux.Handle("/", library)
	return &provider{Handler: mux, proofs: methods}, nil
}

// Run places the calls until ctx ends.
func (p *provider) Run(ctx context.Context) { _ = p.proofs.engine.Run(ctx) }

// Close ends the workers.
func (p *provider) Close() error { return p.proofs.workers.Close() }
