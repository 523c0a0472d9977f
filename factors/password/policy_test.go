package password_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/password"
)

func TestPolicy(t *testing.T) {
	for name, c := range map[string]struct{ login, typed, want string }{
		"good":                         {"demo", "ring-the-phone", ""},
		"good with the login in it":    {"demo", "demo-of-the-phone", ""},
		"as short as may be":           {"demo", "kürbis-x", ""},
		"nothing":                      {"demo", "", factors.ProblemFieldMissing},
		"too short":                    {"demo", "kürbis7", password.ProblemShort},
		"short in composed characters": {"demo", "ku\u0308rbis7", password.ProblemShort},
		"too long":                     {"demo", strings.Repeat("ab", 513), factors.ProblemFieldTooLong},
		"not text":                     {"demo", "ring\xff-the-phone", factors.ProblemFieldInvalid},
		"the login":                    {"annaivanova", "AnnaIvanova", password.ProblemIsLogin},
		"a login of digits":            {"79990000001", "79990000001", password.ProblemIsLogin},
		"the login and a year":         {"annaivanova", "annaivanova2026", password.ProblemIsLogin},
		"what stands before the @":     {"anna.ivanova@shop.example", "anna.ivanova!", password.ProblemIsLogin},
		"a common one":                 {"demo", "qwertyuiop", password.ProblemCommon},
		"dressed up":                   {"demo", "!Password2026", password.ProblemCommon},
		"with digits in it":            {"demo", "Q1w2e3r4!", password.ProblemCommon},
		"in Russian":                   {"demo", "Йцукенгшщз", password.ProblemCommon},
		"a row of digits":              {"demo", "1234567890", password.ProblemCommon},
		"backwards":                    {"demo", "98765432", password.ProblemCommon},
		"one character":                {"demo", "aaaaaaaaaa", password.ProblemCommon},
		"digits in no order":           {"demo", "7391046285", ""},
	} {
		got := ""
		if p := (password.Policy{}).Check(c.login, c.typed); p != nil {
			got = p.ID
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if p := (password.Policy{MinLength: 20}).Check("demo", "ring-the-phone"); p == nil || p.Args["min"] != 20 {
		t.Errorf("the settings' length doesn't count: %v", p)
	}
}

func TestSetter(t *testing.T) {
	s := password.Setter{Hasher: hasher(t, tiny), Policy: func() password.Policy { return password.Policy{} }}
	old, err := s.Make(context.Background(), "demo", "", right)
	if err != nil || password.ValidHash(old) != nil {
		t.Fatalf("%s, %v", old, err)
	}
	if _, err := s.Make(context.Background(), "demo", old, right); !met(err, password.ProblemSame) {
		t.Errorf("the same password: %v", err)
	}
	if hash, err := s.Make(context.Background(), "demo", old, right+"s"); err != nil || hash == old {
		t.Errorf("another one: %v", err)
	}
	if _, err := s.Make(context.Background(), "demo", "unreadable", right); err != nil {
		t.Errorf("over a hash that can't be read: %v", err)
	}
	if _, err := s.Make(context.Background(), "demo", old, "short"); !met(err, password.ProblemShort) {
		t.Errorf("a short one: %v", err)
	}
	for _, bad := range []string{"", "right", "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"} {
		if password.ValidHash(bad) == nil {
			t.Errorf("%q is a hash", bad)
		}
	}
}

func met(err error, id string) bool {
	p := factors.AsProblem(err)
	return p != nil && p.ID == id
}
