package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"errors"
	"html/template"
	"log"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/password"
)

const (
	pathLogin = "/login"
	// cookieName is a cookie for each login: it says which browser began it.
	cookieName = "factor-login-"
)

//go:embed login.html
var pageText string

// login is the login page: a password, then a call.
type login struct {
	kept     *storage
	proofs   *proofs
	callback func(ctx context.Context, id string) string
}

// ServeHTTP shows the step that is due, and answers it.
func (l *login) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked, err := l.bind(w, r)
	if err != nil {
		http.Error(w, "There is no such login in this browser.", http.StatusForbidden)
		return
	}
	var problem *factors.Problem
	if r.Method == http.MethodPost {
		err = l.answer(r, asked)
		if err == nil {
			http.Redirect(w, r, pathLogin+"?id="+asked.id, http.StatusSeeOther)
			return
		}
		problem = factors.AsProblem(err)
	}
	if err == nil || problem != nil {
		err = l.show(w, r, asked, problem)
	}
	if err != nil {
		log.Print(err)
		http.Error(w, "Something went wrong.", http.StatusInternalServerError)
	}
}

// bind finds the login of the request. The first browser that comes gets the cookie;
// no other may go on.
func (l *login) bind(w http.ResponseWriter, r *http.Request) (request, error) {
	id := r.FormValue("id")
	asked, err := l.kept.login(id)
	if err != nil || asked.browser != "" {
		return asked, errors.Join(err, ownBrowser(r, asked))
	}
	asked.browser = rand.Text()
	http.SetCookie(w, &http.Cookie{Name: cookieName + id, Value: asked.browser, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return asked, l.kept.change(id, func(r *request) { r.browser = asked.browser })
}

func ownBrowser(r *http.Request, asked request) error {
	cookie, err := r.Cookie(cookieName + asked.id)
	if err != nil || asked.browser == "" || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(asked.browser)) != 1 {
		return errors.New("the login is of another browser")
	}
	return nil
}

// own lets only the browser of a login fetch its answer.
func (l *login) own(library http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := l.kept.login(r.FormValue("id"))
		if err != nil || ownBrowser(r, asked) != nil {
			http.Error(w, "There is no such login in this browser.", http.StatusForbidden)
			return
		}
		library.ServeHTTP(w, r)
	})
}

// step is which method is due, and the login as it may see it.
func (l *login) step(r *http.Request, asked request) (factors.Method, factors.Login) {
	at := factors.Login{ID: asked.id, ClientID: asked.ClientID, Factor: 1, IP: remote(r)}
	if asked.subject == "" {
		return l.proofs.password, at
	}
	person := ann()
	at.Factor, at.Person = 2, &person
	return l.proofs.call, at
}

// answer hands what was posted to the method of the step. A proof of the first
// factor rings the phone; one of the second ends the login.
func (l *login) answer(r *http.Request, asked request) error {
	method, at := l.step(r, asked)
	proof, err := method.Answer(r.Context(), at, factors.Answer{Action: r.PostFormValue("action"), Fields: map[string]string{
		password.FieldLogin: r.PostFormValue("login"), password.FieldPassword: r.PostFormValue("password"),
		flashcall.FieldCode: r.PostFormValue("code"),
	}})
	if err != nil || proof == nil {
		return err
	}
	err = l.kept.change(asked.id, func(r *request) {
		r.subject, r.called, r.amr, r.at = proof.PersonID, at.Factor == 2, append(r.amr, proof.AMR...), time.Now()
	})
	if err != nil || at.Factor == 2 {
		return err
	}
	asked.subject = proof.PersonID
	call, at := l.step(r, asked)
	if err := call.Begin(r.Context(), at); factors.AsProblem(err) == nil {
		return err
	}
	return nil // why nobody is called now is what the page shows next
}

// page is what login.html shows.
type page struct {
	ID      string
	Call    bool // the second step
	View    factors.View
	Problem string
	// Refresh is in how many seconds to look again; 0: not.
	Refresh int
}

// show is the page of the step that is due, or the way back when none is.
func (l *login) show(w http.ResponseWriter, r *http.Request, asked request, problem *factors.Problem) error {
	if asked.called {
		http.Redirect(w, r, l.callback(r.Context(), asked.id), http.StatusSeeOther)
		return nil
	}
	method, at := l.step(r, asked)
	view, err := method.Show(r.Context(), at)
	if err != nil {
		return err
	}
	shown := page{ID: asked.id, Call: at.Factor == 2, View: view}
	if view.Refresh > 0 {
		shown.Refresh = max(1, int(view.Refresh.Seconds()))
	}
	status := http.StatusOK
	if problem != nil {
		view.Problem, status = problem, problem.HTTPStatus()
	}
	if view.Problem != nil {
		shown.Problem = view.Problem.ID // a real page has a sentence for each
	}
	text, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; img-src data:; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	return text.Execute(w, shown)
}

// remote is the address of the person, which the budgets of calls count.
func remote(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return ip.Unmap()
}
