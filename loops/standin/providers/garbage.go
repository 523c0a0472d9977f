package providers

import (
	"bytes"
	"encoding/json"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// Faults that any stand-in of this package can play with its answers: the provider does what it should and then answers
// something that its page doesn't have.
const (
	FaultEmpty     standin.Fault = "empty"     // nothing
	FaultTruncated standin.Fault = "truncated" // the first half
	FaultNull      standin.Fault = "null"      // JSON null
	FaultList      standin.Fault = "list"      // a JSON array where an object should be, and an object where an array should be
	FaultTypes     standin.Fault = "types"     // numbers for texts, and texts for all else
	FaultNulls     standin.Fault = "nulls"     // null for every text, number and boolean
	FaultBare      standin.Fault = "bare"      // an object, or an array, with nothing in it
	FaultShape     standin.Fault = "shape"     // a text for every object and array inside; where there is none, an object for all that is
)

// Garbage gives the faults that spoil an answer.
func Garbage() []standin.Fault {
	return []standin.Fault{FaultEmpty, FaultTruncated, FaultNull, FaultList, FaultTypes, FaultNulls, FaultBare, FaultShape}
}

// spoil gives the body that a fault leaves of one. What needs JSON leaves any other body empty.
func spoil(fault standin.Fault, body string) string {
	switch fault {
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
