package sessions

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// Paths below the issuer; the first two are Blitz's.
const (
	PathList    = "/api/v3/users/{subjectId}/sessions"
	PathReset   = "/api/v3/users/{subjectId}/sessions/reset"
	PathOpenAPI = "/api/v3/openapi.json"
	// PathAPI is where the handler belongs, below the issuer.
	PathAPI = "/api/v3/"
)

// IDs of the problems that these endpoints alone tell of.
const (
	ProblemUser    = "user_unknown"    // nobody has the ID; 404
	problemSession = "session_unknown" // the person has no such session, or not any more; 404
	problemBody    = "reset_invalid"   // the body is no JSON object with a session; 400
)

// maxBody bounds what a reset may say, in bytes.
const maxBody = 4 << 10

//go:embed openapi.json
var openapi string

// Store keeps the sessions. Errors: idp.ErrNotFound.
type Store interface {
	UserByID(ctx context.Context, id string) (*idp.User, error)
	EndSessions(ctx context.Context, e idp.Ending, now time.Time) ([]string, error)
	SessionsOf(ctx context.Context, userID string, now time.Time) ([]*idp.Session, error)
	SessionClients(ctx context.Context, sessions ...string) ([]idp.SessionClient, error)
}

// Options for New. All are required but Audit and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer string
	Tokens api.Tokens
	Store  Store
	Pages  *pages.Pages
	// Audit records sessions that ended; nil records nothing.
	Audit audit.Recorder
	Now   func() time.Time
	// Log defaults to slog's default.
	Log *slog.Logger
}

// Handler serves the endpoints. It is safe for concurrent use.
type Handler struct {
	Options
	teller api.Teller
	mux    *http.ServeMux
}

var _ http.Handler = (*Handler)(nil)

// New returns the endpoints; mount them at the issuer's path followed by PathAPI.
func New(o Options) (*Handler, error) {
	if o.Tokens == nil || o.Store == nil || o.Pages == nil || o.Now == nil {
		return nil, errors.New("sessions: Options lacks Tokens, Store, Pages or Now")
	}
	issuer, err := url.Parse(o.Issuer)
	if err != nil || issuer.Host == "" {
		return nil, errors.New("sessions: Options.Issuer is not an address")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Audit = audit.Or(o.Audit)
	h := &Handler{Options: o, teller: api.Teller{Pages: o.Pages, Now: o.Now, Log: o.Log}}
	h.mux = h.teller.Mux(issuer.Path, h.routes())
	return h, nil
}

func (h *Handler) routes() []api.Route {
	return []api.Route{
		{Method: http.MethodGet, Path: PathList, Serve: h.answered(h.list)},
		{Method: http.MethodPost, Path: PathReset, Serve: h.answered(h.reset)},
		{Method: http.MethodGet, Path: PathOpenAPI, Serve: api.Description(openapi, h.Issuer)},
	}
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

func (h *Handler) answered(do func(http.ResponseWriter, *http.Request) (*api.Answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, err := do(w, r)
		if err != nil {
			h.teller.Refuse(w, r, err)
			return
		}
		a.Write(w)
	}
}

// user is the person of the path.
func (h *Handler) user(r *http.Request) (*idp.User, error) {
	u, err := h.Store.UserByID(r.Context(), r.PathValue("subjectId"))
	if errors.Is(err, idp.ErrNotFound) {
		return nil, api.Problem(ProblemUser, http.StatusNotFound)
	}
	return u, err
}

// reset signs the person out: everywhere, offline access included, or out of one
// session.
func (h *Handler) reset(w http.ResponseWriter, r *http.Request) (*api.Answer, error) {
	clientID, err := api.Client(w, r, h.Tokens, idp.ScopeSessionsChange)
	if err != nil {
		return nil, err
	}
	session, err := readReset(w, r)
	if err != nil {
		return nil, err
	}
	u, err := h.user(r)
	if err != nil {
		return nil, err
	}
	ended, err := h.Store.EndSessions(r.Context(), idp.Ending{UserID: u.ID, Session: session, Offline: session == ""}, h.Now())
	if err != nil {
		return nil, err
	}
	if session != "" && len(ended) == 0 {
		return nil, api.Problem(problemSession, http.StatusNotFound)
	}
	h.Audit.Record(r.Context(), audit.Event{Type: audit.TypeSessionEnded, Object: u.ID, ClientID: clientID, SessionID: session,
		Params: map[string]any{"by": "api", "sessions": ended, "everywhere": session == ""}})
	h.Log.DebugContext(r.Context(), "sessions ended by an application", "client_id", clientID, "user_id", u.ID, "session_id", session, "sessions", len(ended))
	return &api.Answer{Status: http.StatusNoContent}, nil
}

// readReset gives the one session that is to end; empty where the body is.
func readReset(w http.ResponseWriter, r *http.Request) (string, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	bad := func(cause error) error {
		return &idp.Problem{ID: problemBody, Status: http.StatusBadRequest, Cause: cause}
	}
	if err != nil {
		return "", bad(err)
	}
	if len(body) == 0 {
		return "", nil
	}
	var asked struct {
		Session *string `json:"session"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&asked); err != nil {
		return "", bad(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return "", bad(errors.New("there is more than one value"))
	}
	// A misspelt name must not sign somebody out everywhere.
	if asked.Session == nil || *asked.Session == "" {
		return "", bad(errors.New("the body has no session"))
	}
	return *asked.Session, nil
}
