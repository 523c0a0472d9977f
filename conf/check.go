package conf

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// rule is a contradiction between settings that are right on their own. It is
// told at the first path, and not at all where a path has an error already.
type rule struct {
	paths  []string // below rootPath
	broken bool
	msg    string
}

// contradictions tells where settings don't go together.
func (d *decoder) contradictions(s *Settings) {
	rules := slices.Concat(serverRules(s), loginRules(s), callRules(s), lifeRules(s), registrationRules(s), consoleRules(s))
	for _, a := range s.Apps {
		rules = append(rules, appRules(s, a)...)
	}
	rules = slices.DeleteFunc(rules, func(r rule) bool { return !r.broken || !d.sound(r.paths) })
	for _, r := range rules {
		path := fullPath(r.paths[0])
		d.fail(d.place(path), path, r.msg)
	}
}

func serverRules(s *Settings) []rule {
	cert, key := "server.tls.cert", "server.tls.key"
	tls := s.Server.TLS
	issuer, _ := url.Parse(s.Issuer)
	return []rule{
		{[]string{key, cert}, tls != nil && tls.Key == "", "is null though tls.cert is set; write the path of the certificate's private key"},
		{[]string{cert, key}, tls != nil && tls.Cert == "", "is null though tls.key is set; write the path of the certificate"},
		{[]string{"issuer", cert, key}, tls != nil && issuer != nil && issuer.Scheme == "http", "is http though server.tls is set; write https://..."},
		{[]string{"ops.listen", "server.listen"}, s.Ops.Listen != "" && s.Ops.Listen == s.Server.Listen && !anyPort(s.Ops.Listen),
			"is the same as server.listen; write another port"},
		{[]string{"keys.algorithms"}, !slices.Contains(s.Keys.Algorithms, "RS256"), "lacks RS256, which every provider must have; write [RS256, ...]"},
		{[]string{"keys.keepFor", "tokens.id", "tokens.access"}, s.Keys.KeepFor < longestSigned(s), "is shorter than the life of a token that is signed; write at least " + shortTime(longestSigned(s))},
		{[]string{"lang.languages"}, len(s.Lang.Languages) == 0, "is empty; write at least one language, the default one first"},
	}
}

// longestSigned is the longest life of what the signing keys sign: ID tokens, and
// access tokens, which a client may have as signed ones.
func longestSigned(s *Settings) time.Duration {
	longest := max(s.Tokens.ID, s.Tokens.Access)
	for _, a := range s.Apps {
		longest = max(longest, a.IDTokenLife, a.AccessTokenLife)
	}
	return longest
}

func loginRules(s *Settings) []rule {
	l := s.Login
	const factors = "login.factors"
	rules := []rule{
		{[]string{factors}, len(l.First) == 0, "no first factor is enabled; write {method = password, enabled = true} in the first list"},
		{[]string{"login.level", factors}, l.Level == 2 && len(l.Second) == 0, "is 2, but no second factor is enabled; enable one in login.factors, or write 1"},
		{[]string{"login.level", factors}, l.Level == 2 && len(l.First) == 1 && slices.Equal(l.First, l.usual()),
			"is 2, but the only second factor is the first one again; enable another one in login.factors, or write 1"},
		{[]string{"login.session.idle", "login.session.absolute"}, l.Session.Idle > l.Session.Absolute, "is longer than session.absolute; write " + shortTime(l.Session.Absolute) + " or less"},
	}
	for _, list := range [][]string{l.First, l.Second} {
		for i, m := range list {
			rules = append(rules, rule{[]string{factors}, slices.Contains(list[:i], m), "the method " + m + " is enabled twice in one list; enable it once"})
		}
	}
	return rules
}

// callRules are those of login.methods.flashCall.
func callRules(s *Settings) []rule {
	call, l := s.Login.Methods.FlashCall, s.Login.Methods.FlashCall.Limits
	at := func(keys ...string) (paths []string) {
		for _, k := range keys {
			paths = append(paths, "login.methods.flashCall."+k)
		}
		return paths
	}
	above := func(limit, whole int) bool { return whole > 0 && limit > whole }
	return []rule{
		{append(at("driver", "channels"), "login.factors"), s.Login.enabled(methodFlashCall) && len(call.Channels) == 0,
			"is not set though flashCall is enabled; write the name of a driver (ringtail loop list shows them), or routes in channels, or disable flashCall in login.factors"},
		{at("attemptsPerLogin", "totalAttempts"), call.AttemptsPerLogin >= call.TotalAttempts,
			fmt.Sprintf("is not below totalAttempts, which counts the call too; write less than %d", call.TotalAttempts)},
		{at("limits.perNumber.hour", "limits.perNumber.day"), above(l.NumberHour, l.NumberDay),
			fmt.Sprintf("is above perNumber.day; write %d or less", l.NumberDay)},
		{at("limits.perAddress.hour", "limits.perNetwork.hour"), above(l.AddressHour, l.NetworkHour),
			fmt.Sprintf("is above perNetwork.hour, which counts the address too; write %d or less", l.NetworkHour)},
		{at("limits.perPrefix.hour", "limits.perCountry.hour"), above(l.PrefixHour, l.CountryHour),
			fmt.Sprintf("is above perCountry.hour, which counts the block too; write %d or less", l.CountryHour)},
	}
}

func lifeRules(s *Settings) []rule {
	const at = "loops.limits."
	l := s.Loops.Limits
	return []rule{
		{[]string{at + "step", at + "run"}, l.Step > l.Run, "is longer than limits.run; write " + shortTime(l.Run) + " or less"},
		{[]string{at + "reply", at + "run"}, l.Reply > l.Run, "is longer than limits.run; write " + shortTime(l.Run) + " or less"},
		{[]string{at + "connect", at + "reply"}, l.Connect > l.Reply, "is longer than limits.reply; write " + shortTime(l.Reply) + " or less"},
	}
}

func appRules(s *Settings, a App) []rule {
	at := func(keys ...string) (paths []string) {
		for _, k := range keys {
			paths = append(paths, hocon.JoinPath("apps", a.ID, k))
		}
		return paths
	}
	signsIn, refreshes, alone := slices.Contains(a.Grants, grantCode), slices.Contains(a.Grants, grantRefresh), slices.Contains(a.Grants, grantClient)
	rules := []rule{
		{at("redirectUris", "grants"), len(a.RedirectURIs) == 0 && (signsIn || slices.Contains(a.Grants, grantImplicit)), "is empty; write at least one URL"},
		{at("secret", "public"), a.Public && !a.Secret.Empty(), "is set though the client is public; take the secret out, or write public = false"},
		{at("secret", "public"), !a.Public && a.Secret.Empty() && a.AuthMethod != authKeys, "is not set; write a secret, or public = true for a client that can't keep one"},
		{at("authMethod", "public"), a.Public && a.AuthMethod != authNone, "is set though the client is public; take it out"},
		{at("pkce", "public"), a.Public && a.WaivePKCE, "is optional though the client is public; write required"},
		{at("grants"), lacksCode(a.Grants), "lacks authorization_code; write [authorization_code] or [authorization_code, refresh_token], or [client_credentials] for a server that signs nobody in"},
		{at("grants", "public"), alone && a.Public, "holds client_credentials though the client is public; take it out"},
		{at("scopes", "grants"), slices.Contains(a.Scopes, scopeVerification) && !alone, "holds phone_verification, which goes with client_credentials; add that to grants"},
		{at("refreshTokenLife", "grants"), a.RefreshTokenLife > 0 && !refreshes, "is set though grants lacks refresh_token; add refresh_token to grants, or take this out"},
		{append(at("signingAlg"), "keys.algorithms"), !slices.Contains(s.Keys.Algorithms, a.SigningAlg), "is " + a.SigningAlg + ", which keys.algorithms lacks; add it there, or write another"},
		{append(at("requiredFactor"), "login.factors"), a.RequiredFactor == 2 && len(s.Login.Second) == 0, "is 2, but no second factor is enabled in login.factors; enable one, or write 1"},
	}
	for _, m := range a.SecondFactors {
		rules = append(rules, rule{append(at("secondFactors"), "login.factors"), !slices.Contains(s.Login.Second, m),
			"holds " + quoted(m) + ", which is not enabled as second factor; enable it in the second list of login.factors, or take it out"})
	}
	return rules
}

// lacksCode says whether nothing but a refresh token could be exchanged, or a
// refresh token that nothing gives.
func lacksCode(grants []string) bool {
	if slices.Contains(grants, grantCode) {
		return false
	}
	refreshes := slices.Contains(grants, grantRefresh)
	return len(grants) == 0 || refreshes && !slices.Contains(grants, grantDevice)
}

// anyPort says whether the system chooses the port, so that two listeners don't meet.
func anyPort(listen string) bool { return len(listen) > 2 && listen[len(listen)-2:] == ":0" }

// sound says that none of the settings has an error.
func (d *decoder) sound(paths []string) bool {
	return !slices.ContainsFunc(paths, func(p string) bool {
		full := fullPath(p)
		for n := range full {
			if d.failed[hocon.JoinPath(full[:n+1]...)] {
				return true
			}
		}
		return false
	})
}

// fullPath is the path from the root.
func fullPath(path string) []string {
	parts, err := hocon.SplitPath(path)
	if err != nil {
		return rootPath()
	}
	return append(rootPath(), parts...)
}
