package server

import (
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/store"
)

// account is the people's own page. It tells of calls where a method calls.
func (s *Server) account(jar *browser.Jar, clients idp.Clients, shown *pages.Pages, out *logout.Handler) (*account.Handler, error) {
	o := &s.options
	page := account.Options{
		Issuer: o.issuer(), Users: o.Store, Sessions: o.Store, SignedOut: out.SignedOut, Clients: clients, Jar: jar, Pages: shown,
		Policy: func() login.Policy { return o.Policy }, Phone: o.phone, Hash: s.hash("account"),
		Access: o.Store, Words: consent.Words{Claims: s.claims, Text: func(lang, key string) string { return shown.Text(lang, key, nil) }},
		SessionIdle: o.Session.Idle, Audit: o.Audit, Now: o.Now, Rand: o.Rand, Log: o.Log,
	}
	if slices.ContainsFunc(o.Apps, func(c idp.Client) bool { return c.ID == account.ClientID }) {
		o.Log.Warn("an application of the settings is built in, so it doesn't count", "client_id", account.ClientID)
	}
	if s.calls != nil {
		page.Stops, page.Calls = s.calls, o.Store
	}
	return account.New(page)
}

// issuer is the address without a slash at its end.
func (o *Options) issuer() string { return strings.TrimSuffix(o.Issuer, "/") }

// phone is the number that the user would be called at; empty where it can't be.
func (o *Options) phone(u *idp.User) string {
	if o.FlashCall == nil {
		return ""
	}
	for _, attribute := range []string{o.FlashCall.PhoneAttribute, o.FlashCall.LoginAttribute} {
		if number, _, err := flashcall.Number(u.Attribute(attribute), ""); err == nil {
			return number
		}
	}
	return ""
}

// Codes is the engine of the flash call's codes for who keeps its budgets and
// stops beside a running provider. It sends nothing.
func Codes(data *store.Store, ring *keyring.Keyring, settings otp.Settings) (*otp.Engine, error) {
	sender := flashcall.NewSender(flashcall.SenderOptions{Routes: func() []flashcall.Route { return nil }})
	return otp.New(otp.Options{
		Method: flashcall.ID, Store: data.Challenges(), Sender: sender, Settings: func() otp.Settings { return settings },
		Hash: func(parts ...string) string { return ring.Hash(codesPurpose, parts...) },
	})
}

// codesPurpose is the keyring's purpose for all that is hashed about codes.
const codesPurpose = "otp"
