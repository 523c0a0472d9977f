package flashcall

import (
	"time"

	"github.com/nyaruka/phonenumbers"

	"github.com/ringtail-id/ringtail/factors"
)

// Description is what libphonenumber knows of a number, for administrators.
type Description struct {
	// E164 is the number with "+" and country code; empty where it can't be read.
	E164 string
	// Shown is the number as people write it internationally.
	Shown string
	// Country is ISO 3166, two letters.
	Country string
	// Kind is one word: mobile, fixed_line, fixed_line_or_mobile, voip and so on.
	Kind string
	// Operator is who was given the number's range, in English; empty where that isn't
	// known. A number may have moved to another one since.
	Operator string
	// Zone is the number's time zone, by its IANA name; empty where it isn't known.
	Zone string
	// Local is the time there.
	Local time.Time
	// Problem is why the number can't be called at all: one of Number's or of Allow's;
	// empty where it can.
	Problem string
}

// Describe tells of a number as an account has it; the region is that of numbers in
// national form.
func (n Numbers) Describe(raw, region string, now time.Time) Description {
	var d Description
	e164, country, err := Number(raw, region)
	if err == nil {
		err = n.Allow(e164, country)
	}
	if p := factors.AsProblem(err); p != nil {
		d.Problem = p.ID
	}
	number, ok := parse(raw, region)
	if !ok {
		return d
	}
	parsed := number.parsed
	d.E164, d.Shown = phonenumbers.Format(parsed, phonenumbers.E164), phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL)
	d.Country, d.Kind, d.Operator = number.country(), kindOf(number.kind), number.operator()
	if names, err := phonenumbers.GetTimezonesForNumber(parsed); err == nil && len(names) > 0 {
		if zone, err := time.LoadLocation(names[0]); err == nil {
			d.Zone, d.Local = names[0], now.In(zone)
		}
	}
	return d
}

func kindOf(kind phonenumbers.PhoneNumberType) string {
	names := map[phonenumbers.PhoneNumberType]string{
		phonenumbers.FIXED_LINE: "fixed_line", phonenumbers.MOBILE: "mobile", phonenumbers.FIXED_LINE_OR_MOBILE: "fixed_line_or_mobile",
		phonenumbers.TOLL_FREE: "toll_free", phonenumbers.PREMIUM_RATE: "premium_rate", phonenumbers.SHARED_COST: "shared_cost",
		phonenumbers.VOIP: "voip", phonenumbers.PERSONAL_NUMBER: "personal", phonenumbers.PAGER: "pager", phonenumbers.UAN: "company",
		phonenumbers.VOICEMAIL: "voicemail",
	}
	if name, ok := names[kind]; ok {
		return name
	}
	return "unknown"
}
