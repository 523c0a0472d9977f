package consent

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
)

// Words says in a person's language what items mean and what they would show.
type Words struct {
	Claims *claims.Set
	// Text is the sentence of a key, or the key itself where it has none; see
	// templates.Renderer.Text.
	Text func(lang, key string) string
}

// Value is a claim as a person may read it.
type Value struct {
	Claim string
	// Label is what the claim is called, Text what it says of the person.
	Label, Text string
}

// Title is what the item is called: by the settings, by our own messages, or by
// its name.
func (w Words) Title(item Item, lang string) string {
	if item.Kind == Claim {
		return w.label(item.Name, lang)
	}
	return cmp.Or(w.Claims.Title(item.Name, lang), w.sentence(lang, "scope."+item.Name), item.Name)
}

// Description says more of the item; may be empty.
func (w Words) Description(item Item, lang string) string {
	if item.Kind == Claim {
		return ""
	}
	return cmp.Or(w.Claims.Description(item.Name, lang), w.sentence(lang, "scope."+item.Name+".help"))
}

// Values are what the item would show of the person now, in the scope's order.
// The person's number is masked: who looks over their shoulder need not read it.
func (w Words) Values(u *idp.User, item Item, lang string) []Value {
	names, scopes := []string{item.Name}, []string(nil)
	if item.Kind == Scope {
		names, scopes = w.Claims.ClaimsOf(item.Name), []string{item.Name}
	}
	shown := w.Claims.Of(u, scopes, names)
	phone, _ := w.Claims.Of(u, nil, []string{claims.PhoneNumber})[claims.PhoneNumber].(string)
	var values []Value
	for _, claim := range names {
		if v, ok := shown[claim]; ok {
			values = append(values, Value{Claim: claim, Label: w.label(claim, lang), Text: w.text(claim, v, phone, lang)})
		}
	}
	return values
}

func (w Words) label(claim, lang string) string {
	return cmp.Or(w.sentence(lang, "claim."+claim), claim)
}

// sentence is the text of the key, empty where it has none.
func (w Words) sentence(lang, key string) string {
	if text := w.Text(lang, key); text != key {
		return text
	}
	return ""
}

func (w Words) text(claim string, v any, phone, lang string) string {
	switch v := v.(type) {
	case string:
		return shorten(masked(v, phone))
	case bool:
		return w.Text(lang, "value."+strconv.FormatBool(v))
	case int64:
		if claims.IsTime(claim) {
			return time.Unix(v, 0).UTC().Format(time.DateOnly)
		}
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []string:
		return shorten(strings.Join(v, ", "))
	case map[string]any:
		return shorten(address(v))
	}
	return ""
}

// masked hides the person's number, however the text writes it.
func masked(text, phone string) string {
	if phone == "" || claims.Digits(text) != claims.Digits(phone) {
		return text
	}
	return flashcall.Mask(phone)
}

// address is a postal address on one line, from the street to the country, or as
// it was formatted.
func address(members map[string]any) string {
	var parts []string
	for _, member := range []string{"formatted", "street_address", "locality", "region", "postal_code", "country"} {
		if text, ok := members[member].(string); ok && !slices.Contains(parts, text) {
			parts = append(parts, strings.Join(strings.Fields(text), " "))
		}
	}
	return strings.Join(parts, ", ")
}

// longest value on a page, in characters.
const longest = 200

func shorten(text string) string {
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	return string([]rune(text)[:longest]) + "…"
}
