package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Facts count what the audit trail is told, also what the trail leaves out because
// strangers cause too much of it.
type Facts struct {
	events, logins, steps, tokens, refused, budgets *prometheus.CounterVec
}

func newFacts() *Facts {
	return &Facts{
		events: counter("ringtail_events_total", "Security facts by the type that audit records and the log have.", "type"),
		logins: counter("ringtail_logins_total", "Logins by outcome: begun, signed_in, or the OAuth error that ended them.", "outcome"),
		steps: counter("ringtail_login_steps_total",
			"Answered steps of logins by step (the method, or consent) and outcome: proved, given, or the problem's id.", "step", "outcome"),
		tokens:  counter("ringtail_tokens_issued_total", "Answers with tokens by grant type; implicit for those of the authorization endpoint.", "grant"),
		refused: counter("ringtail_tokens_refused_total", "Token requests that were refused, by grant type and OAuth error.", "grant", "error"),
		budgets: counter("ringtail_codes_refused_total", "Codes that were not sent because a budget was used up, by budget.", "budget"),
	}
}

func (f *Facts) all() []prometheus.Collector {
	return []prometheus.Collector{f.events, f.logins, f.steps, f.tokens, f.refused, f.budgets}
}

// Refused counts a code that a budget refused.
func (f *Facts) Refused(budget string) { f.budgets.WithLabelValues(budget).Inc() }

// Event counts an event; see audit.Watch.
func (f *Facts) Event(e audit.Event) {
	f.events.WithLabelValues(e.Type).Inc()
	switch e.Type {
	case audit.TypeLoginBegun:
		f.logins.WithLabelValues("begun").Inc()
	case audit.TypeLogin:
		f.logins.WithLabelValues("signed_in").Inc()
	case audit.TypeLoginDenied:
		f.logins.WithLabelValues(word(e, "error")).Inc()
	case audit.TypeFactorProved:
		f.steps.WithLabelValues(word(e, "method"), "proved").Inc()
	case audit.TypeFactorFailed, audit.TypeCallRefused, audit.TypeCodeWrong, audit.TypeCodeExhausted, audit.TypeCodeRefused, audit.TypeMethodBlocked:
		f.steps.WithLabelValues(word(e, "method"), word(e, "problem")).Inc()
	case audit.TypeConsentGiven:
		f.steps.WithLabelValues("consent", "given").Inc()
	case audit.TypeTokenIssued:
		f.tokens.WithLabelValues(word(e, "grant_type")).Inc()
	case audit.TypeTokenRefreshed:
		f.tokens.WithLabelValues(idp.GrantRefresh).Inc()
	case audit.TypeTokenRefused:
		f.refused.WithLabelValues(word(e, "grant_type"), word(e, "error")).Inc()
	}
}

// word is a param that holds a word of this program.
func word(e audit.Event, name string) string {
	text, _ := e.Params[name].(string)
	if text == "" {
		return "none"
	}
	return text
}
