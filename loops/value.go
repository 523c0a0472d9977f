package loops

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Words of ValueState.
const (
	StatePending   = "pending"   // the provider has taken the order
	StateRinging   = "ringing"   // the phone rings
	StateDelivered = "delivered" // it rang: answered, busy and not answered are the same
	StateFailed    = "failed"    // only of a callback: the call failed, ValueError says why
)

// Words of ValueReason.
const (
	ReasonWrong   = "wrong"   // another code than the provider's
	ReasonExpired = "expired" // the code's time is over
	ReasonLocked  = "locked"  // the provider takes no more tries
)

// ValueFault says what is wrong with the value that an entry's Ok carried, empty where it is as the contract wants it.
// A key that is null is as if it were left out. What a start's value means for the code is CodeOf's business.
func ValueFault(e Entry, value map[string]any) string {
	v := values(value)
	switch e {
	case EntryStart:
		return firstFault(v.text(ValueCallID), v.text(ValuePrefix), v.boolean(ValuePending, false), v.cost())
	case EntryCheck:
		return firstFault(v.boolean(ValueValid, true), v.oneOf(ValueReason, false, ReasonWrong, ReasonExpired, ReasonLocked))
	case EntryPoll:
		return firstFault(v.oneOf(ValueState, true, StatePending, StateRinging, StateDelivered), v.number(ValueAfter), v.cost())
	case EntryCallback:
		return v.callback()
	case EntryLogin:
		if token, _ := value[ValueToken].(string); strings.TrimSpace(token) == "" {
			return fmt.Sprintf("%q is missing, or no text", ValueToken)
		}
		return v.number(ValueExpiresIn)
	}
	return ""
}

func firstFault(faults ...string) string {
	for _, f := range faults {
		if f != "" {
			return f
		}
	}
	return ""
}

// values are an Ok's keys.
type values map[string]any

func (v values) callback() string {
	var words []string
	for _, k := range Keys() {
		words = append(words, string(k))
	}
	failed := v[ValueState] == StateFailed
	fault := firstFault(
		v.oneOf(ValueState, true, StatePending, StateRinging, StateDelivered, StateFailed),
		v.oneOf(ValueError, failed, words...), v.text(ValueCallID), v.text(ValueReference))
	if fault == "" && v[ValueCallID] == nil && v[ValueReference] == nil {
		return fmt.Sprintf("neither %q nor %q says which call it is about", ValueCallID, ValueReference)
	}
	if _, object := v[ValueAnswer].(map[string]any); fault == "" && v[ValueAnswer] != nil && !object {
		return fmt.Sprintf("%q is no object", ValueAnswer)
	}
	return fault
}

func (v values) cost() string {
	if _, told := CostOf(v); told || v[ValueCost] == nil {
		return ""
	}
	return fmt.Sprintf("%q is neither a number from 0 on nor a text of one", ValueCost)
}

func (v values) text(key string) string {
	if _, ok := v[key].(string); ok || v[key] == nil {
		return ""
	}
	return fmt.Sprintf("%q is no text", key)
}

func (v values) boolean(key string, wanted bool) string {
	if _, ok := v[key].(bool); ok || (v[key] == nil && !wanted) {
		return ""
	}
	return fmt.Sprintf("%q is neither true nor false", key)
}

func (v values) oneOf(key string, wanted bool, words ...string) string {
	if word, ok := v[key].(string); (ok && slices.Contains(words, word)) || (v[key] == nil && !wanted) {
		return ""
	}
	return fmt.Sprintf("%q is not one of %s", key, strings.Join(words, ", "))
}

func (v values) number(key string) string {
	n, ok := v[key].(json.Number)
	if f, err := n.Float64(); (ok && err == nil && f >= 0) || v[key] == nil {
		return ""
	}
	return fmt.Sprintf("%q is no number from 0 on", key)
}
