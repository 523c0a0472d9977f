package conf

import (
	"slices"
	"strings"
	"time"
)

// settings reads everything under blitz.prod.local.idp.
func settings(c *cursor) *Settings {
	return &Settings{
		Issuer:       get(c, "issuer", issuerURL()),
		Server:       section(c, "server", server),
		Ops:          section(c, "ops", ops),
		Store:        section(c, "store", store),
		Keys:         section(c, "keys", keys),
		Lang:         section(c, "lang", lang),
		Login:        section(c, "login", login),
		Apps:         apps(c),
		Scopes:       scopes(c),
		Registration: section(c, "registration", registration),
		Tokens:       section(c, "tokens", tokens),
		Logout:       section(c, "logout", logout),
		Egress:       section(c, "egress", egress),
		Device:       section(c, "device", device),
		Loops:        section(c, "loops", loops),
		Calls:        section(c, "calls", calls),
		Audit:        section(c, "audit", auditing),
		Log:          section(c, "log", logging),
		Console:      section(c, "console", console),
	}
}

func server(c *cursor) Server {
	return Server{
		Listen:          get(c, "listen", address()),
		TLS:             section(c, "tls", certificate),
		TrustedProxies:  get(c, "trustedProxies", networks()),
		DrainDelay:      get(c, "drainDelay", duration(0, 5*time.Minute)),
		ShutdownTimeout: get(c, "shutdownTimeout", duration(time.Second, 10*time.Minute)),
		Limits: section(c, "limits", func(c *cursor) ServerLimits {
			return ServerLimits{
				Headers: get(c, "headers", size(8<<10, 1<<20)),
				Body:    get(c, "body", size(8<<10, 1<<20)),

				Connections:        get(c, "connections", whole(16, 1_000_000)),
				AddressConnections: get(c, "connectionsPerAddress", whole(1, 1_000_000)),
			}
		}),
		ShedsLoad:  section(c, "overload", func(c *cursor) bool { return get(c, "enabled", boolean()) }),
		RateLimits: section(c, "rateLimits", rateLimits),
	}
}

func certificate(c *cursor) *TLS {
	files := TLS{
		Cert: get(c, "cert", orNull(c.d.files.path("file"))),
		Key:  get(c, "key", orNull(c.d.files.path("file"))),
	}
	if files == (TLS{}) {
		return nil
	}
	return &files
}

// signingAlgorithms are those that a signing key can have.
func signingAlgorithms() []string { return []string{"RS256", "ES256", "EdDSA"} }

func keys(c *cursor) Keys {
	master := c.d.files.secret("64 hex digits or the base64 of 32 bytes", func(s string) bool { return masterKey(s) != nil })
	const day = 24 * time.Hour
	return Keys{
		Master:      get(c, "master", orNull(master)),
		RotateAfter: get(c, "rotateAfter", duration(day, 400*day)),
		KeepFor:     get(c, "keepFor", duration(time.Hour, 400*day)),
		Algorithms:  get(c, "algorithms", list(strings.Join(signingAlgorithms(), ", "), oneOf(signingAlgorithms()...))),
	}
}

func lang(c *cursor) Lang {
	return Lang{
		Languages:     get(c, "languages", list("language tags (en, ru, pt-BR)", matching("a language tag", languageTag))),
		IgnoreBrowser: get(c, "ignore-browser", boolean()),
	}
}

func tokens(c *cursor) Tokens {
	return Tokens{
		Code:    get(c, "code", duration(10*time.Second, 10*time.Minute)),
		Access:  get(c, "access", accessLife()),
		ID:      get(c, "id", accessLife()),
		Refresh: get(c, "refresh", refreshLife()),

		RefreshGrace: get(c, "refreshGrace", duration(0, time.Minute)),
	}
}

func accessLife() kind[time.Duration] { return duration(time.Minute, 24*time.Hour) }

func refreshLife() kind[time.Duration] { return duration(time.Minute, 365*24*time.Hour) }

func logging(c *cursor) Log {
	return Log{
		Level:  get(c, "level", oneOf("debug", "info", "warn", "error")),
		Format: get(c, "format", oneOf("text", "json")),
	}
}

// enabled says whether a method is in either list of factors.
func (l Login) enabled(method string) bool {
	return slices.Contains(l.First, method) || slices.Contains(l.Second, method)
}
