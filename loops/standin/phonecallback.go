package standin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// Headers of the virtual phone's callbacks.
const (
	headerTime      = "X-Phone-Time"
	headerSignature = "X-Phone-Signature"
)

// Callback gives the request by which the phone would tell its caller now that a call is in this state, signed. It fails where there
// is no such call, and for a state that nobody is told.
func (p *Phone) Callback(id, state string) (Callback, error) {
	call, ok := p.book.Find(id)
	if !ok {
		return Callback{}, fmt.Errorf("there is no call %q", id)
	}
	if !slices.Contains([]string{StateRinging, StateEnded, StateFailed}, state) {
		return Callback{}, fmt.Errorf("the virtual phone tells nobody that a call is %q", state)
	}
	u, ok := CallbackURL(call.Callback)
	if !ok {
		return Callback{}, fmt.Errorf("%q isn't an address", call.Callback)
	}
	news := struct {
		ID        string `json:"id"`
		Reference string `json:"reference"`
		To        string `json:"to"`
		State     string `json:"state"`
		Error     string `json:"error,omitempty"`
	}{ID: call.ID, Reference: call.Reference, To: call.To, State: state}
	if state == StateFailed {
		news.Error = call.Fate
	}
	body, err := json.Marshal(news)
	at := strconv.FormatInt(p.o.Now().Unix(), 10)
	return Callback{
		URL: call.Callback, Method: http.MethodPost, Path: u.EscapedPath(), Query: u.RawQuery, Body: string(body),
		Header: http.Header{"Content-Type": {"application/json"}, headerTime: {at}, headerSignature: {p.signature(at, body)}},
	}, err
}

// signature is over the time as it stands in its header, "." and the body.
func (p *Phone) signature(at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(p.o.Token))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// notify tells whoever ordered a call that it is in this state, where they want to know.
func (p *Phone) notify(id, state string) {
	callback, err := p.Callback(id, state)
	if err == nil && callback.URL != "" && p.o.Send != nil {
		p.o.Send(callback)
	}
}
