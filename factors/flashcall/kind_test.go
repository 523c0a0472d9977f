package flashcall

import (
	"testing"

	"github.com/nyaruka/phonenumbers"

	"github.com/ringtail-id/ringtail/factors"
)

// TestATargetHasWhatIsKnownOfItsNumber: whoever keeps a ledger needn't read it again.
func TestATargetHasWhatIsKnownOfItsNumber(t *testing.T) {
	m := New(Options{Settings: func() Settings { return Settings{PhoneAttribute: "phone", Numbers: Numbers{Countries: []string{"RU"}}} }})
	for _, raw := range []string{"+7 926 123-45-67", "79261234567"} {
		person := &factors.Person{ID: "p", Attributes: map[string]string{"phone": raw}}
		got, err := m.target(factors.Login{ID: "l", Person: person})
		if err != nil || got.Phone != "+79261234567" || got.Country != "RU" || got.Operator != "MegaFon" || got.PersonID != "p" {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
}

// TestANumberOfNoKindIsNotValid: what parse rests on holds for the library's numbers
// of all regions, and for those beside them.
func TestANumberOfNoKindIsNotValid(t *testing.T) {
	valid := map[bool]int{}
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.VOIP, phonenumbers.UAN} {
			number := phonenumbers.GetExampleNumberForType(region, kind)
			if number == nil {
				continue
			}
			for _, n := range []uint64{number.GetNationalNumber(), number.GetNationalNumber() / 10, number.GetNationalNumber()*10 + 7, number.GetNationalNumber() ^ 0x3fff} {
				number.NationalNumber = &n
				is := phonenumbers.IsValidNumber(number)
				valid[is]++
				if has := phonenumbers.GetNumberType(number) != phonenumbers.UNKNOWN; has != is {
					t.Errorf("%s: valid %v, of a kind %v", phonenumbers.Format(number, phonenumbers.E164), is, has)
				}
			}
		}
	}
	if valid[true] < 200 || valid[false] < 200 {
		t.Errorf("%d valid numbers, %d others: too few to tell", valid[true], valid[false])
	}
}
