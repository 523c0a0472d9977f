package register

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/keyring"
)

// Options for New. All are required but Open, Statements, Network, Audit, Rand
// and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer  string
	Records Records
	Keyring *keyring.Keyring
	// Rules are those of clients of every origin.
	Rules  idp.ClientRules
	Policy Policy
	// Open lets anybody register without an initial access token.
	Open       bool
	Statements Statements
	Verifier   Verifier
	// Most is how many clients may have registered themselves.
	Most int
	// Network names the network that a request came from, without telling which;
	// PerHour is how many clients may be registered from one without a token. nil
	// counts nothing.
	Network func(*http.Request) string
	PerHour int
	// Audit records registrations; nil records nothing.
	Audit audit.Recorder
	Now   func() time.Time
	// Rand defaults to crypto/rand, Log to slog's default.
	Rand io.Reader
	Log  *slog.Logger
}

func (o *Options) check() error {
	for name, missing := range map[string]bool{
		"Records": o.Records == nil, "Keyring": o.Keyring == nil, "Rules": o.Rules.KeySet == nil, "Verifier": o.Verifier == nil,
		"Most": o.Most <= 0, "PerHour": o.Network != nil && o.PerHour <= 0, "Now": o.Now == nil,
	} {
		if missing {
			return errors.New("register: Options." + name + " is missing")
		}
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Host == "" {
		return errors.New("register: Options.Issuer is not an address")
	}
	if o.Statements.Required && len(o.Statements.Issuers) == 0 {
		return errors.New("register: software statements are required, but nobody's are believed")
	}
	o.Audit = audit.Or(o.Audit)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o.Policy.check()
}
