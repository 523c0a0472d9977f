package oidc

import "github.com/zitadel/oidc/v3/pkg/op"

// LibraryStorage is the adapter, for a bare provider of the library beside ours.
func (p *Provider) LibraryStorage() op.Storage { return &storage{p} }

// LibraryCrypto is what the library decrypts tokens with.
func (p *Provider) LibraryCrypto() op.Crypto { return p.library.Crypto() }
