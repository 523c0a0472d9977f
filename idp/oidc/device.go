package oidc

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/device"
)

// Devices keeps device authorizations with the grants that come of them.
type Devices interface {
	device.Devices
	// GrantDevice makes a device authorization that is open at now approved and
	// stores its grant, in one transaction. False where it isn't open; nothing is
	// stored then.
	GrantDevice(ctx context.Context, id, login string, now time.Time, g *Grant) (bool, error)
}

// errDeviceOver: somebody decided about the device before, or it took too long.
var errDeviceOver = errors.New("the device authorization is over")

// concludeDevice ends the login of a device: the browser is sent to the page that
// tells so, and the device learns it when it asks. was is how the login ended.
func (p *Provider) concludeDevice(w http.ResponseWriter, r *http.Request, login *idp.Login, was idp.LoginState) {
	approved, err := false, error(nil)
	if was == idp.LoginDone {
		approved, err = p.approveDevice(r.Context(), login)
	}
	if err == nil && !approved {
		err = p.denyDevice(r.Context(), login)
	}
	if errors.Is(err, errDeviceOver) {
		p.Pages.Problem(w, r, &idp.Problem{ID: device.ProblemOver, Status: http.StatusGone, Cause: err})
		return
	}
	if err != nil {
		p.problem(w, r, idp.ProblemInternal, err)
		return
	}
	p.Audit.Record(r.Context(), audit.Event{Type: audit.TypeDeviceDecided, Subject: login.UserID, Object: login.Request.Device, ClientID: login.Request.ClientID,
		Procedure: login.ID, SessionID: login.Session, Params: map[string]any{"allowed": approved}})
	p.Log.InfoContext(r.Context(), "device authorization decided",
		"client_id", login.Request.ClientID, "device_id", login.Request.Device, "login_id", login.ID, "approved", approved)
	http.Redirect(w, r, device.DoneURL(p.Issuer, approved), http.StatusSeeOther)
}

func (p *Provider) denyDevice(ctx context.Context, login *idp.Login) error {
	won, err := p.Stores.DenyDevice(ctx, login.Request.Device, login.ID, p.Now())
	if err == nil && !won {
		err = errDeviceOver
	}
	return err
}

// approveDevice approves, by a grant whose code is the device code. False where
// the person may not be granted anything any more.
func (p *Provider) approveDevice(ctx context.Context, login *idp.Login) (bool, error) {
	d, err := p.Stores.DeviceByID(ctx, login.Request.Device)
	if errors.Is(err, idp.ErrNotFound) {
		return false, errDeviceOver
	}
	if err != nil {
		return false, err
	}
	now := p.Now()
	g, err := p.loginGrant(login, Code{Hash: d.CodeHash, ExpiresAt: lastPoll(d, now.Add(p.Lives.Code))})
	if err != nil {
		return false, err
	}
	g.Kind = KindDevice
	if _, err := p.live(ctx, g); errors.Is(err, errOver) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	won, err := p.Stores.GrantDevice(ctx, d.ID, login.ID, now, g)
	if err == nil && !won {
		err = errDeviceOver
	}
	return won, err
}

// lastPoll is until when the device may fetch what was approved: while its code
// lives, and where that is nearly over, long enough to ask once more.
func lastPoll(d *device.Device, soonest time.Time) time.Time {
	if soonest = soonest.Add(d.Interval); soonest.After(d.ExpiresAt) {
		return soonest
	}
	return d.ExpiresAt
}
