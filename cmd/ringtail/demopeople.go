package main

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// The demo's relying party and people; tests from outside rely on them.
const (
	demoClient   = "demo-app"
	demoSecret   = "demo-app-secret"
	demoPassword = "ring-the-phone"

	// The shop's server, which has numbers confirmed.
	demoAPIClient = "demo-shop-api"
	demoAPISecret = "demo-shop-api-secret"
)

// demoPeople makes the accounts at the first start. The administrator's
// password is random, and returned the one time that it is made.
func (in *installation) demoPeople(ctx context.Context) (adminPassword string, err error) {
	demo := &idp.User{Login: "demo", Attributes: map[string]string{
		"name": "Demo User", "given_name": "Demo", "family_name": "User", "email": "demo@shop.example", "email_verified": "true", "phone_number": "79990000001",
	}}
	if _, err := in.addOnce(ctx, demo, demoPassword); err != nil {
		return "", err
	}
	adminPassword, err = idp.NewID(nil)
	if err != nil {
		return "", err
	}
	boss := &idp.User{Login: "admin", RequiredFactor: 2, Attributes: map[string]string{
		"name": "Administrator", "phone_number": "79990000002",
	}}
	made, err := in.addOnce(ctx, boss, adminPassword)
	if err != nil {
		return "", err
	}
	if err := in.appointDemo(ctx, boss.Login); err != nil || !made {
		return "", err
	}
	return adminPassword, nil
}

// appointDemo makes the administrator root unless somebody is one: also in folders
// of versions that had no console, where an attribute stood for the role. That
// attribute means nothing.
func (in *installation) appointDemo(ctx context.Context, login string) error {
	all, err := in.store.Administrators(ctx)
	if err != nil || len(all) > 0 {
		return err
	}
	user, err := in.store.UserByLogin(ctx, login)
	if err != nil {
		return err
	}
	return in.administrators().Appoint(ctx, "the demo", user.ID, func([]admin.Role) []admin.Role {
		return []admin.Role{admin.RoleRoot}
	})
}

// addOnce adds the user unless there is one of that login.
func (in *installation) addOnce(ctx context.Context, u *idp.User, password string) (made bool, err error) {
	if _, err := in.store.UserByLogin(ctx, u.Login); !errors.Is(err, idp.ErrNotFound) {
		return false, err
	}
	if u.ID, err = idp.NewID(nil); err != nil {
		return false, err
	}
	return true, in.addUser(ctx, u, password)
}

// demoSettings is the demo's blitz.conf. Its arguments: provider URL, provider
// address, shop URL twice, phone URL.
const demoSettings = `# Settings of the Ringtail demo, written at its first start; yours to change.
# docs/reference/settings.md has every setting. The demo itself sets what
# follows from its ports, whatever this file says.

blitz.prod.local.idp {
  issuer = "%s/blitz"
  server {
    listen = "%s"
    rateLimits.factor = 1000 # load tests come from one address; 1 is the default
  }
  ops.listen = "127.0.0.1:0"
  store.url = "sqlite:ringtail.db"
  keys.master = "file(master.key)"

  login {
    # A list of first factors, then a list of second factors.
    factors = [
      [ { method = password, enabled = true } ]
      [ { method = flashCall, enabled = true }, { method = recovery, enabled = true } ]
    ]
    methods {
      # Test clients sign in a hundred times a minute.
      password.throughput { limit = 100, window = 600 }
      flashCall {
        driver = virtual-phone
        codeLength = 4
        totalAttempts = 30 # 10 is the default
        resendAfter = 0 # so that test clients need not wait; 45 seconds is the default
        # Wide, for the same reason; the defaults are a few calls an hour.
        limits {
          perNumber { hour = 1000, day = 10000 }
          perAddress.hour = 1000
          perNetwork.hour = 1000
          perPrefix.hour = 10000
          perCountry.hour = 10000
          spend.day = 10000
        }
        numbers.countries = [RU]
      }
    }
  }

  apps {
    demo-app {
      name = "Demo shop"
      secret = "demo-app-secret"
      redirectUris = ["%s/callback"]
      postLogoutUris = ["%s/"]
    }
    # The shop's own server, which has numbers confirmed at the checkout.
    demo-shop-api {
      name = "Demo shop, its server"
      secret = "demo-shop-api-secret"
      grants = [client_credentials]
      scopes = [phone_verification]
    }
    # examples/native: an app on a phone, which can keep no secret.
    demo-native {
      name = "Demo app"
      public = true
      redirectUris = ["com.example.native:/callback"]
    }
  }

  # Relying parties of this machine may have their keys and their pages here.
  egress { allowHttp = ["localhost:*", "127.0.0.1:*"], allowPrivate = ["localhost:*", "127.0.0.1:*"] }

  loops {
    # The virtual phone speaks plain HTTP on this machine. No provider should.
    egress { allowHttp = ["localhost:*"], allowPrivate = ["localhost:*"] }
    secrets.virtual-phone { URL = "%s" }
  }
}
`
