package otp_test

import (
	"testing"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/otp/otptest"
)

func TestMemory(t *testing.T) {
	otptest.Run(t, func(*testing.T) otp.Store { return new(otp.Memory) })
}
