package server

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/overload"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops"
)

// flashCall composes the method: its chain of drivers, the engine of its codes,
// and how an account is found by its number.
func (s *Server) flashCall(f *FlashCall) (factors.Method, error) {
	o := &s.options
	if err := f.check(slices.Contains(o.Policy.First, flashcall.ID)); err != nil {
		return nil, err
	}
	if err := s.watchPools(); err != nil {
		return nil, err
	}
	s.chain = s.routes(f)
	sender := flashcall.NewSender(flashcall.SenderOptions{
		Runner: f.Runner, Routes: func() []flashcall.Route { return s.chain }, Breaker: func() flashcall.Breaker { return f.Breaker },
		Stops:   func() flashcall.Stops { return f.Stops },
		Message: s.message, Watch: s.draw, Now: o.Now, Rand: o.Rand, Log: o.Log,
	})
	engine, err := otp.New(otp.Options{
		Method: flashcall.ID, Store: o.Store.Challenges().Telling(o.Metrics.calls.Change), Sender: o.Tracing.Sender(sender, s.traceOf), Away: overload.Away, Settings: func() otp.Settings { return f.Codes },
		Hash: s.hash(codesPurpose), Now: o.Now, Rand: o.Rand, Log: o.Log, Timing: f.timing(),
		Count: o.Metrics.Facts.Refused, Learned: s.draw, Notice: s.recordCall,
	})
	if err != nil {
		return nil, err
	}
	s.calls, s.sender = engine, sender
	return flashcall.New(flashcall.Options{
		Engine: engine, Find: s.findByNumber(f), Known: s.knowsNumber(f),
		Settings: func() flashcall.Settings {
			return flashcall.Settings{PhoneAttribute: f.PhoneAttribute, Ask: f.Ask, Numbers: f.Numbers}
		},
	}), nil
}

// check refuses drivers that can't serve. Where the method is a first factor, no
// provider may check the code: how long it takes would tell whether somebody has
// the number.
func (f *FlashCall) check(first bool) error {
	if len(f.Routes) == 0 {
		return errors.New("server: FlashCall needs a route")
	}
	for _, r := range f.Routes {
		if err := flashcall.CheckDriver(r.Driver, r.Channel, f.Codes.CodeLength); err != nil {
			return err
		}
		if first && r.Driver.Manifest.CodeOrigin == loops.CodeFromCheck {
			return errors.New("driver " + r.Driver.Name + " lets its provider check the code; that can't be a first factor")
		}
	}
	return nil
}

// routes gives each route its secrets: those in the store, then those given.
func (s *Server) routes(f *FlashCall) []flashcall.Route {
	secrets := vault.NewSecrets(s.options.Store, s.options.Keyring, s.options.Now)
	routes := make([]flashcall.Route, len(f.Routes))
	for i, r := range f.Routes {
		routes[i] = r.Route
		routes[i].Secrets = func(ctx context.Context) (map[string]string, error) {
			return secrets.Of(ctx, r.Driver.Name, r.Given)
		}
	}
	return routes
}

// message is the text of an SMS. Its last line lets browsers read the code and
// hand it to this provider's page alone (Web OTP API, origin-bound one-time codes).
func (s *Server) message(lang, code string) string {
	host := ""
	if issuer, err := url.Parse(s.options.Issuer); err == nil {
		host = issuer.Hostname()
	}
	text := s.renderer.Text(lang, "message.code", map[string]any{"code": code})
	return text + "\n\n@" + host + " #" + code
}

// findByNumber finds who signs in by a number. Whoever is blocked is nobody.
func (s *Server) findByNumber(f *FlashCall) func(context.Context, string) (*factors.Person, error) {
	attribute := f.loginAttribute()
	return func(ctx context.Context, e164 string) (*factors.Person, error) {
		user, err := s.options.Store.UserByNumber(ctx, attribute, e164)
		if errors.Is(err, idp.ErrNotFound) || err == nil && user.Blocked {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return &factors.Person{ID: user.ID, Login: user.Login, Attributes: user.Attributes}, nil
	}
}

// knowsNumber says whether findByNumber finds somebody.
func (s *Server) knowsNumber(f *FlashCall) func(context.Context, string) (bool, error) {
	attribute := f.loginAttribute()
	return func(ctx context.Context, e164 string) (bool, error) {
		return s.options.Store.HasNumber(ctx, attribute, e164)
	}
}

// loginAttribute is the attribute by which an account is found.
func (f *FlashCall) loginAttribute() string { return cmp.Or(f.LoginAttribute, f.PhoneAttribute) }

// confirmPhone notes that a person was reached at their number.
func (s *Server) confirmPhone(ctx context.Context, userID, e164 string, at time.Time) error {
	return s.options.Store.ConfirmPhone(ctx, userID, s.options.FlashCall.PhoneAttribute, e164, at)
}

// runMargin lets a run end at its own limit, which says more than being cut off.
const runMargin = 5 * time.Second

func (f *FlashCall) timing() otp.Timing {
	if f.RunLimit == 0 {
		return otp.Timing{}
	}
	return otp.Timing{SendTimeout: f.RunLimit + runMargin}
}
