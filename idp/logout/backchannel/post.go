package backchannel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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
		own, err := only(address)
		if err != nil {
			return 0, err
		}
		answer, err := client.Exchange(ctx, own, loops.Request{
			Method: http.MethodPost, URL: address, Body: form, At: "backchannel_logout_uri",
			Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "User-Agent": {userAgent}},
		})
		if err != nil {
			return 0, reason(err)
		}
		return answer.Status, nil
	}
}

// reason is err in words for who reads the log here, where nobody runs a loop.
func reason(err error) error {
	var refused *loops.Refusal
	var failed *loops.Failure
	switch {
	case errors.As(err, &refused):
		return fmt.Errorf("the address may not be reached: %s", refused.Detail)
	case errors.As(err, &failed):
		return fmt.Errorf("there was no answer to use: %w", failed.Cause)
	}
	return err
}

// only is a driver that may reach this one address's host.
func only(address string) (*loops.Driver, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("the backchannel_logout_uri is no address")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return &loops.Driver{Name: "backchannel", Manifest: loops.Manifest{Hosts: []string{fmt.Sprintf("%s:%s", host, port(u))}}}, nil
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}
