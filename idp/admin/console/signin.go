package console

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/party"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// signInLife is how long a browser may take to come back; the provider's logins
// live shorter by default.
const signInLife = 3 * time.Hour

// maxReturn bounds the path that a sign-in comes back to, in bytes.
const maxReturn = 1024

// signIn sends the browser to the provider, to come back to the path of the
// console. Where age is given both factors must have been proved within it.
//
// All that ties the answer to this browser follows from a random value in a
// cookie of its own: state, nonce and the verifier of the code. So nothing is
// stored for who only comes by, and tabs don't disturb one another.
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request, path string, age time.Duration) error {
	browser := h.cookie(r, signInCookie)
	if browser == "" {
		var err error
		if browser, err = idp.NewSecret(h.Rand); err != nil {
			return err
		}
	}
	attempt, err := idp.NewID(h.Rand)
	if err != nil {
		return err
	}
	h.setCookie(w, signInCookie, browser, signInLife)
	more := []string{"acr_values", idp.ACRTwoFactors}
	if age > 0 {
		more = append(more, "max_age", strconv.Itoa(int(age/time.Second)))
	}
	request := h.party.Request(h.attempt(browser, attempt, h.stateOf(browser, attempt, path)), more...)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, request, http.StatusSeeOther)
	return nil
}

// attempt is what ties an answer to the attempt in this browser; the verifier is that
// of RFC 7636, section 4.1.
func (h *Handler) attempt(browser, attempt, state string) party.Attempt {
	return party.Attempt{State: state, Nonce: h.Hash("nonce", browser, attempt), Verifier: h.Hash("verifier", browser, attempt)}
}

// stateOf is the attempt and the path to come back to, with a keyed hash of both
// and of the browser.
func (h *Handler) stateOf(browser, attempt, path string) string {
	if len(path) > maxReturn {
		path = "/"
	}
	back := base64.RawURLEncoding.EncodeToString([]byte(path))
	return attempt + "." + back + "." + h.Hash("state", browser, attempt, back)
}

// readState gives what this browser's state holds; not ok for any other.
func (h *Handler) readState(browser, state string) (attempt, path string, ok bool) {
	attempt, rest, _ := strings.Cut(state, ".")
	back, proof, _ := strings.Cut(rest, ".")
	if browser == "" || !hmac.Equal([]byte(proof), []byte(h.Hash("state", browser, attempt, back))) {
		return "", "", false
	}
	text, err := base64.RawURLEncoding.DecodeString(back)
	return attempt, string(text), err == nil
}

// returned takes the provider's answer.
func (h *Handler) returned(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	browser := h.cookie(r, signInCookie)
	attempt, path, ok := h.readState(browser, query.Get("state"))
	if !ok || query.Get("iss") != h.Issuer {
		return &idp.Problem{ID: problemSignIn, Status: http.StatusBadRequest}
	}
	if query.Has("error") {
		return h.showOut(w, r, http.StatusForbidden, "You were not signed in.", "/")
	}
	said, err := h.party.Redeem(r.Context(), h.attempt(browser, attempt, ""), query.Get("code"))
	if err != nil {
		return &idp.Problem{ID: problemSignIn, Status: http.StatusBadRequest, Cause: err}
	}
	if !said.TwoFactors() {
		return &idp.Problem{ID: problemOneFactor, Status: http.StatusForbidden}
	}
	if err := h.begin(w, r, said); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, h.URL(path), http.StatusSeeOther)
	return nil
}

// begin makes a session of the console, under a new key. Where the same person has
// one in this browser it goes on as the same, so that forms in its tabs can still be sent.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, said party.Identity) error {
	session, err := h.Sessions.SessionByID(r.Context(), said.Session)
	if errors.Is(err, idp.ErrNotFound) || err == nil && (session.UserID != said.Subject || provedAt(session.Facts).IsZero()) {
		return &idp.Problem{ID: problemSignIn, Status: http.StatusBadRequest}
	}
	if err != nil {
		return err
	}
	key, err := idp.NewSecret(h.Rand)
	if err != nil {
		return err
	}
	now := h.Now()
	record := Record{
		UserID: said.Subject, Session: said.Session, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(h.Life.Absolute),
		ProvedAt: provedAt(session.Facts),
	}
	oldHash := ""
	if old := h.cookie(r, sessionCookie); old != "" {
		oldHash = h.Hash("session", old)
	}
	if record.ID, err = h.sessionID(r.Context(), oldHash, said.Subject); err != nil {
		return err
	}
	if err := h.Trail.Append(r.Context(), h.entered(r, record)); err != nil {
		return fmt.Errorf("recording who came in: %w", err)
	}
	if err := h.Records.PutConsoleSession(r.Context(), oldHash, h.Hash("session", key), record); err != nil {
		return err
	}
	h.setCookie(w, sessionCookie, key, h.Life.Absolute)
	return nil
}

// entered is the record of who came in, whether or not they are an administrator.
func (h *Handler) entered(r *http.Request, record Record) audit.Event {
	a := admin.Actor{UserID: record.UserID, ClientID: ClientID, IP: h.ClientIP(r), UserAgent: r.UserAgent(), SessionID: record.Session}
	return a.Event(audit.TypeConsoleEntered, "", nil)
}

// sessionID is that of the session under the old hash where it is the person's and
// not over, and a new one elsewhere.
func (h *Handler) sessionID(ctx context.Context, oldHash, userID string) (string, error) {
	if oldHash != "" {
		old, err := h.Records.ConsoleSession(ctx, oldHash)
		if err == nil && old.UserID == userID && h.Now().Before(old.ExpiresAt) {
			return old.ID, nil
		}
		if known(err) != nil {
			return "", err
		}
	}
	return idp.NewID(h.Rand)
}

// signOut ends the session here and at the provider: who signs out of the console
// must not be let in again by whoever sits down next.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	if err := h.Trail.Append(r.Context(), v.actor.Event(audit.TypeConsoleLeft, "", nil)); err != nil {
		return fmt.Errorf("recording who left: %w", err)
	}
	if err := h.Records.DeleteConsoleSession(r.Context(), v.keyHash); err != nil {
		return err
	}
	if _, err := h.Sessions.EndSessions(r.Context(), idp.Ending{UserID: v.record.UserID, Session: v.record.Session}, h.Now()); err != nil {
		return err
	}
	h.setCookie(w, sessionCookie, "", -time.Second)
	http.Redirect(w, r, h.URL("/out"), http.StatusSeeOther)
	return nil
}
