package shop

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Limits of the shop's own, for one session; the provider has its own for a
// number, for a client and for all of them.
const (
	maxBegun = 5  // numbers that are called
	maxPhone = 32 // bytes of a number
	maxCode  = 16 // bytes of a code
)

// checkout is what a session buys. The verification's ID is here alone: who
// sends a code sends it for the number of their own session.
type checkout struct {
	Shopper string // begins this session's idempotency keys: nobody posts another's
	Key     string // of the form that began the verification
	Begun   int
	ID      string // of the verification; empty before
	Number  string // as it was typed
	Done    bool
	Problem string // in words, for the next view
}

// checkoutView is what the page shows.
type checkoutView struct {
	Order    checkout
	Told     *verification // nil before a number is given, and at the end
	Form     string        // a new key, for the form that is shown
	Again    bool          // another call is possible now
	ResendAt string        // from when it is, empty where it is now
}

// formKey is what rand.Text gives.
var formKey = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// checkoutPage shows the order as it stands. Looking at it calls nobody.
func (a *App) checkoutPage(w http.ResponseWriter, r *http.Request) {
	view := checkoutView{Form: rand.Text()}
	a.jar.change(w, r, func(s *session) {
		if s.Checkout.Shopper == "" {
			s.Checkout.Shopper = rand.Text()
		}
		view.Order, s.Checkout.Problem = s.Checkout, ""
	})
	if view.Order.ID == "" || view.Order.Done {
		a.render(w, "checkout.html", view)
		return
	}
	told, err := a.ask(r.Context(), func(ctx context.Context, v *verifications) (*verification, error) {
		return v.get(ctx, view.Order.ID)
	})
	var problem *apiProblem
	if errors.As(err, &problem) && problem.Status == http.StatusNotFound {
		a.stand(w, r, func(c *checkout) { c.ID, c.Problem = "", "That took too long. Please give your number again." })
		return
	}
	if err != nil {
		a.fail(w, http.StatusBadGateway, "We can't confirm numbers at the moment. Please try again in a few minutes.", err)
		return
	}
	view.Told = told
	view.Again = told.State != "confirmed" && !told.ResendAt.IsZero()
	if told.ResendAt.After(a.Now()) {
		view.ResendAt = told.ResendAt.UTC().Format("15:04:05 UTC")
	}
	a.render(w, "checkout.html", view)
}

// beginCheckout has the number called that the customer typed.
func (a *App) beginCheckout(w http.ResponseWriter, r *http.Request) {
	phone, key := strings.TrimSpace(r.PostFormValue("phone")), r.PostFormValue("key")
	if phone == "" || len(phone) > maxPhone || !formKey.MatchString(key) {
		a.stand(w, r, func(c *checkout) { c.Problem = "Please give the number of your phone." })
		return
	}
	var now checkout
	a.jar.change(w, r, func(s *session) {
		if key != s.Checkout.Key {
			s.Checkout.Begun++
			s.Checkout.Key = key
		}
		now = s.Checkout
	})
	if now.Begun > maxBegun || now.Shopper == "" {
		a.stand(w, r, func(c *checkout) { c.Problem = "You gave too many numbers. Please call us to order." })
		return
	}
	told, err := a.ask(r.Context(), func(ctx context.Context, v *verifications) (*verification, error) {
		return v.begin(ctx, phone, now.Shopper+"."+key)
	})
	a.settle(w, r, err, func(c *checkout) { c.ID, c.Number, c.Done = told.ID, phone, false })
}

// checkCode compares the code that the customer typed.
func (a *App) checkCode(w http.ResponseWriter, r *http.Request) {
	code := strings.TrimSpace(r.PostFormValue("code"))
	a.onVerification(w, r, func(ctx context.Context, v *verifications, id string) (*verification, error) {
		if code == "" || len(code) > maxCode {
			return nil, &apiProblem{ID: "code_format"}
		}
		return v.check(ctx, id, code)
	})
}

// callAgain has the number called once more.
func (a *App) callAgain(w http.ResponseWriter, r *http.Request) {
	key := r.PostFormValue("key")
	a.onVerification(w, r, func(ctx context.Context, v *verifications, id string) (*verification, error) {
		if !formKey.MatchString(key) {
			return nil, &apiProblem{ID: "form_invalid"}
		}
		return v.resend(ctx, id, id+"."+key)
	})
}

// otherNumber goes back to the first form.
func (a *App) otherNumber(w http.ResponseWriter, r *http.Request) {
	a.stand(w, r, func(c *checkout) { c.ID, c.Number, c.Done = "", "", false })
}

// onVerification does something about the session's own verification.
func (a *App) onVerification(w http.ResponseWriter, r *http.Request, do func(context.Context, *verifications, string) (*verification, error)) {
	s, err := a.jar.get(r)
	if err != nil || s.Checkout.ID == "" || s.Checkout.Done {
		http.Redirect(w, r, "/checkout", http.StatusSeeOther)
		return
	}
	id := s.Checkout.ID
	told, err := a.ask(r.Context(), func(ctx context.Context, v *verifications) (*verification, error) { return do(ctx, v, id) })
	a.settle(w, r, err, func(c *checkout) { c.Done = c.ID == id && told.State == "confirmed" })
}

// ask calls the provider's API.
func (a *App) ask(ctx context.Context, do func(context.Context, *verifications) (*verification, error)) (*verification, error) {
	v, err := a.api(ctx)
	if err != nil {
		return nil, err
	}
	return do(ctx, v)
}

// settle keeps what came of a call to the API: the change, or the problem in
// words.
func (a *App) settle(w http.ResponseWriter, r *http.Request, err error, change func(*checkout)) {
	var problem *apiProblem
	switch {
	case errors.As(err, &problem):
		a.Log.Info("a number is not confirmed", "problem", problem)
		a.stand(w, r, func(c *checkout) { c.Problem = problem.words() })
	case err != nil:
		a.fail(w, http.StatusBadGateway, "We can't confirm numbers at the moment. Please try again in a few minutes.", err)
	default:
		a.stand(w, r, change)
	}
}

// stand changes the checkout and shows it, by a redirect: a reload posts nothing.
func (a *App) stand(w http.ResponseWriter, r *http.Request, change func(*checkout)) {
	a.jar.change(w, r, func(s *session) { change(&s.Checkout) })
	http.Redirect(w, r, "/checkout", http.StatusSeeOther)
}

// words tells the customer what went wrong. The provider's own words are for
// the shop's log: they may speak of what a customer knows nothing of.
func (p *apiProblem) words() string {
	until := ""
	if !p.Until.IsZero() {
		until = " It is possible again at " + p.Until.UTC().Format(time.TimeOnly+" UTC") + "."
	}
	switch p.ID {
	case "code_wrong":
		return "These are not the right digits."
	case "code_format":
		return "Please type the digits that the number that called ends in."
	case "code_pending":
		return "Your phone is still to ring. Wait for it, and type the digits then."
	case "code_exhausted":
		return "Too many wrong codes. Ask for another call."
	case "code_expired":
		return "The code is too old. Ask for another call."
	case "code_used", "code_none":
		return "This code counts no more. Ask for another call."
	case "resend_wait":
		return "Another call is not possible yet." + until
	case "method_blocked", "number_limited", "calls_limited":
		return "There were too many calls and codes." + until
	case "calls_stopped":
		return "The owner of this number doesn't want calls. Please give another one."
	case "phone_country":
		return "We can't call numbers of this country. Please give another one."
	case "phone_unfit":
		return "This number can't show who calls. Please give that of a mobile phone."
	case "phone_malformed", "no_phone", "field_missing", "field_invalid":
		return "This is no number that we can call. Please write it with its country code: +7 999 123-45-67."
	}
	return "That didn't work. Please try again."
}
