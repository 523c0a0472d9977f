package egress_test

import (
	"testing"

	"github.com/ringtail-id/ringtail/loops/egress"
)

// A query goes into the request line as it is: what ends a word there must not come from a script that forgot to encode.
func TestQueryThatBreaksTheRequestLine(t *testing.T) {
	c := egress.New(egress.Options{})
	for _, query := range []string{"a=b c", "a=b HTTP/1.0", "a= ", "a=привет", "a=\u00a0"} {
		refusal(t, c.Check(driver("ok.example"), get("https://ok.example/?"+query)))
	}
	for _, address := range []string{"?a=b%20c", "?a=b+c", "/a b?x=1", "?q=%D1%8F&sign=a/b+c=="} {
		if err := c.Check(driver("ok.example"), get("https://ok.example"+address)); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
