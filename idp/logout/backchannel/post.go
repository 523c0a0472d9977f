package backchannel

import (
	"context"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// Limits of one request. What a relying party writes into its answer is of no
// use here, so it may be short.
const (
	maxAnswer    = 16 << 10 // bytes
	maxToken     = 16 << 10 // bytes, of the request's body
	connectLimit = 3 * time.Second
	replyLimit   = 5 * time.Second
)

// userAgent lets relying parties know in their logs who sends.
const userAgent = "Ringtail-Backchannel-Logout"

// NewPost returns a Post that holds what a relying party registered to the rules
// of loops/egress; o says what the settings allow beyond them. Its limits are
// this package's own.
func NewPost(o egress.Options) Post {
	o.Limits = loops.DefaultLimits()
	o.Limits.Answer, o.Limits.Request = maxAnswer, maxToken
	o.Limits.Connect, o.Limits.Reply = connectLimit, replyLimit
	client := egress.New(o)
	return func(ctx context.Context, address, form string) (int, error) {
		own, err := egress.Only("backchannel_logout_uri", address)
		if err != nil {
			return 0, err
		}
		answer, err := client.Exchange(ctx, own, loops.Request{
			Method: http.MethodPost, URL: address, Body: form, At: "backchannel_logout_uri",
			Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "User-Agent": {userAgent}},
		})
		if err != nil {
			return 0, egress.Explain(err)
		}
		return answer.Status, nil
	}
}
