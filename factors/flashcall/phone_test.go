package flashcall_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
)

func TestPhone(t *testing.T) {
	tests := []struct{ raw, region, want, problem string }{
		{"+79990000001", "", "+79990000001", ""},
		{"79990000002", "", "+79990000002", ""},
		{" 79991234567 ", "", "+79991234567", ""},
		{"+7 (999) 123-45-67", "", "+79991234567", ""},
		{"8 999 123-45-67", "RU", "+79991234567", ""},
		{"79991234567", "RU", "+79991234567", ""},
		{"79991234567", "US", "+79991234567", ""},
		{"07400 123456", "GB", "+447400123456", ""},
		{"+12025550123", "", "+12025550123", ""}, // fixed line or mobile: nobody can tell
		{"8 999 123-45-67", "", "", flashcall.ProblemPhoneMalformed},
		{"", "RU", "", flashcall.ProblemNoPhone},
		{"12345", "RU", "", flashcall.ProblemPhoneMalformed},
		{"+7999123456789", "", "", flashcall.ProblemPhoneMalformed},
		{"call me", "RU", "", flashcall.ProblemPhoneMalformed},
		{"+79991234567;ext=12", "", "", flashcall.ProblemPhoneMalformed},
		{"+79991234567\r\nX: y", "", "", flashcall.ProblemPhoneMalformed},
		{strings.Repeat("7", 1<<20), "RU", "", flashcall.ProblemPhoneMalformed},
		{"+74951234567", "", "", flashcall.ProblemPhoneUnfit}, // landline
		{"+442079460000", "", "", flashcall.ProblemPhoneUnfit},
		{"+78001234567", "", "", flashcall.ProblemPhoneUnfit},  // toll-free
		{"+78091234567", "", "", flashcall.ProblemPhoneUnfit},  // premium rate
		{"+448431234567", "", "", flashcall.ProblemPhoneUnfit}, // shared cost
		{"+447640123456", "", "", flashcall.ProblemPhoneUnfit}, // pager
		{"+445512345678", "", "", flashcall.ProblemPhoneUnfit}, // UAN
	}
	for _, test := range tests {
		got, _, err := flashcall.Number(test.raw, test.region)
		problem := ""
		if p := factors.AsProblem(err); p != nil {
			problem = p.ID
		}
		if got != test.want || problem != test.problem {
			t.Errorf("%.40q in %q: %q, %v; want %q, problem %q", test.raw, test.region, got, err, test.want, test.problem)
		}
	}
}

func TestMask(t *testing.T) {
	tests := map[string]string{
		"+79990000001":   "+7 999 ***-**-01",
		"+12025550123":   "+1 202-***-**23",
		"+4915112345678": "+49 1511 *****78",
		"+447400123456":  "+44 7400 ****56",
		"+4532123456":    "+45 32 ** ** 56",
		"+3544101234":    "+354 *** **34",
		"+298211234":     "+298 ****34",
		"+2904123":       "+290 ****",
		"+29051234":      "+290 ****4",
		"garbage":        "garbage",
		"999123":         "******",
	}
	for e164, want := range tests {
		if got := flashcall.Mask(e164); got != want {
			t.Errorf("%s is shown as %q, want %q", e164, got, want)
		}
	}
}

// FuzzPhone: whatever an account holds, a number that passes is E.164 and its
// mask hides at least four digits.
func FuzzPhone(f *testing.F) {
	for _, seed := range []string{"+79990000001", "79991234567", "8 (999) 123-45-67", "tel:+7", "+", "٩٩٩"} {
		f.Add(seed, "RU")
	}
	f.Fuzz(func(t *testing.T, raw, region string) {
		got, _, err := flashcall.Number(raw, region)
		if err != nil {
			if factors.AsProblem(err) == nil {
				t.Errorf("%v is no problem", err)
			}
			return
		}
		if got[0] != '+' || len(got) > 16 || strings.Trim(got[1:], "0123456789") != "" {
			t.Errorf("%q is %q, not E.164", raw, got)
		}
		if mask := flashcall.Mask(got); strings.Count(mask, "*") < 4 {
			t.Errorf("%q is shown as %q", got, mask)
		}
	})
}
