package rules_test

import (
	"crypto/x509"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/loops/egress"
)

var update = flag.Bool("update", false, "write the tables of the documentation anew")

// plan is a list of modules with one profile to certify.
type plan struct {
	name, id string // what it certifies, and what the suite calls it
	test     string
	modules  []module
	variants []variant
}

// module is one of the suite's.
type module struct {
	name   string
	checks string // in our words, warnings included
	run    func(*trial)
}

func plans() []plan {
	static, dynamic := variant{"static_client", "default"}, variant{"dynamic_client", "default"}
	posted := variant{"static_client", "form_post"}
	return []plan{
		{"Basic OP", "oidcc-basic-certification-test-plan", "TestBasicOP", basicModules(), []variant{static, dynamic}},
		{"Form Post OP", "oidcc-formpost-basic-certification-test-plan", "TestFormPostOP", basicModules(), []variant{posted}},
		{"Config OP", "oidcc-config-certification-test-plan", "TestConfigOP", configModules(), []variant{static}},
		{"RP-Initiated OP", "oidcc-rp-initiated-logout-certification-test-plan", "TestRPInitiatedLogoutOP", logoutModules(), []variant{static, dynamic}},
		{"Back-Channel OP", "oidcc-backchannel-rp-initiated-logout-certification-test-plan", "TestBackChannelOP", backchannelModules(), []variant{static}},
		{"Front-Channel OP", "oidcc-frontchannel-rp-initiated-logout-certification-test-plan", "TestFrontChannelOP", frontchannelModules(), []variant{static}},
	}
}

func TestBasicOP(t *testing.T)             { runs(t) }
func TestFormPostOP(t *testing.T)          { runs(t) }
func TestConfigOP(t *testing.T)            { runs(t) }
func TestRPInitiatedLogoutOP(t *testing.T) { runs(t) }
func TestBackChannelOP(t *testing.T)       { runs(t) }
func TestFrontChannelOP(t *testing.T)      { runs(t) }

// runs runs the modules of the plan that the test is named after, in each variant,
// one subtest a module, by its name.
func runs(t *testing.T) {
	t.Parallel()
	all := plans()
	p := all[slices.IndexFunc(all, func(p plan) bool { return p.test == t.Name() })]
	s, rpServer, heard := certified(t)
	b := s.browser(s.person("ada"))
	for _, v := range p.variants {
		t.Run(v.registration+"/"+v.mode, func(t *testing.T) {
			for _, m := range p.modules {
				t.Run(m.name, func(t *testing.T) {
					here := s.in(t)
					r := &trial{site: here, variant: v, b: b.in(here), alg: signing.RS256, rpServer: rpServer, heard: heard}
					r.client = r.another("certified", idp.AuthSecretBasic, idp.GrantRefresh)
					m.run(r)
				})
			}
		})
	}
}

// certified makes the site that modules run at, with clients as the suite wants
// them: it sends no PKCE. It comes with the server of a relying party.
func certified(t *testing.T) (*site, *httptest.Server, chan told) {
	t.Helper()
	rpServer, heard := (&site{TB: t}).listener()
	s := newSite(t, func(o *server.Options) {
		o.Egress.Roots = x509.NewCertPool()
		o.Egress.Roots.AddCert(rpServer.Certificate())
		openRegistration(o)
		o.Egress.Allow = []egress.Allowance{{Host: "127.0.0.1:*", Private: true}}
	})
	for _, c := range []idp.Client{{ID: "certified", AuthMethod: idp.AuthSecretBasic}, {ID: "certified-too", AuthMethod: idp.AuthSecretBasic}, {ID: "certified-post", AuthMethod: idp.AuthSecretPost}} {
		c.WaivePKCE, c.SigningAlg, c.RequestObjectAlg = true, signing.RS256, "none"
		s.client(c)
	}
	return s, rpServer, heard
}

func TestConformanceIsDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString(conformanceIntroduction)
	for _, p := range plans() {
		var variants []string
		for _, v := range p.variants {
			variants = append(variants, fmt.Sprintf("`%s/%s`", v.registration, v.mode))
		}
		fmt.Fprintf(&b, "\n## %s\n\n`%s`, %d modules, run by `%s` as %s.\n\n| module | what it checks | state |\n|---|---|---|\n",
			p.name, p.id, len(p.modules), p.test, strings.Join(variants, ", "))
		for _, m := range p.modules {
			state := "passes"
			if why := declined(m.name); why != "" {
				state = "refuses: " + why
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.name, m.checks, state)
		}
	}
	golden(t, "conformance.md", b.String())
}

// declined says of a module why the provider doesn't do what it tries; empty where
// it does. The suite counts such a module as skipped.
func declined(module string) string {
	switch module {
	case "oidcc-idtoken-unsigned":
		return "ID tokens are always signed"
	case "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported":
		return "request objects come by value"
	}
	return ""
}

const conformanceIntroduction = `# Certification modules

Generated from the tests of ` + "`idp/rules`" + `, which run what the modules of the OpenID Foundation's conformance suite check, against a composed provider over TLS: each module is a
subtest of its plan, by its name. What the suite only warns of fails here. These are our own runs, not the suite's and not a certification.

The suite's clients send no PKCE in most modules, so they are registered with it waived (` + "`registration { pkce = optional }`" + ` where they register themselves); the provider asks for it by default. To run the suite itself, register two confidential clients with
` + "`client_secret_basic`" + ` and one with ` + "`client_secret_post`" + `, each with PKCE waived, the redirect URI ` + "`https://SUITE/test/a/ALIAS/callback`" + ` and the post-logout URI ` + "`https://SUITE/test/a/ALIAS/post_logout_redirect`" + `,
and sign in as a person who has every standard claim.
`

// golden compares a page of the reference, or writes it.
func golden(t *testing.T, name, want string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "reference", name)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("docs/reference/%s is not what the tests say (%v): run go test ./idp/rules -update", name, err)
	}
}
