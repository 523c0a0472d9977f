package verify

import (
	_ "embed"
	"net/http"
	"strings"
)

// openapi describes the endpoints; a test holds it against them.
//
//go:embed openapi.json
var openapi string

// exampleIssuer stands in openapi.json for the provider's own.
const exampleIssuer = "https://login.example.org/blitz"

func describe(issuer string) []byte {
	return []byte(strings.ReplaceAll(openapi, exampleIssuer, issuer))
}

// serveOpenAPI is public, for scripts on any page too.
func (h *Handler) serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cache-Control", "public, max-age=300")
	header.Set("Content-Type", mediaJSON)
	header.Set("X-Content-Type-Options", "nosniff")
	// A connection that broke is the only error left, and nobody is there to be told.
	_, _ = w.Write(h.openapi)
}
