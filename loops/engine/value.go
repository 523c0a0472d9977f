package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDepth is how deep JSON may nest, in answers and in what a script builds.
const maxDepth = 64

// object is a JSON object whose keys keep their order, so that a driver can sign the exact bytes of a body. It is never
// changed once a script can see it. Values are nil, bool, string, json.Number, *object and *array.
type object struct {
	keys   []string
	values map[string]any
	answer bool // came from a provider: a value of an unexpected type is then the provider's fault
}

// array is a JSON array, with the same rules.
type array struct {
	items  []any
	answer bool
}

func newObject() *object { return &object{values: map[string]any{}} }

// put changes o; only for an object that no script has seen.
func (o *object) put(key string, value any) {
	if _, had := o.values[key]; !had {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// with returns a copy of o that also holds key.
func (o *object) with(key string, value any) *object {
	out := o.copy(len(o.keys) + 1)
	out.put(key, value)
	return out
}

func (o *object) without(key string) *object {
	out := newObject()
	for _, k := range o.keys {
		if k != key {
			out.put(k, o.values[k])
		}
	}
	return out
}

func (o *object) copy(size int) *object {
	out := &object{keys: make([]string, 0, size), values: make(map[string]any, size)}
	for _, k := range o.keys {
		out.put(k, o.values[k])
	}
	return out
}

// MarshalJSON is what JSON.stringify of a script calls; the keys keep their order.
func (o *object) MarshalJSON() ([]byte, error) { return []byte(encode(o)), nil }

// MarshalJSON is what JSON.stringify of a script calls.
func (a *array) MarshalJSON() ([]byte, error) { return []byte(encode(a)), nil }

// encode writes a value as JSON without spaces and without escaping <, > and &: what a driver signs is what is sent.
func encode(value any) string {
	var out strings.Builder
	encodeTo(&out, value)
	return out.String()
}

func encodeTo(out *strings.Builder, value any) {
	switch v := value.(type) {
	case *object:
		out.WriteByte('{')
		for i, k := range v.keys {
			if i > 0 {
				out.WriteByte(',')
			}
			encodeText(out, k)
			out.WriteByte(':')
			encodeTo(out, v.values[k])
		}
		out.WriteByte('}')
	case *array:
		out.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				out.WriteByte(',')
			}
			encodeTo(out, item)
		}
		out.WriteByte(']')
	case json.Number:
		out.WriteString(v.String())
	case string:
		encodeText(out, v)
	case bool:
		fmt.Fprint(out, v)
	default:
		out.WriteString("null")
	}
}

func encodeText(out *strings.Builder, text string) {
	if !strings.ContainsFunc(text, escaped) {
		out.WriteByte('"')
		out.WriteString(text)
		out.WriteByte('"')
		return
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string can always be written
	out.Write(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
}

// escaped reports whether a character may stand otherwise in JSON than it is: most texts have none.
func escaped(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }

// decode reads one JSON value. Numbers keep their text; a key that comes twice has its last value; anything after the
// value, and nesting beyond maxDepth, is an error.
func decode(text string, answer bool) (any, error) {
	dec := json.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	dec.UseNumber()
	value, err := decodeValue(dec, answer, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something after the end of the JSON value")
	}
	return value, nil
}

func decodeValue(dec *json.Decoder, answer bool, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("JSON is nested deeper than %d levels", maxDepth)
	}
	token, err := dec.Token()
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	switch token {
	case json.Delim('{'):
		return decodeObject(dec, answer, depth)
	case json.Delim('['):
		return decodeArray(dec, answer, depth)
	}
	return token, nil
}

func decodeObject(dec *json.Decoder, answer bool, depth int) (any, error) {
	out := newObject()
	out.answer = answer
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		value, err := decodeValue(dec, answer, depth+1)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string) // the decoder allows nothing else here
		out.put(name, value)
	}
	_, err := dec.Token()
	return out, err
}

func decodeArray(dec *json.Decoder, answer bool, depth int) (any, error) {
	out := &array{answer: answer}
	for dec.More() {
		value, err := decodeValue(dec, answer, depth+1)
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, value)
	}
	_, err := dec.Token()
	return out, err
}
