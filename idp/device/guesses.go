package device

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// Limits are how many wrong user codes may be typed in an hour, which begins with
// the first. They are counted in the database, so they hold on all nodes together. A
// code that was right takes nothing. Zero means the default.
type Limits struct {
	// Browser counts one browser, by its cookie: 10.
	Browser int
	// Address counts an IPv4 address or a /64 of IPv6, whatever cookies come from
	// there: 50.
	Address int
}

// Names of the budgets, for the log.
const (
	budgetBrowser = "device_browser"
	budgetAddress = "device_address"
)

const window = time.Hour

// find is one guess. It is paid for before the code is looked up, and given back
// where the code was right. The problem is for the form.
func (h *Handler) find(ctx context.Context, browser string, ip netip.Addr, code string) (*Device, error) {
	now := h.Now()
	err := h.Guesses.Charge(ctx, now, h.charges(browser, ip, now, 1)...)
	var over *otp.OverError
	if errors.As(err, &over) {
		h.Log.InfoContext(ctx, "too many wrong user codes", "budget", over.Charge.Budget, "until", over.Until)
		return nil, &idp.Problem{
			ID: ProblemLimited, Status: http.StatusTooManyRequests, Field: fieldUserCode, Args: map[string]any{"until": over.Until},
		}
	}
	if err != nil {
		return nil, err
	}
	d, err := h.Devices.DeviceByUserCode(ctx, hashUser(h.Keyring, code))
	if errors.Is(err, idp.ErrNotFound) || err == nil && !d.Open(now) {
		h.Audit.Record(ctx, audit.Event{Type: audit.TypeDeviceCodeWrong, At: now})
		return nil, &idp.Problem{ID: ProblemUnknown, Status: http.StatusBadRequest, Field: fieldUserCode}
	}
	if err != nil {
		return nil, err
	}
	back := h.charges(browser, ip, now, -1)
	for i := range back {
		back[i].Limit = math.MaxInt64 // the settings may have lowered it meanwhile
	}
	return d, h.Guesses.Charge(ctx, now, back...)
}

// charges hide browsers and addresses: counters are no list of visitors.
func (h *Handler) charges(browser string, ip netip.Addr, now time.Time, amount int64) []otp.Charge {
	key := func(budget, of string) string { return budget + ":" + h.Keyring.Hash(purpose, "guess", budget, of) }
	return []otp.Charge{
		{Budget: budgetBrowser, Key: key(budgetBrowser, browser), Amount: amount, Limit: int64(h.Limits.Browser), Until: now.Add(window)},
		{Budget: budgetAddress, Key: key(budgetAddress, place(ip)), Amount: amount, Limit: int64(h.Limits.Address), Until: now.Add(window)},
	}
}

// place is what one customer of a provider has at least: an IPv4 address, or a /64.
func place(ip netip.Addr) string {
	if ip = ip.Unmap().WithZone(""); !ip.Is6() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return prefix.String()
}
