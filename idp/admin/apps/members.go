package apps

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/register"
)

// members are a registration as JSON has it, by the names of the standards. Forms
// and records of changes are made of them, so that no field is forgotten.
type members map[string]any

func membersOf(c *idp.Client) members { return plain(register.RecordOf(c)) }

// plain are the members of a value as they are read back from JSON.
func plain(v any) members {
	all := members{}
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		return members{} // what is made of a registration is of texts, numbers and lists
	}
	return all
}

// record is the registration of the members.
func (m members) record() (register.Record, error) {
	var r register.Record
	text, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return r, fmt.Errorf("reading a registration: %w", err)
	}
	return r, nil
}

// text is the member as a form shows it: a list by line, anything else as it is.
func (m members) text(name string) string {
	switch v := m[name].(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		var lines []string
		for _, one := range v {
			lines = append(lines, fmt.Sprint(one))
		}
		return strings.Join(lines, "\n")
	case map[string]any:
		text, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return ""
		}
		return string(text)
	case float64:
		return fmt.Sprintf("%.0f", v)
	default:
		return fmt.Sprint(v)
	}
}

// changes are what is different, for the audit trail: before and after by member.
// Of a secret it is said that it changed, and no more.
func changes(before, after *idp.Client) map[string]any {
	was, is := membersOf(before), membersOf(after)
	names := slices.Collect(maps.Keys(was))
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	params := map[string]any{}
	for _, name := range names {
		if !reflect.DeepEqual(was[name], is[name]) {
			params[name] = []string{was.text(name), is.text(name)}
		}
	}
	if before.SecretHash != after.SecretHash {
		params["secret"] = "changed"
	}
	return params
}
