package device

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Fields of the page's forms and of its query.
const (
	fieldUserCode = "user_code" // RFC 8628, section 3.3.1
	fieldProof    = "for"       // ties the code to the browser that typed it
	fieldAction   = "action"    // see the Action constants
	queryDone     = "done"      // approved or denied
)

// Actions of the page. The empty one looks the code up.
const (
	// ActionContinue goes on to the login.
	ActionContinue = "continue"
	// ActionDeny turns the device away, without a login: whoever was sent the code
	// by somebody else has no use for it.
	ActionDeny = "deny"
)

// View is which of the page's views is shown.
type View string

// The views.
const (
	ViewEnter    View = "enter"    // the form for the code
	ViewConfirm  View = "confirm"  // which device it is, and whether to go on
	ViewApproved View = "approved" // the person may go back to the device
	ViewDenied   View = "denied"
)

// Page is what the page shows.
type Page struct {
	View View
	// Action is the address that the forms post to.
	Action string
	// Code is the user code as people see it: in the form, empty where none is known;
	// and to be compared with the device's.
	Code string
	// Proof goes with the forms of ViewConfirm.
	Proof string
	// Client is what the application is called, and Scopes what it asks for.
	Client string
	Scopes []string
	// AskedAt is when the device asked.
	AskedAt time.Time
	// Problem of the form for the code; nil where all is well.
	Problem *idp.Problem
}

// get changes nothing, and looks up no code but those that this browser typed.
func (h *Handler) get(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	switch State(query.Get(queryDone)) {
	case Approved:
		h.Pages.Device(w, r, Page{View: ViewApproved})
		return
	case Denied:
		h.Pages.Device(w, r, Page{View: ViewDenied})
		return
	}
	code := Normalize(query.Get(fieldUserCode))
	visit, err := h.Jar.Current(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if !h.proves(visit.Browser, code, query.Get(fieldProof)) {
		h.enter(w, r, Format(code), nil)
		return
	}
	if err := h.confirm(w, r, code); err != nil {
		h.fail(w, r, err)
	}
}

// confirm shows which device the code is of.
func (h *Handler) confirm(w http.ResponseWriter, r *http.Request, code string) error {
	d, client, err := h.open(r.Context(), code)
	if err != nil {
		return err
	}
	h.Pages.Device(w, r, Page{
		View: ViewConfirm, Action: h.path, Code: Format(code), Proof: r.URL.Query().Get(fieldProof),
		Client: client.DisplayName(), Scopes: d.Scopes, AskedAt: d.CreatedAt,
	})
	return nil
}

func (h *Handler) enter(w http.ResponseWriter, r *http.Request, code string, problem *idp.Problem) {
	h.Pages.Device(w, r, Page{View: ViewEnter, Action: h.path, Code: code, Problem: problem})
}

// post answers one of the page's forms.
func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := steady(r)
	defer cancel()
	form, err := readForm(w, r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	var to string
	switch form.Get(fieldAction) {
	case "":
		to, err = h.typed(ctx, w, r, form.Get(fieldUserCode))
	case ActionContinue, ActionDeny:
		to, err = h.decide(ctx, w, r, form)
	default:
		err = &idp.Problem{ID: factors.ProblemUnknownAction, Status: http.StatusBadRequest}
	}
	if problem := factors.AsProblem(err); problem != nil && problem.Field == fieldUserCode {
		typed := form.Get(fieldUserCode)
		h.enter(w, r, typed[:min(len(typed), maxTyped)], problem)
		return
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// typed looks the code up and leads to the address where this browser, and no
// other, sees what it is about.
func (h *Handler) typed(ctx context.Context, w http.ResponseWriter, r *http.Request, typed string) (to string, _ error) {
	code := Normalize(typed)
	if code == "" {
		return "", &idp.Problem{ID: ProblemFormat, Status: http.StatusBadRequest, Field: fieldUserCode}
	}
	visit, err := h.Jar.Ensure(w, r)
	if err != nil {
		return "", err
	}
	if _, err := h.find(ctx, visit.Browser, h.ClientIP(r), code); err != nil {
		return "", err
	}
	query := url.Values{fieldUserCode: {Format(code)}, fieldProof: {h.proof(visit.Browser, code)}}
	return h.path + "?" + query.Encode(), nil
}

// decide begins the login, or turns the device away.
func (h *Handler) decide(ctx context.Context, w http.ResponseWriter, r *http.Request, form url.Values) (to string, _ error) {
	code := Normalize(form.Get(fieldUserCode))
	visit, err := h.Jar.Current(r)
	if err != nil {
		return "", err
	}
	if !h.proves(visit.Browser, code, form.Get(fieldProof)) {
		return h.path, nil // the form is of another browser: here nothing was typed yet
	}
	d, client, err := h.open(ctx, code)
	if err != nil {
		return "", err
	}
	if form.Get(fieldAction) == ActionDeny {
		if _, err := h.Devices.DenyDevice(ctx, d.ID, "", h.Now()); err != nil {
			return "", fmt.Errorf("denying a device: %w", err)
		}
		h.Audit.Record(ctx, audit.Event{Type: audit.TypeDeviceDecided, Object: d.ID, ClientID: d.ClientID, Params: map[string]any{"allowed": false}})
		h.Log.DebugContext(ctx, "device authorization denied", "client_id", d.ClientID, "device_id", d.ID)
		return DoneURL(h.Issuer, false), nil
	}
	id, err := h.begin(ctx, visit.Browser, client, d, code)
	return h.LoginURL(id), err
}

// begin stores the login, bound to this browser. prompt=consent because nobody's
// standing consent is for a device that somebody may have sent them the code of.
func (h *Handler) begin(ctx context.Context, browser string, client *idp.Client, d *Device, code string) (id string, _ error) {
	id, err := idp.NewID(h.Rand)
	if err != nil {
		return "", err
	}
	now := h.Now()
	login := &idp.Login{
		ID: id, Browser: browser, State: idp.LoginOpen, CreatedAt: now, ExpiresAt: now.Add(h.LoginLife),
		Request: idp.AuthorizationRequest{
			ClientID: client.ID, Scopes: d.Scopes, Resources: d.Resources, Prompt: []string{idp.PromptConsent},
			MaxAge: client.DefaultMaxAge, ACRValues: client.DefaultACRs,
			Device: d.ID, UserCode: Format(code),
		},
	}
	if err := h.Logins.CreateLogin(ctx, login); err != nil {
		return "", fmt.Errorf("storing a login: %w", err)
	}
	h.Audit.Record(ctx, audit.Event{Type: audit.TypeLoginBegun, At: now, Object: d.ID, ClientID: d.ClientID, Procedure: id, Params: map[string]any{"scopes": d.Scopes}})
	h.Log.InfoContext(ctx, "device authorization goes on to a login", "client_id", d.ClientID, "device_id", d.ID, "login_id", id)
	return id, nil
}

// open is the device of the code and its client, while a person may decide.
func (h *Handler) open(ctx context.Context, code string) (*Device, *idp.Client, error) {
	d, err := h.Devices.DeviceByUserCode(ctx, hashUser(h.Keyring, code))
	if errors.Is(err, idp.ErrNotFound) || err == nil && !d.Open(h.Now()) {
		return nil, nil, &idp.Problem{ID: ProblemOver, Status: http.StatusGone}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading a device: %w", err)
	}
	client, err := h.Registered.ClientByID(ctx, d.ClientID)
	if errors.Is(err, idp.ErrNotFound) || err == nil && !client.Allows(idp.GrantDevice) {
		return nil, nil, &idp.Problem{ID: idp.ProblemClientUnknown, Status: http.StatusGone}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading a client: %w", err)
	}
	return d, client, nil
}

// proof says that this browser has typed the code, and paid for it as a guess.
func (h *Handler) proof(browser, code string) string {
	return h.Keyring.Hash(purpose, "page", browser, code)
}

func (h *Handler) proves(browser, code, proof string) bool {
	return browser != "" && code != "" && hmac.Equal([]byte(proof), []byte(h.proof(browser, code)))
}

// readForm reads what was posted, each field once.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, idp.MaxBody)
	err := r.ParseForm()
	for _, name := range []string{fieldUserCode, fieldProof, fieldAction} {
		if len(r.PostForm[name]) > 1 {
			err = errors.New("a field came twice")
		}
	}
	if err != nil {
		return nil, &idp.Problem{ID: idp.ProblemForm, Status: http.StatusBadRequest, Cause: err}
	}
	return r.PostForm, nil
}

func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	problem := factors.AsProblem(err)
	if problem == nil {
		problem = idp.ProblemOf(err)
	}
	h.Pages.Problem(w, r, problem)
}
