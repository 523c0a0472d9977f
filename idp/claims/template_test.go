package claims_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
)

// person has every sort of attribute that a template can meet.
func person() *idp.User {
	return &idp.User{ID: "u1", Login: "anna", PasswordHash: "$argon2id$v=19$hash", Attributes: map[string]string{
		"name": "Anna Ä.", "email": "Anna@Example.com", "phone_number": "+7 (999) 123-45-67", "age": "42", "height": "1.68",
		"staff": "TRUE", "roles": " admin, ,editor ", "evil": "${email}", "markup": `<b>"&`, "short": "12345",
	}}
}

// shown is what a template makes of the person in a scope of its own.
func shown(t *testing.T, template string, of *idp.User) (any, bool) {
	t.Helper()
	set, err := claims.New(claims.Options{Scopes: []claims.Scope{{Name: "custom", Claims: map[string]string{"x": template}}}})
	if err != nil {
		t.Fatal(err)
	}
	v, ok := set.Of(of, []string{"custom"}, nil)["x"]
	return v, ok
}

func TestTemplates(t *testing.T) {
	for name, c := range map[string]struct {
		template string
		want     any // nil: no claim
	}{
		"an attribute":                       {"${email}", "Anna@Example.com"},
		"the login":                          {"${login}", "anna"},
		"a missing attribute":                {"${a}", nil},
		"a missing attribute in a text":      {"Dear ${a}", nil},
		"empty if absent":                    {"${a-}", nil},
		"empty if absent in a text":          {"[${a-}]", "[]"},
		"a fallback that isn't needed":       {"${email-$phone_number}", "Anna@Example.com"},
		"a fallback":                         {"${a-$email}", "Anna@Example.com"},
		"a fallback of a fallback":           {"${a-$b-$name}", "Anna Ä."},
		"a text as the last fallback":        {"${a-$b-nobody-here}", "nobody-here"},
		"fallbacks that all are missing":     {"${a-$b}", nil},
		"masked":                             {"${short&maskInMiddle(1,2)}", "1**45"},
		"masked, other letters":              {"${name&maskInMiddle(2,2)}", "An***Ä."},
		"masked, nothing would be hidden":    {"${short&maskInMiddle(3,3)}", "*****"},
		"masked, just as long":               {"${short&maskInMiddle(3,2)}", "*****"},
		"a fallback, masked":                 {"${a-$short&maskInMiddle(1,1)}", "1***5"},
		"text around":                        {"Name: ${name} <${email}>", "Name: Anna Ä. <Anna@Example.com>"},
		"text alone":                         {"acme", "acme"},
		"filters in a row":                   {"${phone_number&digits&maskInMiddle(4,2)}", "7999*****67"},
		"a number as relying parties want":   {"${phone_number&e164}", "+79991234567"},
		"no number for e164":                 {"${short&e164}", nil},
		"lower":                              {"${email&lower}", "anna@example.com"},
		"upper":                              {"${login&upper}", "ANNA"},
		"a whole number":                     {"${age&number}", int64(42)},
		"a number":                           {"${height&number}", 1.68},
		"no number":                          {"${email&number}", nil},
		"a boolean":                          {"${staff&boolean}", true},
		"no boolean":                         {"${age&boolean}", nil},
		"a text as a boolean":                {"${a-false&boolean}", false},
		"a list":                             {"${roles&list}", []string{"admin", "editor"}},
		"a list of nothing":                  {"${a-,&list}", nil},
		"a dollar and braces that are text":  {"$5 {x} }", "$5 {x} }"},
		"a value that looks like a template": {"${evil}", "${email}"},
		"the same as a fallback":             {"${a-$evil}", "${email}"},
		"the same through a filter":          {"${evil&upper}", "${EMAIL}"},
		"markup stays as it is":              {"${markup}", `<b>"&`},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := shown(t, c.template, person())
			if ok != (c.want != nil) || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s gives %#v, %v; want %#v", c.template, got, ok, c.want)
			}
		})
	}
}

func TestTemplateFaults(t *testing.T) {
	for name, c := range map[string]struct{ template, want string }{
		"nothing":                    {"", "1 to 1024 bytes"},
		"too long":                   {strings.Repeat("x", 1025), "1 to 1024 bytes"},
		"not UTF-8":                  {"\xff", "1 to 1024 bytes"},
		"too many expressions":       {strings.Repeat("${a}", 17), "more than 16"},
		"not closed":                 {"Ä ${a", "character 3: ${ has no }"},
		"no name":                    {"x${}", `character 2: "" is no name`},
		"a nested expression":        {"${a${b}}", "is no name"},
		"a name with a dot":          {"${user.password}", "is no name"},
		"an index":                   {"${a[0]}", "is no name"},
		"a call":                     {"${a()}", "is no name"},
		"a path":                     {"${../secret}", "is no name"},
		"the field of a Go template": {"${.PasswordHash}", "is no name"},
		"the password's hash":        {"${password_hash}", "sounds like a secret"},
		"the same as a fallback":     {"${a-$PasswordHash}", "sounds like a secret"},
		"a secret":                   {"${totpSecret}", "sounds like a secret"},
		"a fallback with a dollar":   {"${a-x$b}", "is no fallback"},
		"an unknown filter":          {"${a&exec}", "&exec is no filter; write one of maskInMiddle"},
		"a filter without arguments": {"${a&maskInMiddle}", "is no filter"},
		"negative arguments":         {"${a&maskInMiddle(-1,3)}", "is no filter"},
		"endless arguments":          {"${a&maskInMiddle(1000,3)}", "is no filter"},
		"arguments of lower":         {"${a&lower(1,2)}", "is no filter"},
		"an empty filter":            {"${a&}", "is no filter"},
		"text around a number":       {"no ${a&number}", "text around a number"},
		"two lists":                  {"${a&list}${b&list}", "text around a number"},
		"a filter after a number":    {"${a&number&lower}", "follows a number"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := claims.Parse(c.template)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want one with %q", err, c.want)
			}
		})
	}
}

// Numbers are JSON's alone: what Go reads beyond that would be no claim.
func TestNumbers(t *testing.T) {
	for value, want := range map[string]any{
		"0": int64(0), "-7": int64(-7), "9223372036854775807": int64(9223372036854775807), "1e3": 1000.0,
		"NaN": nil, "Inf": nil, "0x10": nil, "1_000": nil, "007": nil, "+1": nil, "1e999": nil, " 1": nil, "1.": nil,
	} {
		got, _ := shown(t, "${n&number}", &idp.User{Attributes: map[string]string{"n": value}})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q gives %#v; want %#v", value, got, want)
		}
	}
}

// A template that is taken makes only what JSON can carry, never shows the
// password's hash, and masks at least as much as it says.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"${email}", "${a-}", "${email-$phone_number}", "x${phone_number&maskInMiddle(3,3)}y", "${roles&list}", "${a-$b-c&upper&number}"} {
		f.Add(seed, "value")
	}
	f.Add("${x&maskInMiddle(1,1)}", "${password_hash}")
	f.Fuzz(func(t *testing.T, source, value string) {
		set, err := claims.New(claims.Options{Scopes: []claims.Scope{{Name: "c", Claims: map[string]string{"x": source}}}})
		if err != nil {
			return
		}
		u := person()
		u.Attributes["x"] = value
		got := set.Of(u, []string{"c"}, nil)
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatalf("%q gives what is no JSON: %v", source, err)
		}
		if strings.Contains(string(text), "argon2id") && !strings.Contains(source+value, "argon2id") {
			t.Fatalf("%q shows the password's hash", source)
		}
		if v, ok := got["x"]; ok && (v == "" || v == nil) {
			t.Fatalf("%q gives an empty claim", source)
		}
	})
}
