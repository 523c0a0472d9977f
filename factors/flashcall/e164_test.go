package flashcall

import (
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// TestE164IsReadAsTheLibraryReadsIt: valid numbers of all regions, and those that are
// none of the form.
func TestE164IsReadAsTheLibraryReadsIt(t *testing.T) {
	numbers := 0
	for region := range phonenumbers.GetSupportedRegions() {
		for kind := phonenumbers.FIXED_LINE; kind <= phonenumbers.VOICEMAIL; kind++ {
			example := phonenumbers.GetExampleNumberForType(region, kind)
			if example == nil || !phonenumbers.IsValidNumber(example) {
				continue
			}
			for digit := range uint64(10) {
				n := example.GetNationalNumber() - example.GetNationalNumber()%10 + digit
				example.NationalNumber = &n
				sameAsTheLibrary(t, phonenumbers.Format(example, phonenumbers.E164))
				numbers++
			}
		}
	}
	if numbers < 5000 {
		t.Errorf("%d numbers are too few to tell", numbers)
	}
	for _, other := range []string{"", "+", "+7", "+0", "+999123456", "79990000001", "+7999000000112345", "+7 999 000-00-01", "+7999000000x", "+390612345678"} {
		sameAsTheLibrary(t, other)
	}
}

func sameAsTheLibrary(t *testing.T, e164 string) {
	t.Helper()
	want, err := phonenumbers.Parse(e164, "")
	got := ofE164(e164)
	switch {
	case err != nil && got != nil || err == nil && got == nil:
		t.Errorf("%q is %v, want %v, %v", e164, got, want, err)
	case got != nil && phonenumbers.IsNumberMatchWithNumbers(got, want) != phonenumbers.EXACT_MATCH:
		t.Errorf("%q is %v, want %v", e164, got, want)
	case got != nil && phonenumbers.GetNationalSignificantNumber(got) != phonenumbers.GetNationalSignificantNumber(want):
		t.Errorf("%q is %v, want %v", e164, got, want)
	}
}

func BenchmarkMask(b *testing.B) {
	for b.Loop() {
		Mask("+79261234567")
	}
}
