package shop

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
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
	maxCode  = 32 // bytes of a code, or of the whole number that called

	maxChannel = 16 // bytes of a channel's name
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
	Order   checkout
	Form    string        // a new key, for the form that is shown
	Told    *verification // nil before a number is given, and at the end
	Problem string
	Typing  bool // a code may be typed
	Ways    []way
}

// way is a button for another code.
type way struct {
	Channel string // empty: as before
	Label   string
	From    string // from when it is possible; empty: now
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
	view.Problem = view.Order.Problem
	if view.Order.ID == "" || view.Order.Done {
		a.render(w, "checkout.html", view)
		return
	}
	told, err := a.ask(r.Context(), func(ctx context.Context, v *verifications) (*verification, error) {
		return v.get(ctx, view.Order.ID)
	})
	var problem *apiProblem
	switch {
	case errors.As(err, &problem) && problem.Status == http.StatusNotFound, err == nil && told.over(a.Now()):
		a.stand(w, r, func(c *checkout) { c.ID, c.Problem = "", "That took too long. Please give your number again." })
	case err != nil:
		a.fail(w, http.StatusBadGateway, sorry, err)
	case told.Status == statusVerified: // the answer to the right code got lost
		a.stand(w, r, func(c *checkout) { c.Done = c.ID == told.ID })
	default:
		view.tell(told, a.Now())
		a.render(w, "checkout.html", view)
	}
}

// tell fills in how the verification stands.
func (v *checkoutView) tell(told *verification, now time.Time) {
	v.Told = told
	switch told.Status {
	case statusBlocked:
		v.Problem = tooMany + until(told.BlockedUntil)
		return
	case statusFailed, statusExpired, statusExhausted:
		v.Problem = told.trouble()
	default:
		v.Typing = true
	}
	if v.Order.Problem != "" {
		v.Problem = v.Order.Problem
	}
	if !told.ResendAt.IsZero() {
		v.Ways = append(v.Ways, newWay("", told.ResendAt, now))
	}
	for _, o := range told.Others {
		v.Ways = append(v.Ways, newWay(o.Channel, o.At, now))
	}
}

func newWay(channel string, at, now time.Time) way {
	w := way{Channel: channel, Label: map[string]string{
		"": "Another code", "flashCall": "Call me", "sms": "Send a message instead", "voice": "Call and read it out",
	}[channel]}
	if at.After(now) {
		w.From = at.UTC().Format(clock)
	}
	return w
}

// beginCheckout has the number called that the customer typed.
func (a *App) beginCheckout(w http.ResponseWriter, r *http.Request) {
	phone, key := strings.TrimSpace(r.PostFormValue("phone")), r.PostFormValue("key")
	if phone == "" || len(phone) > maxPhone || !formKey.MatchString(key) {
		a.stand(w, r, func(c *checkout) { c.Problem = "Please give the number of your phone." })
		return
	}
	now, counted := a.countNumber(w, r, key)
	if now.Begun > maxBegun || now.Shopper == "" {
		a.stand(w, r, func(c *checkout) { c.Problem = "You gave too many numbers. Please call us to order." })
		return
	}
	told, err := a.ask(r.Context(), func(ctx context.Context, v *verifications) (*verification, error) {
		return v.begin(ctx, phone, customer(r), now.Shopper+"."+key)
	})
	if err != nil && counted { // nobody was called
		a.jar.change(w, r, func(s *session) { s.Checkout.Begun-- })
	}
	a.settle(w, r, err, func(c *checkout) { c.ID, c.Number, c.Done = told.ID, phone, false })
}

// countNumber counts a number of the session before it is called, so that
// requests that come together can't call more; the same form counts once.
func (a *App) countNumber(w http.ResponseWriter, r *http.Request, key string) (now checkout, counted bool) {
	a.jar.change(w, r, func(s *session) {
		if counted = key != s.Checkout.Key && s.Checkout.Begun <= maxBegun; counted {
			s.Checkout.Begun++
			s.Checkout.Key = key
		}
		now = s.Checkout
	})
	return now, counted
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
	key, channel := r.PostFormValue("key"), r.PostFormValue("channel")
	a.onVerification(w, r, func(ctx context.Context, v *verifications, id string) (*verification, error) {
		if !formKey.MatchString(key) || len(channel) > maxChannel {
			return nil, &apiProblem{ID: "form_invalid"}
		}
		return v.resend(ctx, id, channel, id+"."+key)
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
	a.settle(w, r, err, func(c *checkout) { c.Done = c.ID == id && told.Status == statusVerified })
}

// ask calls the provider's API. A token that the provider doesn't know any more
// is asked for anew, once.
func (a *App) ask(ctx context.Context, do func(context.Context, *verifications) (*verification, error)) (*verification, error) {
	v, err := a.api(ctx)
	if err != nil {
		return nil, err
	}
	told, err := do(ctx, v)
	var problem *apiProblem
	if !errors.As(err, &problem) || problem.Status != http.StatusUnauthorized {
		return told, err
	}
	a.forget(v)
	if v, err = a.api(ctx); err != nil {
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
		a.fail(w, http.StatusBadGateway, sorry, err)
	default:
		a.stand(w, r, change)
	}
}

// customer is the address of who shops. A shop behind a proxy would take what the
// proxy says.
func customer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// stand changes the checkout and shows it, by a redirect: a reload posts nothing.
func (a *App) stand(w http.ResponseWriter, r *http.Request, change func(*checkout)) {
	a.jar.change(w, r, func(s *session) { change(&s.Checkout) })
	http.Redirect(w, r, "/checkout", http.StatusSeeOther)
}
