package server

import (
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/verify"
)

// answerMargin is what a request of the API may take beyond its longest run.
const answerMargin = time.Minute

// verifications are the endpoints by which sites verify numbers, over the engine
// of logins. Only where there is one.
func (s *Server) verifications(provider *oidc.Provider, shown *pages.Pages) (http.Handler, error) {
	o := &s.options
	f := o.FlashCall
	return verify.New(verify.Options{
		Issuer: o.issuer(), Calls: s.calls, Tokens: provider, Records: o.Store, Answers: o.Store,
		Number: func(raw string) (string, string, error) {
			e164, country, err := flashcall.Number(raw, "")
			if err != nil {
				return "", "", err
			}
			return e164, country, f.Numbers.Allow(e164, country)
		},
		Operator: flashcall.Operator, Mask: flashcall.Mask, Hash: s.hash("verify"), Pages: shown, ClientIP: proxies(o.TrustedProxies).clientIP,
		Lives: verify.Lives{Answering: max(2*time.Minute, f.RunLimit+answerMargin)},
		Now:   o.Now, Rand: o.Rand, Log: o.Log,
	})
}
