package device

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestUserCodesAreDrawnAlike(t *testing.T) {
	// Every byte once, so that a letter that some bytes favour would stand out. 240 of
	// them count: 30 whole codes.
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(255 - i)
	}
	counts, random := map[rune]int{}, bytes.NewReader(all)
	for range 30 {
		code, err := newUserCode(random)
		if err != nil {
			t.Fatal(err)
		}
		if Normalize(Format(code)) != code {
			t.Errorf("%q as shown reads as %q", Format(code), Normalize(Format(code)))
		}
		for _, r := range code {
			counts[r]++
		}
	}
	for _, r := range letters {
		if counts[r] != 12 {
			t.Errorf("%c stands %d times in 30 codes, want 12", r, counts[r])
		}
	}
	if _, err := newUserCode(random); err == nil {
		t.Error("a code without randomness")
	}
	if bits := userCodeLength * math.Log2(float64(len(letters))); bits < 34 {
		t.Errorf("a code has %.1f bits; the comment at userCodeLength says 34", bits)
	}
}

func TestNormalize(t *testing.T) {
	for typed, want := range map[string]string{
		"WDJB-MJHT":             "WDJBMJHT",
		"wdjbmjht":              "WDJBMJHT",
		" wdjb mjht\n":          "WDJBMJHT",
		"W.D.J.B—M_J H T":       "WDJBMJHT",
		"WDJB–MJHT":             "WDJBMJHT", // what a phone makes of a dash
		"ＷＤＪＢ－ＭＪＨＴ":             "WDJBMJHT", // wide
		"КРСТ-ВНМХ":             "KPCTBHMX", // Cyrillic alone
		"крст внмх":             "KPCTBHMX",
		"WDJB-MJHA":             "", // a vowel
		"WDJB-MJH0":             "",
		"WDJB-MJH":              "",
		"WDJB-MJHTT":            "",
		"":                      "",
		"--------":              "",
		"WDJB-MJHЖ":             "",
		"WDJB\x00MJHT":          "",
		"WDJB<MJHT":             "",
		"\xff\xfeWDJBMJHT":      "",
		strings.Repeat("-", 65): "",
		"WDJB" + strings.Repeat(" ", 57) + "MJHT": "",
	} {
		if got := Normalize(typed); got != want {
			t.Errorf("%q reads as %q, want %q", typed, got, want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"WDJB-MJHT", "крст внмх", "ＷＤＪＢ－ＭＪＨＴ", "\xff", "ǅ", "ß", strings.Repeat("B", 64)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code := Normalize(typed)
		if code == "" {
			return
		}
		if len(code) != userCodeLength || strings.Trim(code, letters) != "" {
			t.Errorf("%q reads as %q, which is no code", typed, code)
		}
		if again := Normalize(Format(code)); again != code {
			t.Errorf("%q reads as %q, which reads as %q", typed, code, again)
		}
	})
}
