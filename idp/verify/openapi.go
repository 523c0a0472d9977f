package verify

import _ "embed"

// openapi describes the endpoints; a test holds it against them.
//
//go:embed openapi.json
var openapi string
