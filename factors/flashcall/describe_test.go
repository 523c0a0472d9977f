package flashcall_test

import (
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
)

func TestDescribe(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	n := flashcall.Numbers{Countries: []string{"RU"}}
	for raw, want := range map[string]flashcall.Description{
		"79161234567":        {E164: "+79161234567", Shown: "+7 916 123-45-67", Country: "RU", Kind: "mobile", Zone: "Europe/Moscow"},
		"+7 (495) 123-45-67": {E164: "+74951234567", Shown: "+7 495 123-45-67", Country: "RU", Kind: "fixed_line", Zone: "Europe/Moscow", Problem: flashcall.ProblemPhoneUnfit},
		"+4915112345678":     {E164: "+4915112345678", Shown: "+49 1511 2345678", Country: "DE", Kind: "mobile", Operator: "T-Mobile", Zone: "Europe/Berlin", Problem: flashcall.ProblemPhoneCountry},
		"12":                 {Problem: flashcall.ProblemPhoneMalformed},
		"":                   {Problem: flashcall.ProblemNoPhone},
	} {
		got := n.Describe(raw, "", now)
		if (got.Zone != "") != got.Local.Equal(now) {
			t.Errorf("%s: local time %v", raw, got.Local)
		}
		got.Local = time.Time{}
		if got != want {
			t.Errorf("%s: %+v, want %+v", raw, got, want)
		}
	}
	if hour := n.Describe("79161234567", "", now).Local.Hour(); hour != 15 {
		t.Errorf("it is %d o'clock in Moscow, want 15", hour)
	}
}
