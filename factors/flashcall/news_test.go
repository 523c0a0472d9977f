package flashcall_test

import (
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

func TestNewsOf(t *testing.T) {
	type value = map[string]any
	for name, c := range map[string]struct {
		origin loops.CodeOrigin
		value  value
		want   otp.News
	}{
		"by id":               {loops.CodeFromUs, value{"call_id": "c", "state": "ringing"}, otp.News{CallID: "c", State: otp.NewsRinging}},
		"by reference":        {loops.CodeFromUs, value{"reference": "r", "state": "pending", "error": nil}, otp.News{Reference: "r", State: otp.NewsPending}},
		"failed":              {loops.CodeFromUs, value{"call_id": "c", "state": "failed", "error": "unreachable"}, otp.News{CallID: "c", State: otp.NewsFailed, Failure: "unreachable", MovesOn: true}},
		"failed for good":     {loops.CodeFromUs, value{"call_id": "c", "state": "failed", "error": "number_blocked"}, otp.News{CallID: "c", State: otp.NewsFailed, Failure: "number_blocked"}},
		"not failed":          {loops.CodeFromUs, value{"call_id": "c", "state": "delivered", "error": "unreachable"}, otp.News{CallID: "c", State: otp.NewsDelivered}},
		"the provider's code": {loops.CodeFromProvider, value{"call_id": "c", "state": "delivered", "code": "0042"}, otp.News{CallID: "c", State: otp.NewsDelivered, Code: "0042"}},
		"the caller":          {loops.CodeFromCaller, value{"call_id": "c", "state": "ringing", "caller": number("74951230042")}, otp.News{CallID: "c", State: otp.NewsRinging, Code: "0042", CallerMask: "+7 495 123-__-__"}},
		"a code that is ours": {loops.CodeFromUs, value{"call_id": "c", "state": "delivered", "code": "0042"}, otp.News{CallID: "c", State: otp.NewsDelivered}},
		"a code to be checked": {loops.CodeFromCheck, value{"call_id": "c", "state": "delivered", "code": "0042", "caller": "74951230042"},
			otp.News{CallID: "c", State: otp.NewsDelivered}},
		"no code":       {loops.CodeFromProvider, value{"call_id": "c", "state": "delivered", "code": "42"}, otp.News{CallID: "c", State: otp.NewsDelivered}},
		"pace and cost": {loops.CodeFromUs, value{"call_id": "c", "state": "pending", "after": number("1500"), "cost": "0.40"}, otp.News{CallID: "c", State: otp.NewsPending, After: 1500 * time.Millisecond, Cost: 400_000}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Driver = "test"
			d := &loops.Driver{Name: "test", Manifest: loops.Manifest{CodeOrigin: c.origin, LeadingZero: true}}
			if got := flashcall.NewsOf(d, c.value, 4); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
