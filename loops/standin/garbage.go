package standin

import (
	"bytes"
	"encoding/json"
)

// Faults that a stand-in can play with its answers, whatever they look like: the provider does what it should and then answers
// something that its page doesn't have.
const (
	FaultEmpty     Fault = "empty"     // nothing
	FaultTruncated Fault = "truncated" // the first half
	FaultNull      Fault = "null"      // JSON null
	FaultList      Fault = "list"      // a JSON array where an object should be, and an object where an array should be
	FaultTypes     Fault = "types"     // numbers for texts, and texts for all else
	FaultNulls     Fault = "nulls"     // null for every text, number and boolean
	FaultBare      Fault = "bare"      // an object, or an array, with nothing in it
	FaultShape     Fault = "shape"     // a text for every object and array inside; where there is none, an object for all that is
)

// Garbage gives the faults that spoil an answer.
func Garbage() []Fault {
	return []Fault{FaultEmpty, FaultTruncated, FaultNull, FaultList, FaultTypes, FaultNulls, FaultBare, FaultShape}
}

// Garble gives the body that one of Garbage leaves of an answer's, and the body as it is for any other fault. What needs JSON
// leaves any other body empty.
func (f Fault) Garble(body string) string {
	switch f {
	case FaultEmpty:
		return ""
	case FaultTruncated:
		return body[:len(body)/2]
	case FaultNull:
		return "null"
	case FaultList:
		if len(body) > 0 && body[0] == '[' {
			return "{}"
		}
		return "[]"
	case FaultBare:
		if len(body) > 0 && body[0] == '[' {
			return "[]"
		}
		return "{}"
	case FaultTypes:
		return remade(body, otherType)
	case FaultNulls:
		return remade(body, toNull)
	case FaultShape:
		if flat := remade(body, toText); flat != remade(body, unchanged) {
			return flat
		}
		return remade(body, toObject)
	}
	return body
}

// remade gives the JSON with the parts of its outermost object or array made anew.
func remade(body string, change func(any) any) string {
	dec := json.NewDecoder(bytes.NewReader([]byte(body)))
	dec.UseNumber()
	var whole any
	if dec.Decode(&whole) != nil {
		return ""
	}
	text, err := json.Marshal(each(whole, change))
	if err != nil {
		return ""
	}
	return string(text)
}

func each(whole any, change func(any) any) any {
	switch x := whole.(type) {
	case map[string]any:
		for k, v := range x {
			x[k] = change(v)
		}
		return x
	case []any:
		for i, v := range x {
			x[i] = change(v)
		}
		return x
	}
	return change(whole)
}

func otherType(v any) any {
	switch v.(type) {
	case map[string]any, []any:
		return each(v, otherType)
	case string:
		return 7
	}
	return "x"
}

func toNull(v any) any {
	switch v.(type) {
	case map[string]any, []any:
		return each(v, toNull)
	}
	return nil
}

func unchanged(v any) any { return v }

func toText(v any) any {
	switch v.(type) {
	case map[string]any, []any:
		return "x"
	}
	return v
}

func toObject(any) any { return map[string]any{"x": "x"} }
