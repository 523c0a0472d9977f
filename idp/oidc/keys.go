package oidc

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync/atomic"

	jose "github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// keySet is the last key set that was made: the same keys give the same
// document. The zero value is ready to use.
type keySet struct {
	last atomic.Pointer[madeSet]
}

type madeSet struct {
	keys     []string // ids, in their order
	document document
}

// of is the document of the keys (RFC 7517, section 5).
func (s *keySet) of(published []signing.Key) (document, error) {
	same := func(id string, key signing.Key) bool { return id == key.ID }
	if last := s.last.Load(); last != nil && slices.EqualFunc(last.keys, published, same) {
		return last.document, nil
	}
	made := &madeSet{}
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, key := range published {
		made.keys = append(made.keys, key.ID)
		set.Keys = append(set.Keys, jose.JSONWebKey{KeyID: key.ID, Algorithm: key.Alg, Use: "sig", Key: key.Public()})
	}
	body, err := json.Marshal(set)
	if err != nil {
		return document{}, err
	}
	made.document = newDocument(body)
	s.last.Store(made)
	return made.document, nil
}

// serveKeys is the key set.
func (p *Provider) serveKeys(w http.ResponseWriter, r *http.Request) {
	if oauth.Preflight(w, r, http.MethodGet) || !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	made, err := p.publish(r.Context())
	if err != nil {
		oauth.AllowAnyOrigin(w)
		oauth.WriteFailure(w, p.fault(r.Context(), "reading the key set", err), "")
		return
	}
	made.write(w)
}

func (p *Provider) publish(ctx context.Context) (document, error) {
	published, err := p.Signing.Published(ctx)
	if err != nil {
		return document{}, err
	}
	return p.keys.of(published)
}
