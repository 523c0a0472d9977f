package server

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/store"
)

// TokenLife is signing.Options.TokenLife: the longest life of an ID token or an
// access token, for any of the applications and of the store's clients. Access
// tokens count whether or not they are signed, because a client may change its mind.
func TokenLife(data *store.Store, lives oidc.Lives, apps []idp.Client) func(context.Context) (time.Duration, error) {
	longest := max(lives.IDToken, lives.AccessToken)
	for i := range apps {
		longest = max(longest, apps[i].IDTokenLife, apps[i].AccessTokenLife)
	}
	return func(ctx context.Context) (time.Duration, error) {
		stored, err := data.LongestTokenLife(ctx)
		return max(longest, stored), err
	}
}
