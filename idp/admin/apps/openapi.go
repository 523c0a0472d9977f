package apps

import _ "embed"

//go:embed openapi.json
var description []byte

// OpenAPI is the section's part of the API's description.
func (s *Section) OpenAPI() []byte { return description }
