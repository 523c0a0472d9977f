package oidc

import (
	"net/http"
	"strconv"

	"github.com/ringtail-id/ringtail/idp/oauth"
)

// document is a public answer that is the same for everybody and made beforehand.
type document struct {
	body   []byte
	length []string // Content-Length: a long answer goes out in one piece instead of chunks
}

func newDocument(body []byte) document {
	return document{body: body, length: []string{strconv.Itoa(len(body))}}
}

// write lets any cache keep the document for a while, and any script read it.
func (d document) write(w http.ResponseWriter) {
	h := w.Header()
	oauth.AllowAnyOrigin(w)
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h["Content-Length"] = d.length
	// A connection that broke is the only error left, and nobody is there to be told.
	_, _ = w.Write(d.body)
}
