package main

import (
	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp/admin/calls"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	adminsettings "github.com/ringtail-id/ringtail/idp/admin/settings"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// This file says which setting goes where; nothing else knows both sides.

func (in *installation) serverOptions(calls *server.FlashCall) server.Options {
	s := in.settings
	return server.Options{
		Issuer: s.Issuer, Store: in.store, Keyring: in.keyring, Apps: apps(s, in.keyring), Scopes: scopes(s),
		Policy:    login.Policy{Level: s.Login.Level, First: s.Login.First, Second: s.Login.Second},
		Languages: s.Lang.Languages, IgnoreBrowser: s.Lang.IgnoreBrowser,
		Session: server.Session{Idle: s.Login.Session.Idle, Life: s.Login.Session.Absolute},
		Lives: oidc.Lives{
			Login: s.Login.Life, Code: s.Tokens.Code, AccessToken: s.Tokens.Access, IDToken: s.Tokens.ID, RefreshToken: s.Tokens.Refresh,
			RefreshGrace: s.Tokens.RefreshGrace,
		},
		Signing: server.Signing{Algorithms: s.Keys.Algorithms, RotateAfter: s.Keys.RotateAfter, KeepFor: s.Keys.KeepFor},
		Device: server.Device{
			Life: s.Device.Life, Interval: s.Device.Interval,
			Limits: device.Limits{Browser: s.Device.BrowserHour, Address: s.Device.AddressHour},
		},
		Password:       passwordOptions(s.Login.Methods.Password),
		FlashCall:      calls,
		Calls:          callOptions(s.Calls),
		Audit:          in.trail(),
		Console:        in.console(),
		Registration:   registration(s.Registration),
		Logout:         server.Logout{FrameWait: s.Logout.FrameWait, RetryFor: s.Logout.RetryFor},
		Egress:         egress.Options{Allow: allowances(s.Egress), Proxy: s.Egress.Proxy},
		RateLimits:     rateLimits(s.Server.RateLimits),
		TrustedProxies: s.Server.TrustedProxies, MaxBody: int64(s.Server.Limits.Body), Profiles: s.Ops.Pprof, Tracing: in.tracing, Log: in.log,
	}
}

func passwordOptions(p conf.Password) server.Password {
	return server.Password{
		Settings: password.Settings{
			Throughput: password.Throughput{Limit: p.Throughput.Limit, Window: p.Throughput.Window},
			DelayAfter: p.Delay.After, Delay: p.Delay.Time,
			BlockAfter: p.Block.Failures, Block: p.Block.For,
		},
		Params: hashParams(p.Hash), Parallel: p.Hash.Concurrent, Policy: password.Policy{MinLength: p.MinLength},
	}
}

func hashParams(h conf.Hash) password.Params {
	return password.Params{Memory: uint32(h.MemoryKiB), Time: uint32(h.Iterations), Threads: uint8(h.Parallelism)}
}

func flashCallOptions(s *conf.Settings, routes []server.Route, h *loopHost) *server.FlashCall {
	f := s.Login.Methods.FlashCall
	return &server.FlashCall{
		Codes: adminsettings.CodeSettings(f), PhoneAttribute: f.PhoneAttribute, LoginAttribute: f.LoginRule, Ask: f.Ask,
		Numbers: flashcall.Numbers{Countries: f.Numbers.Countries, VoIP: f.Numbers.VoIP},
		Routes:  routes, Breaker: flashcall.Breaker{Failures: f.Breaker.Failures, Pause: f.Breaker.Pause}, Stops: drivers.StopsOf(f.Stopped),
		Runner: h.runner, RunLimit: s.Loops.Limits.Run, Limits: h.pool.Limits(), Workers: h.pool.Size(), Stats: h.stats,
	}
}

// callOptions are what is kept of calls, and what is warned of.
func callOptions(c conf.Calls) server.Calls {
	return server.Calls{Zone: c.Zone, Keep: c.Keep, KeepFigures: c.KeepFigures, Alarms: calls.Limits(c.Alarms)}
}

// usesCalls says whether some factor in use is a flash call.
func usesCalls(s *conf.Settings) bool {
	for _, method := range append(append([]string(nil), s.Login.First...), s.Login.Second...) {
		if method == flashcall.ID {
			return true
		}
	}
	return false
}
