package register

import (
	"bytes"
	"encoding/json"
)

// compact is a JSON document without space in it, as it is stored; empty where
// there is none.
func compact(document json.RawMessage) string {
	var out bytes.Buffer
	if len(document) == 0 || string(document) == "null" || json.Compact(&out, document) != nil {
		return ""
	}
	return out.String()
}
