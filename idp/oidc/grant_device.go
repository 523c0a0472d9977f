package oidc

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// grantDevice answers a device that polls (RFC 8628, section 3.4): with its
// tokens, once, or with why there are none. Another client's device code is as
// unknown as one that never was, and an authorization code is none: it is kept
// under another hash.
func (p *Provider) grantDevice(ctx context.Context, r *tokenRequest) (*tokens, *oauth.Failure) {
	code := r.params.Get("device_code")
	if code == "" {
		return nil, oauth.Fail(oauth.InvalidRequest, "device_code is missing")
	}
	hash := device.HashCode(p.Keyring, code)
	poll, err := p.Stores.PollDevice(ctx, hash, r.client.ID, r.now)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, invalidGrant()
	}
	if err != nil {
		return nil, p.fault(ctx, "noting a poll", err)
	}
	if f := waits(poll, r.now); f != nil {
		return nil, f
	}
	grant, err := p.Stores.GrantByCode(ctx, hash)
	if err != nil {
		return nil, p.refused(ctx, "reading a device's grant", over(err, "reading a device's grant"))
	}
	if grant.Code.RedeemedAt.IsZero() && !r.now.Before(grant.Code.ExpiresAt) {
		return nil, expired()
	}
	user, err := p.live(ctx, grant)
	if err != nil {
		return nil, p.refused(ctx, "checking a grant", err)
	}
	return p.redeem(ctx, r, grant, user)
}

// waits is what a device is told that has nothing to get yet, or ever (RFC 8628,
// section 3.5); nil for one that was approved.
func waits(poll device.Poll, now time.Time) *oauth.Failure {
	switch d := poll.Device; {
	case d.State == device.Approved:
		return nil
	case d.State == device.Denied:
		return oauth.Fail(oauth.AccessDenied, "")
	case d.Expired(now):
		return expired()
	case poll.TooSoon:
		return oauth.Fail(oauth.SlowDown, "")
	}
	return oauth.Fail(oauth.AuthorizationPending, "")
}

func expired() *oauth.Failure { return oauth.Fail(oauth.ExpiredToken, "") }
