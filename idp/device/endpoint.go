package device

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
)

// answer is RFC 8628, section 3.2.
type answer struct {
	DeviceCode      string `json:"device_code"`
	UserCode        string `json:"user_code"`
	VerificationURI string `json:"verification_uri"`
	// VerificationURIComplete has the user code, for a QR code.
	VerificationURIComplete string `json:"verification_uri_complete"`
	ExpiresIn               int64  `json:"expires_in"`
	Interval                int64  `json:"interval"`
}

// serveAuthorization is the device authorization endpoint (RFC 8628, section 3.1).
func (h *Handler) serveAuthorization(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	d, f := h.asked(w, r)
	if f != nil {
		oauth.WriteFailure(w, f, oauth.SchemeBasic)
		return
	}
	code, user, err := h.create(r.Context(), d)
	if err != nil {
		h.Log.ErrorContext(r.Context(), "device authorization not stored", "client_id", d.ClientID, "error", err)
		oauth.WriteFailure(w, oauth.FailureOf(err), oauth.SchemeBasic)
		return
	}
	h.Audit.Record(r.Context(), audit.Event{Type: audit.TypeDeviceBegun, At: d.CreatedAt, Object: d.ID, ClientID: d.ClientID, Params: map[string]any{"scopes": d.Scopes}})
	h.Log.DebugContext(r.Context(), "device authorization begun", "client_id", d.ClientID, "device_id", d.ID)
	page := h.Issuer + Path
	oauth.WriteJSON(w, http.StatusOK, answer{
		DeviceCode: code, UserCode: Format(user), VerificationURI: page,
		VerificationURIComplete: page + "?" + url.Values{fieldUserCode: {Format(user)}}.Encode(),
		ExpiresIn:               int64(h.Life.Seconds()), Interval: int64(h.Interval.Seconds()),
	})
}

// asked is the authorization that the request asks for, without its codes.
func (h *Handler) asked(w http.ResponseWriter, r *http.Request) (*Device, *oauth.Failure) {
	p, f := oauth.PostedParams(w, r)
	if f != nil {
		return nil, f
	}
	client, f := h.Auth.Authenticate(r.Context(), r, p)
	if f != nil {
		return nil, f
	}
	if !client.Allows(idp.GrantDevice) {
		return nil, oauth.Fail(oauth.UnauthorizedClient, "the client is not registered for the device grant")
	}
	resources, f := request.Resources(client, p)
	if f != nil {
		return nil, f
	}
	d := &Device{ClientID: client.ID, State: Pending, Interval: h.Interval, Resources: resources}
	for _, scope := range strings.Fields(p.Get("scope")) {
		if slices.Contains(h.Scopes(), scope) && client.AllowsScope(scope) && !slices.Contains(d.Scopes, scope) {
			d.Scopes = append(d.Scopes, scope)
		}
	}
	if !slices.Contains(d.Scopes, idp.ScopeOpenID) {
		return nil, oauth.Fail(oauth.InvalidScope, "scope must hold openid")
	}
	return d, nil
}

// maxDraws bounds how often a user code is drawn again because another device
// has it.
const maxDraws = 8

// create stores the authorization under two new codes.
func (h *Handler) create(ctx context.Context, d *Device) (code, user string, _ error) {
	var err error
	if d.ID, err = idp.NewID(h.Rand); err != nil {
		return "", "", err
	}
	if code, err = idp.NewSecret(h.Rand); err != nil {
		return "", "", err
	}
	d.CodeHash, d.CreatedAt = HashCode(h.Keyring, code), h.Now()
	d.ExpiresAt = d.CreatedAt.Add(h.Life)
	for range maxDraws {
		if user, err = newUserCode(h.Rand); err != nil {
			return "", "", err
		}
		d.UserHash = hashUser(h.Keyring, user)
		if err = h.Devices.CreateDevice(ctx, d); !errors.Is(err, idp.ErrTaken) {
			break
		}
	}
	return code, user, err
}
