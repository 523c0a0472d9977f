package login

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/templates"
)

// Twin is a step in JSON.
type Twin struct {
	// Login is the id in the address.
	Login string `json:"login"`
	// Step is the method's ID, or choose, newPassword, consent, done, denied; empty where a
	// problem stands in place of a step.
	Step string `json:"step,omitempty"`
	// State and Values are the method's, see its package.
	State  string         `json:"state,omitempty"`
	Values map[string]any `json:"values,omitempty"`
	// Actions that may be posted now; the answer itself has none.
	Actions []string `json:"actions,omitempty"`
	// Methods to choose from.
	Methods []string `json:"methods,omitempty"`
	// Form is to be posted back: a form posted twice counts once.
	Form string `json:"form,omitempty"`
	// RefreshMillis asks to look again after so many milliseconds.
	RefreshMillis int64 `json:"refresh_millis,omitempty"`
	// Consent is what the person is asked to allow, on the step consent.
	Consent *ConsentTwin       `json:"consent,omitempty"`
	Problem *pages.Description `json:"problem,omitempty"`
	// RedirectTo is where the browser of the login goes next.
	RedirectTo string `json:"redirect_to,omitempty"`
}

// show answers with the step as it stands.
func (h *Handler) show(ctx context.Context, x *exchange, o outcome) error {
	view, err := h.view(ctx, x)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if o.problem != nil {
		view.Problem, status = o.problem, o.problem.HTTPStatus()
	}
	if status == http.StatusUnauthorized {
		// A 401 names a scheme (RFC 9110, section 11.6.1); at this one no browser opens
		// a window of its own.
		x.w.Header().Set("WWW-Authenticate", `Form realm="ringtail"`)
	}
	id, err := idp.NewID(h.Rand)
	if err != nil {
		return err
	}
	actions := h.actions(x, view)
	if x.json {
		h.pages.JSON(x.w, status, x.lang, Twin{
			Login: x.id, Step: x.Step.Name(), State: view.State, Values: view.Values, Actions: actions,
			Methods: x.Step.Methods, Form: id, RefreshMillis: view.Refresh.Milliseconds(),
			Problem: h.pages.Describe(x.lang, view.Problem), Consent: h.consentTwin(x),
		})
		return nil
	}
	step := templates.Step{
		Name: x.Step.Name(), Form: id, Person: x.person(), Typed: o.typed,
		State: view.State, Values: view.Values, Actions: actions, Consent: h.consentPage(x),
		RefreshMillis: view.Refresh.Milliseconds(),
	}
	if step.Typed == "" {
		step.Typed, _ = view.Values[fieldLogin].(string)
	}
	if x.Step.Kind == Choose {
		step.Choices = h.choices(ctx, x)
	}
	page := templates.Page{
		Name: x.Step.Name(), Status: status, Lang: x.lang, Client: x.Client.DisplayName(),
		Problem: pages.Convert(view.Problem), FormTargets: []string{x.Login.Request.RedirectURI}, Data: step,
	}
	if step.Consent != nil && step.Consent.Logo != "" {
		page.Images = []string{step.Consent.Logo}
	}
	h.pages.Show(x.w, x.r, page)
	return nil
}

// view asks the step's method how it stands.
func (h *Handler) view(ctx context.Context, x *exchange) (factors.View, error) {
	if x.Step.Kind == NewPassword {
		return h.newPasswordView(), nil
	}
	if x.Step.Method == "" {
		return factors.View{}, nil
	}
	method, err := h.method(x.Step.Method)
	if err != nil {
		return factors.View{}, err
	}
	view, err := method.Show(ctx, h.factorLogin(x))
	var shown *idp.Problem
	if errors.As(err, &shown) {
		h.pages.LogCause(ctx, shown, x.about()...)
		view.Problem = shown
		return view, nil
	}
	return view, err
}

// actions of the page: the method's, and those that the login adds.
func (h *Handler) actions(x *exchange, view factors.View) []string {
	actions := slices.Clone(view.Actions)
	if len(x.Step.Methods) > 1 && x.Step.Kind != Choose {
		actions = append(actions, factors.ActionOther)
	}
	if x.Step.Kind == Consent {
		actions = append(actions, ActionAllow)
	}
	return append(actions, factors.ActionCancel)
}

// choices are the methods to pick from, with what keeps the person from one.
func (h *Handler) choices(ctx context.Context, x *exchange) []templates.Choice {
	var choices []templates.Choice
	for _, id := range x.Step.Methods {
		choice := templates.Choice{Method: id}
		if method, ok := h.Methods.Method(id); ok && x.Step.Factor() == 2 {
			if err := method.Ready(ctx, h.factorLogin(x)); err != nil {
				choice.Problem = pages.Convert(pages.AsProblem(err))
			}
		}
		choices = append(choices, choice)
	}
	return choices
}

// person is the login of who signs in, once something proved it.
func (x *exchange) person() string {
	if x.User == nil || x.Step.Kind == First || x.Step.Kind == Choose && x.Step.Factor() == 1 {
		return ""
	}
	return x.User.Login
}
