package login

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// exchange is one request about one login on its way to an answer; the
// handler's methods hand it on as x. A request goes through it in this order:
// load (read and look), act (do what the form asks), lookAgain, respond.
//
// Every change of the login leaves what was stored in Login, see store; what
// follows from it is stale until lookAgain. User stays what it was when it was first
// read: who changes the user, or gave others the time to, sets it to nil.
type exchange struct {
	w    http.ResponseWriter
	r    *http.Request
	id   string // of the login, as the address has it
	json bool   // the answer is the JSON twin and not a page
	lang string

	visit     browser.Visit // whose browser asks
	Situation               // how the login stands
	Step      Step          // what Next says of it
	pending   *pending      // nil but between addProof and the end of the request
	enrolled  bool          // Lacking was read of this User
}

func (h *Handler) newExchange(w http.ResponseWriter, r *http.Request) *exchange {
	return &exchange{
		w: w, r: r, id: r.PathValue("id"), json: pages.WantsJSON(r), lang: h.pages.Language(r, nil),
	}
}

// maxID bounds the ids that are looked up; ours are shorter.
const maxID = 64

// about names the login in the log, once it was found.
func (x *exchange) about() []any {
	if x.Login == nil {
		return nil
	}
	return []any{"login_id", x.Login.ID, "client_id", x.Login.Request.ClientID}
}

// load reads the situation anew and asks Next. It fails with a problem unless
// the login is one of the request's browser.
func (h *Handler) load(ctx context.Context, x *exchange) error {
	var err error
	if x.visit, err = h.Jar.Current(x.r); err != nil {
		return err
	}
	if x.Login, err = h.login(ctx, x); err != nil {
		return err
	}
	return h.look(ctx, x)
}

// lookAgain asks Next anew after this request changed the login. A proof that isn't
// stored yet is, unless finish will do it.
func (h *Handler) lookAgain(ctx context.Context, x *exchange) error {
	var err error
	if x.visit, err = h.Jar.Current(x.r); err != nil {
		return err
	}
	if err := h.look(ctx, x); err != nil {
		return err
	}
	if x.pending == nil || x.Step.Kind == Done && x.Session == nil {
		return nil
	}
	if err := h.keepProof(ctx, x); err != nil {
		return err
	}
	return h.look(ctx, x)
}

// look reads what else there is to the browser's login, and asks Next.
func (h *Handler) look(ctx context.Context, x *exchange) error {
	x.lang = h.pages.Language(x.r, x.Login.Request.UILocales)
	x.Now, x.Policy = h.Now(), h.policy()
	x.ChangesPasswords = h.NewPasswords != nil
	if x.Login.Expired(x.Now) {
		return problem(idp.ProblemLoginExpired, http.StatusGone)
	}
	if l := x.Login; l.State == idp.LoginOpen && l.Session != "" && l.Session != x.visit.Session {
		entered := problem(ProblemOtherBrowser, http.StatusForbidden)
		entered.Cause = errEntered
		return entered
	}
	var err error
	x.Client, err = h.Clients.ClientByID(ctx, x.Login.Request.ClientID)
	if errors.Is(err, idp.ErrNotFound) {
		return problem(idp.ProblemClientUnknown, http.StatusGone)
	}
	if err != nil {
		return fmt.Errorf("reading the client: %w", err)
	}
	if err := h.loadPerson(ctx, x); err != nil {
		return err
	}
	if err := h.loadConsent(ctx, x); err != nil {
		return err
	}
	if err := h.loadLacking(ctx, x); err != nil {
		return err
	}
	x.Step = Next(x.Situation)
	return nil
}

func (h *Handler) login(ctx context.Context, x *exchange) (*idp.Login, error) {
	if len(x.id) > maxID {
		return nil, problem(idp.ProblemLoginUnknown, http.StatusNotFound)
	}
	login, err := h.Logins.LoginByID(ctx, x.id)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, problem(idp.ProblemLoginUnknown, http.StatusNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the login: %w", err)
	}
	if x.visit.Browser == "" || x.visit.Browser != login.Browser {
		return nil, problem(ProblemOtherBrowser, http.StatusForbidden)
	}
	return login, nil
}

// loadPerson reads the living session and the user whom the login, or else the
// session, names.
func (h *Handler) loadPerson(ctx context.Context, x *exchange) error {
	x.Session = nil
	if x.visit.Session != "" {
		session, err := h.Sessions.SessionByID(ctx, x.visit.Session)
		if err != nil && !errors.Is(err, idp.ErrNotFound) {
			return fmt.Errorf("reading the session: %w", err)
		}
		if err == nil && session.Browser == x.visit.Browser && session.Alive(x.Now, h.SessionIdle) {
			x.Session = session
		}
	}
	id := x.Login.UserID
	if id == "" && x.Session != nil {
		id = x.Session.UserID
	}
	if x.User != nil && x.User.ID == id {
		return nil
	}
	x.User, x.Lacking, x.enrolled = nil, nil, false
	if id == "" {
		return nil
	}
	user, err := h.Users.UserByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the user: %w", err)
	}
	x.User = user
	return nil
}

// loadLacking finds the second methods that the person has not, where one is due.
func (h *Handler) loadLacking(ctx context.Context, x *exchange) error {
	if x.enrolled || x.User == nil || !x.secondDue() {
		return nil
	}
	x.enrolled = true
	for _, id := range x.Policy.Second {
		method, _ := h.Methods.Method(id)
		some, ok := method.(factors.Enrolled)
		if !ok {
			continue
		}
		has, err := some.Enrolled(ctx, x.User.ID)
		if err != nil {
			return err
		}
		if !has {
			x.Lacking = append(x.Lacking, id)
		}
	}
	return nil
}

// policy leaves out methods that the program doesn't have.
func (h *Handler) policy() Policy {
	p := h.Policy()
	return Policy{Level: p.Level, First: h.known(p.First), Second: h.known(p.Second)}
}

func (h *Handler) known(methods []string) []string {
	var known []string
	for _, id := range methods {
		if _, ok := h.Methods.Method(id); ok {
			known = append(known, id)
		}
	}
	return known
}

// factorLogin is the login as the step's method may see it.
func (h *Handler) factorLogin(x *exchange) factors.Login {
	login := factors.Login{
		ID: x.Login.ID, ClientID: x.Client.ID, Factor: x.Step.Factor(), Hint: x.hint(), IP: h.ClientIP(x.r), Lang: x.lang,
	}
	if login.Factor == 2 {
		login.Person = &factors.Person{ID: x.User.ID, Login: x.User.Login, Attributes: x.User.Attributes}
	}
	return login
}

// maxHint bounds what of a login_hint reaches a form.
const maxHint = 256

// hint prefills the first form: with the request's hint, or with the login of
// the person who is signed in and must prove it anew.
func (x *exchange) hint() string {
	hint := x.Login.Request.LoginHint
	if len(hint) > maxHint {
		return ""
	}
	if hint == "" && x.sessionCounts() && !x.Login.Request.Prompts(idp.PromptSelectAccount) {
		return x.User.Login
	}
	return hint
}
