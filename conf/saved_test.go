package conf_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
)

var savedAt = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func savedBy(who string, pairs ...string) (all []conf.Saved) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, conf.Saved{Path: pairs[i], HOCON: pairs[i+1], By: who, At: savedAt.Add(time.Duration(i) * time.Hour)})
	}
	return all
}

func TestSavedLiesBetweenTheFileAndSet(t *testing.T) {
	s := load(t, conf.Options{
		File:     "blitz.conf",
		ReadFile: reader(map[string]string{"blitz.conf": "vars.life = ${blitz.prod.local.idp.tokens.access}\nblitz.prod.local.idp.tokens { access = 5m, id = 6m, code = 20s }"}),
		Saved:    savedBy("anna", "tokens.access", "7m", "tokens.id", `"8m"`, "login.session", "{ idle = 2h\n absolute = 3h }"),
		Set:      []string{withDriver, "tokens.id=9m"},
	})
	if s.Tokens.Access != 7*time.Minute || s.Tokens.ID != 9*time.Minute || s.Tokens.Code != 20*time.Second || s.Login.Session.Absolute != 3*time.Hour {
		t.Errorf("%+v, %+v", s.Tokens, s.Login.Session)
	}
	for path, line := range map[string]int{"tokens.access": 1, "login.session.absolute": 3} {
		place, _ := s.Origin(path)
		saved, ok := s.SavedAt(place)
		if place.File != conf.SavedName || !ok || saved.By != "anna" || saved.At != savedAt.Add(time.Duration(line-1)*2*time.Hour) {
			t.Errorf("%s comes from %v: %+v %v", path, place, saved, ok)
		}
	}
	for _, place := range []hocon.Pos{{File: conf.SavedName}, {File: conf.SavedName, Line: 4}, {File: "blitz.conf", Line: 1}} {
		if v, ok := s.SavedAt(place); ok {
			t.Errorf("%v leads to %+v", place, v)
		}
	}
}

func TestTheFileAloneInCharge(t *testing.T) {
	for name, o := range map[string]conf.Options{
		"by the file": {File: "f", ReadFile: reader(map[string]string{"f": "blitz.prod.local.idp.console.readonly = true"}), Set: []string{withDriver}},
		"by --set":    {Set: []string{withDriver, "console.readonly=true"}},
	} {
		o.Saved = savedBy("anna", "tokens.access", "7m", "tokens.nonsense", "1")
		if s := load(t, o); s.Tokens.Access == 7*time.Minute || !s.Console.ReadOnly {
			t.Errorf("%s: %+v", name, s.Tokens)
		}
	}
	if _, _, err := conf.Load(conf.Options{Set: []string{withDriver}, Saved: savedBy("anna", "console.readonly", "true")}); err == nil {
		t.Error("an administrator made the console read only")
	}
}

func TestFaultsOfSavedValues(t *testing.T) {
	tests := []struct{ name, path, value, want string }{
		{"of the file alone", "keys.master", `"x"`, "console:2:1: keys.master: can't be saved in the console"},
		{"a part of it", "server.listen", `"x"`, "write it in the settings file"},
		{"a section around it", "loops", "{}", "holds loops.folder"},
		{"nothing at all", "blitz.prod.local.idp", "{}", "is no setting"},
		{"the file's own values", "vars.a", "1", "is no setting"},
		{"no path", "a..b", "1", "is no path"},
		{"of another kind", "login.level", "high", "console:2:"},
		{"no such setting", "login.levle", "1", "login.levle: there is no such setting; write level"},
		{"a contradiction", "login.session.absolute", "1s", "login.session"},
		{"a second setting", "login.level", "1\nissuer = \"https://evil.example\"", "is no value"},
		{"a second key", "login.level", "1, b = 2", "is no value"},
		{"nothing", "login.level", "", "is no value"},
		{"a substitution", "login.loginRule", "${HOME}", "holds a substitution"},
		{"an optional one", "login.loginRule", `"a"${?HOME}`, "holds a substitution"},
		{"an include", "login.session", `{ include "/etc/passwd" }`, "holds a substitution, an include"},
		{"a file", "registration.statements.issuers.a.jwks", `"file(/etc/passwd)"`, "file(..)"},
		{"a file within", "lang.languages", `[en, "file(x)"]`, "file(..)"},
		{"too much", "login.level", strings.Repeat(" ", 64<<10) + "1", "longer than 64 KiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := conf.Load(conf.Options{Set: []string{withDriver}, Saved: savedBy("anna", "tokens.access", "7m", tt.path, tt.value)})
			var all conf.Errors
			if !errors.As(err, &all) || all[0].Pos.File != conf.SavedName || all[0].Pos.Line != 2 || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestEditable(t *testing.T) {
	for path, want := range map[string]string{
		"login.level": "login.level", "blitz.prod.local.idp.login.level": "login.level", `"login"."level"`: "login.level",
		"keys.rotateAfter": "keys.rotateAfter", "loops.limits": "loops.limits", "no.such": "no.such",
		"issuer": "", "keys": "", "apps.shop": "", "scopes": "", "": "", "blitz": "", "egress.proxy": "", "log.level": "",
	} {
		got, err := conf.SavedPath(path)
		if got != want || (err == nil) != (want != "") || conf.Editable(path) != (want != "") {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
}
