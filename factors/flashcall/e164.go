package flashcall

import (
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// maxCallingCode is the most digits of a country calling code. None begins another.
const maxCallingCode = 3

// ofE164 is the number that was written as E.164 with "+"; nil where it is none.
// libphonenumber reads it as something that people typed, with regular expressions,
// and a login reads its number again and again: only where the national number
// begins with a 0, which may be a prefix or not, is that its matter.
func ofE164(e164 string) *phonenumbers.PhoneNumber {
	digits, plus := strings.CutPrefix(e164, "+")
	if plus && len(digits) <= maxE164 && onlyDigits(digits) == digits {
		for n := 1; n <= maxCallingCode && n+1 < len(digits) && digits[n] != '0'; n++ {
			if number := ofParts(digits[:n], digits[n:]); number != nil {
				return number
			}
		}
	}
	number, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return nil
	}
	return number
}

// ofParts is nil where nobody has the calling code.
func ofParts(calling, national string) *phonenumbers.PhoneNumber {
	code, _ := strconv.ParseInt(calling, 10, 32)
	number, err := strconv.ParseUint(national, 10, 64)
	if err != nil || phonenumbers.GetRegionCodeForCountryCode(int(code)) == phonenumbers.UNKNOWN_REGION {
		return nil
	}
	own := int32(code)
	return &phonenumbers.PhoneNumber{CountryCode: &own, NationalNumber: &number}
}
