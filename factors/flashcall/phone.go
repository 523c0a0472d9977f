package flashcall

import (
	"net/http"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/ringtail-id/ringtail/factors"
)

// unfit says whether numbers of the kind show no caller or cost money to call.
func unfit(kind phonenumbers.PhoneNumberType) bool {
	switch kind {
	case phonenumbers.FIXED_LINE, phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST,
		phonenumbers.PAGER, phonenumbers.UAN, phonenumbers.VOICEMAIL:
		return true
	}
	return false
}

// Numbers are which numbers codes may go to.
type Numbers struct {
	// Countries is a closed list of ISO 3166 codes: nobody else is called.
	Countries []string
	// VoIP lets numbers pass that belong to no telephone network: NIST SP 800-63-3
	// refused them, revision 4 doesn't.
	VoIP bool
}

// Number reads a number as accounts have it and as people type it: with "+", as
// bare digits with the country code (79991234567), or in the national form of
// region (two letters, may be empty). It returns E.164 with "+", and the number's
// country. Problems: ProblemNoPhone, ProblemPhoneMalformed, ProblemPhoneUnfit.
func Number(raw, region string) (e164, country string, err error) {
	number, err := read(raw, region)
	if err != nil {
		return "", "", err
	}
	return phonenumbers.Format(number.parsed, phonenumbers.E164), number.country(), nil
}

// reading is a number with what it is good for: to find out takes long.
type reading struct {
	parsed *phonenumbers.PhoneNumber
	kind   phonenumbers.PhoneNumberType
}

func (r reading) country() string { return phonenumbers.GetRegionCodeForNumber(r.parsed) }

// operator is the English name of who was given the number's range; empty where that
// isn't known.
func (r reading) operator() string {
	name, err := phonenumbers.GetCarrierForNumber(r.parsed, "en")
	if err != nil {
		return ""
	}
	return name
}

// Operator is the English name of who was given the range of a number that Number
// gave; empty where libphonenumber knows of nobody. The number may have moved since.
func Operator(e164 string) string {
	number := ofE164(e164)
	if number == nil {
		return ""
	}
	return reading{parsed: number}.operator()
}

// read is Number, for who asks more of it.
func read(raw, region string) (reading, error) {
	if strings.TrimSpace(raw) == "" {
		return reading{}, &factors.Problem{ID: ProblemNoPhone}
	}
	number, ok := parse(raw, region)
	if !ok {
		return reading{}, &factors.Problem{ID: ProblemPhoneMalformed}
	}
	if unfit(number.kind) {
		return reading{}, &factors.Problem{ID: ProblemPhoneUnfit}
	}
	return number, nil
}

// Typed is a problem of Number or Allow where the number was just typed: the texts
// of an account's number send people to whom they needn't ask. It gives another
// problem back as it is.
func Typed(p *factors.Problem) *factors.Problem {
	typed := *p
	switch p.ID {
	case ProblemNoPhone:
		typed.ID = factors.ProblemFieldMissing
	case ProblemPhoneMalformed:
		typed.ID = ProblemNumberMalformed
	case ProblemPhoneUnfit:
		typed.ID = ProblemNumberUnfit
	}
	return &typed
}

// Allow says why codes may not go to a number that Number gave; nil if they may.
// Problems: ProblemPhoneCountry, ProblemPhoneUnfit.
func (n Numbers) Allow(e164, country string) error {
	kind := phonenumbers.UNKNOWN
	if number := ofE164(e164); number != nil {
		kind = phonenumbers.GetNumberType(number)
	}
	return n.allow(kind, country)
}

// allow is Allow of a number whose kind is known already.
func (n Numbers) allow(kind phonenumbers.PhoneNumberType, country string) error {
	if !slices.Contains(n.Countries, country) {
		return &factors.Problem{ID: ProblemPhoneCountry, Status: http.StatusConflict}
	}
	if kind == phonenumbers.UNKNOWN || !n.VoIP && kind == phonenumbers.VOIP {
		return &factors.Problem{ID: ProblemPhoneUnfit}
	}
	return nil
}

// parse tries the national form first and then the bare international one. What has
// no region, and nothing but digits, is not in national form. A number of no kind is
// one that isn't valid.
func parse(raw, region string) (reading, bool) {
	if len(raw) > maxPhone {
		return reading{}, false
	}
	texts := []string{raw, "+" + strings.TrimSpace(raw)}
	if region == "" && onlyDigits(raw) == raw {
		texts = texts[1:]
	}
	for _, text := range texts {
		number, err := phonenumbers.Parse(text, region)
		if err != nil || number.GetExtension() != "" {
			continue
		}
		if kind := phonenumbers.GetNumberType(number); kind != phonenumbers.UNKNOWN {
			return reading{number, kind}, true
		}
	}
	return reading{}, false
}

// maxPhone bounds what is parsed, in bytes.
const maxPhone = 64

// minHidden is how many digits a mask hides at least.
const minHidden = 4

// Mask shows of an E.164 number the country code, the first group and the last
// two digits: "+7 999 ***-**-01". Of short numbers it shows less, so that
// minHidden digits stay hidden.
func Mask(e164 string) string {
	number := ofE164(e164)
	if number == nil {
		return strings.Map(hideDigit, e164)
	}
	shown := phonenumbers.Format(number, phonenumbers.INTERNATIONAL)
	country, national, _ := strings.Cut(shown, " ")
	n := digits(national)
	last := min(2, max(0, n-minHidden))
	group := len(national)
	if i := strings.IndexAny(national, " -"); i >= 0 {
		group = i
	}
	if n-group-last < minHidden {
		group = 0
	}
	return country + " " + national[:group] + hideBut(national[group:], last)
}

// hideBut hides all digits but the last keep ones.
func hideBut(text string, keep int) string {
	hide := digits(text) - keep
	return strings.Map(func(r rune) rune {
		if !isDigit(r) {
			return r
		}
		hide--
		if hide < 0 {
			return r
		}
		return '*'
	}, text)
}

func hideDigit(r rune) rune {
	if isDigit(r) {
		return '*'
	}
	return r
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func digits(text string) int {
	return len(onlyDigits(text))
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, text)
}
