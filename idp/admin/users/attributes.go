package users

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// Bounds of a user's attributes.
const (
	maxAttributes = 64
	maxValue      = 1024 // bytes
)

// validName is as the settings have names of attributes.
var validName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// guarded are the attributes that say what the provider itself found out.
func guarded(name string) bool {
	return name == idp.AttributePhoneVerified || name == idp.AttributePhoneVerifiedAt
}

// Names of standard claims that say whether another one was confirmed.
const (
	attributeEmail         = "email"
	attributeEmailVerified = "email_verified"
)

// sees says whether the actor may see and set the attribute.
func (s *Service) sees(a *admin.Actor, name string) bool {
	return !slices.Contains(s.RoleAttributes, strings.ToLower(name)) || a.May(admin.AdministratorsEdit)
}

// checkAttribute says what is wrong with one attribute that the actor sets, and
// gives the value as it is kept. An empty value takes the attribute away.
func (s *Service) checkAttribute(a *admin.Actor, name, value string) (string, error) {
	field := "attributes." + name
	switch {
	case !validName.MatchString(name):
		return "", invalid(problemName, "attributes", map[string]any{"name": shortened(name)})
	case guarded(name):
		return "", invalid(problemGuarded, field, map[string]any{"name": name})
	case !s.sees(a, name):
		return "", &idp.Problem{ID: problemRoleAttribute, Status: http.StatusForbidden, Field: field, Args: map[string]any{"name": name}}
	case len(value) > maxValue || !utf8.ValidString(value) || strings.ContainsFunc(value, unseen):
		return "", invalid(problemValue, field, map[string]any{"name": name, "max": maxValue})
	case name == attributeEmailVerified && value != "" && value != "true" && value != "false":
		return "", invalid(problemValue, field, map[string]any{"name": name, "max": len("false")})
	case name == s.PhoneAttribute && value != "":
		return s.checkPhone(value)
	}
	return value, nil
}

// unseen are characters that a person can't see, but for the end of a line.
func unseen(r rune) bool { return !unicode.IsGraphic(r) && r != '\n' && r != '\t' }

// checkPhone gives the number as it is kept: digits with the country code, as in
// Blitz. One that can't be called is a number all the same.
func (s *Service) checkPhone(value string) (string, error) {
	e164, _, err := flashcall.Number(value, "")
	for i := 0; i < len(s.Countries) && malformed(err); i++ {
		e164, _, err = flashcall.Number(value, s.Countries[i])
	}
	switch p := factors.AsProblem(err); {
	case err == nil:
		return strings.TrimPrefix(e164, "+"), nil
	case p != nil && p.ID == flashcall.ProblemPhoneUnfit:
		return value, nil
	}
	return "", invalid(problemPhone, "attributes."+s.PhoneAttribute, nil)
}

func malformed(err error) bool {
	p := factors.AsProblem(err)
	return p != nil && p.ID == flashcall.ProblemPhoneMalformed
}

// patched gives the user's attributes with the changes made; an empty value takes
// one away.
func (s *Service) patched(a *admin.Actor, before, changes map[string]string) (map[string]string, error) {
	after := maps.Clone(before)
	if after == nil {
		after = map[string]string{}
	}
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		value, err := s.checkAttribute(a, name, strings.TrimSpace(strings.ReplaceAll(changes[name], "\r\n", "\n")))
		if err != nil {
			return nil, err
		}
		if after[name] = value; value == "" {
			delete(after, name)
		}
	}
	if _, set := changes[attributeEmailVerified]; !set && after[attributeEmail] != before[attributeEmail] {
		delete(after, attributeEmailVerified) // it was the old one's
	}
	if len(after) > maxAttributes {
		return nil, invalid(problemMany, "attributes", map[string]any{"max": maxAttributes})
	}
	return after, nil
}

// shown is the value as the actor may see it: numbers are masked for who can't
// change them.
func shown(a *admin.Actor, value string) string {
	if a.May(admin.UsersEdit) {
		return value
	}
	return masked(value)
}

// masked hides what is a telephone number, for records and for who only looks.
func masked(value string) string {
	digits := 0
	for _, r := range value {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" +().-\u00a0\u2011", r):
			return shortened(value)
		}
	}
	if digits < 7 {
		return shortened(value)
	}
	if e164, _, err := flashcall.Number(value, ""); err == nil {
		return flashcall.Mask(e164)
	}
	hide := digits - 2
	return shortened(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' || hide <= 0 {
			return r
		}
		hide--
		return '*'
	}, value))
}

// maxShown bounds what records and messages repeat of a value, in characters.
const maxShown = 200

func shortened(text string) string {
	runes := []rune(text)
	if len(runes) <= maxShown {
		return text
	}
	return string(runes[:maxShown]) + "…"
}

// difference is what a record says of changed attributes: before and after, with
// numbers masked.
func difference(before, after map[string]string) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	for name := range merged(before, after) {
		if before[name] == after[name] {
			continue
		}
		if v, ok := before[name]; ok {
			was[name] = masked(v)
		}
		if v, ok := after[name]; ok {
			is[name] = masked(v)
		}
	}
	return was, is
}

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, b)
	return all
}

// names are those of the attributes that the actor sees, sorted; the number first.
func (s *Service) names(a *admin.Actor, attributes map[string]string) []string {
	var names []string
	for name := range attributes {
		if s.sees(a, name) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(x, y string) int {
		if (x == s.PhoneAttribute) != (y == s.PhoneAttribute) {
			return cmp.Compare(btoi(y == s.PhoneAttribute), btoi(x == s.PhoneAttribute))
		}
		return cmp.Compare(x, y)
	})
	return names
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
