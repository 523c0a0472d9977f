package engine

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"
)

// form writes an object as a form, its keys in their order.
func (m *machine) form(o *object) string {
	var parts []string
	for name, text := range m.fields("withForm", o) {
		parts = append(parts, url.QueryEscape(name)+"="+url.QueryEscape(text))
	}
	return strings.Join(parts, "&")
}

// multipart writes an object as multipart/form-data (RFC 7578), its keys in their order, and gives the Content-Type with
// the boundary, which is random, so that no value can hold it.
func (m *machine) multipart(o *object) (kind, body string) {
	var boundary [16]byte
	_, _ = m.random.Read(boundary[:]) // ChaCha8 never fails
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	_ = w.SetBoundary(hex.EncodeToString(boundary[:])) // 32 hex digits are a boundary
	for name, text := range m.fields("withMultipart", o) {
		_ = w.WriteField(name, text) // into memory
	}
	_ = w.Close()
	return w.FormDataContentType(), out.String()
}

// fields gives the texts of a flat object in order, null left out, and throws where a value is nested.
func (m *machine) fields(word string, o *object) func(yield func(name, text string) bool) {
	return func(yield func(name, text string) bool) {
		for _, k := range o.keys {
			v := o.values[k]
			if isObject(v) || isArray(v) {
				m.typeError("%s: %s is neither text, number nor boolean", word, k)
			}
			if v != nil && !yield(k, fmt.Sprint(v)) {
				return
			}
		}
	}
}
