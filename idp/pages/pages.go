// Package pages owns the answers that every part of the provider gives alike: a
// page (or its JSON twin) for a problem, for signing out, for an answer by
// form_post, and for the code of a device.
//
// It does not own texts and HTML (templates) nor the pages of a login (idp/login).
package pages

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/observe"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/templates"
)

// Pages writes answers. It is safe for concurrent use.
type Pages struct {
	render *templates.Renderer
	log    *slog.Logger
}

var (
	_ oidc.Pages   = (*Pages)(nil)
	_ logout.Pages = (*Pages)(nil)
	_ device.Pages = (*Pages)(nil)
)

// New returns pages over the renderer; a nil log is slog's default.
func New(render *templates.Renderer, log *slog.Logger) *Pages {
	if log == nil {
		log = slog.Default()
	}
	return &Pages{render: render, log: log}
}

// Has says whether there is a page of that name.
func (p *Pages) Has(name string) bool { return p.render.Has(name) }

// Language picks the language of the answer; see templates.Renderer.Language.
func (p *Pages) Language(r *http.Request, uiLocales []string) string {
	return p.render.Language(r, uiLocales)
}

// Text is the key's sentence in the language.
func (p *Pages) Text(lang, key string, args map[string]any) string {
	return p.render.Text(lang, key, args)
}

// Show writes the page; page.Lang must be set.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request, page templates.Page) {
	page.RequestID = w.Header().Get(observe.HeaderRequestID)
	oauth.ComeAgain(w, page.Status)
	if err := p.render.Render(w, page); err != nil {
		p.log.ErrorContext(r.Context(), "page not shown", "page", page.Name, "error", err)
		if w.Header().Get("Content-Type") == "" {
			http.Error(w, "Something went wrong. Please try again.", http.StatusInternalServerError)
		}
	}
}

// Problem answers with the problem's page, or its JSON twin where the request
// asks for JSON.
func (p *Pages) Problem(w http.ResponseWriter, r *http.Request, problem *idp.Problem) {
	p.ProblemIn(w, r, p.Language(r, nil), problem)
}

// ProblemIn is Problem in a language that is known already; about is for the
// log, see LogCause.
func (p *Pages) ProblemIn(w http.ResponseWriter, r *http.Request, lang string, problem *idp.Problem, about ...any) {
	p.LogCause(r.Context(), problem, about...)
	if WantsJSON(r) {
		p.JSON(w, problem.HTTPStatus(), lang, map[string]any{"problem": p.Told(w, lang, problem)})
		return
	}
	p.Show(w, r, templates.Page{
		Name: templates.PageProblem, Status: problem.HTTPStatus(), Lang: lang, Problem: Convert(problem),
	})
}

// AsProblem finds the problem in err, or is idp.ProblemOf.
func AsProblem(err error) *idp.Problem {
	var problem *idp.Problem
	if errors.As(err, &problem) {
		return problem
	}
	return idp.ProblemOf(err)
}

// LogCause logs what the person doesn't see: the cause of a problem that has
// one. about is what it concerns: log keys, each followed by its value.
func (p *Pages) LogCause(ctx context.Context, problem *idp.Problem, about ...any) {
	if problem.Cause == nil {
		return
	}
	level := slog.LevelInfo
	if problem.HTTPStatus() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	p.log.Log(ctx, level, "problem shown", append([]any{"problem", problem.ID, "error", problem.Cause}, about...)...)
}

// Description is a problem in JSON.
type Description struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Hint  string `json:"hint,omitempty"`
	Field string `json:"field,omitempty"`
	// RequestID finds the request in the log.
	RequestID string `json:"request_id,omitempty"`
}

// Told is Describe with the id of the request that w answers.
func (p *Pages) Told(w http.ResponseWriter, lang string, problem *idp.Problem) *Description {
	d := p.Describe(lang, problem)
	if d != nil {
		d.RequestID = w.Header().Get(observe.HeaderRequestID)
	}
	return d
}

// Describe gives the problem with its texts; nil for no problem.
func (p *Pages) Describe(lang string, problem *idp.Problem) *Description {
	if problem == nil {
		return nil
	}
	text, hint := p.render.ProblemText(lang, Convert(problem))
	return &Description{ID: problem.ID, Text: text, Hint: hint, Field: problem.Field}
}

// JSON writes the body with the headers that every answer of ours has.
func (p *Pages) JSON(w http.ResponseWriter, status int, lang string, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Language", lang)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept, Accept-Language")
	oauth.ComeAgain(w, status)
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		p.log.Warn("JSON answer not written", "error", err)
	}
}

// Convert gives the renderer's form of a problem; nil for no problem.
func Convert(problem *idp.Problem) *templates.Problem {
	if problem == nil {
		return nil
	}
	return &templates.Problem{ID: problem.ID, Args: problem.Args, Field: problem.Field}
}

// ConfirmLogout asks whether the person wants to be signed out.
func (p *Pages) ConfirmLogout(w http.ResponseWriter, r *http.Request, q logout.Question) {
	p.Show(w, r, templates.Page{
		Name: templates.PageLogout, Lang: p.Language(r, q.UILocales), Client: q.Client, FormTargets: q.FormTargets,
		Data: templates.Logout{Action: q.Action, Hidden: q.Hidden, Person: q.Person},
	})
}

// SignedOut says that the person is signed out, and takes the browser on.
func (p *Pages) SignedOut(w http.ResponseWriter, r *http.Request, g logout.Goodbye) {
	page := templates.Page{
		Name: templates.PageSignedOut, Lang: p.Language(r, g.UILocales), Client: g.Client, Frames: g.Frames,
		Data: templates.SignedOut{Next: g.Next},
	}
	if g.Next != "" && g.Wait > 0 {
		page.Refresh = &templates.Refresh{URI: g.Next, After: g.Wait}
	}
	p.Show(w, r, page)
}

// FormPost sends the fields to the relying party's redirect URI by a form that
// posts itself, or by a button where there is no script.
func (p *Pages) FormPost(w http.ResponseWriter, r *http.Request, page oidc.FormPostPage) {
	p.Show(w, r, templates.Page{
		Name: templates.PageFormPost, Lang: p.Language(r, nil), FormTargets: []string{page.Action},
		Data: templates.FormPost{Action: page.Action, Fields: page.Fields},
	})
}

// Device shows the page where people type the code of a device.
func (p *Pages) Device(w http.ResponseWriter, r *http.Request, page device.Page) {
	status := http.StatusOK
	if page.Problem != nil {
		status = page.Problem.HTTPStatus()
		p.LogCause(r.Context(), page.Problem)
	}
	p.Show(w, r, templates.Page{
		Name: templates.PageDevice, Status: status, Lang: p.Language(r, nil), Client: page.Client, Problem: Convert(page.Problem),
		Data: templates.Device{
			View: string(page.View), Action: page.Action, Code: page.Code, Proof: page.Proof, Scopes: page.Scopes, AskedAt: page.AskedAt,
		},
	})
}

// WantsJSON says whether the request asks for JSON and not for a page.
func WantsJSON(r *http.Request) bool {
	for _, accept := range r.Header.Values("Accept") {
		for _, entry := range strings.Split(accept, ",") {
			kind, _, _ := strings.Cut(entry, ";")
			switch strings.ToLower(strings.TrimSpace(kind)) {
			case "application/json":
				return true
			case "text/html":
				return false
			}
		}
	}
	return false
}
