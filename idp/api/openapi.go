package api

import (
	"net/http"
	"strings"
)

// exampleIssuer stands in the descriptions for the provider's own.
const exampleIssuer = "https://login.example.org/blitz"

// Description serves an OpenAPI document of the provider at the issuer. It is
// public, for scripts on any page too.
func Description(openapi, issuer string) http.HandlerFunc {
	document := []byte(strings.ReplaceAll(openapi, exampleIssuer, issuer))
	return func(w http.ResponseWriter, _ *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Cache-Control", "public, max-age=300")
		header.Set("Content-Type", MediaJSON)
		header.Set("X-Content-Type-Options", "nosniff")
		// A connection that broke is the only error left, and nobody is there to be told.
		_, _ = w.Write(document)
	}
}
