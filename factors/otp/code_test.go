package otp_test

import (
	"bytes"
	"crypto/rand"
	"testing"

	"github.com/ringtail-id/ringtail/factors/otp"
)

func TestNewCode(t *testing.T) {
	zero := map[bool]bool{}
	for _, leading := range []bool{true, false} {
		for range 500 {
			code, err := otp.NewCode(rand.Reader, 4, leading)
			if err != nil || len(code) != 4 {
				t.Fatalf("code %q, %v", code, err)
			}
			zero[leading] = zero[leading] || code[0] == '0'
		}
	}
	if !zero[true] || zero[false] {
		t.Errorf("codes with a leading zero: wanted %v, unwanted %v", zero[true], zero[false])
	}
}

func TestNewCodeKeepsZeros(t *testing.T) {
	code, err := otp.NewCode(bytes.NewReader(make([]byte, 64)), 6, true)
	if err != nil || code != "000000" {
		t.Errorf("code %q, %v; want 000000", code, err)
	}
}

func TestNewCodeWithoutRandomness(t *testing.T) {
	if code, err := otp.NewCode(bytes.NewReader(nil), 4, true); err == nil {
		t.Errorf("code %q out of nothing", code)
	}
}
