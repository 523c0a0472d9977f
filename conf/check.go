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
	rules := slices.Concat(serverRules(s), loginRules(s), lifeRules(s))
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
		{[]string{"keys.keepFor", "tokens.id"}, s.Keys.KeepFor < longestIDToken(s), "is shorter than the life of an ID token; write at least " + shortTime(longestIDToken(s))},
		{[]string{"lang.languages"}, len(s.Lang.Languages) == 0, "is empty; write at least one language, the default one first"},
	}
}

func longestIDToken(s *Settings) time.Duration {
	longest := s.Tokens.ID
	for _, a := range s.Apps {
		longest = max(longest, a.IDTokenLife)
	}
	return longest
}

func loginRules(s *Settings) []rule {
	l, call := s.Login, s.Login.Methods.FlashCall
	const factors, flash, driver = "login.factors", "login.methods.flashCall", "login.methods.flashCall.driver"
	rules := []rule{
		{[]string{factors}, len(l.First) == 0, "no first factor is enabled; write {method = password, enabled = true} in the first list"},
		{[]string{"login.level", factors}, l.Level == 2 && len(l.Second) == 0, "is 2, but no second factor is enabled; enable one in login.factors, or write 1"},
		{[]string{driver, factors}, l.enabled(methodFlashCall) && call.Driver == "",
			"is not set though flashCall is enabled; write the name of a driver (ringtail loop list shows them), or disable flashCall in login.factors"},
		{[]string{flash + ".attemptsPerLogin", flash + ".totalAttempts"}, call.AttemptsPerLogin >= call.TotalAttempts,
			fmt.Sprintf("is not below totalAttempts, which counts the call too; write less than %d", call.TotalAttempts)},
		{[]string{"login.session.idle", "login.session.absolute"}, l.Session.Idle > l.Session.Absolute, "is longer than session.absolute; write " + shortTime(l.Session.Absolute) + " or less"},
	}
	for i, m := range slices.Concat(l.First, l.Second) {
		twice := slices.Contains(slices.Concat(l.First, l.Second)[:i], m)
		rules = append(rules, rule{[]string{factors}, twice, "the method " + m + " is enabled twice; enable it once"})
	}
	return rules
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
	refreshes := slices.Contains(a.Grants, grantRefresh)
	rules := []rule{
		{at("redirectUris"), len(a.RedirectURIs) == 0, "is empty; write at least one URL"},
		{at("secret", "public"), a.Public && !a.Secret.Empty(), "is set though the client is public; take the secret out, or write public = false"},
		{at("secret", "public"), !a.Public && a.Secret.Empty(), "is not set; write a secret, or public = true for a client that can't keep one"},
		{at("authMethod", "public"), a.Public && a.AuthMethod != authNone, "is set though the client is public; take it out"},
		{at("pkce", "public"), a.Public && a.WaivePKCE, "is optional though the client is public; write required"},
		{at("grants"), !slices.Contains(a.Grants, grantCode), "lacks authorization_code; write [authorization_code] or [authorization_code, refresh_token]"},
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
