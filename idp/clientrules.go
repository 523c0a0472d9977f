package idp

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is one thing that is wrong with a registration.
type Fault struct {
	// Field is the name that the registration standards give to the field (RFC
	// 7591, section 2; OpenID Connect Dynamic Client Registration, section 2), or
	// ours where they have none.
	Field string
	// Text goes on behind the field's name, by whatever name the surface calls it:
	// what is wrong and what to write instead.
	Text string
}

// String is the field with what is wrong with it.
func (f Fault) String() string { return f.Field + " " + f.Text }

// Faults are all that is wrong with a registration; never empty where they are
// returned as an error.
type Faults []Fault

// Error is one line a fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// ClientRules are what this provider can do, as far as registrations depend on it.
type ClientRules struct {
	// Algorithms are those that ID tokens can be signed with.
	Algorithms []string
	// ClientAlgorithms are those that clients may sign with, of assertions and
	// request objects.
	ClientAlgorithms []string
	// SecondFactors are the methods that can serve as a second factor; nil where
	// that isn't known.
	SecondFactors []string
	// KeySet says in words for the client's owner why a key set can't be used for
	// the algorithm; an empty one is any of ClientAlgorithms. nil where it can.
	KeySet func(document, alg string) error
}

// Bounds of a registration. Numbers of characters are Unicode characters.
const (
	maxClientName = 100
	maxText       = 256
	maxURI        = 2048 // bytes
	maxURIs       = 50
	maxList       = 50
	maxContacts   = 10
	maxTags       = 32
	maxStatement  = 8 << 10 // bytes
	maxKeySet     = 64 << 10
)

// Lives that a registration may ask for, as in the settings.
const (
	minLife        = time.Minute
	maxAccessLife  = 24 * time.Hour
	maxRefreshLife = 365 * 24 * time.Hour
	// maxMaxAge bounds default_max_age, in seconds: ten years.
	maxMaxAge = 10 * 365 * 24 * 60 * 60
)

// Validate returns every fault of a registration as Faults, nil where there is
// none. It is the one judge of clients, wherever they come from.
func (c *Client) Validate(r ClientRules) error {
	v := &validation{Client: c, rules: r}
	v.identity()
	v.texts()
	v.grants()
	v.responses()
	v.scopes()
	v.authentication()
	v.keys()
	v.redirects()
	v.logouts()
	v.links()
	v.lives()
	v.tokens()
	v.logins()
	if len(v.faults) == 0 {
		return nil
	}
	return v.faults
}

// validation collects what is wrong with one client.
type validation struct {
	*Client
	rules  ClientRules
	faults Faults
}

// must notes a fault where ok is false.
func (v *validation) must(ok bool, field, format string, args ...any) {
	if !ok {
		v.faults = append(v.faults, Fault{Field: field, Text: fmt.Sprintf(format, args...)})
	}
}

// each holds a list to its length, to having nothing twice, and each value to
// valid; advice completes "write ...".
func (v *validation) each(field string, list []string, most int, valid func(string) bool, advice string) {
	v.must(len(list) <= most, field, "holds %d values; write at most %d", len(list), most)
	for i, value := range list[:min(len(list), most)] {
		switch {
		case slices.Contains(list[:i], value):
			v.must(false, field, "holds %s twice; write it once", shown(value))
		case !valid(value):
			v.must(false, field, "holds %s; write %s", shown(value), advice)
		}
	}
}

// oneOf holds a value to a list of words.
func (v *validation) oneOf(field, value string, words []string) {
	v.must(slices.Contains(words, value), field, "is %s; write one of %s", shown(value), strings.Join(words, ", "))
}

// shown quotes a value, shortened so that a fault stays one readable line.
func shown(value string) string {
	const most = 100
	if r := []rune(value); len(r) > most {
		value = string(r[:most]) + "..."
	}
	return strconv.Quote(value)
}

var (
	// clientID has no ":", which Basic authentication ends names with, and no "~",
	// which is kept for clients that register themselves; as in Blitz.
	clientID = regexp.MustCompile(`^[\x21\x23-\x39\x3B-\x5B\x5D-\x7D]{1,200}$`)
	// dynamicID is the form of clients that registered themselves.
	dynamicID = regexp.MustCompile(`^dyn~app~[a-z0-9]{26}$`)
	scopeName = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]{1,100}$`) // RFC 6749, section 3.3
	tagForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
	claimName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.:/-]{0,99}$`)
)

// DynamicID is the ID of a client that registers itself; unique is 26 lower-case
// characters, see NewID. No client that is registered otherwise can have it.
func DynamicID(unique string) string { return "dyn~app~" + unique }

// IsDynamicID says whether the ID is one of DynamicID's.
func IsDynamicID(id string) bool { return dynamicID.MatchString(id) }

// Dynamic says whether the client registered itself (RFC 7591) and manages
// itself (RFC 7592).
func (c *Client) Dynamic() bool { return c.RegistrationHash != "" }

func (v *validation) identity() {
	if v.Dynamic() {
		v.must(dynamicID.MatchString(v.ID), "client_id", "is %s, which no client can have that registered itself", shown(v.ID))
	} else {
		v.must(clientID.MatchString(v.ID), "client_id", `is %s; write 1 to 200 visible ASCII characters without ":" and "~"`, shown(v.ID))
	}
	if v.ApplicationType != "" {
		v.oneOf("application_type", v.ApplicationType, ApplicationTypes())
	}
	v.each("tags", v.Tags, maxTags, tagForm.MatchString, "up to 40 letters, digits and . _ -")
}

func (v *validation) texts() {
	for _, text := range []struct {
		field, value string
		most         int
	}{
		{"client_name", v.Name, maxClientName}, {"software_id", v.SoftwareID, maxText}, {"software_version", v.SoftwareVersion, maxText},
	} {
		if why := textFault(text.value, text.most); why != "" {
			v.must(false, text.field, "is %s, %s; write up to %d characters on one line", shown(text.value), why, text.most)
		}
	}
	v.must(len(v.SoftwareStatement) <= maxStatement, "software_statement", "has %d bytes; write at most %d", len(v.SoftwareStatement), maxStatement)
	v.each("contacts", v.Contacts, maxContacts, func(s string) bool { return s != "" && textFault(s, maxText) == "" },
		fmt.Sprintf("up to %d characters on one line, such as an e-mail address", maxText))
}

func (v *validation) lives() {
	for _, life := range []struct {
		field       string
		value, most time.Duration
		span        string
	}{
		{"access_token_life", v.AccessTokenLife, maxAccessLife, "1m to 24h"},
		{"id_token_life", v.IDTokenLife, maxAccessLife, "1m to 24h"},
		{"refresh_token_life", v.RefreshTokenLife, maxRefreshLife, "1m to 365d"},
	} {
		v.must(life.value == 0 || life.value >= minLife && life.value <= life.most, life.field,
			"is %v; write %s, or nothing for the provider's default", life.value, life.span)
	}
	v.must(v.RefreshTokenLife == 0 || v.Allows(GrantRefresh), "refresh_token_life",
		"is set though the client lacks the grant %s; add the grant, or take this out", GrantRefresh)
}

// logins holds what the client wants of its logins.
func (v *validation) logins() {
	v.must(v.RequiredFactor >= 0 && v.RequiredFactor <= 2, "required_factor", "is %d; write 0, 1 or 2", v.RequiredFactor)
	if v.rules.SecondFactors != nil {
		v.each("second_factors", v.SecondFactors, maxList, func(m string) bool { return slices.Contains(v.rules.SecondFactors, m) },
			"a method that is enabled as second factor")
	}
	if age := v.DefaultMaxAge; age != nil {
		v.must(*age >= 0 && *age <= maxMaxAge, "default_max_age", "is %d; write a number of seconds, 0 to %d", *age, maxMaxAge)
	}
	v.each("default_acr_values", v.DefaultACRs, maxList, func(acr string) bool { return slices.Contains(ACRs(), acr) }, "one of "+strings.Join(ACRs(), ", "))
}
