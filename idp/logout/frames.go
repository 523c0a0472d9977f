package logout

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// maxFrames bounds what one page loads. Who has more applications open in one
// session is told of the rest server to server alone.
const maxFrames = 30

// frames are the addresses to load in the browser for the sessions that ended
// (Front-Channel Logout 1.0, section 2).
func (h *Handler) frames(ctx context.Context, ended []string) (addresses []string, err error) {
	used, err := h.Sessions.SessionClients(ctx, ended...)
	if err != nil {
		return nil, fmt.Errorf("reading the applications of a session: %w", err)
	}
	for _, u := range used {
		client, err := h.Clients.ClientByID(ctx, u.ClientID)
		if errors.Is(err, idp.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading an application of a session: %w", err)
		}
		address := h.frame(client, u.Session)
		if address == "" || slices.Contains(addresses, address) {
			continue
		}
		if len(addresses) == maxFrames {
			h.Log.WarnContext(ctx, "more applications than frames at a logout", "session_id", u.Session, "frames", maxFrames)
			break
		}
		addresses = append(addresses, address)
	}
	return addresses, nil
}

// frame is empty where the client wants none. What isn't plainly a page of the
// web is never loaded, whoever registered it.
func (h *Handler) frame(client *idp.Client, session string) string {
	uri := client.FrontchannelLogoutURI
	if u, err := url.Parse(uri); uri == "" || err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	if !client.FrontchannelSession {
		return uri
	}
	return oauth.WithQuery(uri, map[string]string{"iss": h.Issuer, "sid": session})
}
